"""What arrived since a channel was lost is reported once, when it has settled."""

import asyncio

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.inbox import ItemKind
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.outage_summary import SETTLE_MS, OutageSummary
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.messages import SnapshotData


class Bench:
    def __init__(self) -> None:
        self.clock = ManualClock()
        fleet = Fleet()
        desk = AlarmService(OpenAlarms(), None, CodeResolver(), self.clock, fleet.find)
        self.monitor = Monitor({}, self.clock, fleet, desk)
        self.summary = OutageSummary(self.monitor, self.clock)

    def link(self, channel: Channel, state: LinkState) -> None:
        self.summary.note_link(LinkStatus(channel, state, self.clock.now_ms()))

    def lose(self, channel: Channel, seconds: float) -> None:
        self.link(channel, LinkState.WAITING)
        self.clock.advance(seconds)
        self.link(channel, LinkState.LIVE)

    def report(self, imei: str) -> None:
        now_ms = self.clock.now_ms()
        self.monitor.fleet.apply(SnapshotData(imei=imei), DeviceStatus(), b"", now_ms)

    def raise_alarm(self, rule: str) -> None:
        self.monitor.alarm_service.rule_alarm(rule, "Voltage low", Severity.HIGH)
        asyncio.run(self.monitor.alarm_service.drain())

    def settle(self) -> str:
        self.clock.advance(SETTLE_MS / 1000)
        return self.summary.tick()


def test_nothing_is_reported_before_what_came_has_settled() -> None:
    bench = Bench()
    bench.lose(Channel.DEVICES, 8)
    assert bench.summary.tick() == ""
    assert bench.settle() == "Devices back after 8 s: nothing new since the loss."
    assert bench.settle() == ""


def test_devices_and_messages_that_came_since_are_counted() -> None:
    bench = Bench()
    bench.report("1")
    bench.lose(Channel.DEVICES, 8)
    bench.report("1")
    bench.report("2")
    bench.monitor.inbox.add(ItemKind.USER, bench.clock.now_ms(), None, "a", "b")
    assert bench.settle() == "Devices back after 8 s: 2 devices, 1 message since the loss."


def test_channels_that_come_back_together_share_one_sentence() -> None:
    bench = Bench()
    bench.link(Channel.MESSAGES, LinkState.WAITING)
    bench.lose(Channel.DEVICES, 70)
    bench.link(Channel.MESSAGES, LinkState.QUIET)
    assert bench.settle().startswith("Devices and messages back after 1 min")


def test_loss_that_goes_on_again_is_one_loss() -> None:
    bench = Bench()
    bench.lose(Channel.DEVICES, 5)
    bench.lose(Channel.DEVICES, 5)
    assert bench.settle().startswith("Devices back after 10 s")


def test_sign_out_forgets_the_loss() -> None:
    bench = Bench()
    bench.link(Channel.DEVICES, LinkState.WAITING)
    bench.link(Channel.DEVICES, LinkState.OFF)
    bench.link(Channel.DEVICES, LinkState.LIVE)
    assert bench.settle() == ""


def test_new_alarms_are_counted_once_each_and_repeats_and_acts_are_not() -> None:
    bench = Bench()
    bench.raise_alarm("before")
    bench.link(Channel.DEVICES, LinkState.WAITING)
    bench.clock.advance(8)
    bench.raise_alarm("a")
    bench.link(Channel.DEVICES, LinkState.LIVE)
    bench.raise_alarm("b")
    bench.raise_alarm("b")
    bench.monitor.alarm_service.silence()
    bench.raise_alarm("c")
    assert bench.settle() == "Devices back after 8 s: 3 alarms since the loss."


def test_alarm_of_both_lost_channels_is_counted_once() -> None:
    bench = Bench()
    bench.link(Channel.MESSAGES, LinkState.WAITING)
    bench.link(Channel.DEVICES, LinkState.WAITING)
    bench.clock.advance(8)
    bench.raise_alarm("a")
    bench.link(Channel.MESSAGES, LinkState.LIVE)
    bench.link(Channel.DEVICES, LinkState.LIVE)
    assert bench.settle() == "Devices and messages back after 8 s: 1 alarm since the loss."


def test_devices_that_report_do_not_count_when_only_messages_were_lost() -> None:
    bench = Bench()
    bench.lose(Channel.MESSAGES, 8)
    bench.report("1")
    bench.monitor.inbox.add(ItemKind.USER, bench.clock.now_ms(), None, "a", "b")
    assert bench.settle() == "Messages back after 8 s: 1 message since the loss."


@pytest.mark.parametrize("state", [LinkState.CONNECTING, LinkState.SIGNING_IN])
def test_attempt_to_connect_neither_ends_nor_begins_a_loss(state: LinkState) -> None:
    bench = Bench()
    bench.link(Channel.DEVICES, state)
    assert bench.settle() == ""
    bench.link(Channel.DEVICES, LinkState.WAITING)
    bench.clock.advance(8)
    bench.link(Channel.DEVICES, state)
    assert bench.settle() == ""
    bench.link(Channel.DEVICES, LinkState.QUIET)
    assert bench.settle().startswith("Devices back after 10 s")
