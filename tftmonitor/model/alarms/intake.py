"""From what the feed tells to events: numbers, bits and texts become occurrences with a name.

It keeps what each device told last, so that a condition that merely stands is told once.
"""

from dataclasses import dataclass
from typing import Protocol

from msgspec import UnsetType

from tftmonitor.base.clock import is_plausible
from tftmonitor.model.alarms.alarm import NAME_LIMIT, TEXT_LIMIT, Alarm, Source
from tftmonitor.model.alarms.codes import (
    ALARMS,
    WORD_MASK,
    AlarmKind,
    Numbering,
    Severity,
    alarms_in_bits,
)
from tftmonitor.model.alarms.events import Cleared, Raised
from tftmonitor.model.alarms.numbering import CodeResolver, ResolvedCode, name_for_message, narrow
from tftmonitor.model.fields.formatting import clip

Word = int | UnsetType | None


class KnownDevice(Protocol):
    """What an alarm has to know of its device; the fleet's devices are such."""

    @property
    def key(self) -> str:
        """What it is told apart by."""
        ...

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def model(self) -> str | None:
        """Its model, None when not known."""
        ...


@dataclass(frozen=True, slots=True)
class ReportContext:
    """When and where a snapshot is from; ``past`` when it is older than the live data."""

    received_ms: int
    device_ms: int | None = None
    lat: float | None = None
    lng: float | None = None
    past: bool = False


@dataclass(slots=True)
class _LastReport:
    """What a device told last.

    ``end_expected_ms`` is the device time from which on a quiet snapshot ends an open alarm that
    did not come by this device's snapshots of this run; None when there is no such alarm.
    """

    event: int = 0
    alerts: int = 0
    device_ms: int | None = None
    end_expected_ms: int | None = None


class AlarmIntake:
    """Makes events of snapshots and messages. ``standing`` holds the devices with something on.

    A live snapshot whose ``cur_event`` and ``alerts`` are zero concerns only devices in
    ``standing``.
    """

    def __init__(self, reader: CodeResolver) -> None:
        self.standing: dict[str, _LastReport] = {}
        self._reader = reader
        self._told_late: dict[str, _LastReport] = {}

    def expect_end(self, alarm: Alarm) -> None:
        """Look at the device's next snapshots, quiet as they may be, for the end of this alarm."""
        if alarm.device is not None and alarm.active:
            self._expect_end(alarm.device, alarm.device_ms).alerts |= alarm.bit

    def snapshot(
        self, device: KnownDevice, event: Word, alerts: Word, moment: ReportContext
    ) -> list[Raised | Cleared]:
        """What a snapshot tells that its predecessor did not; its own values, not merged ones."""
        held = self._told_late if moment.past else self.standing
        told = held.get(device.key) or _LastReport()
        now = _LastReport(
            told.event if _is_absent(event) else _word(event),
            told.alerts if _is_absent(alerts) else _word(alerts),
            moment.device_ms,
        )
        found: list[Raised | Cleared] = []
        if not moment.past:
            if not _covers(told, event, moment.device_ms):
                now.end_expected_ms = told.end_expected_ms
            if _tells_less(told, now):
                known = None if _is_absent(alerts) else now.alerts
                at_ms = moment.received_ms
                found.append(Cleared(at_ms, device.key, now.event, known, now.device_ms))
        if now.event or now.alerts or now.end_expected_ms is not None:
            held[device.key] = now
        else:
            held.pop(device.key, None)
        return found + self._occurrences(device, told, now, _word(event), moment)

    def message(
        self,
        device: KnownDevice | None,
        code: int | None,
        name: str | None,
        text: str,
        moment: ReportContext,
    ) -> Raised:
        """What an alarm message tells; ``name`` is the alarm's in it, ``text`` the message's."""
        model = device.model if device else None
        own = text.strip() or (name or "").strip()
        known_ms = moment.device_ms or 0
        device_ms = known_ms if is_plausible(known_ms, moment.received_ms) else None
        reading = self._reader.read(code, None, model) if code else None
        if reading is not None:
            reading = self._sharpen(reading, name, text, model)
        kind = (reading and reading.kind) or _kind_named(name) or _kind_named(text)
        severity = reading.severity if reading else Severity.WARNING
        if device is not None:
            self._expect_end(device.key, device_ms)
        return Raised(
            moment.received_ms,
            Source.MESSAGE,
            kind.key if kind else f"code:{reading.code}" if reading else _text_key(own),
            clip(name_for_message(reading, own), NAME_LIMIT),
            kind.severity if kind else severity,
            device=device.key if device else None,
            device_name=clip(device.label, NAME_LIMIT) if device else "",
            code=reading.code if reading else None,
            numbering=_numbering_word(reading),
            candidates=() if kind else _candidates(reading),
            device_ms=device_ms,
            text=clip(own, TEXT_LIMIT),
            lat=moment.lat,
            lng=moment.lng,
        )

    def _expect_end(self, device: str, device_ms: int | None) -> _LastReport:
        told = self.standing.setdefault(device, _LastReport())
        told.end_expected_ms = max(told.end_expected_ms or 0, device_ms or 0)
        return told

    def _sharpen(
        self, reading: ResolvedCode, name: str | None, text: str, model: str | None
    ) -> ResolvedCode:
        sharper = narrow(narrow(reading, name), text)
        if sharper is not reading and sharper.numbering is not None:
            self._reader.learn(model, sharper.numbering)
        return sharper

    def _occurrences(
        self,
        device: KnownDevice,
        told: _LastReport,
        now: _LastReport,
        event: int,
        moment: ReportContext,
    ) -> list[Raised | Cleared]:
        found: list[Raised | Cleared] = []
        reading = self._reader.read(event, now.alerts, device.model) if event else None
        own_bits = _mask(reading.kind) if reading else 0
        stands = event == told.event
        if reading is not None and not (stands and _is_no_news(reading, told, now)):
            key = reading.kind.key if reading.kind else f"code:{reading.code}"
            bit = own_bits & now.alerts
            found.append(_raised(device, moment, key, reading.name, reading.severity, bit, reading))
        bits = now.alerts & ~told.alerts & ~own_bits
        if moment.past and bits and (live := self.standing.get(device.key)):
            bits &= ~live.alerts  # the past of what stands already
        for mask, kind in alarms_in_bits(bits):
            key = kind.key if kind else f"bit:{mask:#x}"
            name = kind.name if kind else f"Alert bit {mask:#x}"
            severity = kind.severity if kind else Severity.WARNING
            found.append(_raised(device, moment, key, name, severity, mask, None))
        return found


