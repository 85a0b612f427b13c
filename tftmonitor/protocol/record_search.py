"""Finds the records in an event, in lists and in objects of any name, by their keys."""

import itertools
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from tftmonitor.model.fleet.records import Record
from tftmonitor.protocol import lenient
from tftmonitor.protocol.records import RecordTable

# Whose event it is; in an event without a list of records these are not the record's own.
_IDENTITY = frozenset({"devicekey", "id", "imei", "model", "date"})
# What can stand in any event and so identifies none.
_COMMON = _IDENTITY | {"name", "status"}
_HOLDER_KEYS = ("status", "data")
# Objects with names and ids that are no driver's.
_OF_DEVICE = frozenset(
    {"device", "vehicle", "unit", "tracker", "car", "gps", "location", "company"}
)
_DEEPEST = 3
_MOST_KEYS = 2_000
MOST_RECORDS = 200
"""Of one event; a lorry with a trailer has 22 tyres."""


def find_records(table: RecordTable, data: dict[str, Any]) -> tuple[list[Record], dict[str, Any]]:
    """The records in ``data``, and what of ``data`` is left over, as it came."""
    for search in (_in_list, _in_objects, _in_holder):
        for place, holder in _holders(data):
            found = search(table, holder)
            if found is not None:
                records, rest = found
                return records, _left(data | {place: rest} if place else rest, place)
    return [], _left(data, "")


def _left(data: dict[str, Any], place: str) -> dict[str, Any]:
    """``data`` without who it is from, and without ``place`` when nothing is left there.

    Of keys without end only the first are kept, and how many are not.
    """
    kept = {
        key: value
        for key, value in itertools.islice(data.items(), _MOST_KEYS)
        if lenient.folded(key) not in _IDENTITY and (value or key != place)
    }
    beyond = len(data) - _MOST_KEYS
    return kept | {"…": f"({beyond} further keys are not kept)"} if beyond > 0 else kept


def _holders(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "", data
    for key in _HOLDER_KEYS:
        inner = lenient.inner_json(data.get(key))
        if isinstance(inner, dict):
            yield key, inner


_Found = tuple[list[Record], dict[str, Any]]
_IsRecord = Callable[[RecordTable, str, dict[str, Any]], bool]


def _in_list(table: RecordTable, holder: dict[str, Any]) -> _Found | None:
    """The objects of the first list that holds a record, and the holder without them."""
    identifying = table.identifying_keys
    for key, value in itertools.islice(holder.items(), _MOST_KEYS):
        items = lenient.inner_json(value)
        if not isinstance(items, list):
            continue
        looked_at = items[:MOST_RECORDS]
        if any(isinstance(item, dict) and _has_any(identifying, item) for item in looked_at):
            records: list[Record] = []
            rest: list[Any] = []
            for item in looked_at:
                left = item
                if isinstance(item, dict):
                    record, left = _record(table, item)
                    records.append(record)
                rest.append(left)
            if len(items) > MOST_RECORDS:
                rest.append(f"({len(items) - MOST_RECORDS} further records are not kept)")
            others = {name: other for name, other in holder.items() if name != key}
            return records, others | {key: rest} if any(rest) else others
    return None


def _in_objects(table: RecordTable, holder: dict[str, Any]) -> _Found | None:
    """The objects by names of their own that are records, at any depth that makes sense."""
    return _search_objects(table, holder, _is_surely, 0) or _search_objects(
        table, holder, _is_maybe, 0
    )


def _search_objects(
    table: RecordTable, holder: dict[str, Any], is_record: _IsRecord, depth: int
) -> _Found | None:
    records: list[Record] = []
    rest = dict(holder)
    for key, value in itertools.islice(holder.items(), MOST_RECORDS):
        inner = lenient.inner_json(value)
        if not isinstance(inner, dict) or (depth == 0 and key in _HOLDER_KEYS):
            continue
        if is_record(table, key, inner):
            record, left = _record(table, inner)
            _name_part(record, key)
            found: _Found | None = ([record], left)
        elif depth < _DEEPEST:
            found = _in_list(table, inner) or _search_objects(table, inner, is_record, depth + 1)
        else:
            found = None
        if found is not None:
            records += found[0]
            rest[key] = found[1]
            if not found[1]:
                del rest[key]
    return (records, rest) if records else None


def _name_part(record: Record, name: str) -> None:
    """The object's name tells the parts of a device apart where nothing in them does."""
    columns = [column for column in ("position", "sensor") if column in record]
    if columns and all(record[column] is None for column in columns):
        record[columns[0]] = name


def _is_surely(table: RecordTable, key: str, item: dict[str, Any]) -> bool:
    identifying = table.identifying_keys
    name, kind = lenient.folded(key).rstrip("0123456789s"), lenient.folded(table.kind)
    is_named = bool(name) and (name in kind or kind in name)
    return _has_any(identifying if is_named else identifying - _COMMON, item)


def _is_maybe(table: RecordTable, key: str, item: dict[str, Any]) -> bool:
    return lenient.folded(key) not in _OF_DEVICE and _has_any(table.identifying_keys, item)


def _in_holder(table: RecordTable, holder: dict[str, Any]) -> _Found | None:
    """The one record that the holder itself is, and the holder without it."""
    if not _has_any(table.identifying_keys - _COMMON, holder):
        return None
    own = {key: value for key, value in holder.items() if lenient.folded(key) not in _IDENTITY}
    record, rest = _record(table, own)
    return [record], rest | {key: value for key, value in holder.items() if key not in own}


def _has_any(keys: AbstractSet[str], item: dict[str, Any]) -> bool:
    return any(lenient.folded(key) in keys for key in item)


def _record(table: RecordTable, item: dict[str, Any]) -> tuple[Record, dict[str, Any]]:
    """The record of an object, and what of the object is left over."""
    spelled = {lenient.folded(key): key for key in item}
    left = dict(item)
    record: Record = dict.fromkeys((column.name for column in table.columns), None)
    for column in table.columns:
        for key in [spelled[key] for key in column.keys if spelled.get(key) in left]:
            if left[key] is None or lenient.is_sentinel(left[key]):
                del left[key]
            elif record[column.name] is None and (value := column.read(left[key])) is not None:
                record[column.name] = value
                del left[key]
    if table.derive is not None:
        table.derive(record)
    return record, left
