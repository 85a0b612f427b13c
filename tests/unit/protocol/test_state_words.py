"""Which words are states that merely are, and which may be alarms."""

from typing import Any

import pytest

from tftmonitor.protocol.alarm_search import alarms_in
from tftmonitor.protocol.messages import AlarmNotice
from tftmonitor.protocol.state_words import is_quiet_state, says_all_is_well, telling_states


@pytest.mark.parametrize(
    ("word", "is_well", "is_quiet"),
    [
        ("OK", True, True),
        ("normal.", True, True),
        ("No leak detected", True, True),
        ("no_alarm", True, True),
        ("正常", True, True),
        ("0", True, True),
        ("", True, True),
        ("17", False, True),
        ("12:30", False, True),
        ("on", False, True),
        ("power_on", False, True),
        ("Connected", False, True),
        ("no pressure", False, False),
        ("not closed", False, False),
        ("LEAKING", False, False),
        ("漏气", False, False),
    ],
)
def test_words_that_deny_and_words_that_merely_say(
    word: str, is_well: bool, is_quiet: bool
) -> None:
    assert (says_all_is_well(word), is_quiet_state(word)) == (is_well, is_quiet)


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({"status": "tampered"}, {"status": "tampered"}),
        ({"status": 7, "state": True, "event": None, "result": {"a": "b"}}, {}),
        ({"status": '{"a": 1}', "event": "bleDoor"}, {}),
        ({"events": ["ok", "roaming", "jammed"]}, {"events": "jammed"}),
        ({"state": "Ohio lost", "city": "Dayton", "status": "forced"}, {"status": "forced"}),
        ({"status": "门被拆除"}, {"status": "门被拆除"}),
        ({"status": "roaming", "state": "rear axle"}, {}),
        ({"state": "x" * 61}, {}),
        ({"state": "x" * 61 + " tamper"}, {"state": "x" * 61 + " tamper"}),
        ({"name": "leak", "temperature": "hot"}, {}),
    ],
)
def test_states_that_may_be_alarms(item: dict[str, Any], told: dict[str, str]) -> None:
    assert telling_states(item, "bleDoor") == told


@pytest.mark.parametrize(
    "content",
    [
        {"imei": "1", "status": "tampered"},
        {"imei": "1", "sensors": [[{"status": "ok"}, {"status": "tampered"}]]},
        {"imei": "1", "extra": '{"inner": {"status": "tampered"}}'},
    ],
)
def test_state_is_found_wherever_it_stands(content: dict[str, Any]) -> None:
    told = AlarmNotice(imei="1", unread="status: tampered")
    assert alarms_in(content, "bleDoor", states=True) == [told]
    assert alarms_in(content, "bleDoor") == []
    assert alarms_in({**content, "imei": None}, "bleDoor", states=True) == []
