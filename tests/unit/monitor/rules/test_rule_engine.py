"""Rules at work: what becomes an alarm, and what a change of rules or a restart does to it."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS, ManualClock
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Alarm, AlarmState, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.cadence import PARKED_MS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import LEAST_LIMIT_MS
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.rules import record_order
from tftmonitor.model.rules.backtest.preview import preview
from tftmonitor.model.rules.condition import Condition
from tftmonitor.model.rules.conditions import (
    FieldAbove,
    FieldBelow,
    FlagIs,
    LinkDown,
    Overdue,
    StandsStill,
)
from tftmonitor.model.rules.record_conditions import (
    FuelLevelBelow,
    NewTroubleCode,
    TyrePressureBelow,
    TyreTemperatureAbove,
)
from tftmonitor.model.rules.record_order import RecordOrder
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.rules import new_rules, rule_engine
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

SUPPLY = "external_power_voltage"
LOW = FieldBelow(field=SUPPLY, limit=11.5, hysteresis=0.3)
LOW_A_MINUTE = replace(LOW, hold_s=60)


def rule(condition: Condition, name: str = "a", **more: Any) -> Rule:
    return Rule(id=name, condition=condition, **more)


class Stage:
    """An engine with a fleet, a hand-moved clock, and an alarm service without a journal."""

    def __init__(self, *rules: Rule, journal: Journal | None = None, at_ms: int = 0) -> None:
        self.clock = ManualClock(at_ms) if at_ms else ManualClock()
        self.fleet = Fleet()
        self.thread = JournalThread(journal)
        self.service = AlarmService(
            OpenAlarms(), self.thread, CodeResolver(), self.clock, self.fleet.find
        )
        self.engine = RuleEngine(self.fleet, self.service, self.clock, rules)

    @property
    def now_ms(self) -> int:
        return self.clock.now_ms()

    def report(self, key: str = "1", at_ms: int | None = None, **values: Any) -> Device:
        status = DeviceStatus(date=at_ms or self.now_ms, **values)
        applied = self.fleet.apply(Identity(key, key, model="M"), status, b"", self.now_ms)
        if not applied.late:
            assert applied.device.status is not None
            self.engine.on_snapshot(applied.device, applied.device.status, self.now_ms)
        return applied.device

    def volts(self, *values: Any, every_s: float = 1, **more: Any) -> None:
        for value in values:
            self.pass_time(every_s)
            self.report(external_power_voltage=value, **more)

    def records(self, kind: str, *records: dict[str, Any], at_ms: int | None = None) -> None:
        push = Records(kind, Identity("1", "1", model="M"), at_ms, list(records), {})
        device = self.fleet.keep_records(push, b"", self.now_ms)
        self.engine.on_records(device, push)

    def link(self, channel: Channel, state: LinkState, reason: str = "") -> None:
        self.engine.note_link(LinkStatus(channel, state, self.now_ms, reason))

    def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.clock.advance(1)
            self.engine.tick(self.now_ms)

    def alarms(self) -> list[Alarm]:
        asyncio.run(self._drain())
        return sorted(self.service.alarms.all(), key=lambda alarm: alarm.id)

    async def _drain(self) -> None:
        await self.service.drain()

    async def close(self) -> None:
        await self.service.drain()
        await self.thread.close()

    def states(self) -> list[tuple[str, AlarmState, int]]:
        return [(alarm.key, alarm.state, alarm.count) for alarm in self.alarms()]


def one(state: AlarmState = AlarmState.ACTIVE, count: int = 1) -> list[tuple[str, AlarmState, int]]:
    return [("rule:a", state, count)]


RETURNED = AlarmState.RETURNED


def test_supply_that_was_cut_is_below_every_limit() -> None:
    stage = Stage(rule(LOW))
    stage.volts(12.6, 12.5, 0.0)
    assert stage.states() == one()
    never = Stage(rule(LOW))
    never.volts(0.0, 0.0)
    assert never.states() == []


def quiet(stage: Stage, seconds: int, **values: Any) -> None:
    """Frames that leave the supply out."""
    for _ in range(seconds // 10):
        stage.pass_time(10)
        stage.report(**values)


def test_alarm_whose_value_went_quiet_is_in_doubt_until_it_comes_back() -> None:
    stage = Stage(rule(LOW))
    stage.volts(*[12.6] * 8, 11.0, every_s=10)
    quiet(stage, 50)
    assert not stage.alarms()[0].end_unknown
    quiet(stage, 120)
    (alarm,) = stage.alarms()
    assert (alarm.active, alarm.end_unknown, alarm.count) == (True, True, 1)
    stage.volts(11.1)
    assert stage.engine.fired["a"].count == 1
    assert (stage.alarms()[0].end_unknown, stage.states()) == (False, one(count=2))
    quiet(stage, 120)
    stage.volts(12.6)
    assert stage.states() == one(RETURNED, count=2)


def test_alarm_of_a_device_that_fell_silent_is_in_doubt() -> None:
    stage = Stage(rule(LOW))
    stage.volts(*[12.6] * 8, 11.0, every_s=10)
    stage.pass_time(62)
    assert [(a.active, a.end_unknown) for a in stage.alarms()] == [(True, True)]


def test_value_holds_no_longer_than_it_is_known() -> None:
    stage = Stage(rule(replace(LOW, hold_s=300)))
    stage.volts(*[12.6] * 8, 11.0, every_s=10)
    quiet(stage, 600)
    assert stage.alarms() == []
    stage.volts(12.6)
    assert stage.alarms() == []


@pytest.mark.parametrize(("minutes", "holds"), [(2, True), (50, True), (80, False)])
def test_value_that_comes_seldom_holds_from_one_to_the_next(minutes: int, holds: bool) -> None:
    stage = Stage(rule(replace(LOW, hold_s=90)))
    stage.volts(*[12.6] * 8, 11.0, every_s=10)
    quiet(stage, minutes * 60)
    stage.volts(11.0)
    assert bool(stage.alarms()) is holds


def test_speed_of_an_old_fix_fires_and_ends_nothing() -> None:
    fast = rule(FieldAbove(field="speed", limit=90))
    place: dict[str, Any] = {"lat": 52.0, "lng": 5.0}
    stage = Stage(fast)
    stage.report(speed=120.0, location_date=stage.now_ms - 3 * HOUR_MS, **place)
    assert stage.alarms() == []
    stage.report(speed=120.0, location_date=stage.now_ms, **place)
    stage.pass_time(10)
    stage.report(speed=0.0, location_date=stage.now_ms, latlng_valid=False, **place)
    stage.pass_time(2)
    assert [(a.active, a.end_unknown) for a in stage.alarms()] == [(True, True)]


def test_ignition_of_long_ago_is_unknown() -> None:
    stage = Stage(rule(LOW, while_ignition=True))
    stage.volts(*[12.6] * 8, every_s=10, acc=True)
    stage.volts(*[12.6] * 8, 11.0, every_s=10)
    assert stage.alarms() == []
    stage.volts(11.0, iop=0x4000, acc=None)
    assert stage.states() == one()


def test_new_rule_fires_on_no_value_of_long_ago() -> None:
    stage = Stage()
    stage.volts(*[12.6] * 8, 11.0, every_s=10)
    quiet(stage, 120)
    stage.engine.set_rules([rule(LOW)])
    stage.pass_time(1)
    assert stage.alarms() == []


def test_register_with_all_bits_set_is_above_no_limit() -> None:
    stage = Stage(rule(FieldAbove(field=SUPPLY, limit=32)))
    stage.volts(12.6, 65.535, 12.6)
    assert stage.states() == []


def test_rule_raises_a_named_alarm_and_returns_it() -> None:
    stage = Stage(rule(LOW, name="a", severity=Severity.HIGH))
    stage.volts(12.6, 11.42)
    (alarm,) = stage.alarms()
    assert alarm.name == "External voltage below 11.5 V (back at 11.8 V)"
    assert alarm.text == f"External voltage 11.42 V ({alarm.name})"
    assert alarm.severity is Severity.HIGH
    assert alarm.sources == (Source.RULE,)
    assert alarm.device == "1"
    assert alarm.device_ms == stage.now_ms
    stage.volts(11.6, 11.79)
    assert stage.states() == one()
    stage.volts(11.8)
    assert stage.states() == one(RETURNED)
    assert stage.engine.fired["a"].count == 1
    assert stage.engine.fired["a"].last_ms == alarm.first_ms


def test_own_name_of_a_rule_is_the_name_of_its_alarm() -> None:
    stage = Stage(Rule(id="a", name="Battery!", condition=LOW))
    stage.volts(11.0)
    assert [alarm.name for alarm in stage.alarms()] == ["Battery!"]


def test_device_without_a_clock_gives_no_device_time() -> None:
    stage = Stage(rule(LOW))
    stage.report(at_ms=1, external_power_voltage=11.0)
    assert [alarm.device_ms for alarm in stage.alarms()] == [None]


def test_hold_time_elapses_without_a_frame() -> None:
    stage = Stage(rule(LOW_A_MINUTE))
    stage.volts(11.0)
    stage.pass_time(59)
    assert stage.states() == []
    stage.pass_time(1)
    (alarm,) = stage.alarms()
    assert alarm.text.startswith("External voltage 11.00 V (")


def test_time_on_the_way_is_not_time_held() -> None:
    stage = Stage(rule(LOW_A_MINUTE))
    stage.report(at_ms=stage.now_ms - 10 * MINUTE_MS, external_power_voltage=11.0)
    stage.pass_time(5)
    stage.report(external_power_voltage=12.6)
    # It did hold for a minute, as the backlog shows; and it is over.
    assert stage.states() == one(RETURNED)


def test_backlog_that_is_over_within_the_hold_time_raises_nothing() -> None:
    stage = Stage(rule(LOW_A_MINUTE))
    start_ms = stage.now_ms - 10 * MINUTE_MS
    stage.report(at_ms=start_ms, external_power_voltage=11.0)
    stage.pass_time(5)
    stage.report(at_ms=start_ms + 59 * SECOND_MS, external_power_voltage=12.6)
    stage.pass_time(120)
    assert stage.states() == []


def test_alarm_that_was_over_when_it_came_in_names_the_value_that_raised_it() -> None:
    stage = Stage(rule(LOW_A_MINUTE))
    start_ms = stage.now_ms - 10 * MINUTE_MS
    stage.report(at_ms=start_ms, external_power_voltage=11.11)
    stage.report(at_ms=start_ms + 2 * MINUTE_MS, external_power_voltage=12.6)
    assert stage.alarms()[0].text.startswith("External voltage 11.11 V")


def test_unknown_value_neither_raises_nor_returns() -> None:
    stage = Stage(rule(LOW))
    stage.volts(None, UNSET, -999.0, 0.0)
    assert stage.states() == []
    stage.volts(11.0, None, -999.0, 0.0, UNSET)
    assert stage.states() == one()


def test_rule_keeps_to_its_scope() -> None:
    stage = Stage(
        rule(LOW, "a", only_devices=("2",)),
        rule(LOW, "b", only_models=("N",)),
        rule(LOW, "c", only_models=("M",), only_devices=("1",)),
        rule(TyrePressureBelow(600), "d", only_devices=("2",)),
    )
    stage.volts(11.0)
    stage.records("bleTire", {"sensor": "x", "pressure_kpa": 1.0})
    assert [alarm.key for alarm in stage.alarms()] == ["rule:c"]


def test_ignition_condition_gates_and_ends() -> None:
    stage = Stage(rule(LOW, while_ignition=True))
    stage.volts(11.0)
    stage.volts(11.0, acc=False)
    assert stage.states() == []
    stage.volts(11.0, acc=True)
    assert stage.states() == one()
    stage.volts(11.0, acc=False)
    assert stage.states() == one(RETURNED)


def test_flag_and_two_rules_on_one_field() -> None:
    stage = Stage(
        rule(FlagIs(field="acc"), "on"),
        rule(FlagIs(field="acc", on=False), "off"),
        rule(FieldAbove(field="mileage", limit=100), "far"),
    )
    stage.report(acc=True, mileage=100_500.0)
    assert [alarm.key for alarm in stage.alarms()] == ["rule:on", "rule:far"]


def test_each_tyre_has_an_alarm_of_its_own() -> None:
    stage = Stage(rule(TyrePressureBelow(600, 20)), rule(TyreTemperatureAbove(90), "hot"))
    stage.records(
        "bleTire",
        {"sensor": "x", "pressure_kpa": 510.0, "temperature_c": 95.0},
        {"sensor": "y", "pressure_kpa": 620.0, "temperature_c": 20.0},
    )
    names = [(alarm.key, alarm.name) for alarm in stage.alarms()]
    assert names == [
        ("rule:a:x", "Tyre pressure below 600 kPa (back at 620 kPa) (x)"),
        ("rule:hot:x", "Tyre temperature above 90 °C (x)"),
    ]
    stage.records("rs232Tire", {"sensor": "y", "pressure_kpa": 500.0})
    stage.records("bleTire", {"sensor": "x", "pressure_kpa": 700.0, "temperature_c": None})
    assert stage.states() == [
        ("rule:a:x", RETURNED, 1),
        ("rule:hot:x", AlarmState.ACTIVE, 1),
        ("rule:a:y", AlarmState.ACTIVE, 1),
    ]


def test_stored_record_does_not_end_what_a_newer_one_raised() -> None:
    stage = Stage(rule(TyreTemperatureAbove(90), "hot"))
    stage.records("bleTire", {"sensor": "x", "temperature_c": 120.0}, at_ms=stage.now_ms)
    stored_ms = stage.now_ms - 2 * HOUR_MS
    stage.records("bleTire", {"sensor": "x", "temperature_c": 40.0}, at_ms=stored_ms)
    assert stage.states() == [("rule:hot:x", AlarmState.ACTIVE, 1)]
    stage.records("bleTire", {"sensor": "x", "temperature_c": 130.0}, at_ms=stored_ms)
    assert stage.states() == [("rule:hot:x", AlarmState.ACTIVE, 1)]
    # Of another tyre nothing newer is known.
    stage.records("bleTire", {"sensor": "y", "temperature_c": 130.0}, at_ms=stored_ms)
    stage.clock.advance(1)
    stage.records("bleTire", {"sensor": "x", "temperature_c": 40.0}, at_ms=stage.now_ms)
    assert stage.states() == [("rule:hot:x", RETURNED, 1), ("rule:hot:y", AlarmState.ACTIVE, 1)]


def test_stored_record_raises_what_is_over() -> None:
    held = rule(replace(TyreTemperatureAbove(90), hold_s=60), "held")
    stage = Stage(rule(TyreTemperatureAbove(90), "hot"), held)
    stage.records("bleTire", {"sensor": "x", "temperature_c": 40.0}, at_ms=stage.now_ms)
    for celsius in (39.0, 120.0):
        stored_ms = stage.now_ms - 2 * HOUR_MS
        stage.records("bleTire", {"sensor": "x", "temperature_c": celsius}, at_ms=stored_ms)
    (alarm,) = stage.alarms()
    assert (alarm.key, alarm.state) == ("rule:hot:x", RETURNED)


def test_record_without_time_counts_as_now() -> None:
    stage = Stage(rule(TyreTemperatureAbove(90), "hot"))
    stage.records("bleTire", {"sensor": "x", "temperature_c": 120.0}, at_ms=stage.now_ms)
    stage.records("bleTire", {"sensor": "x", "temperature_c": 40.0})
    assert stage.states() == [("rule:hot:x", RETURNED, 1)]


def test_parts_whose_order_is_known_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_order, "_PARTS_KEPT", 2)
    order = RecordOrder()
    assert not any(order.is_past("1", "bleTire", part, 9) for part in "abc")
    assert order.is_past("1", "bleTire", "c", 8)
    assert not order.is_past("1", "bleTire", "a", 8)


def test_fuel_comes_from_probes_and_from_the_engine() -> None:
    stage = Stage(rule(FuelLevelBelow(15, 3, 60)))
    stage.report(remain_fuel_rate=0.0)
    stage.records("rs232Fuel", {"sensor": "p", "level_percent": 10.0}, at_ms=stage.now_ms - 500)
    stage.pass_time(61)
    assert [key for key, *_ in stage.states()] == ["rule:a:p"]
    stage.report(remain_fuel_rate=9.0)
    stage.pass_time(60)
    assert [key for key, *_ in stage.states()] == ["rule:a:p", "rule:a"]


def test_new_trouble_code_is_reported_once_and_ends_when_it_is_gone() -> None:
    stage = Stage(rule(NewTroubleCode()))
    stage.records("obdErrorInfo", {"codes": ["P0301"]})
    stage.records("obdErrorInfo", {"codes": ["P0301", "P0420"]})
    stage.records("obdErrorInfo", {"codes": [], "content": "vehicle number"})
    assert stage.states() == [
        ("rule:a:P0301", AlarmState.ACTIVE, 1),
        ("rule:a:P0420", AlarmState.ACTIVE, 1),
    ]
    assert stage.alarms()[0].name == "New trouble code (P0301)"
    stage.records("obdErrorInfo", {"codes": ["P0420"]})
    assert [state for _, state, _ in stage.states()] == [RETURNED, AlarmState.ACTIVE]


def test_overdue_raises_by_the_usual_interval_and_ends_with_a_report() -> None:
    stage = Stage(rule(Overdue(), severity=Severity.WARNING))
    stage.report()
    stage.clock.advance(3 * 65 * 60)
    stage.engine.tick(stage.now_ms)
    assert stage.states() == []
    stage.clock.advance(1)
    stage.engine.tick(stage.now_ms)
    (alarm,) = stage.alarms()
    assert alarm.text.startswith("no report for 3 h 15 min, usual interval 1 h 5 min (No report")
    stage.report()
    stage.engine.tick(stage.now_ms)
    assert stage.states() == one(RETURNED)


def test_silence_while_our_own_link_is_down_is_not_the_devices() -> None:
    stage = Stage(rule(Overdue(minutes=10)))
    stage.report()
    stage.link(Channel.DEVICES, LinkState.WAITING)
    stage.pass_time(11 * 60)
    stage.link(Channel.DEVICES, LinkState.LIVE)
    stage.pass_time(9 * 60)
    assert stage.states() == []
    stage.pass_time(2 * 60)
    assert stage.states() == one()
    stage.link(Channel.DEVICES, LinkState.WAITING)
    stage.link(Channel.DEVICES, LinkState.LIVE)
    stage.pass_time(60)
    assert stage.states() == one()


def test_overdue_goes_by_the_last_ignition() -> None:
    stage = Stage(rule(Overdue(minutes=1), while_ignition=True))
    for key, acc in (("1", True), ("2", False), ("3", UNSET)):
        stage.report(key, acc=acc)
    stage.pass_time(90)
    assert [alarm.device for alarm in stage.alarms()] == ["1"]


def test_link_down_on_either_channel_raises_after_its_time() -> None:
    stage = Stage(rule(LinkDown(after_s=60), severity=Severity.HIGH))
    stage.link(Channel.DEVICES, LinkState.LIVE)
    stage.link(Channel.MESSAGES, LinkState.WAITING, "connection refused")
    stage.pass_time(59)
    stage.link(Channel.MESSAGES, LinkState.CONNECTING)
    assert stage.states() == []
    stage.pass_time(1)
    (alarm,) = stage.alarms()
    assert alarm.device is None
    assert alarm.sources == (Source.LINK,)
    assert alarm.text.startswith("messages channel: connection refused (Our link down")
    stage.link(Channel.MESSAGES, LinkState.SIGNING_IN)
    assert stage.states() == one()
    stage.link(Channel.MESSAGES, LinkState.QUIET)
    assert stage.states() == one(RETURNED)


def test_signing_out_neither_raises_nor_returns() -> None:
    stage = Stage(rule(LinkDown("devices", 60)))
    stage.link(Channel.DEVICES, LinkState.WAITING)
    stage.pass_time(61)
    stage.link(Channel.DEVICES, LinkState.OFF)
    stage.pass_time(61)
    assert stage.states() == one()


def test_short_loss_of_link_raises_nothing() -> None:
    stage = Stage(rule(LinkDown(after_s=60)))
    for channel in Channel:
        stage.link(channel, LinkState.LIVE)
    stage.link(Channel.DEVICES, LinkState.WAITING)
    stage.pass_time(59)
    stage.link(Channel.DEVICES, LinkState.LIVE)
    stage.pass_time(60)
    assert stage.states() == []


def test_deleted_and_disabled_rules_return_their_alarms() -> None:
    stage = Stage(rule(LOW, "a"), rule(LOW, "b"), rule(LOW, "c"))
    stage.volts(11.0)
    stage.engine.set_rules([rule(LOW, "b", enabled=False), rule(LOW, "c")])
    stage.volts(11.0)
    assert [state for _, state, _ in stage.states()] == [RETURNED, RETURNED, AlarmState.ACTIVE]


def test_alarms_of_an_unchanged_rule_stand_through_new_rules_and_new_names() -> None:
    stage = Stage(rule(LOW), rule(Overdue(minutes=5), "o"))
    stage.volts(11.0)
    stage.pass_time(360)
    stage.engine.set_rules([rule(Overdue(minutes=5), "o"), replace(rule(LOW), name="x")])
    stage.volts(11.0)
    stage.pass_time(5)
    assert stage.states() == [
        ("rule:a", AlarmState.ACTIVE, 1),
        ("rule:o", RETURNED, 1),
    ]
    stage.volts(12.0)
    assert stage.states()[0] == ("rule:a", RETURNED, 1)


def test_changed_rule_returns_and_is_evaluated_again_on_what_is_known() -> None:
    stage = Stage(rule(LOW))
    stage.volts(11.0)
    stage.engine.set_rules([rule(replace(LOW, limit=10.0))])
    stage.pass_time(2)
    assert stage.states() == one(RETURNED)
    stage.engine.set_rules([rule(LOW)])
    stage.pass_time(1)
    assert stage.states() == one(count=2)


def test_new_rule_is_evaluated_on_every_device_a_slice_a_tick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(new_rules, "_EVALUATIONS_A_TICK", 4)
    stage = Stage()
    for key in range(5):
        stage.report(str(key), external_power_voltage=11.0)
    stage.records("bleTire", {"sensor": "x", "pressure_kpa": 1.0})
    stage.fleet.keep_records(Records("driver", Identity("n", "n")), b"", stage.now_ms)
    tyres = rule(TyrePressureBelow(600), "t", only_devices=("1",))
    stage.engine.set_rules([rule(LOW), tyres])
    stage.pass_time(1)
    assert len(stage.alarms()) == 3
    stage.engine.set_rules([rule(LOW), tyres, rule(LOW, "off", enabled=False)])
    stage.pass_time(9)
    keys = sorted((alarm.key, alarm.device) for alarm in stage.alarms())
    assert keys == [("rule:a", str(key)) for key in range(5)] + [("rule:t:x", "1")]
    assert all(alarm.count == 1 for alarm in stage.alarms())


def test_two_rules_of_one_id_are_one() -> None:
    stage = Stage(rule(LOW), rule(FieldAbove(field=SUPPLY, limit=5)))
    stage.volts(12.6)
    assert stage.states() == []


def test_rule_that_does_not_work_does_nothing() -> None:
    stage = Stage(rule(FlagIs(field="gone")), rule(LOW, "b", enabled=False))
    stage.volts(11.0)
    stage.pass_time(1)
    assert stage.states() == []
    assert len(stage.engine.rules) == 2


class Restart:
    """Starts an engine on the journal that the one before it left."""

    def __init__(self, path: Path, files: contextlib.ExitStack) -> None:
        self._path = path
        self._files = files

    def __call__(self, *rules: Rule, at_ms: int = 0) -> Stage:
        clock_ms = at_ms or ManualClock().now_ms()
        journal = Journal.open(self._path / FILE_NAME, ManualClock(clock_ms))
        self._files.enter_context(contextlib.closing(journal))
        stage = Stage(*rules, journal=journal, at_ms=clock_ms)
        stage.alarms()
        return stage


@pytest.fixture
def restart(tmp_path: Path) -> Iterator[Restart]:
    with contextlib.ExitStack() as files:
        yield Restart(tmp_path, files)


def stop(stage: Stage) -> int:
    asyncio.run(stage.close())
    return stage.now_ms


def test_restart_neither_raises_twice_nor_forgets_to_return(restart: Restart) -> None:
    tyres = rule(TyrePressureBelow(600), "t")
    link = rule(LinkDown(after_s=0), "l")
    overdue = rule(Overdue(minutes=1), "o", severity=Severity.WARNING)
    kept = (rule(LOW_A_MINUTE), tyres, link, overdue)
    stage = restart(*kept)
    stage.volts(11.0)
    stage.records("bleTire", {"sensor": "x", "pressure_kpa": 1.0})
    stage.link(Channel.DEVICES, LinkState.WAITING)
    stage.link(Channel.DEVICES, LinkState.OFF)
    stage.pass_time(70)
    keys = {"rule:a", "rule:t:x", "rule:l", "rule:o"}
    assert {key for key, *_ in stage.states()} == keys
    at_ms = stop(stage)

    stage = restart(*kept, at_ms=at_ms)
    stage.link(Channel.DEVICES, LinkState.CONNECTING)
    stage.volts(11.0)
    stage.records("bleTire", {"sensor": "x", "pressure_kpa": 1.0})
    assert {(key, count) for key, _, count in stage.states()} == {(key, 1) for key in keys}
    for channel in Channel:
        stage.link(channel, LinkState.LIVE)
    stage.volts(12.6)
    stage.pass_time(1)
    stage.records("bleTire", {"sensor": "x", "pressure_kpa": 900.0})
    assert {state for _, state, _ in stage.states()} == {RETURNED}
    stop(stage)


def test_restored_alarm_is_in_doubt_until_its_device_reports(restart: Restart) -> None:
    stage = restart(rule(LOW))
    stage.volts(11.0)
    stage.alarms()
    at_ms = stage.now_ms + 1_000
    stage = restart(rule(LOW), at_ms=at_ms)
    assert not stage.alarms()[0].end_unknown
    stage.pass_time(3 * PARKED_MS / SECOND_MS + 2)
    assert stage.alarms()[0].end_unknown
    stage = restart(rule(LOW), at_ms=stage.now_ms)
    stage.alarms()
    stage.volts(11.0)
    assert [(a.active, a.end_unknown) for a in stage.alarms()] == [(True, False)]


def test_alarm_of_a_rule_that_went_while_the_program_did_not_run_returns(restart: Restart) -> None:
    stage = restart(rule(LOW), rule(LinkDown(after_s=0), "l"))
    stage.volts(11.0)
    stage.link(Channel.DEVICES, LinkState.WAITING)
    assert len(stage.states()) == 2
    at_ms = stop(stage)
    stage = restart(rule(LOW, "other"), at_ms=at_ms)
    assert {state for _, state, _ in stage.states()} == {RETURNED}
    stop(stage)


def test_alarms_that_are_not_of_rules_are_left_alone(restart: Restart) -> None:
    stage = restart(rule(LOW))
    stage.service.drill()
    stage.volts(11.0, 12.6)
    before = stage.states()
    assert [key for key, *_ in before] == ["drill", "rule:a"]
    at_ms = stop(stage)
    stage = restart(at_ms=at_ms)
    assert stage.states() == before
    stop(stage)


def test_engine_ticks_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_engine, "TICK_S", 0.001)
    stage = Stage(rule(LOW_A_MINUTE))
    stage.volts(11.0)
    stage.clock.advance(60)

    async def run() -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stage.engine.run(), 0.05)

    asyncio.run(run())
    assert stage.states() == one()


VALUES = st.sampled_from([11.0, 11.49, 11.5, 11.6, 11.7, 11.8, 12.6, UNSET])
STEPS = st.lists(st.tuples(st.integers(1, 40), VALUES), max_size=12)


def is_always_known(steps: list[tuple[int, bool]]) -> bool:
    """True when no value becomes too old, also after the last: no preview asks for that."""
    age = 0
    for seconds, is_known in [*steps, (30, True)]:
        if age + seconds > LEAST_LIMIT_MS / SECOND_MS:
            return False
        age = 0 if is_known else age + seconds
    return True


@settings(max_examples=150, deadline=None)
@given(
    steps=STEPS,
    nulls=st.sets(st.integers(0, 14), max_size=4),
    hold_s=st.sampled_from([0, 1, 60, 90]),
    hysteresis=st.sampled_from([0.0, 0.2, 0.3]),
)
def test_preview_says_what_the_engine_would_do(
    steps: list[tuple[int, Any]], nulls: set[int], hold_s: int, hysteresis: float
) -> None:
    assume(
        is_always_known(
            [(each[0], n not in nulls and each[1] is not UNSET) for n, each in enumerate(steps)]
        )
    )
    condition = FieldBelow(field=SUPPLY, limit=11.5, hysteresis=hysteresis, hold_s=hold_s)
    stage = Stage(rule(condition))
    for place, (seconds, value) in enumerate(steps):
        stage.pass_time(seconds)
        stage.report(external_power_voltage=None if place in nulls else value)
    stage.pass_time(30)
    times = preview(rule(condition), stage.fleet, stage.now_ms).times
    fired = stage.engine.fired.get("a")
    assert times == (fired.count if fired else 0)


@settings(max_examples=150, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.integers(1, 30), VALUES, st.sampled_from([True, False, UNSET])), max_size=10
    ),
    hold_s=st.sampled_from([0, 60]),
    wanted=st.booleans(),
)
def test_preview_agrees_with_the_engine_under_an_ignition_condition(
    steps: list[tuple[int, Any, Any]], hold_s: int, wanted: bool
) -> None:
    assume(is_always_known([(seconds, value is not UNSET) for seconds, value, _ in steps]))
    assume(is_always_known([(seconds, acc is not UNSET) for seconds, _, acc in steps]))
    gated = rule(replace(LOW, hold_s=hold_s), while_ignition=wanted)
    stage = Stage(gated)
    for seconds, value, acc in steps:
        stage.pass_time(seconds)
        stage.report(external_power_voltage=value, acc=acc)
    stage.pass_time(30)
    times = preview(gated, stage.fleet, stage.now_ms).times
    fired = stage.engine.fired.get("a")
    assert times == (fired.count if fired else 0)


@settings(max_examples=60, deadline=None)
@given(gaps=st.lists(st.integers(1, 200), min_size=1, max_size=10))
def test_preview_agrees_with_the_engine_on_overdue(gaps: list[int]) -> None:
    late = rule(Overdue(minutes=1))
    stage = Stage(late)
    stage.report()
    for seconds in gaps:
        stage.pass_time(seconds)
        stage.report()
        stage.engine.tick(stage.now_ms)
    times = preview(late, stage.fleet, stage.now_ms).times
    fired = stage.engine.fired.get("a")
    assert times == (fired.count if fired else 0)


def test_late_alarm_is_marked_by_the_time_of_the_device() -> None:
    stage = Stage(rule(LOW))
    stage.report(at_ms=stage.now_ms - 1_000, external_power_voltage=12.6)  # its clock is right
    stage.clock.advance(3 * 3_600)
    stage.report(at_ms=stage.now_ms - HOUR_MS, external_power_voltage=11.0)
    assert [alarm.late for alarm in stage.alarms()] == [True]


def test_device_that_stands_too_long_raises_and_driving_ends_it() -> None:
    stage = Stage(rule(StandsStill(minutes=5)))
    for speed in (0.0, 0.0, 1.2, 0.0, 2.9):
        stage.report(speed=speed, lat=47.0, lng=9.0)
        stage.pass_time(59)
        stage.clock.advance(1)
    assert stage.alarms() == []
    stage.report(speed=0.0, lat=47.0, lng=9.0)
    stage.pass_time(2)
    (alarm,) = stage.alarms()
    assert alarm.active
    assert "Stands still for 5 min" in alarm.text
    stage.report(speed=5.0, lat=47.0, lng=9.0)
    assert stage.alarms()[0].active
    stage.pass_time(10)
    stage.report(speed=30.0, lat=47.0, lng=9.0)
    assert not stage.alarms()[0].active
