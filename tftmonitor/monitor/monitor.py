"""The headless application: links in, model out. The window and the commands sit on top."""

from collections.abc import Mapping
from functools import partial

from tftmonitor.base.clock import Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.tasks import TaskScope
from tftmonitor.link.reconnect import Link
from tftmonitor.model.coverage import Blindness, Coverage
from tftmonitor.model.fields.formatting import clip
from tftmonitor.model.fleet.clock_offset import judge_date
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.inbox import Inbox, ItemKind
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.counters import Counters
from tftmonitor.monitor.rule_engine import RuleEngine
from tftmonitor.protocol.alarm_search import alarms_in, salvage, text_of
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.long_texts import TEXT_LIMIT, without_long_texts
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


class Monitor:
    """Owns the links of one account and everything that they fill.

    Single-threaded: every method is called on the event loop. ``link_changed`` is called at each
    change of a channel's state.
    """

    def __init__(
        self,
        urls: Mapping[Channel, str],
        clock: Clock,
        fleet: Fleet,
        alarm_service: AlarmService,
        rules: RuleEngine | None = None,
    ) -> None:
        self.urls = dict(urls)
        self.clock = clock
        self.fleet = fleet
        self.inbox = Inbox()
        self.counters = Counters()
        self.coverage = Coverage()
        self.alarm_service = alarm_service
        self.rules = rules or RuleEngine(fleet, alarm_service, clock)
        self.link_changed: Listeners[[LinkStatus]] = Listeners()
        self.user: str | None = None
        self._links: dict[Channel, Link] = {}
        self._scope = TaskScope()

    def use(self, urls: Mapping[Channel, str], names: Mapping[str, str] | None = None) -> None:
        """Sign in at these addresses from now on; ``names`` are for devices without own ones."""
        self.urls = dict(urls)
        if names is not None:
            self.fleet.default_names = names
            self.fleet.set_names(self.fleet.names)

    def link_status(self, channel: Channel) -> LinkStatus:
        """The state of one channel; OFF before any sign-in."""
        link = self._links.get(channel)
        return link.status if link else LinkStatus(channel)

    def last_frame_ms(self, channel: Channel) -> int | None:
        """When the channel's last frame came in, whatever it held."""
        link = self._links.get(channel)
        return link.last_frame_ms if link else None

    async def sign_in(self, credential: Credential) -> None:
        """Start both channels with this credential; ends a former session first."""
        await self.sign_out()
        self.user = credential.user
        for channel, url in self.urls.items():
            link = Link(
                channel,
                url,
                credential,
                partial(self._receive, channel),
                self._note_link,
                self.clock,
            )
            self._links[channel] = link
            self._scope.keep(f"{channel.value} link", link.run)

    async def sign_out(self) -> None:
        """Close both channels and wait until they are."""
        await self._scope.close()
        self._links.clear()
        self.user = None

    def try_now(self) -> None:
        """End every wait for the next attempt."""
        for link in self._links.values():
            link.try_now()

    def renew_links(self) -> None:
        """Replace both sockets, which may be dead unnoticed, for example after a suspend."""
        for link in self._links.values():
            link.renew()

    def note_sleep(self, from_ms: int, to_ms: int) -> None:
        """The computer slept: nothing could be known, and the sockets may be dead unnoticed."""
        for channel in Channel:
            self.coverage.add(channel.value, Blindness.SUSPENDED, from_ms, to_ms)
        self.renew_links()

    def _note_link(self, status: LinkStatus) -> None:
        scope = status.channel.value
        if status.is_up:
            self.coverage.end(scope, self.clock.now_ms())
        elif status.state in {LinkState.WAITING, LinkState.REFUSED}:
            self.coverage.begin(scope, Blindness.LINK, status.since_ms, status.reason)
        self.rules.note_link(status)
        self.link_changed(status)

    def _receive(self, channel: Channel, push: Push, frame: bytes, received_ms: int) -> None:
        self.counters.messages += 1
        if len(frame) > TEXT_LIMIT:
            # What is kept of it must be small: its pictures are not.
            frame = without_long_texts(frame)
            push = decode(channel, frame)
        if isinstance(push, Snapshot):
            self._ingest_snapshot(push, frame, received_ms)
        elif isinstance(push, Records):
            device = self.fleet.keep_records(push, frame, received_ms)
            self.alarm_service.record_alarms(device, push, received_ms)
            self.rules.on_records(device, push)
            if push.other:
                self._raise_found(alarms_in(_with_identity(push)), "", received_ms)
        elif isinstance(push, UserMessage):
            if push.kind != MESSAGE_KIND:
                self.counters.note_other(push.kind, channel.value, received_ms, frame)
            self._ingest_message(push, received_ms)
        elif isinstance(push, FileNotice):
            self._ingest_file_notice(push, received_ms)
            self._raise_found(alarms_in(push.other), "", received_ms)
        elif isinstance(push, InvalidPush):
            self.counters.note_invalid(push.problem, channel.value, received_ms, frame)
            self._raise_found(salvage(frame), "", received_ms)
        elif isinstance(push, OtherPush):
            self.counters.note_other(push.kind, channel.value, received_ms, frame)
            found = alarms_in(push.content, push.kind, loose=True)
            self._raise_found(found, text_of(push.content), received_ms)

    def _ingest_snapshot(self, push: Snapshot, frame: bytes, received_ms: int) -> None:
        status = push.status
        applied = self.fleet.apply(push.data, status, frame, received_ms)
        device = applied.device
        device.problems = push.problems
        self.counters.late += applied.late
        if applied.silence is not None:
            self.coverage.add(device.key, Blindness.DEVICE, *applied.silence)
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

    def _raise_found(self, notices: list[AlarmNotice], text: str, received_ms: int) -> None:
        for notice in notices:
            _device, judged = self._judge(notice, received_ms)
            self.alarm_service.message_alarm(notice, text, received_ms, judged=judged)

    def _judge(
        self, notice: AlarmNotice, received_ms: int, sent_ms: int | None = None
    ) -> tuple[Device | None, tuple[int | None, bool]]:
        """The device that an alarm names, and what is believed of the alarm's date."""
        idents = (notice.imei, notice.device_key, notice.id)
        device = next((found for i in idents if (found := self.fleet.find(i))), None)
        clock = device.clock if device else None
        return device, judge_date(clock, notice.device_ms, received_ms, sent_ms)

    def _ingest_message(self, push: UserMessage, received_ms: int) -> None:
        key, name = None, push.from_name or push.from_id or ""
        alarms = push.alarms
        if push.other and all(notice == _NO_DETAILS for notice in alarms):
            alarms = alarms_in(push.other) or alarms
        for notice in alarms:
            device, judged = self._judge(notice, received_ms, push.sent_ms)
            sender = push.from_id or push.from_name or ""
            self.alarm_service.message_alarm(notice, push.text, received_ms, sender, judged)
            if key is None and notice.device is not None:
                # "Alarm" is the name of all their senders, and says nothing of the device.
                key = device.key if device else notice.device
                name = device.label if device else key
        self.inbox.add(
            _ITEM_KINDS[push.sender],
            received_ms,
            push.sent_ms,
            clip(name),
            clip(push.text, _TEXT_LIMIT),
            device=key,
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


def _with_identity(push: Records) -> dict[str, object]:
    who = push.identity
    ids = {"imei": who.imei, "device_key": who.device_key, "id": who.id, "model": who.model}
    return {**ids, "date": push.device_ms, "data": push.other}
