"""The states of one rule, which rules a frame concerns, overdue rows, what links are down."""

from typing import Any

import numpy as np

from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.rules.conditions import FieldAbove, FieldBelow, FlagIs, LinkDown, Overdue
from tftmonitor.model.rules.hysteresis import BETWEEN, IN, OUT, Transition
from tftmonitor.model.rules.index import RuleIndex
from tftmonitor.model.rules.links import ChannelStates
from tftmonitor.model.rules.overdue import OverdueRows, limits_ms
from tftmonitor.model.rules.record_conditions import FuelLevelBelow, TyrePressureBelow
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.watch import Watch

NOW = 1_795_000_000_000
RAISE, RETURN = (Transition.RAISE,), (Transition.RETURN,)


def low(**more: Any) -> Watch:
    hold_s = more.pop("hold_s", 0)
    condition = FieldBelow(
        field="external_power_voltage", limit=11.5, hysteresis=0.3, hold_s=hold_s
    )
    return Watch(Rule(id="a", condition=condition, **more))


def fleet_of(*keys: str, model: str = "M", at_ms: int = NOW) -> Fleet:
    fleet = Fleet()
    for key in keys:
        fleet.apply(Identity(key, key, model=model), DeviceStatus(date=at_ms), b"", at_ms)
    return fleet


def test_unknown_value_neither_raises_nor_returns() -> None:
    watch = low()
    assert watch.evaluate(DeviceStatus(), None) is None
    assert watch.evaluate(DeviceStatus(), 11.0) == IN


def test_ignition_other_than_wanted_is_out_and_unknown_ignition_changes_nothing() -> None:
    watch = low(while_ignition=True)
    assert watch.evaluate(DeviceStatus(acc=True), 11.0) == IN
    assert watch.evaluate(DeviceStatus(acc=False), 11.0) == OUT
    assert watch.evaluate(DeviceStatus(acc=False), None) == OUT
    assert watch.evaluate(DeviceStatus(), 11.0) is None
    assert watch.evaluate(None, 11.0) is None
    assert low(while_ignition=False).evaluate(DeviceStatus(acc=False), 11.0) == IN
    assert Watch(Rule(id="o", condition=Overdue())).evaluate(DeviceStatus(), 1) is None


def test_devices_and_parts_have_states_of_their_own_and_rest_costs_no_memory() -> None:
    watch = low()
    assert watch.step("1", "a", OUT, 12.0, 0) == ()
    assert watch.states == {}
    assert watch.step("1", "a", IN, 11.0, 1) == RAISE
    assert watch.step("1", "b", IN, 11.0, 1) == RAISE
    assert watch.standing() == [("1", "a"), ("1", "b")]
    assert watch.value_of("1", "a") == 11.0
    assert watch.step("1", "a", OUT, 12.0, 2) == RETURN
    assert watch.standing() == [("1", "b")]
    assert watch.step("1", "b", OUT, 12.0, 2) == RETURN
    assert watch.states == {}
    assert watch.value_of("1", "a") is None


def test_hold_time_elapses_without_a_value_by_the_clock_of_the_last_one() -> None:
    watch = low(hold_s=60)
    watch.step("1", "", IN, 11.0, NOW, lag_ms=5_000)
    assert watch.elapse(NOW + 64_999) == []
    assert watch.elapse(NOW + 65_000) == [("1", "", NOW + 60_000)]
    assert watch.elapse(NOW + 65_001) == []
    assert watch.standing() == [("1", "")]


def test_hold_time_that_ends_early_elapses_no_more() -> None:
    watch = low(hold_s=60)
    watch.step("1", "", IN, 11.0, NOW)
    watch.step("1", "", BETWEEN, 11.6, NOW + 1)
    assert watch.elapse(NOW + 90_000) == []
    assert watch.states == {}


def test_restored_alarm_is_not_raised_again_and_returns() -> None:
    watch = low(hold_s=60)
    watch.restore("1", "")
    assert watch.step("1", "", IN, 11.0, NOW) == ()
    assert watch.elapse(NOW + 90_000) == []
    assert watch.step("1", "", OUT, 12.0, NOW + 90_000) == RETURN


def watches() -> list[Watch]:
    return [
        low(),
        Watch(Rule(id="b", condition=FieldAbove(field="external_power_voltage", limit=30))),
        Watch(Rule(id="c", condition=FlagIs(field="acc"))),
        Watch(Rule(id="d", condition=FuelLevelBelow(10), only_models=("M",))),
        Watch(Rule(id="e", condition=TyrePressureBelow(10), only_devices=("1",))),
        Watch(Rule(id="f", condition=Overdue())),
    ]


