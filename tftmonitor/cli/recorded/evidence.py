"""``tftmonitor evidence``: all that is kept of a device and a stretch, in a file with its sums."""

import argparse
import sys
from pathlib import Path
from typing import Final

from tftmonitor.base.clock import SystemClock
from tftmonitor.cli.account import EXIT_USAGE
from tftmonitor.cli.moments import TIMES_HELP
from tftmonitor.cli.profile import EXIT_FAILED, EXIT_UNKNOWN_ID, profile_of
from tftmonitor.cli.recorded.stretch import Progress, ended_by_signals, moments_now
from tftmonitor.history.evidence.access_log import note_access
from tftmonitor.history.evidence.bundle import write_evidence
from tftmonitor.history.evidence.request import EvidenceRequest, stretch_of
from tftmonitor.history.journal import JournalError
from tftmonitor.history.journal_reader import alarms_of
from tftmonitor.history.samples.reader import HistoryError
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.zone import zone_of

_EPILOG: Final = """\
Of an alarm: ten minutes before and after it, or from --from to --to. The file is put in place when
it is whole. "tftmonitor verify FILE" checks it, and so does the verify.py in it. Each file that is
made is noted in evidence-log.jsonl of the profile. exit codes: 0 written; 1 failed or cancelled;
2 wrong usage; 4 there is no such alarm."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.epilog = _EPILOG
    moments = moments_now()
    about = parser.add_mutually_exclusive_group(required=True)
    about.add_argument("--alarm", type=int, metavar="ID", help='its number in "tftmonitor alarms"')
    about.add_argument("--device", metavar="IMEI", help="a device, with --from and --to")
    parser.add_argument(
        "--profile", type=Path, metavar="DIR", help="the profile; else that of the window"
    )
    parser.add_argument(
        "--from", type=moments.begin, dest="from_ms", metavar="T", help=f"since when: {TIMES_HELP}"
    )
    parser.add_argument("--to", type=moments.end, dest="to_ms", metavar="T", help="until when")
    parser.add_argument("--who", default="", help="who exports, to be named in it")
    parser.add_argument("--why", default="", help="what for, to be named in it")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="the zip")


def run(options: argparse.Namespace) -> int:
    """Write it, or say why not."""
    if options.device is not None and (options.from_ms is None or options.to_ms is None):
        return _say("a device needs --from and --to", EXIT_USAGE)
    progress = Progress(SystemClock())
    try:
        request = _request(options)
        if request is None:
            return _say(f"there is no alarm {options.alarm}", EXIT_UNKNOWN_ID)
        if request.start_ms >= request.end_ms:
            return _say("--from is not before --to", EXIT_USAGE)
        with ended_by_signals():
            try:
                manifest = write_evidence(request, options.output, progress.note)
            finally:
                progress.clear()
            note_access(request.profile, options.output, manifest)
    except (HistoryError, JournalError) as error:
        return _say(str(error), EXIT_FAILED)
    except KeyboardInterrupt:
        return _say("cancelled; no file was written", EXIT_FAILED)
    except OSError as error:
        return _say(f"it cannot be written: {error.strerror or error}", EXIT_FAILED)
    _say(f"{manifest['frames']['count']} pushes of {request.device} in {options.output}", 0)
    for left_out in manifest["left_out"]:
        _say(f"not in it: {left_out}", 0)
    return 0


def _request(options: argparse.Namespace) -> EvidenceRequest | None:
    """What is asked for; None for an alarm that there is not."""
    profile, device, alarm = profile_of(options), options.device, None
    start_ms, end_ms = options.from_ms, options.to_ms
    if options.alarm is not None:
        alarm = alarms_of(profile, [options.alarm]).get(options.alarm)
        if alarm is None:
            return None
        begin_ms, until_ms = stretch_of(alarm)
        device = alarm.device or ""
        start_ms = begin_ms if start_ms is None else start_ms
        end_ms = until_ms if end_ms is None else end_ms
    return EvidenceRequest(
        profile,
        device,
        start_ms,
        end_ms,
        SystemClock().now_ms(),
        alarm,
        options.who,
        options.why,
        zone_of(Settings()),
    )


def _say(words: str, code: int) -> int:
    print(f"tftmonitor evidence: {words}", file=sys.stderr)
    return code
