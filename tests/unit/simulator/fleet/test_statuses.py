from typing import Annotated

import msgspec
import pytest
from msgspec import UNSET

from tftmonitor.model.fields.field import FieldSpec, FieldTable, Group, Number, Quality, Unit
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.simulator.fleet.kinds import Family, Quirk
from tftmonitor.simulator.fleet.statuses import DOCUMENTED, QUIET
from tftmonitor.simulator.fleet.units import Unit as Device
from tftmonitor.simulator.fleet.world import World

START_MS = 1_795_000_000_123
END_MS = START_MS + 1_200_000
# What the odd units are meant to show; nothing else may be invalid.
INTENDED = {
    (Quirk.CLOCK_UNSET, "date"),
    (Quirk.CLOCK_UNSET, "location_date"),
    (Quirk.NO_FIX, "location_date"),
}


@pytest.fixture(scope="module")
def world() -> World:
    return World(20, 1, START_MS)


@pytest.fixture(scope="module")
def reports(world: World) -> list[tuple[Device, dict[str, float]]]:
    units = {unit.identity.imei: unit for unit in world.roster.units}
    return [
        (units[frame["data"]["imei"]], frame["data"]["status"])
        for _, frame in world.step(END_MS)
        if frame.get("event") == "snapshot"
    ]


def test_every_status_decodes_and_only_the_odd_units_have_problems(
    reports: list[tuple[Device, dict[str, float]]],
) -> None:
    problems = set()
    for unit, raw in reports:
        status = msgspec.json.decode(msgspec.json.encode(raw), type=DeviceStatus, strict=False)
        for field in STATUS_FIELDS:
            if field.examine(status, END_MS).quality is Quality.INVALID:
                problems.add((unit.profile.quirk, field.wire))
    assert problems == INTENDED


def test_every_status_carries_the_documented_keys_in_order(
    reports: list[tuple[Device, dict[str, float]]],
) -> None:
    assert len(DOCUMENTED) == 68
    assert len(reports) > 1_000
    for unit, raw in reports:
        quiet = QUIET if unit.profile.quirk is Quirk.GONE_QUIET else frozenset[str]()
        assert set(raw) | quiet == DOCUMENTED | unit.profile.kind.extras
        assert list(raw) == sorted(raw)


def test_supply_is_what_the_kind_and_the_engine_make_of_it(
    reports: list[tuple[Device, dict[str, float]]],
) -> None:
    seen: dict[tuple[int, str], list[float]] = {}
    for unit, raw in reports:
        if int(raw["iop"]) & 0x8000 or unit.profile.kind.family is Family.ASSET:
            continue
        moves = "driving" if raw["speed"] > 30 and raw["acc"] else ""
        parked = "parked" if not raw["acc"] else ""
        seen.setdefault((unit.profile.kind.volts, moves or parked), []).append(
            raw["external_power_voltage"]
        )
    assert min(seen[12, "driving"]) > 13.4
    assert max(seen[12, "driving"]) < 14.5
    assert min(seen[24, "driving"]) > 26.8
    assert max(seen[24, "driving"]) < 29
    assert max(seen[12, "parked"]) < 13.5
    assert min(seen[12, ""]) < 11  # cranking


def test_units_without_a_measurement_report_what_real_ones_do(
    reports: list[tuple[Device, dict[str, float]]],
) -> None:
    seen = set()
    for unit, raw in reports:
        kind = unit.profile.kind
        seen.add((kind.has_battery, kind.family, unit.engine is None, unit.profile.quirk))
        if not kind.has_battery:
            assert (raw["battery_voltage"], raw["battery_voltage_percent"]) == (0, 100)
        if kind.family is Family.ASSET:
            assert raw["external_power_voltage"] == 0
            assert raw["gps"] == bool(raw["acc"])
        if unit.engine is None:
            assert raw["rpm"] in {0, -999}
        elif not raw["acc"]:
            assert raw["rpm"] in {0, -999}
            assert raw["cooling_fluid_temp"] == raw["engine_load"] == 0
        if unit.profile.quirk is Quirk.NO_FIX:
            assert (raw["lat"], raw["lng"], raw["latlng_valid"]) == (0, 0, 0)
    batteries, families, engines, quirks = (set(column) for column in zip(*seen, strict=True))
    assert batteries == engines == {False, True}
    assert families == set(Family)
    assert Quirk.NO_FIX in quirks


def test_ignition_agrees_with_io_word_and_input(
    reports: list[tuple[Device, dict[str, float]]],
) -> None:
    states = set()
    for unit, raw in reports:
        assert bool(int(raw["iop"]) & 0x4000) == bool(raw["acc"])
        if unit.profile.kind.family is Family.VEHICLE:
            assert str(raw["input"]).startswith(f"1:{raw['acc']}|")
        assert raw["idle_status"] == (raw["acc"] and raw["speed"] == 0)
        states.add(raw["acc"])
    assert states == {0, 1}


class WithNewFields(DeviceStatus, kw_only=True):
    boost: Annotated[
        Number, FieldSpec("Boost", unit=Unit.KPA, group=Group.ENGINE, digits=1, nominal=(40, 90))
    ] = UNSET
    pulse: Annotated[Number, FieldSpec("Pulse", group=Group.POWER, nominal=(5, 6), digits=2)] = (
        UNSET
    )


def test_field_added_to_the_table_is_simulated_for_the_kinds_that_carry_its_group() -> None:
    world = World(20, 1, START_MS, fields=FieldTable(WithNewFields))
    boosts = set()
    for _, frame in world.step(START_MS + 60_000):
        if frame.get("event") != "snapshot":
            continue
        status = frame["data"]["status"]
        assert 5 <= status["pulse"] <= 6
        has_engine = frame["data"]["model"] in {"TLD1-A", "TorchX 110"}
        assert ("boost" in status) == has_engine
        if has_engine and status["acc"]:
            assert 40 <= status["boost"] <= 90
            boosts.add(status["boost"])
    assert len(boosts) > 5
