"""``tftmonitor watch``: every push as one JSON line on standard output."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from tftmonitor.base.clock import SystemClock
from tftmonitor.base.redaction import redacted_frame
from tftmonitor.base.tasks import TaskScope
from tftmonitor.cli.account import (
    EXIT_REFUSED,
    EXIT_UNWRITTEN,
    EXIT_USAGE,
    add_account_arguments,
)
from tftmonitor.cli.line_output import LineOutput
from tftmonitor.cli.session import prepare
from tftmonitor.link.network import Network
from tftmonitor.link.reconnect import Link
from tftmonitor.model.fleet.records import Records
from tftmonitor.monitor.watch_format import WatchFormatter, encode_line
from tftmonitor.protocol.addresses import destination, is_readable
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.protocol.messages import Push, Snapshot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_account_arguments(parser)
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="DIR",
        help="where addresses and certificates are set; else the window's",
    )
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
    session = prepare(options, _say)
    if session is None:
        return EXIT_USAGE
    print(destination(session.urls.values()), file=sys.stderr)
    return asyncio.run(_Watch(options, session.credential, session.urls, session.network).run())


class _Watch:
    """One run of the command."""

    def __init__(
        self,
        options: argparse.Namespace,
        credential: Credential,
        urls: Mapping[Channel, str],
        network: Network,
    ) -> None:
        self._formatter = WatchFormatter()
        self._count = options.count
        self._seconds = options.seconds
        self._refused = ""
        self._stop = asyncio.Event()
        self._is_asked_to_end = False
        clock = self._clock = SystemClock()
        self._links = [
            Link(
                channel,
                url,
                credential,
                partial(self._receive, channel),
                self._note_link,
                clock,
                lambda: network,
            )
            for channel, url in urls.items()
        ]
        # Stands in each line, so that it is seen wherever they end up.
        self._mark = {"encrypted": False} if any(map(is_readable, urls.values())) else {}

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as an exception
                loop.add_signal_handler(number, self._end_soon)
        output = LineOutput(self._count, self._mark, self._clock, self._stop.set, _say)
        self._output = output
        async with TaskScope() as scope:
            for link in self._links:
                scope.keep(link.channel.value, link.run)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._stop.wait()
            if not output.is_over:
                # What has been sent to us is not left in the socket.
                await asyncio.gather(*(link.leave() for link in self._links))
        await output.finish(lambda: self._is_asked_to_end)
        if self._refused:
            print(self._refused, file=sys.stderr)
            return EXIT_REFUSED
        if output.problem:
            _say(output.problem)
            return EXIT_UNWRITTEN
        return 0

    def _end_soon(self) -> None:
        self._is_asked_to_end = True
        self._stop.set()

    def _receive(self, channel: Channel, push: Push, frame: bytes, received_ms: int) -> None:
        if self._output.is_over:
            return
        line = self._formatter.line(channel, push, frame, received_ms)
        if line is not None:
            # A snapshot is not looked into before.
            cleaned = redacted_frame(encode_line(line | self._mark))
            self._output.put(cleaned, received_ms, urgent=_is_urgent(push))

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


def _is_urgent(push: Push) -> bool:
    """True for what may be an alarm: it is left out last."""
    if isinstance(push, Snapshot):
        status = push.status
        return bool(push.alarms or status.cur_event or status.alerts)
    return not isinstance(push, Records)


def _say(words: str) -> None:
    print(f"tftmonitor watch: {words}", file=sys.stderr)
