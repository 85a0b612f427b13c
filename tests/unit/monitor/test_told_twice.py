"""One occurrence told by both channels, however they tell it: one alarm, and none goes unheard."""

from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import pytest

from tests.unit.monitor.alarm_rig import Rig
from tftmonitor.base.clock import HOUR_MS, SECOND_MS, ManualClock
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.codes import Severity

NOW = 1_795_000_000_000
SECONDS_BETWEEN = 20


class Kind(NamedTuple):
    """How the channels tell one kind of alarm."""

    snapshots: tuple[dict[str, int], ...]
    number: int
    texts: tuple[str, ...]
    severity: Severity


SOS = Kind(
    ({"cur_event": 16, "alerts": 16}, {"cur_event": 3}, {"cur_event": 0, "alerts": 16}),
    3,
    ("SOS", "车辆 粤B·12345 求救报警", "Botón de pánico"),
    Severity.CRITICAL,
)
CUT = Kind(
    ({"cur_event": 4, "alerts": 4}, {"cur_event": 1}, {"cur_event": 0, "alerts": 4}),
    1,
    ("Power cut of VAN 7", "Отключено питание", ""),
    Severity.CRITICAL,
)
SPEED = Kind(
    ({"cur_event": 4}, {"cur_event": 0, "alerts": 32}),
    4,
    ("Over speed 121 km/h", "超速 121 km/h"),
    Severity.WARNING,
)
Tell = partial[None]


def tellings(kind: Kind) -> Iterator[tuple[Tell, Tell]]:
    """Snapshots of one time, each with a message with and without number, text and date."""
    date = NOW + 60 * SECOND_MS
    dates: tuple[dict[str, int], ...] = (
        {},
        *({"date": date + shift * SECOND_MS} for shift in (0, -25)),
    )
    numbers: tuple[dict[str, int], ...] = ({}, {"cur_event": kind.number})
    for words, number, text, dated in product(kind.snapshots, numbers, kind.texts, dates):
        alarm: dict[str, Any] = number | dated
        status: dict[str, Any] = {"date": date} | words
        yield (
            partial(Rig.snapshot, after_s=0, **status),
            partial(Rig.message, text=text, after_s=0, **alarm),
        )


def worst(alarms: list[Alarm]) -> int:
    return max((alarm.severity for alarm in alarms), default=0)


def began() -> Rig:
    rig = Rig(None, ManualClock(NOW))
    rig.snapshot(after_s=0)
    rig.clock.advance(60)
    return rig


@pytest.mark.parametrize("is_acknowledged", [False, True])
@pytest.mark.parametrize("is_quiet_between", [False, True])
@pytest.mark.parametrize("is_message_first", [False, True])
@pytest.mark.parametrize("kind", [SOS, CUT, SPEED], ids=["sos", "cut", "speed"])
def test_two_channels_tell_one_alarm_and_what_is_worse_rings(
    kind: Kind, is_message_first: bool, is_quiet_between: bool, is_acknowledged: bool
) -> None:
    for pair in tellings(kind):
        first, second = reversed(pair) if is_message_first else pair
        rig = began()
        first(rig)
        if is_acknowledged:
            acknowledged = worst(rig.open())
            rig.acknowledge()
        before = rig.rings
        if is_quiet_between:
            rig.snapshot(after_s=SECONDS_BETWEEN / 2)
        rig.clock.advance(SECONDS_BETWEEN / 2)
        second(rig)
        (alarm,) = rig.seen.values()
        assert alarm.severity >= kind.severity, pair
        if is_acknowledged:
            is_worse = alarm.severity > acknowledged
            assert (alarm.needs_ack, rig.rings > before) == (is_worse, is_worse), pair
        else:
            assert alarm.needs_ack, pair
            assert rig.rings > 0, pair


@pytest.mark.parametrize("kind", [SOS, CUT, SPEED], ids=["sos", "cut", "speed"])
def test_channel_that_tells_the_same_again_tells_nothing_new(kind: Kind) -> None:
    for tell in (tell for pair in tellings(kind) for tell in pair):
        if "date" not in tell.keywords:
            continue
        rig = began()
        tell(rig)
        rig.acknowledge()
        before = rig.rings
        for seconds in (1, 20, 3_600):
            rig.clock.advance(seconds)
            tell(rig)
            assert (len(rig.seen), rig.rings) == (1, before), tell


def test_message_without_a_date_in_its_alarm_is_known_by_its_own() -> None:
    rig = began()
    for text in ("SOS", "求救"):
        rig.message(text, sent_ms=NOW)
        rig.acknowledge()
    before = rig.rings
    for text in ("SOS", "求救"):
        rig.message(text, after_s=HOUR_MS / SECOND_MS, sent_ms=NOW)
    assert (len(rig.seen), rig.rings) == (2, before)
    rig.message("SOS", sent_ms=NOW + 3 * HOUR_MS)
    assert rig.rings == before + 1


def test_when_a_message_was_sent_says_nothing_about_snapshots_of_that_time() -> None:
    rig = began()
    rig.message("SOS", sent_ms=NOW + 61 * SECOND_MS, after_s=1)
    rig.acknowledge()
    rig.snapshot(after_s=90, date=NOW + 61 * SECOND_MS, cur_event=16, alerts=16)
    assert rig.rings == 2


def test_text_about_what_a_snapshot_told_of_that_time_is_known_an_hour_later() -> None:
    rig = began()
    date = rig.clock.now_ms()
    rig.snapshot(date=date, cur_event=16, alerts=16)
    rig.acknowledge()
    rig.snapshot()
    rig.message("求救", after_s=HOUR_MS / SECOND_MS, date=date)
    assert (len(rig.seen), rig.rings) == (1, 1)
    rig.message("车门打开", date=date)
    assert (len(rig.seen), rig.rings) == (2, 2)
