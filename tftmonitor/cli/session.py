"""What the commands need that sign in without a window: addresses, network, credential."""

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from tftmonitor.base.logs import start_logging
from tftmonitor.base.secret_variables import forget_secrets
from tftmonitor.cli.profile import profile_of
from tftmonitor.link.network import Network, network_of
from tftmonitor.link.tls import ca_problem
from tftmonitor.protocol.addresses import problem_with
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.settings import credentials
from tftmonitor.settings.servers import decide, given_by
from tftmonitor.settings.store import SettingsStore

Say = Callable[[str], object]


class Session(NamedTuple):
    """Where to sign in, how it is reached, and as whom."""

    urls: Mapping[Channel, str]
    network: Network
    credential: Credential


def prepare(options: argparse.Namespace, say: Say) -> Session | None:
    """What options, profile and environment tell; None once ``say`` was told why not."""
    start_logging()
    values = SettingsStore(profile_of(options)).values
    urls = decide(given_by(options), values)
    if options.only:
        urls = {Channel(options.only): urls[Channel(options.only)]}
    network, allowed = network_of(values.proxy, values.ca_file), values.allow_readable
    problem = problem_with(urls.values(), allow_readable=allowed) or ca_problem(network.ca_file)
    if problem:
        say(problem)
        return None
    credential = credential_of(options.user, [*urls.values()], say)
    forget_secrets()
    return None if credential is None else Session(urls, network, credential)


def credential_of(user: str | None, urls: Sequence[str], say: Say) -> Credential | None:
    """The credential of an account, asked for on a terminal; None once ``say`` was told why."""
    if not user and sys.stdin.isatty():
        with suppress(EOFError):
            user = input("User: ").strip()
    if not user:
        say("which account? Give --user ID.")
        return None
    found = credentials.from_environment(user) or credentials.load(user, urls)
    if found is None and sys.stdin.isatty():
        with suppress(EOFError):
            found = Credential.from_password(user, getpass.getpass(f"Password of {user}: "))
    if found is None:
        variable = credentials.PASSWORD_VARIABLE
        say(f"no password for {user}. Set {variable} or run it on a terminal.")
    return found
