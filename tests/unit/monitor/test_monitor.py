"""What each push of the feed fills, and what a change of a link means; no socket is opened."""

import asyncio
import json
from typing import Any

import pytest

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, ManualClock
from tftmonitor.model.alarms.alarm import Alarm, AlarmState
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.inbox import ItemKind
from tftmonitor.model.rules.conditions import FieldBelow, LinkDown
from tftmonitor.model.rules.record_conditions import FuelLevelBelow
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.long_texts import without_long_texts

NOW = 1_795_000_000_000
URLS = {Channel.DEVICES: "ws://devices.invalid/", Channel.MESSAGES: "ws://messages.invalid/"}
ACCOUNT = Credential.from_password("demo", "secret")
JAMMER = 0x200_0000
LOW_SUPPLY = Rule(id="low", condition=FieldBelow(field="external_power_voltage", limit=11.5))


class Rig:
    """A monitor that is fed with frames as a link hands them over."""

    def __init__(self, *rules: Rule) -> None:
        self.clock = ManualClock(NOW)
        self.fleet, self.book = Fleet(), OpenAlarms()
        self.service = AlarmService(self.book, None, CodeResolver(), self.clock, self.fleet.find)
        engine = RuleEngine(self.fleet, self.service, self.clock, rules)
        self.monitor = Monitor(URLS, self.clock, self.fleet, self.service, engine)

    def receive(self, content: Any, channel: Channel = Channel.DEVICES) -> None:
        frame = content if isinstance(content, bytes) else json.dumps(content).encode()
        # As the link does before it decodes.
        frame = without_long_texts(frame)
        push = decode(channel, frame)
        self.monitor.receiver.receive(channel, push, frame, self.clock.now_ms())

    def message(self, **content: Any) -> None:
        self.receive({"type": "messagePass"} | content, Channel.MESSAGES)

    def snapshot(self, imei: str = "100", **status: Any) -> None:
        data = {"imei": imei, "model": "T1", "status": {"date": self.clock.now_ms()} | status}
        self.receive({"event": "snapshot", "data": data, "error": 0})

    def link(self, channel: Channel, state: LinkState, reason: str = "") -> None:
        self.monitor.note_link(LinkStatus(channel, state, self.clock.now_ms(), reason))

    def alarms(self) -> list[Alarm]:
        asyncio.run(self.service.drain())
        return sorted(self.book.all(), key=lambda alarm: alarm.id)

    def blind(self, scope: str) -> list[BlindInterval]:
        return self.monitor.coverage.between((scope,), 0, NOW + HOUR_MS)


@pytest.fixture
def rig() -> Rig:
    return Rig()


# Snapshots and other events of devices


def test_snapshot_reaches_the_fleet_and_is_counted(rig: Rig) -> None:
    rig.snapshot(speed=50)
    device = rig.fleet.find("100")
    assert device is not None
    assert device.status is not None
    assert device.status.speed == 50
    counters = rig.monitor.counters
    assert (counters.messages, counters.invalid, counters.late) == (1, 0, 0)


def test_problems_of_a_snapshot_stand_at_its_device(rig: Rig) -> None:
    rig.snapshot(mileage="far")
    device = rig.fleet.find("100")
    assert device is not None
    assert device.problems == ("mileage: 'far' is not a number",)


def test_device_is_not_overdue_for_the_time_of_a_lost_link(rig: Rig) -> None:
    driving: dict[str, Any] = {"speed": 50, "acc": 1, "lat": 50.0, "lng": 8.0}
    for _ in range(6):
        rig.clock.advance(10)
        rig.snapshot(**driving)
    rig.clock.advance(5)
    rig.link(Channel.DEVICES, LinkState.WAITING)
    rig.clock.advance(1_200)
    rig.link(Channel.DEVICES, LinkState.LIVE)
    rig.clock.advance(5)
    rig.snapshot(**driving)
    assert rig.blind("100") == []
    assert len(rig.blind("devices")) == 1
    # Nor is its own silence hidden by a link that is lost meanwhile.
    last_ms = rig.clock.now_ms()
    rig.clock.advance(600)
    lost_ms = rig.clock.now_ms()
    rig.link(Channel.DEVICES, LinkState.WAITING)
    rig.clock.advance(5)
    rig.link(Channel.DEVICES, LinkState.LIVE)
    rig.snapshot(**driving)
    (silence,) = rig.blind("100")
    assert (silence.start_ms, silence.end_ms) == (last_ms + 10_000, lost_ms)
    # And that it has parked meanwhile changes nothing of then.
    last_ms = rig.clock.now_ms()
    rig.clock.advance(600)
    rig.snapshot(**driving | {"speed": 0, "acc": 0})
    silence = rig.blind("100")[-1]
    assert (silence.start_ms, silence.end_ms) == (last_ms + 10_000, rig.clock.now_ms())


