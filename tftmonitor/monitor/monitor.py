"""The headless application: links in, model out. The window and the commands sit on top."""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.base.tasks import TaskScope
from tftmonitor.link.network import Network
from tftmonitor.link.reconnect import Link
from tftmonitor.model.alarms.alarm import NAME_LIMIT, Alarm
from tftmonitor.model.alarms.events import Joined
from tftmonitor.model.coverage import Blindness, Coverage
from tftmonitor.model.fields.formatting import clip, one_line
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.who.unit import Ids, Unit
from tftmonitor.model.inbox import Inbox
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.asked.account_list import AccountList
from tftmonitor.monitor.clock_set import move_suppressed
from tftmonitor.monitor.counters import Counters
from tftmonitor.monitor.receiver import PushReceiver
from tftmonitor.monitor.replay.channel_link import ChannelLink
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.monitor.who.identity_watch import IdentityWatch
from tftmonitor.protocol.addresses import is_readable, place_of
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.link_status import LinkState, LinkStatus

_IDENTITIES_EVERY_S = 1.0

_log = logging.getLogger(__name__)


class Monitor:
    """Owns the links of one account and everything that they fill.

    Single-threaded: every method is called on the event loop. ``link_changed`` is called at each
    change of a channel's state. ``is_replay`` when it is all of another time.
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
        self.receiver = PushReceiver(
            fleet, alarm_service, self.rules, self.inbox, self.counters, self.coverage
        )
        self.link_changed: Listeners[[LinkStatus]] = Listeners()
        self.identities = IdentityWatch(fleet, alarm_service.pipeline)
        fleet.joined.add(self._note_joined)
        alarm_service.pipeline.restored.add(self._expect)
        clock.was_set.add(self._note_clock_set)
        self.user: str | None = None
        self._network = Network()
        self.account_list = AccountList(fleet, self.receiver, clock, lambda: self._network)
        self.is_replay = False
        self._links: dict[Channel, Link] = {}
        self._shown: Mapping[Channel, ChannelLink] = self._links
        # One session ends before the next one begins.
        self._changing = asyncio.Lock()
        self._scope = TaskScope()

    def use(self, urls: Mapping[Channel, str], names: Mapping[str, str] | None = None) -> None:
        """Sign in at these addresses from now on; ``names`` are for devices without own ones."""
        self.urls = dict(urls)
        if names is not None:
            self.fleet.set_default_names(names)

    def use_network(self, network: Network) -> None:
        """Reach the servers in this way from now on; a session that runs is connected anew."""
        if network != self._network:
            self._network = network
            self.renew_links()

    def link_status(self, channel: Channel) -> LinkStatus:
        """The state of one channel; OFF before any sign-in."""
        link = self._shown.get(channel)
        return link.status if link else LinkStatus(channel)

    def last_frame_ms(self, channel: Channel) -> int | None:
        """When the channel's last frame came in, whatever it held."""
        link = self._shown.get(channel)
        return link.intake.last_frame_ms if link else None

    @property
    def session_urls(self) -> frozenset[str]:
        """Where this session is signed in; none without one."""
        return frozenset(link.url for link in self._links.values())

    @property
    def readable_places(self) -> list[str]:
        """The servers of this session to which the way is not encrypted."""
        urls = (link.url for link in self._links.values())
        return [*dict.fromkeys(place_of(url) for url in urls if is_readable(url))]

    def show_replay(self, user: str, links: Mapping[Channel, ChannelLink]) -> None:
        """Show these links, which somebody else moves, in place of any session; for good."""
        self.is_replay = True
        self.user = user
        self._shown = links

    async def sign_in(
        self,
        credential: Credential,
        urls: Mapping[Channel, str] | None = None,
        list_url: str = "",
        *,
        with_list: bool = False,
    ) -> None:
        """Start both channels with this credential; ends a former session first.

        It goes to ``urls``, whatever others are used meanwhile; without them to those in use.
        ``list_url`` is where names and last reports can be asked for; ``with_list``: they are,
        once the sign-in holds.
        """
        async with self._changing:
            await self._end_session()
            self.account_list.begin(credential, list_url, at_once=with_list)
            self._begin_session(credential, self.urls if urls is None else urls)

    def _begin_session(self, credential: Credential, urls: Mapping[Channel, str]) -> None:
        self.user = credential.user
        for channel, url in urls.items():
            link = Link(
                channel,
                url,
                credential,
                partial(self.receiver.receive, channel),
                self.note_link,
                self.clock,
                lambda: self._network,
            )
            self._links[channel] = link
            self._scope.keep(f"{channel.value} link", link.run)
        self._scope.keep("identities", self._watch_identities)

    async def sign_out(self) -> None:
        """Close both channels and wait until they are."""
        async with self._changing:
            await self._end_session()

    async def _end_session(self) -> None:
        # An alarm that has been sent to us is not left in the socket.
        await asyncio.gather(*(link.leave() for link in self._links.values()))
        await self._scope.close()
        self.account_list.end()
        for device in self.fleet if self._links else ():
            device.clean()
        self._links.clear()
        self.user = None

    def ask_account_list(self) -> None:
        """Ask for names and last reports in the background; its end is reported in a sentence."""
        if not self.account_list.is_asking:
            self._scope.start("names and last reports", self.account_list.ask())

    def try_now(self) -> None:
        """End every wait for the next attempt."""
        for link in self._links.values():
            link.try_now()

    def renew_links(self) -> None:
        """Replace both sockets, which may be dead unnoticed, for example after a suspend.

        What has come in at them is taken in first.
        """
        for link in self._links.values():
            link.renew()

    def note_sleep(self, from_ms: int, to_ms: int) -> None:
        """The computer slept: nothing could be known, and the sockets may be dead unnoticed."""
        if self.is_replay:
            return  # of another time
        for channel in Channel:
            self.coverage.add(channel.value, Blindness.SUSPENDED, from_ms, to_ms)
        self.renew_links()

    def _note_clock_set(self, by_ms: int) -> None:
        """The wall clock was set, which is no sleep: whatever has an age by it keeps that."""
        _log.warning("the clock of this computer was set by %+.0f s", by_ms / SECOND_MS)
        now_ms = self.clock.now_ms()
        self.fleet.note_clock_set(by_ms)
        self.coverage.note_clock_set(by_ms, now_ms)
        self.rules.note_clock_set(by_ms)
        move_suppressed(self.alarm_service, by_ms, now_ms)
        for link in self._links.values():
            link.note_clock_set(by_ms)

    async def _watch_identities(self) -> None:
        """What several units answer to is over when one of them falls quiet."""
        while True:
            await asyncio.sleep(_IDENTITIES_EVERY_S)
            self.identities.tick(self.clock.now_ms())

    def _note_joined(self, gone: Unit, unit: Unit) -> None:
        """What was kept under another key goes over before the frame that told so is used."""
        self.alarm_service.pipeline.put(self._moved(gone.key, unit))
        self.rules.note_joined(gone, unit)
        self.coverage.rename(gone.key, unit.key)
        self.inbox.rename(gone.key, unit.key)

    def _expect(self, alarm: Alarm) -> None:
        """A former run left this alarm: whoever reports under its key takes it over."""
        if alarm.device is not None:
            unit = self.fleet.expect(alarm.device, Ids(alarm.imei or None))
            if unit.key != alarm.device:
                # What has come in since then is about that same alarm.
                self.alarm_service.pipeline.put(self._moved(alarm.device, unit))

    def _moved(self, former: str, unit: Unit) -> Joined:
        """What is filed under the former key goes over; what comes in later belongs to it."""
        self.alarm_service.rename(former, unit.key)
        label = clip(one_line(unit.label), NAME_LIMIT)
        return Joined(self.clock.now_ms(), unit.key, former, label, unit.imei or "")

    def note_link(self, status: LinkStatus) -> None:
        """A link has another state."""
        scope = status.channel.value
        if status.is_up:
            self.coverage.end(scope, self.clock.now_ms())
        elif status.state in {LinkState.WAITING, LinkState.REFUSED}:
            self.coverage.begin(scope, Blindness.LINK, status.since_ms, status.reason)
        self.rules.note_link(status)
        if status.is_up and status.channel is Channel.DEVICES and self.account_list.take_wish():
            self.ask_account_list()
        self.link_changed(status)
