"""Events of a supply voltage, by readings made by hand whose sums are done here."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from tftmonitor.model.voltage.events import (
    VoltageEvent,
    VoltageFindings,
    VoltageKind,
    voltage_events,
)
from tftmonitor.model.voltage.rules import TWELVE, TWENTY_FOUR, rules_of

T0 = 1_795_003_200  # seconds
Reading = tuple[float, float, int]


def find(readings: Sequence[Reading], system: int = 12) -> VoltageFindings:
    """Readings of seconds, volts at 12 V, ignition; at 24 V all volts are doubled."""
    columns = np.array(readings, np.float64).reshape(-1, 3).T
    return voltage_events(
        ((columns[0] + T0) * 1_000).astype(np.int64),
        columns[1] * (system / 12),
        columns[2].astype(np.int8),
    )


def steady(
    start_s: float, end_s: float, volts: float, ignition: int = 0, every_s: float = 10
) -> list[Reading]:
    count = round((end_s - start_s) / every_s)
    return [(start_s + place * every_s, volts, ignition) for place in range(count)]


def seconds(event: VoltageEvent) -> tuple[float, float | None]:
    end = None if event.end_ms is None else event.end_ms / 1_000 - T0
    return event.start_ms / 1_000 - T0, end


@pytest.mark.parametrize("system", [12, 24])
def test_start_of_an_engine_is_a_dip_and_then_the_alternator(system: int) -> None:
    start = [*steady(0, 600, 12.6), (600, 9.8, 1), (610, 12.9, 1), *steady(620, 1_200, 14.2, 1)]
    found = find(start, system)
    assert [event.kind for event in found.events] == [VoltageKind.CRANK, VoltageKind.ALTERNATOR]
    dip, alternator = found.events
    assert seconds(dip) == (590, 610)
    assert (dip.from_v, dip.to_v) == pytest.approx((12.6 * system / 12, 9.8 * system / 12))
    assert seconds(alternator) == (610, 620)
    assert alternator.to_v == pytest.approx(14.2 * system / 12)
    assert found.rules is (TWELVE if system == 12 else TWENTY_FOUR)
    assert (found.spacing_s, found.unseen) == (10, ())


def test_system_is_told_by_what_is_usual() -> None:
    assert rules_of(np.array([12.4, 0.0, math.nan])) is TWELVE
    # One reading while cranking does not make a truck a car.
    assert rules_of(np.array([27.9, 28.0, 15.0])) is TWENTY_FOUR
    assert rules_of(np.array([0.0, 4.1, math.nan])) is None
    assert rules_of(np.array([17.2])) is None
    assert rules_of(np.array([48.0])) is None


def test_without_a_system_there_are_no_events() -> None:
    assert find([]) == VoltageFindings(None)
    found = find([(0, 4.1, 1), (10, 0.2, 1)])
    assert (found.rules, found.events, found.spacing_s) == (None, (), 10)


def test_a_dip_with_the_ignition_off_is_no_cranking() -> None:
    off = [*steady(0, 60, 12.6), (60, 10.9, 0), *steady(70, 200, 12.6)]
    assert find(off).events == ()
    unknown = [(at, volts, -1) for at, volts, _ in off]
    assert [event.kind for event in find(unknown).events] == [VoltageKind.CRANK]


def test_a_load_that_lasts_is_no_dip() -> None:
    load = [*steady(0, 60, 12.6, 1), *steady(60, 120, 11.0, 1), *steady(120, 200, 12.5, 1)]
    assert find(load).events == ()
    # Nor is one of which the end was not seen.
    assert find([*steady(0, 60, 12.6, 1), (60, 10.0, 1)]).events == ()


def test_second_fall_within_a_dip_is_the_same_dip() -> None:
    dip = [*steady(0, 60, 12.6, 1), (65, 11.0, 1), (68, 9.0, 1), *steady(70, 200, 12.5, 1)]
    (event,) = find(dip).events
    assert (seconds(event), event.to_v) == ((50, 70), 9.0)


def test_reports_too_far_apart_show_no_dip_and_that_is_said() -> None:
    found = find([*steady(0, 300, 12.6, 1, 30), (300, 9.8, 1), *steady(330, 600, 12.6, 1, 30)])
    assert found.events == ()
    assert found.unseen == (VoltageKind.CRANK,)
    sparse = find([*steady(0, 600, 12.6, 0, 120), *steady(600, 1_800, 14.2, 1, 120)])
    assert sparse.events == ()
    assert sparse.unseen == (VoltageKind.CRANK, VoltageKind.ALTERNATOR)
    assert find([(0, 12.6, 0)]).unseen == (VoltageKind.CRANK, VoltageKind.ALTERNATOR)


@pytest.mark.parametrize(
    ("volts", "ignition", "why"),
    [
        (13.1, 1, "below its level"),
        (14.2, 0, "a charger while it is parked"),
    ],
)
def test_what_is_no_alternator(volts: float, ignition: int, why: str) -> None:
    assert find([*steady(0, 600, 12.4, 0), *steady(600, 900, volts, ignition)]).events == (), why


def test_alternator_that_works_for_a_moment_is_none() -> None:
    short = [*steady(0, 100, 12.4, 1), *steady(100, 120, 14.0, 1), *steady(120, 300, 12.4, 1)]
    assert find(short).events == ()
    # Nor does a small step over its level begin anything.
    assert find([*steady(0, 100, 13.15, 1), *steady(100, 300, 13.3, 1)]).events == ()


def test_reconnected_supply_is_no_alternator() -> None:
    back = [*steady(0, 100, 14.0, 1), *steady(100, 200, 0.0, 1), *steady(200, 400, 14.0, 1)]
    (cut,) = find(back).events
    assert (cut.kind, seconds(cut)) == (VoltageKind.DISCONNECT, (100, 200))
    assert (cut.from_v, cut.to_v) == (14.0, 0.0)


def test_cut_supply_lasts_until_it_is_back() -> None:
    (cut,) = find([*steady(0, 600, 12.6), *steady(600, 900, 0.3)]).events
    assert (cut.kind, seconds(cut), cut.to_v) == (VoltageKind.DISCONNECT, (600, None), 0.3)
    # What came down slowly was flat, and nobody cut it.
    assert find([*steady(0, 600, 12.6), (600, 7.5, 0), *steady(610, 900, 5.0)]).events == ()


def test_supply_that_is_cut_for_a_moment_is_no_dip() -> None:
    moment = [*steady(0, 60, 12.6, 1), (60, 0.0, 1), *steady(70, 200, 12.6, 1)]
    assert [event.kind for event in find(moment).events] == [VoltageKind.DISCONNECT]


def falling(start_s: float, hours: float, from_v: float, per_h: float) -> list[Reading]:
    every_s = 900
    count = round(hours * 3_600 / every_s) + 1
    return [
        (start_s + place * every_s, from_v + per_h * place * every_s / 3_600, 0)
        for place in range(count)
    ]


@pytest.mark.parametrize("system", [12, 24])
def test_battery_that_drains_tells_its_slope(system: int) -> None:
    parked = [*steady(0, 600, 14.0, 1, 60), *falling(600, 11, 12.8, -0.05)]
    (drain,) = find(parked, system).events
    assert drain.kind is VoltageKind.DRAIN
    # The first hour does not count.
    assert seconds(drain) == (600 + 3_600, 600 + 11 * 3_600)
    assert drain.per_h == pytest.approx(-0.05 * system / 12)
    assert (drain.from_v, drain.to_v) == pytest.approx((12.75 * system / 12, 12.25 * system / 12))


def test_slope_is_told_of_noisy_readings_too() -> None:
    noise = np.random.default_rng(5).normal(0, 0.02, 200)
    night = falling(0, 10, 12.6, -0.04)
    noisy = [(at, volts + extra, 0) for (at, volts, _), extra in zip(night, noise, strict=False)]
    (drain,) = find(noisy).events
    assert drain.per_h == pytest.approx(-0.04, abs=0.003)
    assert seconds(drain)[0] == 0


@pytest.mark.parametrize(
    ("readings", "why"),
    [
        (falling(0, 10, 12.6, -0.02), "as slowly as any"),
        (falling(0, 1.75, 12.6, -0.2), "not long enough"),
        (falling(0, 3, 12.6, -0.04), "too little in all"),
        (falling(0, 10, 12.0, 0.05), "it is charged"),
        ([(at, v, 0) for at, v, _ in falling(0, 9, 12.6, -0.05)[::8]], "too few readings"),
        ([(at, v, 1) for at, v, _ in falling(0, 10, 12.6, -0.05)], "something is on"),
    ],
)
def test_what_is_no_drain(readings: list[Reading], why: str) -> None:
    assert [event.kind for event in find(readings).events] == [], why


def test_silence_parts_two_rests() -> None:
    # In three hours without a report it may have been driven.
    night = [*falling(0, 1.5, 12.6, -0.08), *falling(4.5 * 3_600, 1.5, 12.3, -0.08)]
    assert find(night).events == ()
