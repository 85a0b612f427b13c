import json

import pytest

from tftmonitor.protocol.channels import (
    DEFAULT_URLS,
    PING_INTERVAL_S,
    PING_TEXT,
    Channel,
    Credential,
    sign_in_frame,
)

ACCOUNT = Credential.from_password("4711", "pässword")
# MD5 of the UTF-8 bytes, reckoned with another tool.
DIGEST = "8e1843033a0f6ee52e2f618aa8ebbef4"


def test_devices_channel_signs_in_with_token_and_event() -> None:
    assert json.loads(sign_in_frame(Channel.DEVICES, Credential("4711", "ab" * 16))) == {
        "token": "4711",
        "md5-password": "ab" * 16,
        "event": "signin",
    }


def test_messages_channel_registers_with_user_id_and_type() -> None:
    assert json.loads(sign_in_frame(Channel.MESSAGES, Credential("4711", "ab" * 16))) == {
        "user_id": "4711",
        "md5-password": "ab" * 16,
        "type": "registUserMessage",
    }


@pytest.mark.parametrize(
    ("password", "digest"),
    [
        ("password", "5f4dcc3b5aa765d61d8327deb882cf99"),
        ("", "d41d8cd98f00b204e9800998ecf8427e"),
        ("pässword", DIGEST),
    ],
)
def test_password_becomes_lower_case_hex_of_its_utf8_md5(password: str, digest: str) -> None:
    assert Credential.from_password("u", password).password_md5 == digest


def test_credential_does_not_show_its_hash() -> None:
    assert ACCOUNT.password_md5 not in repr(ACCOUNT)
    assert "4711" in repr(ACCOUNT)


def test_addresses_and_keep_alive_are_the_documented_ones() -> None:
    assert DEFAULT_URLS[Channel.DEVICES] == "wss://openapi.tftiot.com:8443/websocket"
    assert DEFAULT_URLS[Channel.MESSAGES] == "wss://openapi.tftiot.com"
    assert PING_TEXT == "ping"
    assert PING_INTERVAL_S == 60.0
