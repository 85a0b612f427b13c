"""Somebody sets the clock of this computer: no age jumps by that, and nothing is in the future."""

import asyncio
from typing import Any

import pytest

from tests.unit.monitor.test_monitor import NOW, Rig
from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Raised
from tftmonitor.model.coverage import Blindness
from tftmonitor.model.fleet.activity import Staleness
from tftmonitor.model.rules.conditions import FieldAbove
from tftmonitor.model.rules.hysteresis import ALWAYS_MS, IN, RuleState, Transition
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.watch import Watch
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.link_status import LinkState

HOUR_S = HOUR_MS / SECOND_MS
DRIVING: dict[str, Any] = {"speed": 50, "acc": 1, "lat": 50.0, "lng": 8.0}
BOTH_WAYS = pytest.mark.parametrize("by_s", [2 * HOUR_S, -2 * HOUR_S, 60.0, -60.0])
OVERSPEED = Rule(id="fast", condition=FieldAbove(field="speed", limit=40, hold_s=300))


def drive(rig: Rig, count: int = 6, ahead_s: float = 0.0) -> None:
    """Frames of a device whose own clock is ahead of ours by so much."""
    for _ in range(count):
        rig.clock.advance(10)
        rig.snapshot(**DRIVING | {"date": rig.clock.now_ms() + round(ahead_s * SECOND_MS)})


@BOTH_WAYS
@pytest.mark.parametrize("was_right", [True, False])
def test_no_device_is_late_by_it(by_s: float, was_right: bool) -> None:
    rig = Rig()
    drive(rig, ahead_s=0 if was_right else by_s)
    device = rig.fleet.find("100")
    assert device is not None
    age_ms = rig.clock.now_ms() - (device.data_ms or 0)
    before = rig.fleet.staleness(rig.clock.now_ms()).tolist()
    rig.clock.jump_wall(by_s)
    assert rig.clock.now_ms() - (device.data_ms or 0) == age_ms
    assert rig.fleet.staleness(rig.clock.now_ms()).tolist() == before
    assert before == [Staleness.FRESH] or not was_right
    drive(rig, 1, ahead_s=-by_s if was_right else 0)
    assert device.late_count == 0
    assert rig.blind("100") == []


@BOTH_WAYS
def test_devices_are_believed_at_once_by_a_clock_that_is_right_now(by_s: float) -> None:
    rig = Rig()
    drive(rig, ahead_s=by_s)
    rig.clock.jump_wall(by_s)
    drive(rig, 2)
    device = rig.fleet.find("100")
    assert device is not None
    assert (device.data_ms, device.late_count) == (rig.clock.now_ms(), 0)
    assert not device.is_doubtful


@BOTH_WAYS
def test_what_lasts_goes_on_and_nothing_of_the_past_is_in_the_future(by_s: float) -> None:
    rig = Rig()
    coverage = rig.monitor.coverage
    rig.clock.advance(600)
    coverage.add("devices", Blindness.LINK, NOW, NOW + 5 * MINUTE_MS)
    rig.link(Channel.DEVICES, LinkState.WAITING)
    rig.clock.advance(60)
    rig.clock.jump_wall(by_s)
    now_ms = rig.clock.now_ms()
    past, lasting = sorted(
        coverage.between(("devices",), 0, NOW + 9 * HOUR_MS), key=lambda each: each.end_ms is None
    )
    assert past.end_ms is not None
    assert past.end_ms <= now_ms
    assert past.end_ms - past.start_ms == 5 * MINUTE_MS
    assert lasting.start_ms == now_ms - MINUTE_MS


@BOTH_WAYS
def test_nothing_holds_longer_by_it(by_s: float) -> None:
    rig = Rig(OVERSPEED)
    drive(rig, ahead_s=max(by_s, 0))
    rig.clock.jump_wall(by_s)
    rig.monitor.rules.tick(rig.clock.now_ms())
    assert rig.alarms() == []
    drive(rig, 20, ahead_s=max(-by_s, 0))
    assert rig.alarms() == []
    drive(rig, 20, ahead_s=max(-by_s, 0))
    assert [alarm.key for alarm in rig.alarms()] == ["rule:fast"]


