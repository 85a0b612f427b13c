"""Where alarms come in and the operator acts on them, for the links and for the window.

Calls return at once; what comes of them arrives through ``subscribe`` when it is on disk.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from tftmonitor.base.clock import Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.history.journal_query import ALL, JournalFilter
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.rows import JournalEntry
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, Source, check_shelving
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.intake import (
    AlarmIntake,
    KnownDevice,
    ReportContext,
    doubt_of,
    imei_of,
)
from tftmonitor.model.alarms.last_report import Word
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.records import Records
from tftmonitor.monitor.alarm_pipeline import (
    OUT_OF_SERVICE,
    PROVEN,
    AlarmPipeline,
    AlarmStep,
)
from tftmonitor.monitor.doubts import Doubts
from tftmonitor.monitor.record_alarms import RecordAlarms
from tftmonitor.monitor.report_context import (
    SnapshotTiming,
    context_of_message,
    context_of_snapshot,
)
from tftmonitor.protocol.alarm_forms import is_word, shown
from tftmonitor.protocol.messages import AlarmNotice

__all__ = ["AlarmService", "AlarmStep"]

DRILL_NAME: Final = "Drill (test alarm)"

Find = Callable[[str], KnownDevice | None]


class _NamedDevice(msgspec.Struct, frozen=True):
    """A device as a message names it, when the fleet does not know it or its model."""

    key: str
    label: str
    model: str | None
    imei: str | None = None
    doubt: str = ""


class AlarmService:
    """The alarms of one account. ``alarms`` are the open ones as they may be shown; read only.

    ``find`` gives the device of any of its ids, ``who`` is the operator in the journal. Keep
    ``run`` in a TaskScope; at the end await ``drain``, and then close the journal's thread.
    """

    def __init__(
        self,
        alarms: OpenAlarms,
        journal: JournalThread | None,
        resolver: CodeResolver,
        clock: Clock,
        find: Find,
        who: str = "",
    ) -> None:
        self.alarms = alarms
        self._journal = journal or JournalThread()
        self.pipeline = AlarmPipeline(alarms, self._journal, clock)
        self.who = who
        self._clock = clock
        self._find = find
        self._intake = AlarmIntake(resolver)
        self.standing = self._intake.standing
        self._records = RecordAlarms()
        self.doubts = Doubts()
        self.pipeline.restored.add(self._intake.expect_end)
        self.pipeline.restored.add(self._records.restore)

    @property
    def proven_ms(self) -> int | None:
        """When somebody last confirmed a drill, in this run or a former one."""
        proven = self.pipeline.facts.get(PROVEN)
        return proven if isinstance(proven, int) else None

    @property
    def out_of_service_until(self) -> dict[str, int]:
        """The devices that are out of service, until when."""
        return self.pipeline.facts.get(OUT_OF_SERVICE) or {}

    @property
    def steps(self) -> Mapping[AlarmStep, Listeners[[list[AlarmChange]]]]:
        """Who is called at each step with what changed: journal, model, banner, sound, tray."""
        return self.pipeline.steps

    async def restore(self) -> None:
        """Restore and publish what a former run left open; ``run`` does it too, if need be."""
        await self.pipeline.drain()

    async def run(self) -> None:
        """Restore, then serve until cancelled."""
        await self.pipeline.run()

    async def drain(self) -> bool:
        """Serve all that is queued; True when it is on disk."""
        return await self.pipeline.drain()

    async def read_journal(
        self, limit: int, before: JournalEntry | None = None, wanted: JournalFilter = ALL
    ) -> list[JournalEntry]:
        """A page of the journal, newest first; empty without one. Raises JournalError."""
        return await self._journal.read_page(limit, before, wanted)

    def snapshot_alarm(
        self,
        device: KnownDevice,
        status: DeviceStatus,
        timing: SnapshotTiming,
        received_ms: int,
        newest_ms: int | None = None,
    ) -> None:
        """Ingest a snapshot's own status, not the merged one.

        ``newest_ms`` is the device time of the newest that came in, which may have overtaken it.

        To be called for every late snapshot, and for a live one only ``if status.cur_event or
        status.alerts or device.key in standing``: so a quiet one costs nothing.
        """
        context = context_of_snapshot(device, status, timing, received_ms, newest_ms)
        event, alerts = status.cur_event, status.alerts
        for word in (event, alerts):
            if isinstance(word, int) and not is_word(word):
                # A zero beside it is no all-clear.
                event, alerts = _word_or_none(event) or None, _word_or_none(alerts)
                notice = AlarmNotice(unread=shown(word))
                self._put_other_form(device, Source.SNAPSHOT, notice, context)
        for raised in self._intake.snapshot(device, event, alerts, context):
            self.doubts.note(device, raised)
            self.pipeline.put(raised)

    def rename(self, former: str, device: str) -> None:
        """What comes in for this device belongs to what came under its former key."""
        for memory in (self._intake, self._records, self.doubts):
            memory.rename(former, device)

    def settle_doubts(self, device: Device, received_ms: int) -> None:
        """A frame came of a device in ``doubts``: its alarms may be dated by it."""
        known = self.doubts.settle(device, received_ms)
        if known is not None:
            self.pipeline.put(known)

    def record_alarms(self, device: Device, push: Records, received_ms: int) -> None:
        """Ingest what the records of a device say of alarms in their own words."""
        for event in self._records.report(device, push, received_ms):
            self.pipeline.put(event)

    def further_alarms(
        self,
        device: KnownDevice,
        notices: Iterable[AlarmNotice],
        status: DeviceStatus,
        timing: SnapshotTiming,
        received_ms: int,
    ) -> None:
        """Ingest what a snapshot reports of alarms elsewhere than in its two words."""
        context = context_of_snapshot(device, status, timing, received_ms)
        for notice in notices:
            self._put_other_form(device, Source.SNAPSHOT, notice, context)

    def message_alarm(
        self,
        notice: AlarmNotice,
        text: str,
        received_ms: int,
        sender: str = "",
        judged: tuple[int | None, bool] = (None, False),
        sent_ms: int | None = None,
        device: KnownDevice | None = None,
    ) -> None:
        """Ingest one alarm of a message; ``text`` is the message's, ``sender`` who wrote it.

        ``judged`` is its believed time, None without one, and whether its date is doubtful,
        ``device`` whom it speaks of, where that is known; ``sent_ms`` is the date of the message.
        """
        device = device or _found(self._find, notice)
        context = context_of_message(device, notice, received_ms, judged, sent_ms)
        device = _as_named(device, notice)
        if not notice.code and (notice.bits or notice.unread):
            own = text or (notice.name if notice.name != notice.unread else None) or ""
            self._put_other_form(device, Source.MESSAGE, notice, context, own)
        else:
            code, name = notice.code, notice.name
            self.pipeline.put(self._intake.message(device, code, name, text, context, sender))

    def _put_other_form(
        self,
        device: KnownDevice | None,
        source: Source,
        notice: AlarmNotice,
        context: ReportContext,
        text: str = "",
    ) -> None:
        for raised in self._intake.other_form(
            device, source, context, notice.code or 0, notice.bits, notice.unread, text
        ):
            if source is Source.SNAPSHOT:
                self.doubts.note(device, raised)
            self.pipeline.put(raised)

    def rule_alarm(
        self,
        rule: str,
        name: str,
        severity: Severity,
        device: KnownDevice | None = None,
        device_ms: int | None = None,
        text: str = "",
        source: Source = Source.RULE,
        doubtful: bool = False,
    ) -> None:
        """A rule of the user has begun to hold; ``rule`` is its permanent key."""
        raised = events.Raised(
            self._clock.now_ms(),
            source,
            f"rule:{rule}",
            name,
            severity,
            device=device.key if device else None,
            device_name=device.label if device else "",
            device_ms=device_ms,
            doubtful=doubtful,
            text=text,
            imei=imei_of(device),
        )
        self.pipeline.put(raised)

    def rule_returned(
        self, rule: str, device: str | None = None, because: str = "", *, in_doubt: bool = False
    ) -> None:
        """A rule of the user holds no more, or is no more; ``in_doubt`` when nobody can know."""
        at_ms = self._clock.now_ms()
        self.pipeline.put(
            events.Returned(at_ms, device, f"rule:{rule}", because=because, in_doubt=in_doubt)
        )

    def acknowledge(self, ids: Iterable[int], note: str = "", who: str | None = None) -> None:
        """The operator, or whoever ``who`` names, has seen these alarms."""
        who = self.who if who is None else who
        self.pipeline.put(events.Acknowledged(self._clock.now_ms(), tuple(ids), who, note))

    def silence(self) -> None:
        """Stop the sound of all that is shown; acknowledges nothing."""
        sounding = [a.id for a in self.alarms.unacknowledged() if a.silenced_ms is None]
        self.pipeline.put(events.Silenced(self._clock.now_ms(), tuple(sounding), self.who))

    def shelve(self, ids: Iterable[int], until_ms: int, reason: str = "") -> None:
        """Suppress alarms until a time. Raises ValueError, with a text, when that may not be."""
        alarms = self._shown(ids)
        now_ms = self._clock.now_ms()
        check_shelving(alarms, until_ms, now_ms, reason)
        numbers = tuple(alarm.id for alarm in alarms)
        self.pipeline.put(events.Shelved(now_ms, numbers, until_ms, reason.strip(), self.who))

    def unshelve(self, ids: Iterable[int]) -> None:
        """Show shelved alarms again."""
        self.pipeline.put(events.Unshelved(self._clock.now_ms(), tuple(ids), self.who))

    def out_of_service(self, device: str, until_ms: int | None) -> None:
        """Suppress a device's alarms while it is worked on; None puts it back into service.

        Raises ValueError, with a text, when the time is over already.
        """
        now_ms = self._clock.now_ms()
        if until_ms is not None and until_ms <= now_ms:
            raise ValueError("The time until which it is out of service is over already.")
        self.pipeline.put(events.OutOfService(now_ms, device, until_ms, self.who))

    def note(self, ids: Iterable[int], note: str) -> None:
        """Write a note to alarms."""
        self.pipeline.put(events.Noted(self._clock.now_ms(), tuple(ids), note, self.who))

    def close_alarms(self, ids: Iterable[int]) -> None:
        """The operator says that acknowledged alarms are over; others stay as they are."""
        self.pipeline.put(events.Closed(self._clock.now_ms(), tuple(ids), self.who))

    def drill(self) -> None:
        """Send a marked test alarm down the whole path."""
        at_ms = self._clock.now_ms()
        severity = Severity.CRITICAL  # what is to be proven is the loudest path
        self.pipeline.put(events.Raised(at_ms, Source.DRILL, "drill", DRILL_NAME, severity))

    def confirm_drill(self) -> None:
        """The operator saw and heard the drill. Raises ValueError when there is none."""
        if not any(alarm.drill for alarm in self.alarms.by_device(None)):
            raise ValueError("No drill is open. Start one first.")
        self.pipeline.put(events.DrillConfirmed(self._clock.now_ms(), self.who))

    def _shown(self, ids: Iterable[int]) -> list[Alarm]:
        return [alarm for number in ids if (alarm := self.alarms.get(number)) is not None]


def _found(find: Find, notice: AlarmNotice) -> KnownDevice | None:
    """The device that any id of a notice names."""
    idents = (notice.imei, notice.device_key, notice.id)
    return next((found for ident in idents if ident and (found := find(ident))), None)


def _as_named(device: KnownDevice | None, notice: AlarmNotice) -> KnownDevice | None:
    """The device with what the notice tells of one that is not known, or has no model."""
    if device is None:
        name = notice.device
        return None if name is None else _NamedDevice(name, name, notice.model, notice.imei)
    if device.model is not None:
        return device
    return _NamedDevice(device.key, device.label, notice.model, imei_of(device), doubt_of(device))


def _word_or_none(word: Word) -> Word:
    """The word; None in place of a number that is too large to be one."""
    return None if isinstance(word, int) and not is_word(word) else word
