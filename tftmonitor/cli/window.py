"""``tftmonitor`` without a subcommand: the window. Qt is imported only once it is wanted."""

import argparse
import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

from tftmonitor.cli.account import EXIT_USAGE, add_account_arguments

Open = Callable[[argparse.Namespace], int]

_NO_DISPLAY = """\
tftmonitor: there is no display to open a window on. \
Run it under Xvfb (xvfb-run tftmonitor --demo), or have it paint a picture without one: \
tftmonitor --demo --screenshot window.png"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The window's options."""
    add_account_arguments(parser)
    parser.add_argument(
        "--demo", action="store_true", help="a built-in simulator instead of an account"
    )
    parser.add_argument(
        "--demo-devices", type=int, default=24, metavar="N", help="size of the demo's fleet"
    )
    parser.add_argument(
        "--profile", type=Path, metavar="DIR", help="keep settings and history there"
    )
    parser.add_argument(
        "--diagnostics", type=Path, metavar="FILE", help="append a JSON line of figures a second"
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="paint the window to a PNG and end"
    )
    parser.add_argument(
        "--exit-after", type=float, metavar="SECONDS", help="end by itself after this time"
    )
    parser.add_argument(
        "--theme", choices=["system", "light", "dark"], help="colours, whatever the settings say"
    )
    parser.add_argument(
        "--size", type=picture_size, metavar="WxH", help="size of the window, for example 1280x800"
    )
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="sign in to a built-in simulator, receive, paint without a display, and end",
    )


def picture_size(text: str) -> tuple[int, int]:
    """Width and height in pixels. Raises ArgumentTypeError."""
    width, cross, height = text.lower().partition("x")
    if not cross or not width.isdecimal() or not height.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form 1280x800")
    return int(width), int(height)


def run(options: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""

    def load() -> Open:
        from tftmonitor.app.run import run_window

        return run_window

    return open_window(options, load)


def open_window(options: argparse.Namespace, load: Callable[[], Open]) -> int:
    """Import what ``load`` does, and have that open a window; the process' exit code.

    Where there is no display, or no Qt, words say so.
    """
    if options.smoke or options.screenshot:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    elif _no_display():
        print(_NO_DISPLAY, file=sys.stderr)
        return EXIT_USAGE
    try:
        prepare()
        opens = load()
    except ImportError as error:
        if ".so" not in str(error):
            raise
        # A system library is missing, not a part of the program.
        from tftmonitor.ui.platform.qt_libraries import EXIT_NO_QT, explain

        print(explain(str(error)), file=sys.stderr)
        return EXIT_NO_QT
    try:
        return opens(options)
    finally:
        gc.enable()


def prepare() -> None:
    """What must be before the imports for the window to come soon."""
    # Its threads are of no use to vectors as short as ours, and starting them takes 60 ms.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from tftmonitor.ui.platform.pyside_workarounds import skip_source_scan

    skip_source_scan()
    # Nothing that is made at the start is garbage; looking for some takes a tenth of it. The
    # collector begins when the window stands.
    gc.disable()


def _no_display() -> bool:
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return False
    return not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
