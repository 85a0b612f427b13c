"""Acknowledging from another process: what is asked, what is answered, and both ways to do it."""

import enum
from collections.abc import Iterable

import msgspec

from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.journal import Journal
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import Acknowledged
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.alarms.reducer import AlarmReducer
from tftmonitor.monitor.alarm_pipeline import AlarmStep
from tftmonitor.monitor.alarm_service import AlarmService


class AckRequest(msgspec.Struct, frozen=True, tag="acknowledge"):
    """Somebody has seen these alarms; without ``ids`` all that wait. One line of JSON."""

    ids: tuple[int, ...] | None
    who: str = ""


class Outcome(enum.Enum):
    """What became of one alarm; the values are what other programs get."""

    ACKNOWLEDGED = "acknowledged"
    ALREADY = "already acknowledged"
    CLOSED = "already closed"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


class AckAnswer(msgspec.Struct, frozen=True):
    """The outcome by number; UNKNOWN for all that is not open. ``problem`` is a text, or ""."""

    outcomes: dict[int, Outcome]
    problem: str = ""


async def answer(service: AlarmService, line: bytes) -> bytes:
    """What the window answers to a line of another process, once it is done and on disk."""
    try:
        request = msgspec.json.decode(line, type=AckRequest)
    except msgspec.DecodeError as error:
        return msgspec.json.encode(AckAnswer({}, f"The window does not understand this: {error}."))
    return msgspec.json.encode(await acknowledge_live(service, request))


async def acknowledge_live(service: AlarmService, request: AckRequest) -> AckAnswer:
    """Acknowledge in the running program, as the operator would."""
    await service.drain()  # what was received before belongs to "all"
    outcomes = _outcomes(service.alarms, request)
    service.acknowledge(_to_do(outcomes), who=request.who)
    is_kept = await service.drain()
    return AckAnswer(outcomes, "" if is_kept else _why_not_kept(service))


def acknowledge_kept(journal: Journal, request: AckRequest, now_ms: int) -> AckAnswer:
    """Acknowledge in the journal of a program that does not run, by the same rules.

    The profile must be locked. Raises JournalError.
    """
    left = journal.load()
    reducer = AlarmReducer()
    reducer.restore(left.alarms, left.next_id, {})
    outcomes = _outcomes(reducer.alarms, request)
    batch = JournalBatch()
    batch.add_changes(reducer.reduce(Acknowledged(now_ms, tuple(_to_do(outcomes)), request.who)))
    if batch:
        journal.write(batch)
    return AckAnswer(outcomes)


def _why_not_kept(service: AlarmService) -> str:
    reason = service.pipeline.failing.get(AlarmStep.JOURNAL, "")
    return f"Done in the window, and not yet on disk. {reason}".strip()


def _outcomes(alarms: OpenAlarms, request: AckRequest) -> dict[int, Outcome]:
    if request.ids is None:
        waiting = sorted(alarm.id for alarm in alarms.unacknowledged())
        return dict.fromkeys(waiting, Outcome.ACKNOWLEDGED)
    return {number: _outcome(alarms.get(number)) for number in request.ids}


def _outcome(alarm: Alarm | None) -> Outcome:
    if alarm is None:
        return Outcome.UNKNOWN
    return Outcome.ACKNOWLEDGED if alarm.acknowledged_ms is None else Outcome.ALREADY


def _to_do(outcomes: dict[int, Outcome]) -> Iterable[int]:
    return [number for number, outcome in outcomes.items() if outcome is Outcome.ACKNOWLEDGED]
