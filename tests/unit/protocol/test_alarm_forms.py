"""Alarm numbers and words in every form that a server could think of."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from tftmonitor.protocol.alarm_forms import AlarmForm, read_alarm, read_bits, says_none, shown
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import AlarmNotice, Snapshot


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (7, (7,)),
        (7.0, (7,)),
        ("7", (7,)),
        (" 7.0 ", (7,)),
        ("0x26", (0x26,)),
        ("0X26", (0x26,)),
        ("07", (7,)),
        (-2_147_483_648, (-2_147_483_648,)),
        ([7], (7,)),
        (["0x07", 7, 0, 4], (7, 4)),
        ("7, 4", (7, 4)),
        ("7;4|0x01", (7, 4, 1)),
        ("[7, 4]", (7, 4)),
        ({"code": 7, "name": "Towing"}, (7,)),
        ('{"value": "7"}', (7,)),
        ({"alarm_code": [7, 4], "code": 0}, (7, 4)),
    ],
)
def test_number_is_read_where_there_is_one_way_to_read_it(raw: Any, codes: tuple[int, ...]) -> None:
    form = read_alarm(raw)
    assert form is not None
    assert (form.codes, form.unread) == (codes, "")
    assert not says_none(raw)


@pytest.mark.parametrize(
    "raw",
    [
        True,
        "PANIC",
        "016",
        "7A",
        "1e1",
        7.5,
        "7.5",
        float("inf"),
        1 << 40,
        "0x1FFFFFFFF",
        [7, "PANIC"],
        "7,PANIC",
        [True],
        {"what": "PANIC"},
        {"what": 7},
        {"code": 7, "alarm": 8},
        {"code": "PANIC"},
    ],
)
def test_what_is_in_another_form_is_kept_as_it_came(raw: Any) -> None:
    form = read_alarm(raw)
    assert form is not None
    assert form.codes == ()
    assert form.unread == shown(raw)
    assert not says_none(raw)


@pytest.mark.parametrize(
    "raw",
    [
        *(
            0,
            0.0,
            -0.0,
            "0",
            "0.0",
            "0x00",
            "00",
            False,
            "false",
            "No",
            [],
            [0],
            "[]",
            "0,0",
            "0|0",
        ),
        {},
        {"code": 0},
        {"code": None, "note": "x"},
        "{}",
        [{}, None, [0]],
        "none",
        "OK",
        ["0", ""],
    ],
)
def test_zero_empty_null_and_false_say_that_there_is_none(raw: Any) -> None:
    assert read_alarm(raw) is None
    assert says_none(raw)


@pytest.mark.parametrize(
    "raw", [None, "", "  ", "null", "n/a", "-", -999, "-999", ",", float("nan")]
)
def test_what_is_silent_is_no_alarm(raw: Any) -> None:
    assert read_alarm(raw) is None


@pytest.mark.parametrize("raw", [None, "", "null", -999])
def test_what_is_silent_says_not_that_there_is_none(raw: Any) -> None:
    assert not says_none(raw)


@pytest.mark.parametrize(
    ("raw", "word"),
    [("0x10", 0x10), (20, 20), ("20", 20), ([16, 4], 20), ("0x10|0x04", 20), ([16, 16], 16)],
)
def test_bits_are_read_as_a_word_or_as_a_list_of_bits(raw: Any, word: int) -> None:
    form = read_bits(raw)
    assert form is not None
    assert form.codes == (word,)


def test_list_that_may_be_of_words_is_not_taken_for_bits() -> None:
    assert read_bits([20, 0]) == AlarmForm(unread="[20, 0]")
    assert read_bits([]) is None
    assert read_bits("PANIC") == AlarmForm(unread="PANIC")


def test_text_of_what_came_is_bounded_and_one_line() -> None:
    assert shown("a\nb") == "a b"
    assert len(shown({"x": "y" * 9_000})) <= 300
    assert shown({1, 2}).startswith("{")


def snapshot(**status: Any) -> Snapshot:
    content = {"event": "snapshot", "data": {"imei": "1", "status": status}}
    push = decode(Channel.DEVICES, json.dumps(content).encode())
    assert isinstance(push, Snapshot)
    return push


def test_snapshot_has_its_number_and_what_stands_beside_it() -> None:
    push = snapshot(cur_event="0x07,4", alerts=["0x40"])
    assert (push.status.cur_event, push.status.alerts) == (7, 0x40)
    assert push.alarms == (AlarmNotice(code=4),)
    assert push.problems == ()


def test_snapshot_keeps_what_it_cannot_read() -> None:
    push = snapshot(cur_event="PANIC", alerts=True, speed=5)
    assert (push.status.cur_event, push.status.alerts, push.status.speed) == (None, None, 5)
    assert [notice.unread for notice in push.alarms] == ["PANIC", "true"]
    assert len(push.problems) == 2


@pytest.mark.parametrize("raw", [[], [0], {}, False, "false", "0,0"])
def test_snapshot_that_says_none_in_another_form_is_quiet(raw: Any) -> None:
    push = snapshot(cur_event=raw, alerts=raw)
    assert (push.status.cur_event, push.status.alerts) == (0, 0)
    assert (push.alarms, push.problems) == ((), ())


@pytest.mark.parametrize("raw", [None, "", "n/a"])
def test_snapshot_that_is_silent_about_alarms_says_nothing_of_them(raw: Any) -> None:
    push = snapshot(cur_event=raw, speed="5")
    assert push.status.cur_event is None
    assert push.alarms == ()


@pytest.mark.parametrize(
    ("where", "notice"),
    [
        ({"cur_event": 7}, AlarmNotice(imei="1", code=7)),
        ({"alerts": "0x40"}, AlarmNotice(imei="1", bits=0x40)),
        ({"alarm_code": 64}, AlarmNotice(imei="1", bits=64)),
        ({"alarm_msg": {"cur_event": 7}}, AlarmNotice(imei="1", code=7)),
        ({"alarm": "PANIC"}, AlarmNotice(imei="1", unread="alarm: PANIC")),
    ],
)
def test_alarm_beside_the_status_is_found(where: dict[str, Any], notice: AlarmNotice) -> None:
    data = {"imei": "1", "status": {"speed": 5, "cur_event": 0}} | where
    push = decode(Channel.DEVICES, json.dumps({"event": "snapshot", "data": data}).encode())
    assert isinstance(push, Snapshot)
    assert push.alarms == (notice,)
    assert push.status.cur_event == 0


def test_alarm_in_place_of_the_number_is_found() -> None:
    push = snapshot(alarm_code=3, speed=5)
    assert push.alarms == (AlarmNotice(imei="1", code=3, speed=5.0),)


@pytest.mark.parametrize("alerts", [{}, {"alerts": 0}, {"alerts": "16"}, {"alerts": None}])
@pytest.mark.parametrize("code", [0x14, "0x14", [4, 16], "4,16"])
def test_bits_of_alarm_code_are_those_of_alerts(alerts: dict[str, Any], code: Any) -> None:
    for word in ({}, {"cur_event": 0}):
        push = snapshot(alarm_code=code, **alerts, **word)
        assert (push.status.alerts, push.alarms) == (0x14, ())


@pytest.mark.parametrize(
    ("inside", "notice"),
    [
        ({"alarm_code": "panic"}, AlarmNotice(unread="panic")),
        ({"alarm": "panic"}, AlarmNotice(unread="alarm: panic")),
        ({"alarm_msg": [7]}, AlarmNotice(code=7)),
    ],
)
def test_alarm_in_the_status_is_found_beside_a_quiet_number(
    inside: dict[str, Any], notice: AlarmNotice
) -> None:
    push = snapshot(cur_event=0, alerts=0, **inside)
    assert push.alarms == (replace(notice, imei="1"),)
    assert snapshot(cur_event=0, **dict.fromkeys(inside, 0)).alarms == ()


@pytest.mark.parametrize("value", [list(range(1, 300)), {f"k{n}": n for n in range(300)}])
def test_more_than_an_alarm_can_hold_is_of_unknown_form(value: Any) -> None:
    form = read_alarm(value)
    assert form is not None
    assert form.codes == ()
    assert "…" in form.unread
