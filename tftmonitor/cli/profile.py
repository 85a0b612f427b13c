"""What the commands on a profile have in common: its place, its times, its exit codes."""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.settings.profile import default_profile

EXIT_FAILED = 1
EXIT_UNKNOWN_ID = 4
# More than this no file can hold.
_LATEST_MS = 2**63 - 1


def add_profile_arguments(parser: argparse.ArgumentParser) -> None:
    """Which profile, and whether in words or for programs."""
    parser.add_argument(
        "--profile", type=Path, metavar="DIR", help="the profile; else that of the window"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def profile_of(options: argparse.Namespace) -> Path:
    """The profile that is named, else the window's own."""
    return Path(options.profile) if options.profile else default_profile()


def time_ms(text: str) -> int:
    """A time of the command line: ISO 8601 (UTC unless it says otherwise) or ms since 1970."""
    try:
        if text.isdecimal():
            return min(int(text), _LATEST_MS)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return round(moment.timestamp() * SECOND_MS)
    except (ValueError, OverflowError):
        wrong = f"{text!r} is neither a time such as 2026-11-26T08:00 nor milliseconds"
        raise argparse.ArgumentTypeError(wrong) from None


def write_lines(lines: Iterable[bytes]) -> bool:
    """Write lines on standard output; False, with words, when the disk behind it refuses.

    Raises BrokenPipeError when the reader has gone.
    """
    out = sys.stdout.buffer
    try:
        for line in lines:
            out.write(line + b"\n")
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"tftmonitor: lines cannot be written: {error.strerror}", file=sys.stderr)
        give_up_stdout()
        return False
    return True


def give_up_stdout() -> None:
    """What is left in the buffer goes nowhere: the interpreter would try it again at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
