import json
from typing import Any

import pytest

from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Push
from tftmonitor.protocol.refusals import Meaning, refusal_in
from tftmonitor.protocol.session import Session, SessionState

SNAPSHOT = {"event": "snapshot", "data": {"imei": "1", "status": {"speed": 1}}, "error": 0}


def push(content: Any, channel: Channel = Channel.DEVICES) -> Push:
    return decode(channel, json.dumps(content).encode())


@pytest.fixture
def session() -> Session:
    session = Session(Channel.DEVICES, Credential("u", "0" * 32))
    session.begin(100.0)
    return session


def test_nothing_received_is_neither_good_nor_bad(session: Session) -> None:
    assert session.state is SessionState.SIGNING_IN


def test_first_snapshot_proves_the_sign_in(session: Session) -> None:
    assert session.receive(push(SNAPSHOT)) is SessionState.LIVE


def test_frame_with_error_zero_proves_the_sign_in(session: Session) -> None:
    assert session.receive(push({"event": "signin", "error": 0})) is SessionState.LIVE


def test_message_proves_the_sign_in(session: Session) -> None:
    message = push({"type": "messagePass", "from_id": 0, "message": "hi"}, Channel.MESSAGES)
    assert session.receive(message) is SessionState.LIVE


@pytest.mark.parametrize("content", ["pong", {"event": "snapshot"}, {"event": "hello"}, 5])
def test_what_says_nothing_leaves_it_open(session: Session, content: Any) -> None:
    assert session.receive(push(content)) is SessionState.SIGNING_IN


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"event": "signin", "error": 1001, "msg": "bad user"}, "bad user"),
        ({"error": "1001", "message": "bad user"}, "bad user"),
        ({"code": -1, "reason": "bad user"}, "bad user"),
        ({"errcode": 7, "desc": "bad user"}, "bad user"),
        ({"status": "denied"}, "status denied"),
        ({"status": False}, "status False"),
        ({"error": True, "msg": ""}, "error True"),
        ({"error": 5.0, "msg": {"a": 1}}, "error 5"),
        ({"event": "snapshot", "data": {}, "error": 3, "msg": "bad user"}, "bad user"),
        ({"event": "snapshot", "data": None, "error": 3}, "error 3"),
    ],
)
def test_error_before_data_is_a_refusal_in_the_servers_text(
    session: Session, content: dict[str, Any], reason: str
) -> None:
    assert session.receive(push(content)) is SessionState.REFUSED
    assert session.refusal == reason


@pytest.mark.parametrize(
    "content",
    [
        {"error": 0},
        {"error": "0"},
        {"error": 0.0},
        {"error": None},
        {"error": ""},
        {"error": False},
        {"code": 200},
        {"status": "OK"},
        {"status": True},
        {"code": "success"},
        {"error": [], "status": {}},
        {},
    ],
)
def test_no_error_in_any_spelling_is_no_refusal(content: dict[str, Any]) -> None:
    assert refusal_in(content) is None


def test_error_after_data_refuses_nothing(session: Session) -> None:
    session.receive(push(SNAPSHOT))
    assert session.receive(push({"event": "x", "error": 5})) is SessionState.LIVE


def test_one_early_close_is_no_refusal_and_two_running_are(session: Session) -> None:
    assert session.closed(101.0, "closed") is SessionState.CLOSED
    session.begin(102.0)
    assert session.closed(103.0, "closed by the server (1008: go away)") is SessionState.REFUSED
    assert session.refusal == "closed by the server (1008: go away)"


def test_refusal_without_a_reason_gets_one_of_our_own(session: Session) -> None:
    session.closed(101.0, "")
    session.begin(102.0)
    session.closed(103.0, "")
    assert "closed the connection" in session.refusal


def test_close_long_after_the_sign_in_is_no_refusal(session: Session) -> None:
    session.closed(101.0, "")
    session.begin(102.0)
    assert session.closed(113.0, "") is SessionState.CLOSED
    session.begin(114.0)
    assert session.closed(115.0, "") is SessionState.CLOSED


def test_data_between_two_early_closes_breaks_their_run(session: Session) -> None:
    session.closed(101.0, "")
    session.begin(102.0)
    session.receive(push(SNAPSHOT))
    assert session.closed(103.0, "") is SessionState.CLOSED
    session.begin(104.0)
    assert session.closed(105.0, "") is SessionState.CLOSED


def test_connections_that_we_end_are_no_refusal(session: Session) -> None:
    for start_s in (101.0, 103.0, 105.0):
        assert session.closed(start_s, "", by_us=True) is SessionState.CLOSED
        session.begin(start_s + 1)


def test_refusal_stays_when_the_connection_closes_and_ends_with_the_next_attempt(
    session: Session,
) -> None:
    session.receive(push({"error": 1}))
    assert session.closed(101.0, "") is SessionState.REFUSED
    session.begin(200.0)
    assert session.receive(push(SNAPSHOT)) is SessionState.LIVE


@pytest.mark.parametrize(
    "content",
    [
        {"event": "alarm", "code": 16, "imei": "1"},
        {"event": "bleDoor", "status": "open", "data": {"imei": "1", "cur_event": 3}},
    ],
)
def test_alarm_of_an_unknown_kind_is_no_refusal(session: Session, content: Any) -> None:
    assert session.receive(push(content)) is SessionState.LIVE


