"""The words of the commands ``alarms`` and ``ack``, and what they say of a closed program."""

import asyncio
import json
import os
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.base.local_socket import SilentWindowError
from tftmonitor.cli import ack, build_parser, main
from tftmonitor.cli.window_socket import ask_window
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.profile_lock import ProfileLock
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_service import AlarmService

NOW = 1_795_000_000_000


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A profile whose window was closed with two alarms that wait."""
    clock = ManualClock(NOW)
    journal = Journal.open(tmp_path / FILE_NAME, clock)
    service = AlarmService(
        OpenAlarms(), JournalThread(journal), CodeResolver(), clock, lambda _ident: None
    )

    async def work() -> None:
        service.rule_alarm("a", "Voltage low", Severity.HIGH)
        clock.advance(60)
        service.rule_alarm("b", "Größe falsch", Severity.CRITICAL)
        await service.drain()

    asyncio.run(work())
    journal.close()
    return tmp_path


@pytest.fixture
def lock(profile: Path) -> Iterator[ProfileLock]:
    """That of a window which neither listens nor answers."""
    taken = ProfileLock.take(profile)
    assert taken is not None
    with taken:
        yield taken


def objects(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("ack", "--all is required"),
        ("ack 1 --all", "not allowed"),
        ("ack SOS", "not the number of an alarm"),
        ("ack 99999999999999999999", "not the number of an alarm"),
        ("ack 1 --as=", "this is no name"),
        ("alarms --open --all", "not allowed"),
        ("alarms --from yesterday", "neither a time"),
        ("alarms --from 2026-13-01", "neither a time"),
    ],
)
def test_wrong_usage_is_told(words: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 2
    assert text in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "time_ms"),
    [
        ("1795000000123", 1_795_000_000_123),
        ("2026-11-18T11:06:40", NOW),
        ("2026-11-18T12:06:40+01:00", NOW),
        ("2026-11-18T11:06:40Z", NOW),
        ("2026-11-18", 1_794_960_000_000),
    ],
)
def test_times_are_iso_or_milliseconds(text: str, time_ms: int) -> None:
    words = ["alarms", "--from", text]
    assert build_parser(words).parse_args(words).from_ms == time_ms


@pytest.mark.parametrize("command", ["alarms", "ack"])
def test_help_lists_the_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert "exit codes: 0" in capsys.readouterr().out


def test_alarms_of_a_closed_program(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--profile", str(profile)]
    assert main(["alarms", "--json", *place]) == 0
    found = objects(capsys.readouterr().out)
    assert [(one["id"], one["severity"], one["rings"]) for one in found] == [
        (1, "high", 1),
        (2, "critical", 1),
    ]
    assert main(["alarms", *place, "--from", str(NOW + 1)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("2 critical active · This program: Größe falsch · first ")


def test_ack_in_the_journal_of_a_closed_program(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--profile", str(profile)]
    assert main(["ack", "1", "77", "--as", "night shift", *place]) == 4
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("acknowledged: 1 high acknowledged ·")
    assert second == "77: there is no alarm of this number"
    assert main(["ack", "1", "1", "--json", *place]) == 0
    (again,) = objects(capsys.readouterr().out)
    assert (again["id"], again["result"]) == (1, "already acknowledged")
    assert main(["ack", "--all", *place]) == 0
    assert capsys.readouterr().out.startswith("acknowledged: 2 ")
    assert main(["ack", "--all", *place]) == 0
    assert capsys.readouterr().out == "No alarm is waiting.\n"
    assert main(["ack", "--all", "--json", *place]) == 0
    assert capsys.readouterr().out == ""
    with closing(Journal.open(profile / FILE_NAME, ManualClock(NOW)).database) as database:
        rows = database.execute("SELECT alarm_id FROM journal WHERE kind = 'acknowledged'")
        assert rows.fetchall() == [(1,), (2,)]


def test_closed_alarm_is_told_from_none(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(profile / FILE_NAME)) as database:
        database.execute("UPDATE alarms SET open = 0 WHERE id = 1")
        database.commit()
    assert main(["ack", "1", "--profile", str(profile), "--json"]) == 0
    (one,) = objects(capsys.readouterr().out)
    assert one["result"] == "already closed"


def test_window_that_does_not_answer_is_told_and_nothing_written(
    profile: Path,
    lock: ProfileLock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ack, "_ANSWER_LIMIT_S", 0.2)
    before = (profile / FILE_NAME).read_bytes()
    assert main(["ack", "--all", "--profile", str(profile)]) == 1
    told = capsys.readouterr()
    assert "is open and does not answer" in told.err
    assert told.out == ""
    assert (profile / FILE_NAME).read_bytes() == before
    assert main(["alarms", "--profile", str(profile)]) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no sockets with a path")
def test_window_that_hears_and_says_nothing_is_silent(profile: Path) -> None:
    with socket.socket(socket.AF_UNIX) as window:
        window.bind(str(profile / "window.socket"))
        window.listen()
        with pytest.raises(SilentWindowError):
            ask_window(profile, b"{}", 0.1)
    assert ask_window(profile, b"{}", 0.1) is None  # left behind by a killed one


@pytest.mark.skipif(
    sys.platform == "win32" or os.getuid() != 0, reason="only root can give a file away"
)
def test_socket_of_somebody_else_is_not_asked(profile: Path) -> None:
    path = profile / "window.socket"
    with socket.socket(socket.AF_UNIX) as window:
        window.bind(str(path))
        window.listen()
        os.chown(path, 12_345, -1)
        assert ask_window(profile, b"{}", 0.1) is None
        os.chown(profile, 12_345, -1)
        with pytest.raises(SilentWindowError):
            ask_window(profile, b"{}", 0.1)


@pytest.mark.parametrize("command", [["alarms"], ["ack", "1"]])
def test_profile_without_a_journal_is_no_success(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--profile", str(tmp_path / "typo")]) == 1
    assert "no journal" in capsys.readouterr().err
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("command", [["alarms", "--json"], ["ack", "2"]])
def test_alarm_that_cannot_be_read_is_no_success(
    profile: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(profile / FILE_NAME)) as database:
        database.execute("UPDATE alarms SET body = '{}' WHERE id = 2")
        database.commit()
    assert main([*command, "--profile", str(profile)]) != 0
    told = capsys.readouterr()
    assert "cannot be read by this version" in told.err + told.out
