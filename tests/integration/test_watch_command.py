"""The command line of `watch`, without a process of its own."""

import argparse
import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typing_extensions import override

from tftmonitor.cli import build_parser, main, profile, watch
from tftmonitor.cli.session import credential_of
from tftmonitor.link.network import Network
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.settings import credentials

NOWHERE = ["--device-url", "ws://127.0.0.1:1", "--message-url", "ws://127.0.0.1:1"]


@pytest.fixture(autouse=True)
def no_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(credentials.PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr(credentials, "load", lambda _user, _urls: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(profile, "default_profile", lambda: tmp_path)


def test_no_option_of_any_command_takes_a_password() -> None:
    parsers = [build_parser()]
    for action in parsers[0]._actions:
        if isinstance(action, argparse._SubParsersAction):
            parsers += action.choices.values()
    assert len(parsers) >= 3
    for parser in parsers:
        for action in parser._actions:
            for option in action.option_strings:
                assert "pass" not in option


@pytest.mark.parametrize(
    "arguments",
    [
        ["--password", "x"],
        ["--count", "0"],
        ["--count", "many"],
        ["--for", "-1"],
        ["--for", "nan"],
        ["--only", "everything"],
        ["extra"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(["watch", "--user", "u", *arguments])
    assert error.value.code == 2
    assert capsys.readouterr().out == ""


def test_missing_account_or_password_exits_with_2_and_says_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["watch", *NOWHERE]) == 2
    assert "--user" in capsys.readouterr().err
    assert main(["watch", "--user", "u", *NOWHERE]) == 2
    words = capsys.readouterr()
    assert credentials.PASSWORD_VARIABLE in words.err
    assert words.out == ""


class Terminal(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


def test_account_and_password_are_asked_for_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda _prompt: " 4711 ")
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "secret")
    assert credential_of(None, [], watch._say) == Credential.from_password("4711", "secret")


def test_end_of_input_on_a_terminal_is_no_account(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", end)
    monkeypatch.setattr("getpass.getpass", end)
    assert credential_of(None, [], watch._say) is None
    assert credential_of("u", [], watch._say) is None
    assert "no password for u" in capsys.readouterr().err


def test_password_of_the_environment_goes_before_the_keyrings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(credentials, "load", lambda user, _urls: Credential(user, "stored"))
    assert credential_of("u", [], watch._say) == Credential("u", "stored")
    monkeypatch.setenv(credentials.PASSWORD_VARIABLE, "secret")
    assert credential_of("u", [], watch._say) == Credential.from_password("u", "secret")


def test_refusal_that_is_put_to_the_test_again_does_not_end_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = build_parser().parse_args(["watch", "--user", "u", *NOWHERE])
    watching = watch._Watch(options, Credential.from_password("u", "p"), {}, Network())
    status = LinkStatus(Channel.DEVICES, LinkState.REFUSED, 0, "error 5", 1, advice="Wait.")
    watching._note_link(status)
    assert not watching._stop.is_set()
    assert capsys.readouterr().err == "devices: sign-in refused (error 5) Wait.\n"
    watching._note_link(replace(status, next_try_ms=None))
    assert watching._stop.is_set()
