"""``tftmonitor replay``: a window of its own on a recorded stretch."""

import argparse
from pathlib import Path

from tftmonitor.cli.moments import TIMES_HELP
from tftmonitor.cli.profile import profile_of
from tftmonitor.cli.recorded.stretch import moments_now
from tftmonitor.cli.window import Open, open_window, picture_size
from tftmonitor.monitor.replay.replay_clock import SPEEDS

_EPILOG = """\
It only reads the profile: nothing of a replay is recorded, and a window that is live on the same
profile goes on by itself. exit codes: 0 closed; 1 nothing is recorded of that time, or it cannot be
read; 2 wrong usage."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    moments = moments_now()
    parser.epilog = _EPILOG
    parser.add_argument(
        "--profile", type=Path, metavar="DIR", help="the profile; else that of the window"
    )
    parser.add_argument(
        "--from",
        type=moments.begin,
        dest="from_ms",
        metavar="T",
        help=f"since when; else the last hour that is recorded. {TIMES_HELP}",
    )
    parser.add_argument(
        "--to",
        type=moments.end,
        dest="to_ms",
        metavar="T",
        help="until when; else an hour after that",
    )
    parser.add_argument("--device", metavar="IMEI", help="the device that is shown at first")
    parser.add_argument(
        "--speed", type=int, choices=SPEEDS, default=1, help="times the time of then"
    )
    parser.add_argument("--theme", choices=["system", "light", "dark"], help="colours")
    parser.add_argument("--size", type=picture_size, metavar="WxH", help="size of the window")
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="paint the window to a PNG and end"
    )
    parser.add_argument(
        "--exit-after", type=float, metavar="SECONDS", help="end by itself after this time"
    )
    parser.add_argument(
        "--diagnostics", type=Path, metavar="FILE", help="append a JSON line of figures a second"
    )
    # What the live window has beside them.
    parser.set_defaults(demo=False, smoke=False, user=None, device_url=None, message_url=None)


def run(options: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""

    def load() -> Open:
        from tftmonitor.app.replay import run_replay

        return lambda options: run_replay(options, profile_of(options))

    return open_window(options, load)
