"""A rule of the user: a condition, for whom it holds, and how severe it is."""

from functools import cached_property
from typing import Any

import msgspec
from msgspec.structs import replace

from tftmonitor.base.text_search import folded
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.places.store import Places
from tftmonitor.model.rules.condition import Condition, Unreadable
from tftmonitor.model.rules.kinds import BY_TAG
from tftmonitor.model.rules.surroundings import PlaceRef


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """All of a rule but its condition."""

    id: str
    name: str = ""
    enabled: bool = True
    severity: Severity = Severity.WARNING
    only_devices: tuple[str, ...] = ()
    only_models: tuple[str, ...] = ()
    only_named: str = ""
    while_ignition: bool | None = None
    sleeps_in: tuple[PlaceRef, ...] = ()


class Rule(_Head, frozen=True, kw_only=True, dict=True):
    """One row of the table of rules. ``id`` is permanent: alarms on disk name it.

    Empty ``only_devices`` (keys), ``only_models`` and ``only_named`` (a part of the name, also of
    devices that come later) mean all. Who is in one of the places
    ``sleeps_in`` raises nothing.
    """

    condition: Condition

    @property
    def problem(self) -> str:
        """Why it cannot work, as a text; such a rule is kept, and does nothing."""
        if not self.id or ":" in self.id:
            return f"{self.id!r} cannot be the id of a rule."
        return self.condition.problem()

    @property
    def works(self) -> bool:
        """True when it is enabled and can do what it says."""
        return self.enabled and not self.problem

    @property
    def title(self) -> str:
        """Its name, or else what it says."""
        return self.name or self.condition.describe()

    @property
    def sentence(self) -> str:
        """What it waits for, as a text."""
        text = self.condition.describe()
        if self.while_ignition is not None:
            text += f", while ignition is {'on' if self.while_ignition else 'off'}"
        names = ", ".join(ref.name for ref in self.sleeps_in if not ref.is_gone)
        return f"{text}, not in {names}" if names else text

    @property
    def scope_text(self) -> str:
        """For whom it holds, as a text."""
        parts = []
        if self.only_models:
            parts.append(", ".join(self.only_models))
        if self.only_named:
            parts.append(f"named “{self.only_named}”")
        if self.only_devices:
            count = len(self.only_devices)
            parts.append("1 device" if count == 1 else f"{count} devices")
        return " and ".join(parts) or "all"

    def covers(self, device: Device) -> bool:
        """True when it holds for this device."""
        if device.is_hidden or (self.only_devices and not self._names(device)):
            return False
        if self.only_named and self._named not in folded(device.label):
            return False
        return not self.only_models or device.model in self.only_models

    @cached_property
    def _named(self) -> str:
        return folded(self.only_named.strip())

    @cached_property
    def _device_keys(self) -> frozenset[str]:
        # Thousands may be named, and every device of the fleet is looked for among them.
        return frozenset(self.only_devices)

    def _names(self, device: Device) -> bool:
        """True when it is for this device, by whichever of its names it was chosen."""
        keys = self._device_keys
        return device.key in keys or not keys.isdisjoint(device.names)

    def waits_for_same(self, other: "Rule") -> bool:
        """True when only what it is called, or how severe it is, differs."""
        return (
            self.condition == other.condition
            and self.only_devices == other.only_devices
            and self.only_models == other.only_models
            and self.only_named == other.only_named
            and self.while_ignition == other.while_ignition
            and self.sleeps_in == other.sleeps_in
        )

    @property
    def places(self) -> tuple[PlaceRef, ...]:
        """The places that it is about, and those in which it sleeps."""
        return (*self.condition.place_refs, *self.sleeps_in)

    def among(self, places: Places) -> "Rule":
        """The same rule with the names that its places have now."""
        if not self.places:
            return self
        condition = self.condition
        if condition.place_refs:
            condition = replace(condition, place=condition.place_refs[0].as_now(places))
        sleeps_in = tuple(ref.as_now(places) for ref in self.sleeps_in)
        return replace(self, condition=condition, sleeps_in=sleeps_in)


def to_disk(rule: Rule) -> dict[str, Any]:
    """The rule as JSON knows it."""
    raw: dict[str, Any] = msgspec.to_builtins(rule)
    if isinstance(rule.condition, Unreadable):
        raw["condition"] = rule.condition.raw
    return raw


def from_disk(raw: Any) -> Rule:
    """What ``to_disk`` gave; an unknown condition is kept. Raises msgspec.ValidationError."""
    head = msgspec.convert(raw, _Head)
    condition = _condition(raw.get("condition"))
    return Rule(**msgspec.structs.asdict(head), condition=condition)


def _condition(raw: Any) -> Condition:
    tag = raw.get("when") if isinstance(raw, dict) else None
    kind = BY_TAG.get(tag) if isinstance(tag, str) else None
    if kind is None:
        return Unreadable(raw, f"This version does not know the condition {tag!r}.")
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        return Unreadable(raw, f"Its condition is not readable: {error}.")
