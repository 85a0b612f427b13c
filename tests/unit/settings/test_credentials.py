import sys
import threading
from types import SimpleNamespace

import pytest
from keyring import errors

from tftmonitor.protocol.channels import Credential
from tftmonitor.settings import credentials

HERE = ["wss://here.example:8443/websocket", "wss://here.example"]
ACCOUNT = Credential.from_password("4711", "secret")


class Keyring:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, user: str) -> str | None:
        return self.kept.get((service, user))

    def set_password(self, service: str, user: str, password: str) -> None:
        self.kept[service, user] = password

    def delete_password(self, service: str, user: str) -> None:
        del self.kept[service, user]


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    keyring = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    return keyring


def test_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(credentials.PASSWORD_VARIABLE, "secret")
    assert credentials.from_environment("4711") == ACCOUNT
    monkeypatch.setenv(credentials.PASSWORD_VARIABLE, "")
    assert credentials.from_environment("4711") == Credential.from_password("4711", "")
    monkeypatch.delenv(credentials.PASSWORD_VARIABLE)
    assert credentials.from_environment("4711") is None


def test_keyring_keeps_the_hash_and_never_the_password(keyring: Keyring) -> None:
    assert credentials.load("4711", HERE) is None
    assert credentials.store(ACCOUNT, HERE)
    assert credentials.load("4711", HERE) == ACCOUNT
    assert "secret" not in str(keyring.kept)
    credentials.forget("4711", HERE)
    assert credentials.load("4711", HERE) is None


def test_keyring_without_a_back_end_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: str) -> str:
        raise RuntimeError("no back end")

    broken = SimpleNamespace(get_password=fail, set_password=fail, delete_password=fail)
    monkeypatch.setitem(sys.modules, "keyring", broken)
    assert credentials.load("4711", HERE) is None
    assert credentials.store(ACCOUNT, HERE) is False
    credentials.forget("4711", HERE)


def test_locked_keyring_is_not_waited_for(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked = threading.Event()
    monkeypatch.setattr(credentials, "_KEYRING_LIMIT_S", 0.02)
    monkeypatch.setattr(keyring, "get_password", lambda *_: unlocked.wait() and "late")
    assert credentials.load("4711", HERE) is None
    unlocked.set()


def test_locked_keyring_may_answer_late(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked = threading.Event()
    monkeypatch.setattr(keyring, "get_password", lambda *_: unlocked.wait() and "late")
    question = credentials.KeyringQuestion("4711", HERE)
    assert not question.wait(0.02)
    assert question.credential is None
    unlocked.set()
    assert question.wait(5)
    assert question.credential == Credential("4711", "late")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.KeyringLocked("dismissed"), "The keyring stayed locked."),
        (errors.NoKeyringError("x"), "There is no keyring on this computer."),
        (ImportError("keyring"), "There is no keyring on this computer."),
        (OSError("the disk is full."), "The keyring failed: the disk is full."),
        (ValueError(), "The keyring failed: ValueError."),
    ],
)
def test_each_kind_of_failure_has_its_own_words(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fail(*_: str) -> str:
        raise error

    monkeypatch.setattr(keyring, "get_password", fail)
    question = credentials.KeyringQuestion("4711", HERE)
    assert question.wait(5)
    with pytest.raises(credentials.KeyringError, match=words):
        _ = question.credential


@pytest.mark.parametrize(
    "elsewhere",
    [
        ["wss://there.example:8443/websocket", "wss://there.example"],
        ["wss://here.example:8443/websocket", "wss://there.example"],
        ["ws://here.example:8443/websocket", "wss://here.example"],
        ["wss://here.example:8444/websocket", "wss://here.example"],
        ["wss://here.example:8443@there.example/websocket", "wss://here.example"],
        ["wss://here.example.there.example:8443/", "wss://here.example"],
        ["no address", "wss://here.example"],
    ],
)
def test_what_was_stored_for_one_server_is_for_no_other(
    keyring: Keyring, elsewhere: list[str]
) -> None:
    assert credentials.store(ACCOUNT, HERE)
    assert credentials.load("4711", elsewhere) is None
    other = Credential.from_password("4711", "another")
    assert credentials.store(other, elsewhere)
    assert credentials.load("4711", elsewhere) == other
    assert credentials.load("4712", HERE) is None


def test_path_and_spelling_of_an_address_do_not_matter(keyring: Keyring) -> None:
    assert credentials.store(ACCOUNT, HERE)
    same = ["WSS://Here.example:8443/other?path", "wss://user@here.example:443/"]
    assert credentials.load("4711", same) == ACCOUNT
    assert credentials.load("4711", same[1:]) == ACCOUNT  # one channel alone


def test_what_an_older_version_stored_without_an_address_is_not_sent(keyring: Keyring) -> None:
    keyring.set_password("tftmonitor", "4711", ACCOUNT.password_md5)
    assert credentials.load("4711", HERE) is None
    credentials.forget("4711", HERE)
    assert keyring.kept == {}
