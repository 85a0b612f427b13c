"""No cliffs: ten times as much costs no more than ten times the calls, whatever is open."""

import pytest
from pytestqt.qtbot import QtBot

from tests.cliffs.all_situations import SITUATIONS
from tests.cliffs.situation import Situation, calls_of

# What is done once, however much there is; and a tenth for what a run has more than another.
_ONCE = 3_000
_SPARE = 1.1


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.what)
def test_calls_grow_no_faster_than_what_there_is(qtbot: QtBot, situation: Situation) -> None:
    few, many = situation.counted
    calls = calls_of(situation, few), calls_of(situation, many)
    growth = 1 if situation.is_bounded else many / few
    assert calls[1] <= _ONCE + _SPARE * growth * calls[0]
