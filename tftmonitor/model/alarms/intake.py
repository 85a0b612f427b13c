"""From what the feed reports to events: numbers, bits and texts become occurrences with a name.

In three steps: ``numbering`` resolves the number, ``identity`` names the alarm, and ``_raised``
builds the event. ``last_report`` remembers what is known already.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import msgspec

from tftmonitor.model.alarms import identity, unknown_form
from tftmonitor.model.alarms.alarm import NAME_LIMIT, SAME_EVENT_MS, TEXT_LIMIT, Alarm, Source
from tftmonitor.model.alarms.codes import Numbering, Severity, alarms_in_bits
from tftmonitor.model.alarms.events import Cleared, Raised
from tftmonitor.model.alarms.identity import AlarmIdentity
from tftmonitor.model.alarms.last_report import (
    LastReport,
    ReportMemory,
    Word,
    is_absent,
    to_word,
)
from tftmonitor.model.alarms.numbering import CodeResolver, ResolvedCode, narrow
from tftmonitor.model.fields.formatting import clip


class KnownDevice(Protocol):
    """What an alarm has to know of its device; the fleet's devices are such."""

    @property
    def key(self) -> str:
        """What identifies it."""
        ...

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def model(self) -> str | None:
        """Its model, None when not known."""
        ...


def imei_of(device: KnownDevice | None) -> str:
    """Its IMEI, empty when it is not known; not everything that has alarms can have one."""
    found = getattr(device, "imei", None)
    return found if isinstance(found, str) else ""


def doubt_of(device: KnownDevice | None) -> str:
    """Why nobody knows which unit this is, where several answer to its name; else empty."""
    found = getattr(device, "doubt", "")
    return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class ReportContext:
    """When and where a report is from; ``past`` when it is older than the live data.

    ``overtaken`` says of a past one that it is so by seconds only, or that nothing tells: it is
    no history.
    ``doubtful`` when it has a date that is not believed, ``raw_ms`` is the date as it came where
    it is not the believed one. ``sent_ms`` is the date of the message that it came with.
    """

    received_ms: int
    device_ms: int | None = None
    lat: float | None = None
    lng: float | None = None
    past: bool = False
    overtaken: bool = False
    doubtful: bool = False
    raw_ms: int | None = None
    place_ms: int | None = None
    place_is_last_known: bool = False
    sent_ms: int | None = None


def is_overtaken(device_ms: int | None, newest_ms: int | None) -> bool:
    """True when a report that is not the newest came so shortly before it that it is of now."""
    if device_ms is None or newest_ms is None:
        return False
    return newest_ms - device_ms < SAME_EVENT_MS


