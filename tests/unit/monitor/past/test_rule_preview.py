"""A rule is held against what is recorded, of each device that it holds for."""

import asyncio
from pathlib import Path

import pytest

from tests.unit.history.past.recorded import KEY, record, ring_of, snapshot
from tests.unit.history.samples.pushes import T0
from tftmonitor.base.clock import DAY_MS, MINUTE_MS
from tftmonitor.history.samples.stored import FILE_NAME
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.conditions import FieldAbove, LinkDown, Overdue
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import NOWHERE
from tftmonitor.monitor.past.past import Past
from tftmonitor.monitor.past.rule_preview import RecordedPreview, recorded_preview
from tftmonitor.protocol.messages import SnapshotData

# Ten minutes at 10 s, three times fast for a minute.
ROWS = [
    snapshot(number * 10_000, speed=120.0 if number % 20 < 6 else 50.0, acc=1)
    for number in range(60)
]
NOW = T0 + DAY_MS
FAST = Rule(id="fast", condition=FieldAbove(field="speed", limit=90.0, hold_s=30))


def fleet_of(*more: str) -> Fleet:
    fleet = Fleet()
    for key in (KEY, *more):
        fleet.apply(SnapshotData(imei=key), DeviceStatus(date=NOW, speed=1.0), b"", NOW)
    return fleet


def answers(profile: Path | None, rule: Rule, fleet: Fleet) -> list[RecordedPreview]:
    async def ask() -> list[RecordedPreview]:
        past = Past(profile)
        try:
            return [each async for each in recorded_preview(past, rule, fleet, NOW, NOWHERE)]
        finally:
            await past.close()

    return asyncio.run(ask())


def test_says_how_often_it_would_have_fired(tmp_path: Path) -> None:
    record(tmp_path, ROWS)
    [found] = answers(tmp_path, FAST, fleet_of())
    assert found.text == "Recorded: 3 times on 1 device, in the last 1 d 0 h of 1 device."
    slow = Rule(id="slow", condition=FieldAbove(field="speed", limit=200.0))
    [found] = answers(tmp_path, slow, fleet_of())
    assert found.text == "Recorded: not once, in the last 1 d 0 h of 1 device."


def test_devices_of_which_nothing_is_recorded_are_told_apart(tmp_path: Path) -> None:
    record(tmp_path, ROWS)
    found = answers(tmp_path, FAST, fleet_of("2", "3"))
    assert found[-1].text == "Recorded: 3 times on 1 device, in the last 1 d 0 h of 1 of 3 devices."
    assert len(found) == 1


def test_overdue_counts_by_the_interval_that_was_usual_then(tmp_path: Path) -> None:
    gap = [snapshot(number * 10_000 + 30 * MINUTE_MS, speed=50.0, acc=1) for number in range(60)]
    record(tmp_path, ROWS + gap)
    late = Rule(id="late", condition=Overdue(factor=3))
    [found] = answers(tmp_path, late, fleet_of())
    assert found.times == 2  # between the two, and since then
    assert ring_of(ROWS + gap).interval_ms == 10_000


@pytest.mark.parametrize(
    "rule",
    [
        Rule(id="link", condition=LinkDown("devices", 30)),
        Rule(id="bad", condition=FieldAbove(field="no_such", limit=1.0)),
    ],
)
def test_nothing_is_said_of_what_is_not_kept(tmp_path: Path, rule: Rule) -> None:
    record(tmp_path, ROWS)
    assert answers(tmp_path, rule, fleet_of()) == []


def test_without_a_record_nothing_is_said(tmp_path: Path) -> None:
    assert answers(tmp_path, FAST, fleet_of()) == []
    assert answers(None, FAST, fleet_of()) == []
    assert RecordedPreview().text == ""


def test_a_record_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database at all" * 100)
    [found] = answers(tmp_path, FAST, fleet_of())
    assert "cannot be read" in found.text
