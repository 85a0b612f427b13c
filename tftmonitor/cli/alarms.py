"""``tftmonitor alarms``: what the journal of a profile has, one alarm a line."""

import argparse
import sys
from collections.abc import Iterator

import msgspec

from tftmonitor.cli.profile import (
    EXIT_FAILED,
    add_profile_arguments,
    profile_of,
    time_ms,
    write_lines,
)
from tftmonitor.history.journal import JournalError
from tftmonitor.history.journal_reader import read_alarms
from tftmonitor.monitor.alarm_format import facts_of, words_of
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.zone import zone_of

_EXITS = """\
It reads the journal on disk, which has an alarm before the window shows it, and may be run while
the window is open. exit codes: 0 all was listed; 1 the journal cannot be read, or not all of it;
2 wrong usage."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.epilog = _EXITS
    add_profile_arguments(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--open", action="store_true", help="those that are not over and acknowledged (default)"
    )
    which.add_argument("--all", action="store_true", help="closed ones as well")
    parser.add_argument(
        "--from",
        type=time_ms,
        dest="from_ms",
        metavar="T",
        help="only those that were reported at or after this time: ISO 8601, or ms since 1970",
    )


def run(options: argparse.Namespace) -> int:
    """List, and tell of what cannot be read."""
    listing = _Listing(options)
    try:
        written = write_lines(listing.lines())
    except JournalError as error:
        print(f"tftmonitor alarms: {error}", file=sys.stderr)
        return EXIT_FAILED
    if listing.unreadable:
        print(
            f"tftmonitor alarms: {listing.unreadable} more cannot be read by this version.",
            file=sys.stderr,
        )
    return 0 if written and not listing.unreadable else EXIT_FAILED


class _Listing:
    """The lines of one call; ``unreadable`` counts what has none."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self.unreadable = 0

    def lines(self) -> Iterator[bytes]:
        options, zone = self._options, zone_of(Settings())
        found = read_alarms(profile_of(options), only_open=not options.all, from_ms=options.from_ms)
        for alarm in found:
            if alarm is None:
                self.unreadable += 1
            elif options.json:
                yield msgspec.json.encode(facts_of(alarm))
            else:
                yield words_of(alarm, zone).encode("utf-8", "replace")
