"""Which part of a profile's history a command is about: its options, and its reader."""

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from tftmonitor.base.clock import SystemClock
from tftmonitor.cli.moments import TIMES_HELP, Moments
from tftmonitor.history.export.source import HistorySource
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.zone import zone_of

_PROGRESS_S: Final = 0.3


def add_stretch_arguments(parser: argparse.ArgumentParser) -> None:
    """The profile, from when to when, and of which devices."""
    moments = moments_now()
    parser.set_defaults(moments=moments)
    parser.add_argument(
        "--profile", type=Path, metavar="DIR", help="the profile; else that of the window"
    )
    parser.add_argument(
        "--from",
        type=moments.begin,
        dest="from_ms",
        required=True,
        metavar="T",
        help=f"since when: {TIMES_HELP}",
    )
    parser.add_argument(
        "--to",
        type=moments.end,
        dest="to_ms",
        default=moments.now_ms,
        metavar="T",
        help="until when, now by default; a day is included",
    )
    parser.add_argument(
        "--device",
        action="append",
        nargs="+",
        dest="devices",
        metavar="IMEI",
        help="only these; may be given more than once",
    )


def moments_now() -> Moments:
    """Times as of now, in the zone of this computer."""
    return Moments(SystemClock().now_ms(), zone_of(Settings()))


class UnknownDeviceError(LookupError):
    """Nothing is recorded of a device that was named, in words."""


def devices_of(options: argparse.Namespace, source: HistorySource) -> tuple[str, ...] | None:
    """The devices that were named, each once; None for all. Raises UnknownDeviceError."""
    if not options.devices:
        return None
    named = tuple(dict.fromkeys(key for group in options.devices for key in group))
    recorded = {span.key for span in source.devices()}
    if unknown := [key for key in named if key not in recorded]:
        raise UnknownDeviceError(f"nothing is recorded of {', '.join(unknown)}")
    return named


class Progress:
    """How far it has got, on standard error where that is a terminal; else nothing."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock
        self._next_s = clock.monotonic_s() + _PROGRESS_S
        self._is_shown = False
        self._is_terminal = sys.stderr.isatty()

    def note(self, count: int) -> None:
        """So many pushes were read."""
        now_s = self._clock.monotonic_s()
        if self._is_terminal and now_s >= self._next_s:
            self._next_s, self._is_shown = now_s + _PROGRESS_S, True
            print(f"\r{count:,} pushes read", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._is_shown = False


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """SIGTERM is as Ctrl-C, so that what was begun is taken back."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
