"""What a window starts to have its pushes written; not for people, and so not in the help."""

import argparse
import signal
import sys
from pathlib import Path

from tftmonitor.base.clock import SystemClock
from tftmonitor.base.logs import start_logging
from tftmonitor.cli.account import EXIT_UNWRITTEN
from tftmonitor.monitor.recording.keeper import keep


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write."""
    parser.add_argument("profile", type=Path)


def run(options: argparse.Namespace) -> int:
    """Write until the window closes the pipe, or ends in whatever way."""
    # The signals that end a window reach its whole group; what it hands over last is still to come.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)
    start_logging()
    is_written = keep(options.profile, SystemClock(), sys.stdin.buffer, sys.stdout.buffer)
    return 0 if is_written else EXIT_UNWRITTEN
