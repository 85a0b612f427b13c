import json

import pytest

from tftmonitor.protocol.channels import Channel, Credential, sign_in_frame
from tftmonitor.simulator.server.sign_in import check_sign_in, refusal_frame

CREDENTIAL = Credential.from_password("demo", "secret")
MD5 = CREDENTIAL.password_md5


@pytest.mark.parametrize("channel", list(Channel))
def test_documented_frame_signs_in(channel: Channel) -> None:
    verdict = check_sign_in(channel, sign_in_frame(channel, CREDENTIAL), None)
    assert (verdict.user, verdict.refusal) == ("demo", "")


@pytest.mark.parametrize("channel", list(Channel))
def test_frame_of_the_other_channel_is_refused(channel: Channel) -> None:
    other = next(each for each in Channel if each is not channel)
    assert (
        "must have the keys"
        in check_sign_in(channel, sign_in_frame(other, CREDENTIAL), None).refusal
    )


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("hello", "is not JSON"),
        ("[]", "must have the keys"),
        ({"token": "u", "event": "signin"}, "must have the keys"),
        ({"token": "u", "md5-password": MD5, "event": "signin", "x": 1}, "must have the keys"),
        ({"token": "u", "md5-password": MD5, "event": "login"}, "event must be signin"),
        ({"token": 5, "md5-password": MD5, "event": "signin"}, "token must be a text"),
        ({"token": "", "md5-password": MD5, "event": "signin"}, "token must be a text"),
        ({"token": "u", "md5-password": MD5.upper(), "event": "signin"}, "lower-case hex"),
        ({"token": "u", "md5-password": "secret", "event": "signin"}, "lower-case hex"),
    ],
)
def test_anything_else_is_refused_in_text(frame: str | dict[str, object], reason: str) -> None:
    text = frame if isinstance(frame, str) else json.dumps(frame)
    assert reason in check_sign_in(Channel.DEVICES, text, None).refusal


def test_binary_sign_in_is_refused() -> None:
    frame = sign_in_frame(Channel.DEVICES, CREDENTIAL).encode()
    assert check_sign_in(Channel.DEVICES, frame, None).refusal == "sign-in frame must be text"


def test_known_users_need_their_password() -> None:
    frame = sign_in_frame(Channel.DEVICES, CREDENTIAL)
    assert check_sign_in(Channel.DEVICES, frame, {"demo": "secret"}).user == "demo"
    assert "wrong" in check_sign_in(Channel.DEVICES, frame, {"demo": "other"}).refusal
    assert "wrong" in check_sign_in(Channel.DEVICES, frame, {"else": "secret"}).refusal


def test_refusal_has_the_form_of_errors_of_its_channel() -> None:
    assert json.loads(refusal_frame(Channel.DEVICES, "no")) == {"error": 1, "msg": "no"}
    assert json.loads(refusal_frame(Channel.MESSAGES, "no")) == {"code": 1, "msg": "no"}
