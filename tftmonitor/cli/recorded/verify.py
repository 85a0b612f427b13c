"""``tftmonitor verify``: whether a file of evidence is as it was written."""

import argparse
from typing import Final

from tftmonitor.history.evidence import verifier

_EPILOG: Final = """\
exit codes: 0 it is whole; 1 it is not; 2 it cannot be read. The verify.py in the file does the
same with nothing but Python."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.epilog = _EPILOG
    parser.add_argument("file", metavar="FILE", help="the zip")


def run(options: argparse.Namespace) -> int:
    """Check it, and say what was found."""
    return verifier.report(options.file)