def ids(groups: Any) -> list[str]:
    return ["".join(watch.rule.id for watch in group) for _read, group in groups]


def test_field_is_read_once_for_all_its_rules() -> None:
    index = RuleIndex(watches()[:3])
    device = fleet_of("1").devices[0]
    assert ids(index.groups) == ["ab", "c"]
    assert index.groups_for(device) is index.groups
    assert index.for_records("rs232Fuel", device) == []


def test_index_follows_the_model_that_a_device_reports_later() -> None:
    index = RuleIndex(watches())
    device = fleet_of("1", model="").devices[0]
    assert ids(index.groups_for(device)) == ["ab", "c"]
    device.model = "M"
    assert ids(index.groups_for(device)) == ["ab", "c", "d"]
    assert index.groups_for(device) is index.groups_for(device)
    assert [w.rule.id for w in index.for_records("bleTire", device)] == ["e"]
    assert index.for_records("bleTire", fleet_of("2").devices[0]) == []


def test_engines_own_fuel_count_of_zero_is_unknown() -> None:
    read = RuleIndex([Watch(Rule(id="d", condition=FuelLevelBelow(10)))]).groups[0][0]
    assert read(DeviceStatus(remain_fuel_rate=0.0), NOW) is None
    assert read(DeviceStatus(remain_fuel_rate=5.0), NOW) == 5.0


def overdue(**more: Any) -> OverdueRows:
    condition = Overdue(minutes=10)
    return OverdueRows(Watch(Rule(id="o", condition=condition, **more)), condition)


def keys(found: list[tuple[Any, bool]]) -> list[tuple[str, bool]]:
    return [(device.key, over) for device, over in found]


def test_overdue_is_reported_once_and_its_end_once() -> None:
    fleet, rows = fleet_of("1", "2"), overdue()
    assert rows.changed(fleet, NOW + 10 * MINUTE_MS, 0) == []
    assert keys(rows.changed(fleet, NOW + 11 * MINUTE_MS, 0)) == [("1", True), ("2", True)]
    assert rows.changed(fleet, NOW + 12 * MINUTE_MS, 0) == []
    back_ms = NOW + 12 * MINUTE_MS
    fleet.apply(Identity("1", "1"), DeviceStatus(date=back_ms), b"", back_ms)
    assert keys(rows.changed(fleet, back_ms, 0)) == [("1", False)]


def test_silence_while_we_did_not_listen_begins_nothing_and_ends_nothing() -> None:
    fleet, rows = fleet_of("1"), overdue()
    since_ms = NOW + 60 * MINUTE_MS
    assert rows.changed(fleet, since_ms + 9 * MINUTE_MS, since_ms) == []
    assert keys(rows.changed(fleet, since_ms + 11 * MINUTE_MS, since_ms)) == [("1", True)]
    again_ms = since_ms + 20 * MINUTE_MS
    assert rows.changed(fleet, again_ms, again_ms) == []


def test_stored_reports_that_come_now_end_an_alarm_once_and_reopen_none() -> None:
    condition = Overdue(factor=3)
    rows = OverdueRows(Watch(Rule(id="o", condition=condition)), condition)
    fleet = Fleet()

    def report(date_ms: int, at_ms: int, speed: float) -> None:
        status = DeviceStatus(date=date_ms, acc=speed > 0, speed=speed, lat=50.0, lng=8.0)
        fleet.apply(Identity("1", "1"), status, b"", at_ms)

    for number in range(6):
        at_ms = NOW + number * 10_000
        report(at_ms, at_ms, 50.0)
    assert keys(rows.changed(fleet, at_ms + 31_000, 0)) == [("1", True)]
    # After 20 minutes it sends what it kept: it drove, parked for a while and drove on.
    told = []
    for second in range(60):
        now_ms = at_ms + 20 * MINUTE_MS + second * 1_000
        report(at_ms + (second + 1) * 15_000, now_ms, 0.0 if second % 20 in range(5, 10) else 50.0)
        told += keys(rows.changed(fleet, now_ms, 0))
    assert told == [("1", False)]
    # It falls silent before the newest has come.
    assert rows.changed(fleet, now_ms + 29_000, 0) == []
    assert keys(rows.changed(fleet, now_ms + 60_000, 0)) == [("1", True)]


def test_same_old_report_told_again_keeps_no_alarm_back() -> None:
    fleet, rows = fleet_of("1"), overdue()
    told = []
    for minute in range(12):
        now_ms = NOW + minute * MINUTE_MS
        fleet.apply(Identity("1", "1", model="M"), DeviceStatus(date=NOW), b"", now_ms)
        told += keys(rows.changed(fleet, now_ms, 0))
    assert told == [("1", True)]