def test_late_snapshot_is_counted_and_goes_to_the_alarms_but_to_no_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = Rig(LOW_SUPPLY)
    rig.snapshot(external_power_voltage=12.6)
    with monkeypatch.context() as patch:
        ruled: list[object] = []
        patch.setattr(rig.monitor.rules, "on_snapshot", lambda *what: ruled.append(what))
        late: list[bool] = []
        patch.setattr(
            rig.service, "snapshot_alarm", lambda _device, _status, at, *_: late.append(at.late)
        )
        rig.snapshot(external_power_voltage=3.0, date=NOW - MINUTE_MS)
    assert rig.monitor.counters.late == 1
    assert (ruled, late) == ([], [True])
    assert rig.alarms() == []
    rig.clock.advance(1)
    rig.snapshot(external_power_voltage=3.0)
    assert [alarm.key for alarm in rig.alarms()] == ["rule:low"]


def test_snapshot_with_an_alarm_raises_it_and_a_quiet_one_ends_it(rig: Rig) -> None:
    rig.snapshot(cur_event=0x20, alerts=0x20)
    (alarm,) = rig.alarms()
    assert alarm.device == "100"
    assert "100" in rig.service.standing
    rig.clock.advance(30)
    rig.snapshot(cur_event=0, alerts=0)
    (alarm,) = rig.alarms()
    assert alarm.state is AlarmState.RETURNED
    assert "100" not in rig.service.standing


def test_late_snapshot_with_an_alarm_is_a_late_alarm(rig: Rig) -> None:
    rig.snapshot()
    rig.snapshot(cur_event=JAMMER, date=NOW - HOUR_MS)
    (alarm,) = rig.alarms()
    # Nothing tells yet whether it was stored, or the clock fell back.
    assert (alarm.late, alarm.doubtful, alarm.active) == (False, True, True)
    rig.snapshot()
    (alarm,) = rig.alarms()
    assert (alarm.late, alarm.doubtful, alarm.device_ms) == (True, False, NOW - HOUR_MS)


def test_stretch_in_which_a_device_was_overdue_is_blind(rig: Rig) -> None:
    rig.snapshot(acc=1, speed=50)
    rig.clock.advance(10 * HOUR_MS / 1_000)
    rig.snapshot(acc=1, speed=50)
    intervals = rig.monitor.coverage.between(("100",), 0, rig.clock.now_ms())
    (interval,) = intervals
    assert interval.cause is Blindness.DEVICE
    assert NOW < interval.start_ms < NOW + 3 * HOUR_MS
    assert interval.end_ms == NOW + 10 * HOUR_MS


def test_records_stand_at_their_device_and_its_rules_see_them() -> None:
    rig = Rig(Rule(id="fuel", condition=FuelLevelBelow(20)))
    probe = {"mac": "a1", "percent": 5}
    data = {"imei": "100", "date": NOW, "bleDataList": [probe]}
    rig.receive({"event": "rs232Fuel", "data": data, "error": 0})
    device = rig.fleet.find("100")
    assert device is not None
    assert list(device.records) == ["rs232Fuel"]
    assert device.row in rig.fleet.rows_with_records
    (alarm,) = rig.alarms()
    assert (alarm.key, alarm.device) == ("rule:fuel:a1", "100")


def test_what_cannot_be_used_is_counted_and_the_last_is_named(rig: Rig) -> None:
    rig.receive(b"hello")
    rig.receive(b"[", Channel.MESSAGES)
    counters = rig.monitor.counters
    assert (counters.messages, counters.invalid) == (2, 2)
    assert counters.last_problem.startswith("messages: ")