def live(session: Session) -> Session:
    session.receive(push(SNAPSHOT))
    session.closed(1_000.0, "")
    return session


@pytest.mark.parametrize(
    ("content", "meaning"),
    [
        ({"error": 1, "msg": "wrong password"}, Meaning.ACCOUNT),
        ({"error": 1, "msg": "this account is closed"}, Meaning.ACCOUNT),
        ({"error": 1, "msg": "bad user"}, Meaning.ACCOUNT),
        ({"error": 1, "msg": "用户名或密码错误"}, Meaning.ACCOUNT),
        ({"error": 1, "msg": "Unauthorised"}, Meaning.ACCOUNT),
        ({"code": 401}, Meaning.ACCOUNT),
        ({"status": "denied"}, Meaning.ACCOUNT),
        ({"error": 1, "msg": "server busy, try again later"}, Meaning.STATE),
        ({"error": "database timeout"}, Meaning.STATE),
        ({"error": 1, "msg": "系统繁忙"}, Meaning.STATE),
        ({"code": 503}, Meaning.STATE),
        ({"code": "429"}, Meaning.STATE),
        ({"error": 1001}, Meaning.UNCLEAR),
        ({"error": True}, Meaning.UNCLEAR),
        ({"error": 1, "msg": "login service temporarily unavailable"}, Meaning.UNCLEAR),
    ],
)
def test_words_tell_a_wrong_password_from_a_server_in_trouble(
    content: dict[str, Any], meaning: Meaning
) -> None:
    refusal = refusal_in(content)
    assert refusal is not None
    assert refusal.meaning is meaning


def test_words_that_mean_it_refuse_outright_before_and_after_data(session: Session) -> None:
    assert session.receive(push({"error": 1, "msg": "bad user"})) is SessionState.REFUSED
    assert (session.is_refused_outright, session.has_held) == (True, False)
    session.begin(200.0)
    live(session).begin(2_000.0)
    assert session.receive(push({"error": 1, "msg": "bad user"})) is SessionState.REFUSED
    assert (session.is_refused_outright, session.has_held) == (True, True)


def test_unclear_error_at_the_first_sign_in_refuses_and_is_doubted(session: Session) -> None:
    assert session.receive(push({"error": 5})) is SessionState.REFUSED
    assert not session.is_refused_outright


def test_server_that_is_busy_refuses_nobody_however_often(session: Session) -> None:
    for start_s in range(0, 1_000, 100):
        assert session.receive(push({"error": 5, "msg": "busy"})) is SessionState.TURNED_AWAY
        assert "busy" in session.refusal
        assert session.closed(start_s + 1, "") is SessionState.CLOSED
        session.begin(start_s + 100.0)


def test_one_error_after_data_is_a_trouble(session: Session) -> None:
    live(session).begin(2_000.0)
    assert session.receive(push({"error": 5})) is SessionState.TURNED_AWAY
    assert session.receive(push(SNAPSHOT)) is SessionState.TURNED_AWAY
    assert session.closed(2_001.0, "") is SessionState.CLOSED
    session.begin(2_002.0)
    assert session.receive(push(SNAPSHOT)) is SessionState.LIVE


def test_many_failures_within_a_minute_after_data_are_one(session: Session) -> None:
    live(session)
    for start_s in range(2_000, 2_055, 5):
        session.begin(start_s)
        assert session.closed(start_s + 1.0, "connection broke") is SessionState.CLOSED


@pytest.mark.parametrize("error", [True, False])
def test_three_failures_a_minute_apart_after_data_are_a_refusal_in_doubt(
    session: Session, error: bool
) -> None:
    live(session)
    for start_s in (2_000.0, 2_030.0, 2_065.0, 2_100.0):
        session.begin(start_s)
        if error:
            session.receive(push({"error": 5}))
        assert session.closed(start_s + 1, "reset") is SessionState.CLOSED
    session.begin(2_130.0)
    if error:
        session.receive(push({"error": 5}))
    assert session.closed(2_131.0, "reset") is SessionState.REFUSED
    assert not session.is_refused_outright
    assert session.refusal == ("sign-in turned away (error 5)" if error else "reset")


def test_data_between_failures_after_data_begins_the_count_anew(session: Session) -> None:
    live(session)
    for start_s in (2_000.0, 2_100.0):
        session.begin(start_s)
        session.closed(start_s + 1, "reset")
    session.begin(2_200.0)
    live(session)
    for start_s in (3_000.0, 3_100.0):
        session.begin(start_s)
        assert session.closed(start_s + 1, "reset") is SessionState.CLOSED


def test_sign_in_that_stood_a_while_without_data_counts_as_held(session: Session) -> None:
    held = []
    for start_s, end_s in ((100.0, 130.0), (200.0, 300.0)):
        session.begin(start_s)
        session.closed(end_s, "restart")
        held.append(session.has_held)
    assert held == [False, True]
    for start_s in (301.0, 303.0):
        session.begin(start_s)
        assert session.closed(start_s + 1, "reset") is SessionState.CLOSED