class AlarmIntake:
    """Makes events of snapshots and messages. ``standing`` holds the devices with something on.

    A live snapshot whose ``cur_event`` and ``alerts`` are zero concerns only devices in
    ``standing``.
    """

    def __init__(self, resolver: CodeResolver) -> None:
        self._resolver = resolver
        self._memory = ReportMemory()
        self.standing = self._memory.live
        # The last notice of each device that told of it in another form.
        self._notices: dict[str, str] = {}

    def expect_end(self, alarm: Alarm) -> None:
        """Look at the device's next snapshots, quiet as they may be, for the end of this alarm."""
        if alarm.device is not None and alarm.active:
            from_ms = alarm.last_ms if alarm.device_ms is None else alarm.device_ms
            self._memory.expect_end(alarm.device, from_ms, alarm.bit)

    def rename(self, former: str, device: str) -> None:
        """What was reported under the former key is of this device."""
        self._memory.rename(former, device)
        if former in self._notices:
            self._notices[device] = self._notices.pop(former)

    def snapshot(
        self, device: KnownDevice, event: Word, alerts: Word, context: ReportContext
    ) -> list[Raised | Cleared]:
        """What a snapshot reports that its predecessor did not.

        ``event`` and ``alerts`` are its own values, not merged ones.
        """
        last = self._memory.last(device.key, past=context.past)
        now = last.followed_by(event, alerts, context.device_ms)
        self._memory.keep(device.key, now, past=context.past)
        found: list[Raised | Cleared] = []
        # The past ends nothing: what it began may have come again since.
        if not context.past and last.has_ended_something(now):
            known = None if is_absent(alerts) else now.alerts
            received_ms = context.received_ms
            found.append(Cleared(received_ms, device.key, now.event, known, now.device_ms))
        code = to_word(event)
        resolved = self._resolver.resolve(code, now.alerts, device.model) if code else None
        # The bits of the number's own kind are that same alarm, not another one.
        own_bits = _mask(resolved)
        if resolved is not None and not _is_known(resolved, code, last, now):
            called, bit = identity.of_code(resolved), own_bits & now.alerts
            found.append(_raised(Source.SNAPSHOT, device, called, context, bit=bit))
        found += self._new_bits(device, now.alerts & ~last.alerts & ~own_bits, context)
        if context.overtaken:
            return self._of_now(device, found, context)
        if context.device_ms is None and found:  # a frame just before it must not end it
            self._memory.expect_end(device.key, context.received_ms)
        return found

    def message(
        self,
        device: KnownDevice | None,
        code: int | None,
        name: str | None,
        text: str,
        context: ReportContext,
        sender: str = "",
    ) -> Raised:
        """What an alarm message reports; ``name`` is the alarm's in it, ``text`` the message's.

        ``sender`` is who wrote it, by name or number. Its end is expected of the device's next
        snapshots: no message reports one.
        """
        resolved = self._resolve(code, name, text, device.model if device else None)
        called = identity.of_message(resolved, name, text, sender)
        own = clip(identity.own_text(name, text), TEXT_LIMIT)
        raised = _raised(Source.MESSAGE, device, called, context, text=own)
        if device is not None:
            from_ms = raised.at_ms if raised.device_ms is None else raised.device_ms
            self._memory.expect_end(device.key, from_ms)
        return raised

    def other_form(
        self,
        device: KnownDevice | None,
        source: Source,
        context: ReportContext,
        code: int = 0,
        bits: int = 0,
        unread: str = "",
        text: str = "",
    ) -> list[Raised]:
        """What is told elsewhere than in the two words of a snapshot, or in no known form.

        ``unread`` is what came in place of a number. The end is expected of the device's next
        snapshots, as that of a message.
        """
        called = [identity.of_bit(mask, kind) for mask, kind in alarms_in_bits(bits)]
        resolved = self._resolver.resolve(code, None, device.model if device else None)
        if resolved is not None:
            called.append(identity.of_code(resolved))
        if unread:
            called.append(unknown_form.of_form(unread, text))
        told = clip(" · ".join(part for part in (text.strip(), unread) if part), TEXT_LIMIT)
        if context.overtaken:
            context = replace(context, past=False)
        found = [
            _raised(source, device, what, context, text=told)
            for what in called
            if not self._is_told(device, source, what)
        ]
        if device is not None and not context.past:
            self._memory.expect_end(device.key, context.device_ms)
        return found

    def _is_told(self, device: KnownDevice | None, source: Source, called: AlarmIdentity) -> bool:
        """True for a notice that merely stands in one snapshot after the other."""
        if device is None or source is not Source.SNAPSHOT:
            return False
        is_notice = called.severity is Severity.NOTICE
        if is_notice and self._notices.get(device.key) == called.key:
            return True
        if is_notice:
            self._notices[device.key] = called.key
        return False

    def _resolve(
        self, code: int | None, name: str | None, text: str, model: str | None
    ) -> ResolvedCode | None:
        """The number of a message, narrowed by name and text; what these prove is remembered."""
        resolved = self._resolver.resolve(code, None, model) if code else None
        if resolved is None:
            return None
        narrowed = narrow(narrow(resolved, name), text)
        if narrowed is not resolved and narrowed.numbering is not None:
            self._resolver.learn(model, narrowed.numbering)
        return narrowed

    def _of_now(
        self, device: KnownDevice, found: list[Raised | Cleared], context: ReportContext
    ) -> list[Raised | Cleared]:
        """What an overtaken snapshot reports: of now, and over with the next one that lacks it."""
        overtaken = not context.doubtful
        made: list[Raised | Cleared] = []
        for report in found:
            if isinstance(report, Raised) and report.severity is not Severity.NOTICE:
                report = msgspec.structs.replace(  # noqa: PLW2901
                    report, past=False, overtaken=overtaken
                )
                self._memory.expect_end(device.key, report.device_ms, report.bit)
            made.append(report)
        return made

    def _new_bits(self, device: KnownDevice, bits: int, context: ReportContext) -> list[Raised]:
        if context.past:  # what stands now was reported already, though not of this time
            bits &= ~self._memory.last(device.key, past=False).alerts
        return [
            _raised(Source.SNAPSHOT, device, identity.of_bit(mask, kind), context, bit=mask)
            for mask, kind in alarms_in_bits(bits)
        ]


def _is_known(resolved: ResolvedCode, code: int, last: LastReport, now: LastReport) -> bool:
    """True for a number that merely stands: of a notice, or of the same snapshot again.

    Any other alarm repeats with every snapshot that still carries it.
    """
    if code != last.event:
        return False
    is_same_snapshot = now.device_ms is not None and now.device_ms == last.device_ms
    return is_same_snapshot or resolved.severity is Severity.NOTICE


def _mask(resolved: ResolvedCode | None) -> int:
    if resolved is None or resolved.kind is None:
        return 0
    return sum(resolved.kind.numbers(Numbering.BITS))


def _raised(
    source: Source,
    device: KnownDevice | None,
    called: AlarmIdentity,
    context: ReportContext,
    bit: int = 0,
    text: str = "",
) -> Raised:
    return Raised(
        context.received_ms,
        source,
        called.key,
        called.name,
        called.severity,
        device=device.key if device else None,
        device_name=clip(device.label, NAME_LIMIT) if device else "",
        code=called.code,
        numbering=called.numbering,
        candidates=called.candidates,
        bit=bit,
        device_ms=context.device_ms,
        past=context.past,
        doubtful=context.doubtful,
        raw_ms=context.raw_ms,
        text=clip(" · ".join(part for part in (text, doubt_of(device)) if part), TEXT_LIMIT),
        lat=context.lat,
        lng=context.lng,
        imei=imei_of(device),
        place_ms=context.place_ms,
        place_is_last_known=context.place_is_last_known,
        sent_ms=context.sent_ms,
    )
