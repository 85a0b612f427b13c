"""Opens the window on a profile and stays until it is closed."""

import argparse
import contextlib
import tempfile
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

from tftmonitor.app.core import make_core
from tftmonitor.app.program import Program, Script
from tftmonitor.base.logs import start_logging
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.platform import event_loop
from tftmonitor.ui.platform.single_instance import SingleInstance
from tftmonitor.ui.theme.choice import ThemeChoice


def run_window(options: argparse.Namespace, script: Script | None = None) -> int:
    """Open the window and stay until it is closed; the process' exit code.

    ``script`` is run beside it, for tests that use the window as a person would.
    """
    with _profile(options) as profile:
        return _run_on(profile, options, script)


def _run_on(profile: Path, options: argparse.Namespace, script: Script | None) -> int:
    start_logging(file=profile / "tftmonitor.log")
    settings = SettingsStore(profile)
    app = event_loop.make_application()
    # Held for as long as the program runs: it follows the settings and the system.
    theme = ThemeChoice(app, settings, options.theme or "")
    instance = SingleInstance(profile, app)
    if instance.raise_other():
        return 0
    instance.listen()

    def main() -> Coroutine[Any, Any, int]:
        program = Program(app, options, make_core(profile, options, settings))
        instance.raised.connect(program.window.come_forward)
        return program.run(script)

    code = event_loop.run(app, main)
    theme.stop()
    return code


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
        import platformdirs

        home = Path(platformdirs.user_data_dir("tftmonitor", appauthor=False))
        yield home / ("demo" if options.demo else "profile")