@BOTH_WAYS
def test_what_is_suppressed_for_an_hour_stays_so_for_an_hour(by_s: float) -> None:
    rig = Rig()
    for name in ("a", "b"):
        event = Raised(NOW, Source.SNAPSHOT, name, name, Severity.WARNING, name)
        rig.service.pipeline.put(event)
    first, _ = rig.alarms()
    rig.service.shelve([first.id], NOW + HOUR_MS, "workshop")
    rig.service.out_of_service("b", NOW + HOUR_MS)
    rig.alarms()
    rig.clock.advance(600)
    rig.clock.jump_wall(by_s)
    shelved, served = rig.alarms()
    until_ms = rig.clock.now_ms() + 50 * MINUTE_MS
    assert (shelved.shelved_until_ms, shelved.shelve_reason) == (until_ms, "workshop")
    assert served.out_of_service_until_ms == until_ms


@BOTH_WAYS
def test_links_are_not_renewed_and_their_times_move_along(by_s: float) -> None:
    rig = Rig()

    async def work() -> None:
        monitor = rig.monitor
        await monitor.sign_in(Credential.from_password("demo", "secret"))
        link = monitor._links[Channel.DEVICES]
        link.intake.last_frame_ms, link._lost_ms = NOW - 1_000, NOW - 2_000
        link._set(LinkState.WAITING, "gone", NOW - 2_000, NOW + 1_000)
        rig.clock.jump_wall(by_s)
        now_ms = rig.clock.now_ms()
        assert monitor.last_frame_ms(Channel.DEVICES) == now_ms - 1_000
        status = monitor.link_status(Channel.DEVICES)
        assert (status.since_ms, status.next_try_ms) == (now_ms - 2_000, now_ms + 1_000)
        assert (status.last_frame_ms, link._lost_ms) == (now_ms - 1_000, now_ms - 2_000)
        assert not link._wake.is_set()
        await monitor.sign_out()

    asyncio.run(work())


@BOTH_WAYS
def test_values_that_were_left_out_and_events_keep_their_ages(by_s: float) -> None:
    rig = Rig()
    drive(rig)
    rig.clock.advance(10)
    data = {"imei": "100", "status": {"date": rig.clock.now_ms(), "acc": 1}}
    rig.receive({"event": "snapshot", "data": data, "error": 0})
    rig.receive({"event": "driver", "data": {"imei": "100", "driver_id": "7"}, "error": 0})
    rig.receive({"event": "driver", "data": {"imei": "200", "driver_id": "8"}, "error": 0})
    device, silent = rig.fleet.find("100"), rig.fleet.find("200")
    assert device is not None
    assert silent is not None

    def ages() -> tuple[object, ...]:
        now_ms = rig.clock.now_ms()
        inherited = {name: now_ms - ms for name, ms in device.inherited.items()}
        records = {kind: now_ms - kept.received_ms for kind, kept in device.records.items()}
        return inherited, records, now_ms - silent.records["driver"].received_ms, silent.data_ms

    before = ages()
    assert before[0]
    assert before[1]
    rig.clock.jump_wall(by_s)
    assert ages() == before


@BOTH_WAYS
def test_rule_knows_its_value_as_long_as_before(by_s: float) -> None:
    rig = Rig(Rule(id="fast", condition=FieldAbove(field="speed", limit=40)))
    drive(rig, ahead_s=max(by_s, 0))
    assert len(rig.alarms()) == 1
    rig.clock.jump_wall(by_s)
    rig.monitor.rules.tick(rig.clock.now_ms())
    (alarm,) = rig.alarms()
    assert not alarm.end_unknown


def test_value_of_a_clock_that_went_back_begins_to_hold_anew() -> None:
    state = RuleState()
    state.step(IN, 50, NOW, 300_000)
    state.step(IN, 50, NOW - 2 * HOUR_MS, 300_000)
    assert state.since_ms == NOW - 2 * HOUR_MS
    assert state.step(IN, 50, NOW - 2 * HOUR_MS + 200_000, 300_000) == ()
    assert state.step(IN, 50, NOW - 2 * HOUR_MS + 300_000, 300_000) == (Transition.RAISE,)


def test_what_has_no_time_gets_none() -> None:
    state = RuleState()
    state.move(HOUR_MS)
    assert (state.since_ms, state.known_until_ms) == (None, ALWAYS_MS)
    watch = Watch(OVERSPEED)
    watch.restore("100", "")
    watch._soonest_ms = ALWAYS_MS
    watch.note_clock_set(-HOUR_MS)
    assert watch.fall_in_doubt(ALWAYS_MS - 1) == []
