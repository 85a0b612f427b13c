"""The command line: ``tftmonitor`` opens the window, its subcommands need no window.

Nothing here imports Qt before a window is asked for.
"""

import argparse
import sys
from collections.abc import Sequence

from tftmonitor import __version__
from tftmonitor.cli import simulate, watch, window

# Exit codes: 0 stopped when told to, 2 usage, 3 sign-in refused.
COMMANDS = {
    "watch": (watch, "no window: one JSON line a push on standard output"),
    "simulate": (simulate, "a server that speaks the push protocol for a made-up fleet"),
}


def build_parser() -> argparse.ArgumentParser:
    """The window's options, and a subcommand for each row of ``COMMANDS``."""
    parser = argparse.ArgumentParser(
        prog="tftmonitor", description="Monitor for fleets of TFT IoT (TOPFLYtech) GPS trackers."
    )
    parser.add_argument("--version", action="version", version=f"tftmonitor {__version__}")
    window.add_arguments(parser)
    parser.set_defaults(run=window.run)
    commands = parser.add_subparsers(title="commands without a window", metavar="COMMAND")
    for name, (module, words) in COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the process' exit code."""
    options = build_parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        # The reader of a pipe has gone: nobody is left to tell.
        sys.stderr.close()
        return 0
    return code
