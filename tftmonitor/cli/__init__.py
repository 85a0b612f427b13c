"""The command line: ``tftmonitor`` opens the window, its subcommands need no window.

Nothing here imports Qt before a window is asked for.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from tftmonitor import __version__
from tftmonitor.cli import window
from tftmonitor.cli.moments import with_times


def _watch() -> Any:
    from tftmonitor.cli import watch

    return watch


def _simulate() -> Any:
    # A server and a fleet, which the window can start without.
    from tftmonitor.cli import simulate

    return simulate


def _alarms() -> Any:
    from tftmonitor.cli import alarms

    return alarms


def _ack() -> Any:
    from tftmonitor.cli import ack

    return ack


def _record() -> Any:
    from tftmonitor.cli import record

    return record


def _history() -> Any:
    from tftmonitor.cli.recorded import history

    return history


def _export() -> Any:
    from tftmonitor.cli.recorded import export

    return export


def _trips() -> Any:
    from tftmonitor.cli.recorded import trips

    return trips


def _replay() -> Any:
    from tftmonitor.cli import replay

    return replay


def _evidence() -> Any:
    from tftmonitor.cli.recorded import evidence

    return evidence


def _verify() -> Any:
    from tftmonitor.cli.recorded import verify

    return verify


def _keep() -> Any:
    from tftmonitor.cli import keep

    return keep


# Exit codes: 0 done or stopped when told to, 1 failed, 2 usage, 3 sign-in refused, 4 unknown ID.
COMMANDS: dict[str, tuple[Callable[[], Any], str]] = {
    "watch": (_watch, "no window: one JSON line a push on standard output"),
    "alarms": (_alarms, "no window: what alarms the journal has, one a line"),
    "ack": (_ack, "no window: acknowledge alarms, in the window where one is open"),
    "record": (_record, "no window: keep every push of both channels in the profile"),
    "history": (_history, "no window: what is recorded in a profile, and whether it is whole"),
    "export": (_export, "no window: a stretch of what is recorded, for other programs"),
    "trips": (_trips, "no window: trips and stops, or days, of what is recorded"),
    "replay": (_replay, "a window of its own on a recorded stretch"),
    "evidence": (_evidence, "no window: all of a device and a stretch, in a file with its sums"),
    "verify": (_verify, "whether a file of evidence is as it was written"),
    "simulate": (_simulate, "a server that speaks the push protocol for a made-up fleet"),
}

# Started by the window itself, and in no help.
OWN_COMMANDS: dict[str, Callable[[], Any]] = {"keep-history": _keep}


def build_parser(words: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """The window's options, and a subcommand for each row of ``COMMANDS``.

    Of those that ``words`` do not name there is the name alone, which spares their imports.
    """
    parser = argparse.ArgumentParser(
        prog="tftmonitor", description="Monitor for fleets of TFT IoT (TOPFLYtech) GPS trackers."
    )
    parser.add_argument("--version", action="version", version=f"tftmonitor {__version__}")
    window.add_arguments(parser)
    parser.set_defaults(run=window.run)
    commands = parser.add_subparsers(title="other commands", metavar="COMMAND")
    for name, (load, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        if words is None or name in words:
            module = load()
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    for name in OWN_COMMANDS.keys() & set(words or ()):
        module, command = OWN_COMMANDS[name](), commands.add_parser(name)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the process' exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    options = build_parser(words).parse_args(with_times(words))
    try:
        code: int = options.run(options)
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        # The reader of a pipe has gone: nobody is left to tell.
        sys.stderr.close()
        return 0
    return code
