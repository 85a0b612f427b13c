"""``tftmonitor ack``: acknowledges alarms through the running window, else in the journal."""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tftmonitor.base.clock import SystemClock
from tftmonitor.base.local_socket import SilentWindowError
from tftmonitor.cli.profile import (
    EXIT_FAILED,
    EXIT_UNKNOWN_ID,
    add_profile_arguments,
    profile_of,
    write_lines,
)
from tftmonitor.cli.window_socket import ask_window
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_reader import alarms_of
from tftmonitor.history.profile_lock import ProfileLock
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.fields.formatting import one_line
from tftmonitor.monitor.alarm_format import facts_of, words_of
from tftmonitor.monitor.outside import AckAnswer, AckRequest, Outcome, acknowledge_kept
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.zone import zone_of

# A window that starts or ends is neither there nor gone for a moment.
_ANSWER_LIMIT_S = 8.0
_PAUSE_S = 0.1
_MOST_ID = 2**63 - 1

_Found = Mapping[int, Alarm | None]

_NO_ALARM = {
    Outcome.UNKNOWN: "there is no alarm of this number",
    Outcome.UNREADABLE: "this alarm cannot be read by this version",
}

_EXITS = """\
While the window of the profile is open it acknowledges and answers; else it is written to the
journal. exit codes: 0 these alarms are acknowledged, now or before; 1 nothing is known to be
done: the window is open and does not answer, or the journal cannot be read or written; 2 wrong
usage; 4 an ID is of no alarm, or of one that cannot be read; the others are done."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.epilog = _EXITS
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", type=_number, default=[], metavar="ID", help="its number")
    which.add_argument("--all", action="store_true", help="all that wait for somebody")
    add_profile_arguments(parser)
    parser.add_argument(
        "--as",
        dest="who",
        metavar="NAME",
        type=_name,
        default="command line",
        help="who has seen them, for the journal",
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > _MOST_ID:
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of an alarm")
    return int(text)


def _name(text: str) -> str:
    # The shell may hand over what no text of the journal can hold.
    name = one_line(text.encode("utf-8", "replace").decode("utf-8"))
    if not name:
        raise argparse.ArgumentTypeError("this is no name")
    return name


def run(options: argparse.Namespace) -> int:
    """Acknowledge, and say of each alarm what was done."""
    profile = profile_of(options)
    request = AckRequest(None if options.all else tuple(options.ids), options.who)
    try:
        alarms_of(profile, ())  # a journal that cannot be read is not touched
        found = acknowledge(profile, request)
        alarms = alarms_of(profile, found.outcomes)
    except SilentWindowError:
        return _fail(
            f"The window on {profile} is open and does not answer. Nothing was written beside it; "
            "it may still acknowledge when it goes on."
        )
    except msgspec.DecodeError:
        return _fail("The window answers in another way than this version. Please look there.")
    except (JournalError, OSError) as error:
        return _fail(str(error))
    outcomes = {n: _told_apart(outcome, n, alarms) for n, outcome in found.outcomes.items()}
    if not write_lines(_lines(outcomes, alarms, as_json=options.json)):
        return EXIT_FAILED
    if found.problem:
        return _fail(found.problem)
    return 0 if _NO_ALARM.keys().isdisjoint(outcomes.values()) else EXIT_UNKNOWN_ID


def acknowledge(profile: Path, request: AckRequest) -> AckAnswer:
    """Through the window, else in the journal. Raises SilentWindowError, JournalError, OSError."""
    end_s = time.monotonic() + _ANSWER_LIMIT_S
    line = msgspec.json.encode(request)
    while True:
        answered = ask_window(profile, line, max(0.5, end_s - time.monotonic()))
        if answered is not None:
            return msgspec.json.decode(answered, type=AckAnswer)
        lock = ProfileLock.take(profile)
        if lock is not None:
            with lock:
                return _acknowledge_on_disk(profile, request)
        if time.monotonic() > end_s:
            raise SilentWindowError
        time.sleep(_PAUSE_S)


def _acknowledge_on_disk(profile: Path, request: AckRequest) -> AckAnswer:
    clock = SystemClock()
    journal = Journal.open(profile / FILE_NAME, clock)
    try:
        return acknowledge_kept(journal, request, clock.now_ms())
    finally:
        journal.close()


def _told_apart(outcome: Outcome, number: int, alarms: _Found) -> Outcome:
    """What is not open may be closed, of a newer version, or no alarm at all."""
    if outcome is not Outcome.UNKNOWN or number not in alarms:
        return outcome
    return Outcome.UNREADABLE if alarms[number] is None else Outcome.CLOSED


def _lines(outcomes: Mapping[int, Outcome], alarms: _Found, *, as_json: bool) -> Iterator[bytes]:
    zone = zone_of(Settings())
    for number, outcome in outcomes.items():
        alarm = alarms.get(number)
        if as_json:
            facts = None if alarm is None else facts_of(alarm)
            line = {"id": number, "result": outcome.value, "alarm": facts}
            yield msgspec.json.encode(line)
        elif alarm is None:
            yield f"{number}: {_NO_ALARM.get(outcome, outcome.value)}".encode()
        else:
            yield f"{outcome.value}: {words_of(alarm, zone)}".encode("utf-8", "replace")
    if not outcomes and not as_json:
        yield b"No alarm is waiting."


def _fail(reason: str) -> int:
    print(f"tftmonitor ack: {reason}", file=sys.stderr)
    return EXIT_FAILED
