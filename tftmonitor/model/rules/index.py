"""Which rules a snapshot or a push of records concerns, so that the others cost nothing."""

from collections.abc import Callable, Iterable
from typing import Any

from tftmonitor.model.fields.field import Value
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.rules.watch import Watch

# Of the status, the time, and for a measure the position.
Read = Callable[..., Value]
# Rules by the field that they read, or by what they measure, so that it is read once.
Groups = tuple[tuple[Read, tuple[Watch, ...]], ...]


class RuleIndex:
    """Rules by field and by kind of records. ``groups`` are those of all rules on fields."""

    __slots__ = ("_by_kind", "_groups_of", "_scoped", "_watches", "groups")

    def __init__(self, watches: Iterable[Watch]) -> None:
        self._watches = tuple(watches)
        self.groups = grouped(self._watches)
        rules = [watch.rule for watch in self._watches]
        self._scoped = any(rule.only_devices or rule.only_models for rule in rules)
        self._groups_of: dict[str, tuple[tuple[str | None, ...], Groups]] = {}
        self._by_kind: dict[str, list[Watch]] = {}
        for watch in self._watches:
            for kind in watch.rule.condition.record_kinds:
                self._by_kind.setdefault(kind, []).append(watch)

    def groups_for(self, device: Device) -> Groups:
        """The rules on fields that hold for this device."""
        if not self._scoped:
            return self.groups
        known = self._groups_of.get(device.key)
        by = (device.model, device.imei, device.device_key, device.id)
        if known is None or known[0] != by:
            groups = grouped(watch for watch in self._watches if watch.rule.covers(device))
            known = self._groups_of[device.key] = (by, groups)
        return known[1]

    def for_records(self, kind: str, device: Device) -> list[Watch]:
        """The rules on records of this kind that hold for this device."""
        return [watch for watch in self._by_kind.get(kind, ()) if watch.rule.covers(device)]


def grouped(watches: Iterable[Watch]) -> Groups:
    """The rules that read statuses, by what they read."""
    found: dict[Any, list[Watch]] = {}
    for watch in watches:
        condition = watch.rule.condition
        what = condition.source if watch.measure is None else condition.measure_key
        if what is not None:
            found.setdefault(what, []).append(watch)
    return tuple((_read_of(group[0]), tuple(group)) for group in found.values())


def _read_of(watch: Watch) -> Read:
    if watch.measure is not None:
        return watch.measure
    return STATUS_FIELDS.by_name[str(watch.rule.condition.source)].read
