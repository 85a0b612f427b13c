"""``tftmonitor watch``: every push as one JSON line on standard output."""

import argparse
import asyncio
import getpass
import os
import signal
import sys
from contextlib import suppress
from functools import partial

from tftmonitor.base.clock import SystemClock
from tftmonitor.base.logs import start_logging
from tftmonitor.base.redaction import redacted_frame
from tftmonitor.base.tasks import TaskScope
from tftmonitor.cli.account import (
    EXIT_REFUSED,
    EXIT_UNWRITTEN,
    EXIT_USAGE,
    add_account_arguments,
)
from tftmonitor.link.reconnect import Link
from tftmonitor.monitor.watch_format import WatchFormatter, encode_line
from tftmonitor.protocol.channels import Channel, Credential, urls_from
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.messages import Push
from tftmonitor.settings import credentials


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_account_arguments(parser)
    parser.add_argument(
        "--for", type=_seconds, dest="seconds", metavar="SECONDS", help="stop after this time"
    )
    parser.add_argument("--count", type=_count, metavar="N", help="stop after this many lines")
    parser.add_argument(
        "--only", choices=[channel.value for channel in Channel], help="one channel alone"
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not seconds >= 0:
        raise argparse.ArgumentTypeError(f"{text} is no time")
    return seconds


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than one line")
    return count


def run(options: argparse.Namespace) -> int:
    """Watch until asked to stop."""
    start_logging()
    credential = _credential(options.user)
    if credential is None:
        return EXIT_USAGE
    return asyncio.run(_Watch(options, credential).run())


def _credential(user: str | None) -> Credential | None:
    if not user and sys.stdin.isatty():
        with suppress(EOFError):
            user = input("User: ").strip()
    if not user:
        print("tftmonitor watch: which account? Give --user ID.", file=sys.stderr)
        return None
    found = credentials.from_environment(user) or credentials.load(user)
    if found is None and sys.stdin.isatty():
        with suppress(EOFError):
            found = Credential.from_password(user, getpass.getpass(f"Password of {user}: "))
    if found is None:
        print(
            f"tftmonitor watch: no password for {user}. "
            f"Set {credentials.PASSWORD_VARIABLE} or run it on a terminal.",
            file=sys.stderr,
        )
    return found


class _Watch:
    """One run of the command."""

    def __init__(self, options: argparse.Namespace, credential: Credential) -> None:
        self._formatter = WatchFormatter()
        self._left = options.count
        self._seconds = options.seconds
        self._refused = ""
        self._unwritten = ""
        self._stop = asyncio.Event()
        clock = SystemClock()
        self._links = [
            Link(channel, url, credential, partial(self._receive, channel), self._note_link, clock)
            for channel, url in urls_from(options.device_url, options.message_url).items()
            if options.only in (None, channel.value)
        ]

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as an exception
                loop.add_signal_handler(number, self._stop.set)
        async with TaskScope() as scope:
            for link in self._links:
                scope.keep(link.channel.value, link.run)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._stop.wait()
        if self._refused:
            print(self._refused, file=sys.stderr)
            return EXIT_REFUSED
        if self._unwritten:
            print(self._unwritten, file=sys.stderr)
            return EXIT_UNWRITTEN
        return 0

    def _receive(self, channel: Channel, push: Push, frame: bytes, received_ms: int) -> None:
        if self._stop.is_set():
            return
        line = self._formatter.line(channel, push, frame, received_ms)
        if line is not None:
            # A snapshot is not looked into before.
            self._write(redacted_frame(encode_line(line)))

    def _write(self, line: bytes) -> None:
        try:
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                problem = f"tftmonitor watch: lines cannot be written: {error.strerror}"
                self._unwritten = problem
            self._stop.set()
            _give_up_stdout()
            return
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self._stop.set()

    def _note_link(self, status: LinkStatus) -> None:
        text = f"{status.channel.value}: {status.state.value}"
        if status.reason:
            text += f" ({status.reason})"
        if status.advice:
            text += f" {status.advice}"
        # One that is tried again was only concluded, and nobody may be there to start it again.
        if status.state is LinkState.REFUSED and status.next_try_ms is None:
            self._refused = f"sign-in refused: {status.reason}"
            self._stop.set()
        elif not self._stop.is_set():
            print(text, file=sys.stderr)


def _give_up_stdout() -> None:
    """Let go what is left in its buffer, which the interpreter would try to write at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
