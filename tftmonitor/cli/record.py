"""``tftmonitor record``: no window; every push of both channels is kept in the profile."""

import argparse
import asyncio
import signal
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from tftmonitor.base.clock import DAY_MS, MINUTE_MS, SECOND_MS, SystemClock, to_iso
from tftmonitor.base.private_files import make_private_folder
from tftmonitor.base.tasks import TaskScope
from tftmonitor.cli.account import (
    EXIT_REFUSED,
    EXIT_UNWRITTEN,
    EXIT_USAGE,
    add_account_arguments,
)
from tftmonitor.cli.profile import EXIT_FAILED, profile_of
from tftmonitor.cli.session import Session, prepare
from tftmonitor.history.profile_lock import BEAT_S, RECORDING, ProfileLock, holder_of
from tftmonitor.history.samples.file import SQLITE, has_reset_bug
from tftmonitor.history.samples.retention import DEFAULTS, Limits
from tftmonitor.history.samples.stored import HistoryError
from tftmonitor.history.samples.writer import SampleWriter
from tftmonitor.link.reconnect import Link
from tftmonitor.monitor.recording.recorder import Recorder
from tftmonitor.protocol.addresses import destination
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

_STATUS_S: Final = MINUTE_MS / SECOND_MS
_GIGABYTE: Final = 1_000_000_000
_EPILOG: Final = """\
It records into history.db of the profile, which any program may read meanwhile. SIGTERM and Ctrl-C
end it with everything on disk. exit codes: 0 ended when told to; 1 the history cannot be written,
or is recorded by another program; 2 wrong usage; 3 sign-in refused."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.epilog = _EPILOG
    add_account_arguments(parser)
    parser.add_argument(
        "--profile", type=Path, metavar="DIR", help="where it is kept; else the window's profile"
    )
    parser.add_argument(
        "--for", type=_positive, dest="seconds", metavar="SECONDS", help="stop after this time"
    )
    parser.add_argument(
        "--only", choices=[channel.value for channel in Channel], help="one channel alone"
    )
    parser.add_argument(
        "--keep-days",
        type=_positive,
        metavar="DAYS",
        default=DEFAULTS.age_ms / DAY_MS,
        help="what is older is deleted (default: %(default)g)",
    )
    parser.add_argument(
        "--keep-size",
        type=_positive,
        metavar="GB",
        default=DEFAULTS.size / _GIGABYTE,
        help="the oldest is deleted above this size of the file (default: %(default)g)",
    )


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def run(options: argparse.Namespace) -> int:
    """Record until asked to stop."""
    session = prepare(options, _say)
    if session is None:
        return EXIT_USAGE
    profile, clock = profile_of(options), SystemClock()
    limits = Limits(round(options.keep_days * DAY_MS), round(options.keep_size * _GIGABYTE))
    try:
        make_private_folder(profile)
        lock = ProfileLock.take(profile, name=RECORDING)
        if lock is None:
            _say(f"{holder_of(profile, RECORDING)} records in {profile} already.")
            return EXIT_FAILED
        with lock:
            writer = SampleWriter(profile, clock, _say, limits)
            _say(f"recording into {profile}. {destination(session.urls.values())}")
            if has_reset_bug():
                _say(f"SQLite {SQLITE} has a known fault with two writers; here one alone writes.")
            return asyncio.run(_Recording(options, session, writer, lock, clock).run())
    except (HistoryError, OSError) as error:
        _say(f"the history cannot be recorded: {error}")
        return EXIT_FAILED


class _Recording:
    """One run of the command."""

    def __init__(
        self,
        options: argparse.Namespace,
        session: Session,
        writer: SampleWriter,
        lock: ProfileLock,
        clock: SystemClock,
    ) -> None:
        self._seconds = options.seconds
        self._refused = ""
        self._stop = asyncio.Event()
        self._writer, self._lock, self._clock = writer, lock, clock
        self._recorder = Recorder(writer, clock)
        self._links = [
            Link(
                channel,
                url,
                session.credential,
                partial(self._recorder.receive, channel),
                self._note_link,
                clock,
                lambda: session.network,
            )
            for channel, url in session.urls.items()
        ]

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as an exception
                loop.add_signal_handler(number, self._stop.set)
        try:
            async with TaskScope() as scope:
                for link in self._links:
                    scope.keep(link.channel.value, link.run)
                scope.keep("status", self._tell)
                scope.keep("lock", self._beat)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds):
                        await self._stop.wait()
                # What has been sent to us is not left in the socket.
                await asyncio.gather(*(link.leave() for link in self._links))
        finally:
            is_written = await asyncio.to_thread(self._writer.close)
        _say(self._status())
        if self._refused:
            _say(self._refused)
            return EXIT_REFUSED
        return 0 if is_written else EXIT_UNWRITTEN

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(_STATUS_S)
            _say(self._status())

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            self._lock.beat()
            if self._recorder.note_sleep():
                for link in self._links:
                    link.renew()

    def _status(self) -> str:
        links = ", ".join(f"{link.channel.value} {link.status.state.value}" for link in self._links)
        writer = self._writer
        words = (
            f"{to_iso(self._clock.now_ms())} {links}; {self._recorder.devices} devices, "
            f"{self._recorder.count} pushes, {writer.written} on disk, {writer.lost} lost, "
            f"{writer.bytes / 1e6:.1f} MB"
        )
        return f"{words}; not recording: {writer.failure}" if writer.failure else words

    def _note_link(self, status: LinkStatus) -> None:
        self._recorder.note_link(status)
        # One that is tried again was only concluded, and nobody may be there to start it again.
        if status.state is LinkState.REFUSED and status.next_try_ms is None:
            self._refused = f"sign-in refused: {status.reason}"
            self._stop.set()
        elif not self._stop.is_set():
            reason = f" ({status.reason})" if status.reason else ""
            _say(f"{status.channel.value}: {status.state.value}{reason}")


def _say(words: str) -> None:
    print(f"tftmonitor record: {words}", file=sys.stderr, flush=True)
