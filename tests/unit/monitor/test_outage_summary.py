"""What arrived since a channel was lost is told once, when it has settled."""

from tftmonitor.base.clock import ManualClock
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
        self.meanwhile = OutageSummary(self.monitor, self.clock)

    def link(self, channel: Channel, state: LinkState) -> None:
        self.meanwhile.note_link(LinkStatus(channel, state, self.clock.now_ms()))

    def lose(self, channel: Channel, seconds: float) -> None:
        self.link(channel, LinkState.WAITING)
        self.clock.advance(seconds)
        self.link(channel, LinkState.LIVE)

    def report(self, imei: str) -> None:
        now_ms = self.clock.now_ms()
        self.monitor.fleet.apply(SnapshotData(imei=imei), DeviceStatus(), b"", now_ms)

    def settle(self) -> str:
        self.clock.advance(SETTLE_MS / 1000)
        return self.meanwhile.tick()


def test_nothing_is_told_before_what_came_has_settled() -> None:
    bench = Bench()
    bench.lose(Channel.DEVICES, 8)
    assert bench.meanwhile.tick() == ""
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


def test_channels_that_come_back_together_are_told_of_together() -> None:
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
