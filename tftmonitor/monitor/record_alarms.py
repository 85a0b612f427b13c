"""Alarms out of what records say in their own words: a leaking tyre, a leaking tank.

Each part - a tyre, a probe - has an alarm of its own, and ends it itself: no snapshot knows of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tftmonitor.model.alarms import unknown_form
from tftmonitor.model.alarms.alarm import NAME_LIMIT, Alarm, Source
from tftmonitor.model.alarms.codes import BY_KEY, Severity
from tftmonitor.model.alarms.events import Raised, Returned
from tftmonitor.model.fields.formatting import clip, one_line
from tftmonitor.model.fleet.clock_offset import judge_date, oldest_ms
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.record_words import (
    DRIVER_ALERT,
    DRIVER_KINDS,
    FUEL_ALARM,
    FUEL_KINDS,
    TYRE_KINDS,
    TYRE_STATUS,
    part_text,
)
from tftmonitor.model.fleet.records import Record, Records
from tftmonitor.protocol.state_words import is_quiet_state, says_all_is_well


@dataclass(frozen=True, slots=True)
class WatchedWord:
    """A column of records in which ``words`` mean the alarm of this kind.

    ``quiet`` are the words of its numbers that say nothing of an alarm. What is neither is an
    alarm of unknown form, unless it says that all is well or, where the column is not
    ``for_alarms_alone``, what merely is.
    """

    kinds: tuple[str, ...]
    column: str
    subject: str
    quiet: frozenset[str]
    alarm: str = ""
    words: re.Pattern[str] | None = None
    for_alarms_alone: bool = False

    def is_quiet(self, word: str) -> bool:
        """True for a word that is no alarm."""
        denies = says_all_is_well if self.for_alarms_alone else is_quiet_state
        return word.casefold() in self.quiet or denies(word)


def _words_of(names: Mapping[int, str], *but: str) -> frozenset[str]:
    return frozenset(names.values()).difference(but)


WATCHED: Final = (
    WatchedWord(
        TYRE_KINDS,
        "status",
        "tyre",
        _words_of(TYRE_STATUS, "leak"),
        "tyre_leak",
        re.compile(r"leak|burst|puncture", re.IGNORECASE),
    ),
    WatchedWord(
        FUEL_KINDS,
        "alarm",
        "fuel probe",
        _words_of(FUEL_ALARM, "leak"),
        "fuel_leak",
        re.compile(r"leak|theft|drain", re.IGNORECASE),
        for_alarms_alone=True,
    ),
    WatchedWord(
        DRIVER_KINDS, "alert", "driver tag", _words_of(DRIVER_ALERT), for_alarms_alone=True
    ),
)


@dataclass(slots=True)
class _Part:
    """The newest that is known of one part: when, and the keys of what stands."""

    device_ms: int | None = None
    standing: set[str] = field(default_factory=set)


class RecordAlarms:
    """Makes events of records; remembers what stands, for each part of each device."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str, str], _Part] = {}
        self._devices: set[str] = set()

    def restore(self, alarm: Alarm) -> None:
        """Expect the end of what a former run left open."""
        if Source.RECORD in alarm.sources and alarm.device is not None and alarm.active:
            subject, _, name = alarm.key.split(":", 2)
            part = self._part(alarm.device, subject, name)
            part.standing.add(alarm.key)
            part.device_ms = alarm.device_ms

    def rename(self, former: str, device: str) -> None:
        """What stands under the former key is of this device."""
        if former not in self._devices:
            return
        self._devices.discard(former)
        for key in [key for key in self._parts if key[0] == former]:
            past = self._parts.pop(key)
            part = self._part(device, *key[1:])
            part.standing |= past.standing
            known = (ms for ms in (part.device_ms, past.device_ms) if ms is not None)
            part.device_ms = max(known, default=None)

    def report(
        self, device: Device, push: Records, received_ms: int
    ) -> Iterator[Raised | Returned]:
        """What the records of one push begin and end."""
        time = _time_of(device, push.device_ms, received_ms)
        for watched in WATCHED:
            if push.kind not in watched.kinds:
                continue
            for place, record in enumerate(push.records, 1):
                word = record.get(watched.column)
                if word is not None:
                    part = _part_of(record, place if len(push.records) > 1 else "")
                    said = _Said(watched, part, str(word), time, received_ms)
                    yield from self._judge(device, said)

    def _part(self, device: str, subject: str, name: str) -> _Part:
        self._devices.add(device)
        return self._parts.setdefault((device, subject, name), _Part())

    def _judge(self, device: Device, said: "_Said") -> Iterator[Raised | Returned]:
        part = self._part(device.key, said.watched.subject, said.part)
        device_ms = said.time.oldest_ms
        is_older = (
            device_ms is not None and part.device_ms is not None and device_ms < part.device_ms
        )
        # Where nothing tells, what it begins is of now, and over with the next that lacks it.
        is_past = is_older and not said.time.is_doubtful
        raised = _raised(device, said, past=is_past)
        if raised is not None:
            yield raised
        if is_older:
            if raised is not None and not is_past:
                part.standing.add(raised.key)
            return  # it ends nothing, and what it began may be over since
        part.device_ms = device_ms or part.device_ms
        now = {raised.key} if raised else set()
        over, part.standing = part.standing - now, now
        for key in sorted(over):
            because = f"{said.watched.subject} says {clip(said.word, NAME_LIMIT)}"
            yield Returned(said.received_ms, device.key, key, device_ms, because)


class _Time(NamedTuple):
    """What is held of the date of a push; ``oldest_ms`` decides about the order."""

    believed_ms: int | None
    is_doubtful: bool
    oldest_ms: int | None
    raw_ms: int | None


def _time_of(device: Device, date_ms: int | None, received_ms: int) -> _Time:
    believed_ms, is_doubtful = judge_date(device.clock, date_ms, received_ms)
    raw_ms = None if date_ms == believed_ms else date_ms
    oldest = oldest_ms(device.clock, date_ms, received_ms)
    return _Time(believed_ms, is_doubtful, oldest, raw_ms)


@dataclass(frozen=True, slots=True)
class _Said:
    """One word of one part, and when it came."""

    watched: WatchedWord
    part: str
    word: str
    time: _Time
    received_ms: int


def _raised(device: Device, said: _Said, *, past: bool) -> Raised | None:
    watched, word = said.watched, said.word.strip()
    if watched.is_quiet(word):
        return None
    if watched.words is not None and watched.words.search(word):
        kind = BY_KEY[watched.alarm]
        key, name, severity = kind.key, kind.name, kind.severity
    else:
        unread = unknown_form.of_form(f"{watched.subject}: {word}")
        key, name, severity = "form", unread.name, Severity.HIGH
    return Raised(
        said.received_ms,
        Source.RECORD,
        f"{watched.subject}:{key}:{said.part}",
        clip(f"{name} ({said.part})" if said.part else name, NAME_LIMIT),
        severity,
        device=device.key,
        device_name=clip(device.label, NAME_LIMIT),
        device_ms=said.time.believed_ms,
        past=past,
        doubtful=said.time.is_doubtful,
        raw_ms=said.time.raw_ms,
        text=one_line(f"{watched.subject} {said.part} says {word}"),
    )


def _part_of(record: Record, place: int | str) -> str:
    names = (record.get(column) for column in ("sensor", "position", "driver_id"))
    return part_text(next((name for name in names if name), place))