def test_overdue_keeps_to_its_scope_and_ignores_devices_without_a_report() -> None:
    fleet = fleet_of("1", "2")
    fleet.keep_records(Records("driver", Identity("3", "3", model="M")), b"", NOW)
    rows = overdue(only_devices=("2", "3"))
    assert keys(rows.changed(fleet, NOW + 11 * MINUTE_MS, 0)) == [("2", True)]


def test_model_reported_later_joins_the_scope() -> None:
    fleet, rows = fleet_of("1", model=""), overdue(only_models=("M",))
    later_ms = NOW + 11 * MINUTE_MS
    assert rows.changed(fleet, later_ms, 0) == []
    fleet.devices[0].model = "M"
    found = [rows.changed(fleet, later_ms, 0) for _ in range(60)]
    assert keys(found[-1]) == [("1", True)]


def test_standing_alarm_of_a_former_run_ends_with_the_first_report() -> None:
    fleet, rows = fleet_of("1", "2"), overdue()
    rows.changed(fleet, NOW, 0)
    rows.watch.restore("1", "")
    rows.watch.restore("unknown", "")
    fleet.keep_records(Records("driver", Identity("noted", "noted")), b"", NOW)
    rows.watch.restore("noted", "")
    rows.forget()
    assert keys(rows.changed(fleet, NOW + 1, 0)) == [("1", False)]


def test_limit_is_the_usual_interval_or_minutes() -> None:
    intervals = np.array([60_000, 120_000])
    assert limits_ms(Overdue(factor=2), intervals).tolist() == [120_000, 240_000]
    assert limits_ms(Overdue(minutes=1), intervals).tolist() == [60_000, 60_000]


def test_links_are_down_up_or_not_known() -> None:
    links = ChannelStates(["devices", "messages"])
    either, one = LinkDown(), LinkDown("messages")
    assert links.judge(either) is None
    assert not links.note_up("devices")
    assert links.judge(either) is None
    links.note_down("messages", 5, "refused")
    links.note_down("messages", 9, "")
    for condition in (either, one):
        found = links.judge(condition)
        assert found is not None
        assert (found.judged, found.since_ms) == (IN, 5)
        assert found.reason == "messages channel: refused"
    assert links.is_down("messages")
    assert links.note_up("messages")
    found = links.judge(either)
    assert found is not None
    assert found.judged == OUT
    links.note_down("devices", 3, "")
    links.note_down("messages", 7, "")
    found = links.judge(either)
    assert found is not None
    assert (found.since_ms, found.reason) == (
        3,
        "devices channel: no link; messages channel: no link",
    )
    links.note_off("devices")
    links.note_off("messages")
    assert not links.is_down("messages")
    assert links.judge(either) is None


def test_link_rule_waits_its_time() -> None:
    watch = Watch(Rule(id="l", condition=LinkDown(after_s=60)))
    assert watch.evaluate(None, 1) == IN
    assert watch.step("", "", IN, "why", NOW) == ()
    assert watch.elapse(NOW + 60_000) == [("", "", NOW + 60_000)]


def test_states_of_a_former_key_are_of_the_device() -> None:
    watch = low(hold_s=60)
    watch.step("7", "", IN, 11.0, 0)
    watch.rename("7", "A")
    watch.rename("7", "A")
    assert [key for key, _part, _at_ms in watch.elapse(60_000)] == ["A"]
    assert watch.standing() == [("A", "")]
    assert watch.value_of("A", "") == 11.0


def test_what_stands_under_either_key_goes_on() -> None:
    watch = low(hold_s=60)
    watch.restore("7", "")
    watch.step("A", "", IN, 11.0, 0)
    watch.rename("7", "A")
    assert watch.standing() == [("A", "")]
    assert watch.elapse(60_000) == []
    watch.step("7", "", IN, 11.0, 0)
    watch.rename("7", "A")
    assert watch.standing() == [("A", "")]
    assert watch.elapse(60_000) == []


def test_rule_for_a_device_holds_by_any_of_its_names() -> None:
    fleet = fleet_of("A")
    (device,) = fleet
    rule = Rule(id="a", condition=Overdue(), only_devices=("K",))
    assert not rule.covers(device)
    fleet.apply(Identity("A", "A", "K"), DeviceStatus(date=NOW), b"", NOW)
    assert rule.covers(device)
    device.is_hidden = True
    assert not rule.covers(device)