def _raised(
    device: KnownDevice,
    moment: ReportContext,
    key: str,
    name: str,
    severity: Severity,
    bit: int,
    reading: ResolvedCode | None,
) -> Raised:
    return Raised(
        moment.received_ms,
        Source.SNAPSHOT,
        key,
        name,
        severity,
        device=device.key,
        device_name=clip(device.label, NAME_LIMIT),
        code=reading.code if reading else None,
        numbering=_numbering_word(reading) if reading else Numbering.BITS.value,
        candidates=_candidates(reading),
        bit=bit,
        device_ms=moment.device_ms,
        past=moment.past,
        lat=moment.lat,
        lng=moment.lng,
    )


def _is_absent(word: Word) -> bool:
    return word is None or isinstance(word, UnsetType)


def _word(word: Word) -> int:
    return word & WORD_MASK if isinstance(word, int) else 0


def _covers(told: _LastReport, event: Word, device_ms: int | None) -> bool:
    """True when this snapshot is late enough to speak of all that the device owes an end."""
    if told.end_expected_ms is None:
        return True
    return not _is_absent(event) and (device_ms is None or device_ms >= told.end_expected_ms)


def _tells_less(told: _LastReport, now: _LastReport) -> bool:
    return bool(
        (told.event and not now.event)
        or told.alerts & ~now.alerts
        or (told.end_expected_ms is not None and now.end_expected_ms is None)
    )


def _is_no_news(reading: ResolvedCode, told: _LastReport, now: _LastReport) -> bool:
    """True for what merely stands: a notice, or the same snapshot a second time."""
    if reading.severity is Severity.NOTICE:
        return True
    return now.device_ms is not None and now.device_ms == told.device_ms


def _text_key(text: str) -> str:
    return f"text:{clip(text.casefold(), NAME_LIMIT)}"


def _mask(kind: AlarmKind | None) -> int:
    return sum(kind.numbers(Numbering.BITS)) if kind else 0


def _candidates(reading: ResolvedCode | None) -> tuple[str, ...]:
    if reading is None or reading.kind is not None:
        return ()
    return tuple(kind.key for kind in reading.candidates)


def _numbering_word(reading: ResolvedCode | None) -> str | None:
    return reading.numbering.value if reading and reading.numbering else None


def _kind_named(text: str | None) -> AlarmKind | None:
    """The kind whose name this is; only letters count, as in ``narrow``."""
    every = ResolvedCode(0, "", Severity.WARNING, None, None, ALARMS)
    return narrow(every, text).kind if text else None
