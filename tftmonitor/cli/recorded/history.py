"""``tftmonitor history``: what is recorded in a profile, and whether it is as it was written."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS, to_iso
from tftmonitor.cli.profile import EXIT_FAILED, add_profile_arguments, profile_of, write_lines
from tftmonitor.history.samples.reader import HistoryError, HistoryReader
from tftmonitor.model.coverage import BlindInterval

_ALWAYS: Final = (-(1 << 62), 1 << 62)
_EPILOG: Final = """\
It may be run while a recorder writes. exit codes: 0 all is well; 1 there is no history, it cannot
be read, or the check found problems; 2 wrong usage."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.epilog = _EPILOG
    add_profile_arguments(parser)
    parser.add_argument("--check", action="store_true", help="read everything, and verify all sums")


def run(options: argparse.Namespace) -> int:
    """List, check when asked to, and tell of what is wrong."""
    try:
        reader = HistoryReader(profile_of(options))
        try:
            facts = list(_facts(reader))
            lines = map(msgspec.json.encode, facts) if options.json else map(_words, facts)
            written = write_lines(lines)
            problems = 0
            for problem in reader.check() if options.check else ():
                problems += 1
                print(f"tftmonitor history: {problem}", file=sys.stderr)
        finally:
            reader.close()
    except HistoryError as error:
        print(f"tftmonitor history: {error}", file=sys.stderr)
        return EXIT_FAILED
    if options.check and not problems:
        print("tftmonitor history: all sums are right.", file=sys.stderr)
    return EXIT_FAILED if problems or not written else 0


def _facts(reader: HistoryReader) -> Iterator[dict[str, Any]]:
    for span in reader.devices():
        yield {
            "kind": "device",
            "device": span.key,
            "label": span.label,
            "first": to_iso(span.first_ms),
            "last": to_iso(span.last_ms),
            "count": span.count,
            "bytes": span.bytes,
        }
    blind: dict[str, list[BlindInterval]] = {}
    for interval in reader.blind(*_ALWAYS):
        blind.setdefault(interval.scope, []).append(interval)
    for scope, intervals in sorted(blind.items()):
        ended = [(each.start_ms, each.end_ms) for each in intervals if each.end_ms is not None]
        yield {
            "kind": "blind",
            "scope": scope,
            "intervals": len(intervals),
            "lasting": len(intervals) - len(ended),
            "seconds": round(sum(end - start for start, end in ended) / SECOND_MS, 1),
        }


def _words(fact: dict[str, Any]) -> bytes:
    if fact["kind"] == "device":
        name = fact["device"] or "(no device)"
        label = f" ({fact['label']})" if fact["label"] else ""
        each = fact["bytes"] / fact["count"]
        words = (
            f"{name}{label}: {fact['count']} pushes from {fact['first']} to {fact['last']}, "
            f"{fact['bytes']} bytes, {each:.1f} each"
        )
    else:
        lasted = round(fact["seconds"] * SECOND_MS)
        hours, minutes = lasted // HOUR_MS, lasted % HOUR_MS // MINUTE_MS
        span = f"{hours} h {minutes:02} min {lasted % MINUTE_MS / SECOND_MS:04.1f} s"
        lasting = f", {fact['lasting']} still lasting" if fact["lasting"] else ""
        words = f"nothing from {fact['scope']}: {fact['intervals']} times, {span}{lasting}"
    return words.encode("utf-8", "replace")
