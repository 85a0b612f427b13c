"""Acknowledging from another process follows the rules of the window, open or closed."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tftmonitor.base.clock import ManualClock
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Acknowledged
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor import outside
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.outside import AckAnswer, AckRequest, Outcome, acknowledge_kept

NOW = 1_795_000_000_000


class Window:
    """The alarm service of a window, on the journal of a profile."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.clock = ManualClock(NOW)
        self.service = AlarmService(
            OpenAlarms(),
            JournalThread(journal),
            CodeResolver(),
            self.clock,
            lambda _ident: None,
            "operator",
        )

    async def raise_alarms(self, count: int) -> None:
        for number in range(count):
            self.service.rule_alarm(str(number), "Voltage low", Severity.HIGH)
        await self.service.drain()

    async def ask(self, request: AckRequest) -> AckAnswer:
        answered = await outside.answer(self.service, msgspec.json.encode(request))
        return msgspec.json.decode(answered, type=AckAnswer)


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    journal = Journal.open(tmp_path / FILE_NAME, ManualClock(NOW))
    with closing(journal.database):
        yield Window(journal)


def acknowledgements(journal: Journal) -> list[tuple[int | None, str]]:
    """Number and operator of each one in the journal."""
    found = [e for e in journal.read(1_000) if isinstance(e.event, Acknowledged)]
    return sorted((e.alarm_id, e.event.who) for e in found if isinstance(e.event, Acknowledged))


def test_window_acknowledges_and_answers_when_it_is_on_disk(window: Window) -> None:
    async def work() -> None:
        await window.raise_alarms(3)
        answer = await window.ask(AckRequest((3, 1, 99), "night shift"))
        assert answer.outcomes == {
            3: Outcome.ACKNOWLEDGED,
            1: Outcome.ACKNOWLEDGED,
            99: Outcome.UNKNOWN,
        }
        assert answer.problem == ""
        assert acknowledgements(window.journal) == [(1, "night shift"), (3, "night shift")]
        again = await window.ask(AckRequest((1,), "late shift"))
        assert again.outcomes == {1: Outcome.ALREADY}
        assert (await window.ask(AckRequest(None))).outcomes == {2: Outcome.ACKNOWLEDGED}
        assert (await window.ask(AckRequest(None))).outcomes == {}
        assert len(acknowledgements(window.journal)) == 3

    asyncio.run(work())


def test_all_means_also_what_is_under_way(window: Window) -> None:
    async def work() -> None:
        window.service.rule_alarm("a", "Voltage low", Severity.HIGH)
        assert (await window.ask(AckRequest(None))).outcomes == {1: Outcome.ACKNOWLEDGED}

    asyncio.run(work())


def test_window_without_room_on_disk_says_so(window: Window) -> None:
    async def work() -> None:
        await window.raise_alarms(1)
        window.journal.database.execute("PRAGMA query_only = 1")
        answer = await window.ask(AckRequest((1,)))
        assert answer.outcomes == {1: Outcome.ACKNOWLEDGED}
        assert answer.problem.startswith("Done in the window, and not yet on disk. Alarms cannot")
        window.journal.database.execute("PRAGMA query_only = 0")

    asyncio.run(work())


@pytest.mark.parametrize("line", [b"", b"{", b'{"type":"open_door"}', b'{"type":"acknowledge"}'])
def test_request_that_is_not_understood_is_answered(window: Window, line: bytes) -> None:
    async def work() -> None:
        answered = msgspec.json.decode(await outside.answer(window.service, line), type=AckAnswer)
        assert answered.outcomes == {}
        assert "does not understand" in answered.problem

    asyncio.run(work())


def test_closed_program_is_acknowledged_by_the_same_rules(window: Window) -> None:
    asyncio.run(window.raise_alarms(3))
    window.service.shelve([3], NOW + 60_000, "being worked on")
    asyncio.run(window.service.drain())
    answer = acknowledge_kept(window.journal, AckRequest((2, 99), "night shift"), NOW + 1)
    assert answer.outcomes == {2: Outcome.ACKNOWLEDGED, 99: Outcome.UNKNOWN}
    again = acknowledge_kept(window.journal, AckRequest((2,), "late shift"), NOW + 2)
    assert again.outcomes == {2: Outcome.ALREADY}
    every = acknowledge_kept(window.journal, AckRequest(None), NOW + 3)
    assert every.outcomes == {1: Outcome.ACKNOWLEDGED}
    assert acknowledgements(window.journal) == [(1, ""), (2, "night shift")]
    kept = {alarm.id: alarm.acknowledged_ms for alarm in window.journal.load().alarms}
    assert kept == {1: NOW + 3, 2: NOW + 1, 3: None}
    kinds = [entry.kind for entry in window.journal.read(100)]
    assert kinds.count("restored") == 1  # the window's alone