def test_event_of_an_unknown_kind_is_counted_by_its_name(rig: Rig) -> None:
    rig.receive({"event": "bleDoor", "data": {"imei": "1"}})
    assert rig.monitor.counters.other_kinds == {"bleDoor": 1}
    assert len(rig.fleet) == 0


def test_answer_to_our_ping_fills_nothing(rig: Rig) -> None:
    rig.receive(b"pong")
    assert rig.monitor.counters.messages == 1
    assert (rig.monitor.counters.invalid, rig.monitor.inbox.items) == (0, [])


# Messages


@pytest.mark.parametrize(
    ("from_id", "kind"),
    [(0, ItemKind.SYSTEM), (1, ItemKind.ALARM), (4711, ItemKind.USER)],
)
def test_message_stands_in_the_inbox_by_its_sender(rig: Rig, from_id: int, kind: ItemKind) -> None:
    rig.message(from_id=from_id, from_name="Ann", message="hi", date=NOW // 1_000)
    (item,) = rig.monitor.inbox.items
    assert (item.kind, item.text, item.sent_ms, item.received_ms) == (kind, "hi", NOW, NOW)
    assert item.from_name == "Ann"


def test_sender_without_a_name_is_named_by_its_id(rig: Rig) -> None:
    rig.message(from_id=4711, message="hi")
    assert rig.monitor.inbox.items[0].from_name == "4711"


def test_long_texts_of_the_server_are_bounded(rig: Rig) -> None:
    rig.message(from_id=4711, from_name="A" * 9_000, message="x" * 9_000)
    (item,) = rig.monitor.inbox.items
    assert len(item.text) <= 2_000
    assert len(item.from_name) < 1_000


def test_alarm_message_is_an_alarm_and_an_item_of_its_device(rig: Rig) -> None:
    rig.fleet.set_names({"100": "VAN-12"})
    rig.snapshot()
    rig.message(
        from_id=1, from_name="Alarm", message="Towing", alarm_msg={"imei": "100", "cur_event": 64}
    )
    (item,) = rig.monitor.inbox.items
    assert (item.device, item.from_name, item.text) == ("100", "VAN-12", "Towing")
    (alarm,) = rig.alarms()
    assert (alarm.name, alarm.severity, alarm.device) == ("Towing", Severity.CRITICAL, "100")


def test_every_alarm_of_a_message_is_raised_and_the_first_device_names_the_item(rig: Rig) -> None:
    alarms = [{"alarm": "SOS"}, {"imei": "7", "alarm": "SOS"}, {"imei": "8", "alarm": "SOS"}]
    rig.message(from_id=1, message="SOS", alarm_msg=alarms)
    assert {alarm.device for alarm in rig.alarms()} == {None, "7", "8"}
    (item,) = rig.monitor.inbox.items
    assert (item.device, item.from_name) == ("7", "7")


@pytest.mark.parametrize(
    ("content", "text", "state", "address"),
    [
        ({"type": "getFileShake", "file_name": "a.mp4"}, "File requested", "requested", None),
        (
            {"type": "downloadAllow", "url": "https://x.invalid/1", "from_name": "Cam"},
            "File ready to download",
            "ready",
            "https://x.invalid/1",
        ),
    ],
)
def test_file_notice_stands_in_the_inbox(
    rig: Rig, content: dict[str, Any], text: str, state: str, address: str | None
) -> None:
    rig.receive(content, Channel.MESSAGES)
    (item,) = rig.monitor.inbox.items
    assert item.kind is ItemKind.FILE
    assert item.text.startswith(text)
    assert (item.file_state, item.address) == (state, address)
    assert item.from_name == content.get("from_name", "Server")


# Links


def test_channel_is_blind_from_its_loss_until_it_is_back(rig: Rig) -> None:
    rig.link(Channel.DEVICES, LinkState.LIVE)
    rig.link(Channel.DEVICES, LinkState.WAITING, "no network")
    rig.clock.advance(5)
    rig.link(Channel.DEVICES, LinkState.CONNECTING)
    rig.link(Channel.DEVICES, LinkState.SIGNING_IN)
    assert rig.monitor.coverage.is_blind("devices")
    rig.clock.advance(1)
    rig.link(Channel.DEVICES, LinkState.QUIET)
    assert rig.blind("devices") == [
        BlindInterval("devices", Blindness.LINK, NOW, NOW + 6_000, "no network")
    ]
    assert rig.blind("messages") == []


def test_refused_channel_is_blind_and_a_closed_one_is_not(rig: Rig) -> None:
    rig.link(Channel.DEVICES, LinkState.REFUSED, "wrong password")
    rig.link(Channel.MESSAGES, LinkState.OFF)
    assert rig.monitor.coverage.is_blind("devices")
    assert not rig.monitor.coverage.is_blind("messages")


def test_rules_and_listeners_learn_of_each_change_though_one_fails() -> None:
    rig = Rig(Rule(id="down", condition=LinkDown(after_s=0)))
    states: list[LinkState] = []

    def fail(_status: LinkStatus) -> None:
        raise RuntimeError("broken")

    rig.monitor.link_changed.add(fail)
    rig.monitor.link_changed.add(lambda status: states.append(status.state))
    rig.link(Channel.DEVICES, LinkState.LIVE)
    rig.link(Channel.DEVICES, LinkState.WAITING, "no network")
    assert states == [LinkState.LIVE, LinkState.WAITING]
    assert [alarm.name for alarm in rig.alarms()] != []


@pytest.mark.parametrize("scope", ["devices", "messages"])
def test_sleep_of_the_computer_is_blind_on_both_channels(rig: Rig, scope: str) -> None:
    rig.monitor.note_sleep(NOW - HOUR_MS, NOW)
    slept = BlindInterval(scope, Blindness.SUSPENDED, NOW - HOUR_MS, NOW)
    assert rig.blind(scope) == [slept]


def test_before_any_sign_in_links_are_off_and_may_be_woken(rig: Rig) -> None:
    rig.monitor.try_now()
    rig.monitor.renew_links()
    assert rig.monitor.link_status(Channel.DEVICES) == LinkStatus(Channel.DEVICES)
    assert rig.monitor.last_frame_ms(Channel.DEVICES) is None


def test_sign_in_makes_a_link_for_each_channel_and_sign_out_takes_them_away(rig: Rig) -> None:
    async def work() -> None:
        monitor = rig.monitor
        await monitor.sign_in(ACCOUNT)
        links = dict(monitor._links)
        assert {channel: link.url for channel, link in links.items()} == URLS
        assert str(monitor.user) == "demo"
        assert monitor.link_status(Channel.MESSAGES) is links[Channel.MESSAGES].status
        links[Channel.MESSAGES].intake.last_frame_ms = NOW
        assert monitor.last_frame_ms(Channel.MESSAGES) == NOW
        assert sorted(monitor._scope.names) == ["devices link", "identities", "messages link"]
        # Ended before their first step, so that none of them opened a socket.
        await monitor.sign_out()
        assert monitor._links == {}
        assert monitor._scope.names == []
        assert monitor.user is None
        assert monitor.link_status(Channel.MESSAGES).state is LinkState.OFF

    asyncio.run(work())


def test_second_sign_in_ends_the_first(rig: Rig) -> None:
    async def work() -> None:
        assert rig.monitor.session_urls == frozenset()
        await rig.monitor.sign_in(ACCOUNT)
        assert rig.monitor.session_urls == frozenset(URLS.values())
        first = dict(rig.monitor._links)
        await rig.monitor.sign_in(Credential.from_password("other", "x"))
        assert rig.monitor.user == "other"
        assert set(rig.monitor._links) == set(first)
        assert not set(rig.monitor._links.values()) & set(first.values())
        assert len(rig.monitor._scope.names) == 3
        await rig.monitor.sign_out()

    asyncio.run(work())


@pytest.mark.parametrize("wake", [Monitor.try_now, Monitor.renew_links])
def test_every_link_is_woken(rig: Rig, wake: Any) -> None:
    async def work() -> None:
        await rig.monitor.sign_in(ACCOUNT)
        links = list(rig.monitor._links.values())
        assert [link._wake.is_set() for link in links] == [False, False]
        wake(rig.monitor)
        assert [link._wake.is_set() for link in links] == [True, True]
        await rig.monitor.sign_out()

    asyncio.run(work())


def test_engine_without_rules_is_made_where_none_is_given() -> None:
    rig = Rig()
    monitor = Monitor({}, rig.clock, rig.fleet, rig.service)
    assert isinstance(monitor.rules, RuleEngine)
    assert monitor.rules.rules == ()


def test_other_addresses_are_used_from_the_next_sign_in_on(rig: Rig) -> None:
    other = {Channel.DEVICES: "ws://other.invalid/"}

    async def work() -> None:
        rig.monitor.use(other)
        await rig.monitor.sign_in(ACCOUNT)
        assert {c: link.url for c, link in rig.monitor._links.items()} == other
        await rig.monitor.sign_out()

    asyncio.run(work())


def test_names_of_a_server_are_for_devices_without_own_ones(rig: Rig) -> None:
    rig.fleet.set_names({"100": "VAN-12"})
    rig.snapshot("100")
    rig.snapshot("200")
    rig.monitor.use(URLS, {"100": "Demo 1", "200": "Demo 2"})
    assert [device.label for device in rig.fleet] == ["VAN-12", "Demo 2"]
    rig.monitor.use(URLS)
    assert [device.label for device in rig.fleet] == ["VAN-12", "Demo 2"]


# Sessions and their addresses


def test_session_goes_to_its_own_addresses_whatever_is_used_meanwhile(rig: Rig) -> None:
    async def work() -> tuple[list[str], list[str]]:
        mine = dict.fromkeys(Channel, "ws://192.0.2.1:9")
        await rig.monitor.sign_in(ACCOUNT, mine)
        rig.monitor.use(URLS)
        during = rig.monitor.readable_places
        await rig.monitor.sign_out()
        return during, rig.monitor.readable_places

    assert asyncio.run(work()) == (["192.0.2.1:9"], [])


def test_two_sign_ins_at_once_are_one_session_after_the_other(rig: Rig) -> None:
    async def work() -> list[str]:
        first = {Channel.DEVICES: "ws://192.0.2.1:1", Channel.MESSAGES: "ws://192.0.2.1:2"}
        second = {Channel.DEVICES: "ws://192.0.2.2:1"}
        other = Credential.from_password("other", "secret")
        await rig.monitor.sign_in(ACCOUNT)
        await asyncio.sleep(0)  # its links run, so that ending it takes a while
        await asyncio.gather(
            rig.monitor.sign_in(ACCOUNT, first), rig.monitor.sign_in(other, second)
        )
        names = [task.get_name() for task in asyncio.all_tasks() if "link" in task.get_name()]
        found = [*names, *rig.monitor.readable_places, rig.monitor.user or ""]
        await rig.monitor.sign_out()
        return found

    assert asyncio.run(work()) == ["devices link", "192.0.2.2:1", "other"]


def test_end_of_a_session_cleans_devices_that_sent_records_alone(rig: Rig) -> None:
    async def work() -> None:
        await rig.monitor.sign_in(ACCOUNT)
        content = {"imei": "7", "x": ACCOUNT.password_md5, "tires": [{"sensor_id": "1"}]}
        rig.receive({"event": "bleTire", "data": content, "error": 0})
        await rig.monitor.sign_out()

    asyncio.run(work())
    (device,) = rig.fleet
    assert ACCOUNT.password_md5.encode() not in b"".join(device.record_frames.values())
    assert device.record_frames


def test_place_that_a_message_tells_is_kept_with_it(rig: Rig) -> None:
    no_place = {"imei": "1", "cur_event": 64, "lat": 0, "lng": 0}
    off_the_globe = {"imei": "1", "cur_event": 64, "lat": 91, "lng": 5}
    there = {"imei": "1", "cur_event": 64, "lat": 52.4, "lng": 13.1}
    rig.message(from_id=1, message="SOS", alarm_msg=[no_place, off_the_globe, there])
    rig.message(from_id=1, message="SOS", alarm_msg=[no_place])
    rig.message(from_id=3, message="hello")
    assert [item.place for item in rig.monitor.inbox.items] == [(52.4, 13.1), None, None]
