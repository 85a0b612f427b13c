"""What becomes of each push of both channels: status, records, alarms, messages."""

from collections.abc import Callable

from tftmonitor.history.samples.stored import Recorded
from tftmonitor.model.coverage import Blindness, Coverage, not_ours
from tftmonitor.model.fields.formatting import clip
from tftmonitor.model.fleet.clock_offset import judge_date
from tftmonitor.model.fleet.device import HELD_SNAPSHOT, SNAPSHOT, Device
from tftmonitor.model.fleet.fleet import AppliedSnapshot, Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.fleet.who.rows import FleetFullError
from tftmonitor.model.fleet.who.unit import Unit
from tftmonitor.model.inbox import Inbox, ItemKind
from tftmonitor.monitor.alarm_place import place_told
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.counters import Counters
from tftmonitor.monitor.large_frames import LOOSE_FACTOR, USUAL_SIZE, LargeFrames
from tftmonitor.monitor.recording.whose import owner_of
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.protocol.alarm_search import alarms_in, salvage, text_of
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.long_texts import KEPT_LIMIT, kept_frame
from tftmonitor.protocol.messages import (
    MESSAGE_KIND,
    AlarmNotice,
    FileNotice,
    FileState,
    InvalidPush,
    OtherPush,
    Push,
    Sender,
    Snapshot,
    UserMessage,
)

_ITEM_KINDS = {
    Sender.SYSTEM: ItemKind.SYSTEM,
    Sender.ALARM: ItemKind.ALARM,
    Sender.USER: ItemKind.USER,
}
_FILE_TEXTS = {
    FileState.REQUESTED: "File requested",
    FileState.READY: "File ready to download",
}
_TEXT_LIMIT = 2_000
_NO_DETAILS = AlarmNotice()


