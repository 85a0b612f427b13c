"""Which rules a snapshot or a push of records concerns, so that the others cost nothing."""

from collections.abc import Callable, Iterable
from typing import Any

from tftmonitor.model.fields.field import Value
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.rules.watch import Watch

Read = Callable[[Any, int], Value]
# Rules by the field that they read, so that it is read once.
Groups = tuple[tuple[Read, tuple[Watch, ...]], ...]


class RuleIndex:
    """Rules by field and by kind of records. ``groups`` are those of all rules on fields."""

    __slots__ = ("_by_kind", "_groups_of", "_scoped", "_watches", "groups")

    def __init__(self, watches: Iterable[Watch]) -> None:
        self._watches = tuple(watches)
        self.groups = grouped(self._watches)
        rules = [watch.rule for watch in self._watches]
        self._scoped = any(rule.only_devices or rule.only_models for rule in rules)
        self._groups_of: dict[str, tuple[str | None, Groups]] = {}
        self._by_kind: dict[str, list[Watch]] = {}
        for watch in self._watches:
            for kind in watch.rule.condition.record_kinds:
                self._by_kind.setdefault(kind, []).append(watch)

    def groups_for(self, device: Device) -> Groups:
        """The rules on fields that hold for this device."""
        if not self._scoped:
            return self.groups
        known = self._groups_of.get(device.key)
        if known is None or known[0] != device.model:
            groups = grouped(watch for watch in self._watches if watch.rule.covers(device))
            known = self._groups_of[device.key] = (device.model, groups)
        return known[1]

    def for_records(self, kind: str, device: Device) -> list[Watch]:
        """The rules on records of this kind that hold for this device."""
        return [watch for watch in self._by_kind.get(kind, ()) if watch.rule.covers(device)]


def grouped(watches: Iterable[Watch]) -> Groups:
    """The rules that read fields, by field."""
    found: dict[tuple[str, bool], list[Watch]] = {}
    for watch in watches:
        condition = watch.rule.condition
        if condition.source is not None:
            found.setdefault((condition.source, condition.zero_is_unknown), []).append(watch)
    return tuple((_read_of(*how), tuple(group)) for how, group in found.items())


def _read_of(name: str, zero_is_unknown: bool) -> Read:
    read = STATUS_FIELDS.by_name[name].read
    if not zero_is_unknown:
        return read
    return lambda status, now_ms: read(status, now_ms) or None
