"""What the commands that sign in have in common. It imports little: the window starts with it."""

import argparse

from tftmonitor.base.secret_variables import PASSWORD_VARIABLE

# Exit codes.
EXIT_UNWRITTEN = 1
EXIT_USAGE = 2
EXIT_REFUSED = 3


def add_account_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to sign in and as whom; the password is never an argument."""
    parser.add_argument("--device-url", metavar="URL", help="address of the devices channel")
    parser.add_argument("--message-url", metavar="URL", help="address of the messages channel")
    parser.add_argument(
        "--user",
        metavar="ID",
        help=f"account to sign in with; password from {PASSWORD_VARIABLE} or keyring",
    )