class PushReceiver:
    """Fills fleet, inbox, counters and coverage, and hands alarms and values on.

    ``keep`` is called with each push as the history keeps it, None while it does not.
    """

    def __init__(
        self,
        fleet: Fleet,
        alarm_service: AlarmService,
        rules: RuleEngine,
        inbox: Inbox,
        counters: Counters,
        coverage: Coverage,
    ) -> None:
        self.fleet = fleet
        self.alarm_service = alarm_service
        self.rules = rules
        self.inbox = inbox
        self.counters = counters
        self.coverage = coverage
        self.large_frames = LargeFrames(fleet.changes)
        self.keep: Callable[[Recorded], None] | None = None

    def receive(self, channel: Channel, push: Push, frame: bytes, received_ms: int) -> None:
        """Take one push in; ``frame`` is what it came as, ``received_ms`` when, since 1970."""
        self.counters.messages += 1
        kept = frame if len(frame) <= KEPT_LIMIT else kept_frame(frame)
        keep = self.keep
        if isinstance(push, Snapshot):
            key, is_late = self._ingest_snapshot(push, kept, received_ms, len(frame))
            if keep is not None:
                date = push.status.date
                device_ms = date if isinstance(date, int) else None
                keep((key, channel.value, received_ms, device_ms, is_late, frame))
            return
        if isinstance(push, Records):
            self._ingest_records(push, kept, received_ms, len(frame))
            if push.other:
                found = alarms_in(_with_identity(push), push.kind, loose=True, states=True)
                self._raise_found(found, "", received_ms)
        elif isinstance(push, UserMessage):
            if push.kind != MESSAGE_KIND:
                self.counters.note_other(push.kind, channel.value, received_ms, kept)
            self._ingest_message(push, received_ms)
        elif isinstance(push, FileNotice):
            self._ingest_file_notice(push, received_ms)
            self._raise_found(alarms_in(push.other), "", received_ms)
        elif isinstance(push, InvalidPush):
            self.counters.note_invalid(push.problem, channel.value, received_ms, kept)
            self._raise_found(salvage(frame), "", received_ms)
        elif isinstance(push, OtherPush):
            self.counters.note_other(push.kind, channel.value, received_ms, kept)
            found = alarms_in(push.content, push.kind, loose=True, states=True)
            self._raise_found(found, text_of(push.content), received_ms)
        if keep is not None:
            owner, told_ms = owner_of(self.fleet, push)
            keep((owner, channel.value, received_ms, told_ms, False, frame))

    def _ingest_snapshot(
        self, push: Snapshot, frame: bytes, received_ms: int, size: int
    ) -> tuple[str, bool]:
        """The key of its device, and whether it was late."""
        try:
            applied = self.fleet.apply(push.data, push.status, frame, received_ms)
        except FleetFullError as full:
            self._raise_stray(full.stray, push, received_ms)
            return full.stray.key, False
        self._follow(push, applied, received_ms, size)
        return applied.device.key, applied.late

    def receive_asked(self, push: Snapshot, frame: bytes, asked_ms: int) -> bool:
        """Take in a last report that the server was asked for; True when it is shown now.

        One that came before raises nothing, nor does it replace what a push brought. Raises
        FleetFullError when there is no row for it, once its alarms are taken in.
        """
        kept = frame if len(frame) <= KEPT_LIMIT else kept_frame(frame)
        try:
            applied = self.fleet.apply_asked(push.data, push.status, kept, asked_ms)
        except FleetFullError as full:
            self._raise_stray(full.stray, push, asked_ms)
            raise
        if applied is not None:
            self._follow(push, applied, asked_ms, len(frame))
        return applied is not None and applied.live

    def _follow(
        self, push: Snapshot, applied: AppliedSnapshot, received_ms: int, size: int
    ) -> None:
        """What becomes of it beyond the fleet: alarms, rules, silences."""
        device, status = applied.device, push.status
        if size > USUAL_SIZE and not applied.late:
            kind = SNAPSHOT if applied.live else HELD_SNAPSHOT
            self.large_frames.note(device, kind, size)
        device.problems = (device.trouble, *push.problems) if device.trouble else push.problems
        self.counters.late += applied.late
        if applied.silence is not None:
            self._note_silence(device, applied.silence)
        doubted = self.alarm_service.doubts.clocks
        if doubted and device.key in doubted:
            self.alarm_service.settle_doubts(device, received_ms)
        # A quiet frame that may be stored history ends no alarm.
        # Nor does one that tells of alarms in another way.
        further = push.alarms
        standing = applied.live and not further and device.key in self.alarm_service.standing
        if status.cur_event or status.alerts or applied.late or standing:
            self.alarm_service.snapshot_alarm(
                device, status, applied, received_ms, device.device_ms
            )
        if further:
            self.alarm_service.further_alarms(device, further, status, applied, received_ms)
        if applied.live and device.status is not None:
            self.rules.on_snapshot(device, device.status, received_ms)

    def _raise_stray(self, stray: Device, push: Snapshot, received_ms: int) -> None:
        """The alarms of a device for which there was no row: they are never left out."""
        status, service = push.status, self.alarm_service
        timing = self.fleet.time_of_stray(stray, status, received_ms)
        if status.cur_event or status.alerts or stray.key in service.standing:
            service.snapshot_alarm(stray, status, timing, received_ms)
        if push.alarms:
            service.further_alarms(stray, push.alarms, status, timing, received_ms)

    def _ingest_records(self, push: Records, frame: bytes, received_ms: int, size: int) -> None:
        try:
            device = self.fleet.keep_records(push, frame, received_ms)
        except FleetFullError as full:
            self.alarm_service.record_alarms(full.stray, push, received_ms)
            return
        if size > USUAL_SIZE:
            factor = LOOSE_FACTOR if push.other else 1
            self.large_frames.note(device, push.kind, size * factor)
        self.alarm_service.record_alarms(device, push, received_ms)
        self.rules.on_records(device, push)

    def _note_silence(self, device: Device, silence: tuple[int, int]) -> None:
        interval_ms = device.cadence.interval_at(silence[0], device.interval_ms)
        own = self.coverage.between((Channel.DEVICES.value,), *silence)
        for from_ms, to_ms in not_ours(silence, interval_ms, own):
            self.coverage.add(device.key, Blindness.DEVICE, from_ms, to_ms)

    def _raise_found(self, notices: list[AlarmNotice], text: str, received_ms: int) -> None:
        for notice in notices:
            device = self.fleet.mention(notice, received_ms)
            judged = _judge(device, notice, received_ms)
            self.alarm_service.message_alarm(
                notice, text, received_ms, judged=judged, device=device
            )

    def _ingest_message(self, push: UserMessage, received_ms: int) -> None:
        key, name = None, push.from_name or push.from_id or ""
        alarms = push.alarms
        if push.other and all(notice == _NO_DETAILS for notice in alarms):
            alarms = alarms_in(push.other) or alarms
        for notice in alarms:
            device = self.fleet.mention(notice, received_ms)
            judged = _judge(device, notice, received_ms, push.sent_ms)
            sender = push.from_id or push.from_name or ""
            self.alarm_service.message_alarm(
                notice, push.text, received_ms, sender, judged, push.sent_ms, device
            )
            if key is None and device is not None:
                # "Alarm" is the name of all their senders, and says nothing of the device.
                key, name = device.key, device.label
        self.inbox.add(
            _ITEM_KINDS[push.sender],
            received_ms,
            push.sent_ms,
            clip(name),
            clip(push.text, _TEXT_LIMIT),
            device=key,
            place=next(filter(None, map(place_told, alarms)), None),
        )

    def _ingest_file_notice(self, push: FileNotice, received_ms: int) -> None:
        name = f": {push.name}" if push.name else ""
        self.inbox.add(
            ItemKind.FILE,
            received_ms,
            push.sent_ms,
            clip(push.from_name or push.from_id or "Server"),
            clip(f"{_FILE_TEXTS[push.state]}{name}", _TEXT_LIMIT),
            address=clip(push.address, _TEXT_LIMIT) if push.address else None,
            file_state=push.state.value,
        )


def _judge(
    unit: Unit | None, notice: AlarmNotice, received_ms: int, sent_ms: int | None = None
) -> tuple[int | None, bool]:
    """What is believed of an alarm's date, and whether it is doubtful."""
    clock = unit.clock if isinstance(unit, Device) else None
    return judge_date(clock, notice.device_ms, received_ms, sent_ms)


def _with_identity(push: Records) -> dict[str, object]:
    who = push.identity
    ids = {"imei": who.imei, "device_key": who.device_key, "id": who.id, "model": who.model}
    return {**ids, "date": push.device_ms, "data": push.other}
