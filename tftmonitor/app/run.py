"""Opens the window on a profile and stays until it is closed."""

import argparse
import asyncio
import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

from tftmonitor.app.core import make_core
from tftmonitor.app.program import Program, Script
from tftmonitor.base.local_socket import SilentWindowError
from tftmonitor.base.logs import start_logging
from tftmonitor.base.private_files import tighten_profile
from tftmonitor.history.profile_lock import BEAT_S, ProfileLock, holder_of
from tftmonitor.settings.profile import default_profile
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.platform import event_loop
from tftmonitor.ui.platform.single_instance import SingleInstance
from tftmonitor.ui.theme.choice import ThemeChoice
from tftmonitor.ui.theme.fonts import install_fonts

_LOCK_WAIT_S = 3.0
EXIT_IN_USE = 6
_EXIT_SILENT = 1
_SILENT = (
    "A window on {profile} is open and does not answer, so no second one was opened. "
    "Wait until it goes on, or end its process and start again."
)
_log = logging.getLogger(__name__)


class ProfileInUseError(Exception):
    """Another window has the profile; the text says where, for people."""


def run_window(options: argparse.Namespace, script: Script | None = None) -> int:
    """Open the window and stay until it is closed; the process' exit code.

    ``script`` is run beside it, for tests that use the window as a person would.
    """
    with _profile(options) as profile, _readable(profile) as folder:
        return _run_on(folder, profile, options, script)


def _run_on(
    profile: Path, history: Path, options: argparse.Namespace, script: Script | None
) -> int:
    """``history`` is where the journal is to be; another folder when that is none at all."""
    problem = tighten_profile(profile)
    _start_logging(profile / "tftmonitor.log")
    if problem:
        _log.warning("%s", problem)
    settings = SettingsStore(profile)
    app = event_loop.make_application()
    install_fonts(app)
    # Held for as long as the program runs: it follows the settings and the system.
    theme = ThemeChoice(app, settings, options.theme or "")
    instance = SingleInstance(profile, app)
    try:
        is_first, lock = _claim(profile, instance)
    except SilentWindowError:
        words = _SILENT.format(profile=profile)
        _log.info("%s", words)
        print(f"tftmonitor: {words}", file=sys.stderr)
        return _EXIT_SILENT
    except ProfileInUseError as error:
        theme.stop()
        print(f"tftmonitor: {error}", file=sys.stderr)
        return EXIT_IN_USE
    if not is_first:
        return 0
    instance.listen()

    def main() -> Coroutine[Any, Any, int]:
        program = Program(app, options, make_core(profile, options, settings, history))
        instance.raised.connect(program.window.come_forward)
        instance.asked.connect(program.answer)
        return _beating(lock, program.run(script))

    try:
        return event_loop.run(app, main)
    finally:
        theme.stop()
        instance.close()
        if lock is not None:
            lock.release()


def _claim(profile: Path, instance: SingleInstance) -> tuple[bool, ProfileLock | None]:
    """True when this is the profile's one window, with what says so to other processes.

    Without that lock, where the disk has none, alarms are shown all the same. Raises
    SilentWindowError when there is another window that does not come forward, ProfileInUseError
    when something else holds the profile.
    """
    if instance.raise_other():
        return False, None
    try:
        # Whoever writes the journal while no window runs holds it for a moment.
        lock = ProfileLock.take(profile, _LOCK_WAIT_S)
    except OSError as error:
        _log.warning("%s", error)
        return True, None
    if lock is None:
        # Two were started at once: the first one's socket must not be taken from it.
        if not instance.raise_other():
            raise ProfileInUseError(
                f"{profile} is in use by {holder_of(profile)}. End that, or name another --profile."
            )
        return False, None
    return True, lock


async def _beating(lock: ProfileLock | None, work: Coroutine[Any, Any, int]) -> int:
    """Do the work, and say meanwhile to other computers that the profile is in use."""

    async def beat() -> None:
        while lock is not None:
            lock.beat()
            await asyncio.sleep(BEAT_S)

    beats = asyncio.create_task(beat())
    try:
        return await work
    finally:
        beats.cancel()


def _start_logging(file: Path) -> None:
    try:
        start_logging(file=file)
    except OSError as error:
        start_logging()
        _log.warning("There is no log file: %s", error)


@contextlib.contextmanager
def _readable(profile: Path) -> Iterator[Path]:
    """The profile, or an empty folder in its place when it is none and cannot be made."""
    try:
        profile.mkdir(parents=True, exist_ok=True)
        with os.scandir(profile):
            pass
    except OSError as error:
        print(f"tftmonitor: the profile cannot be used: {error}", file=sys.stderr)
        with tempfile.TemporaryDirectory(
            prefix="tftmonitor-", ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)
    else:
        yield profile


@contextlib.contextmanager
def _profile(options: argparse.Namespace) -> Iterator[Path]:
    """Where everything is kept; the demo has a place of its own, a picture none that lasts."""
    if options.profile:
        yield Path(options.profile)
    elif options.smoke or options.screenshot:
        # The log's file is still open, which keeps Windows from removing it.
        with tempfile.TemporaryDirectory(
            prefix="tftmonitor-", ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)
    else:
        yield default_profile(demo=options.demo)
