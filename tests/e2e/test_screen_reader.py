"""What a screen reader gets of the window: names of everything that acts, and new alarms said."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.e2e.accessibility import LAUNCHERS, Reader, has_accessibility
from tests.e2e.desktop import desktop, missing_programs
from tests.e2e.driven import driven

pytestmark = pytest.mark.skipif(
    bool(missing_programs()) or not has_accessibility(),
    reason="needs a display and the bus of screen readers (at-spi2-core)",
)
T = TypeVar("T")
_RAISED = (
    "Raised(program.core.clock.now_ms(), Source.SNAPSHOT, 'sos', 'SOS', Severity.CRITICAL, "
    "device='d1', device_name='VAN-12')"
)
_RING = (
    "from tftmonitor.model.alarms.events import Raised",
    "from tftmonitor.model.alarms.alarm import Source",
    "from tftmonitor.model.alarms.codes import Severity",
    f"program.monitor.alarm_service.pipeline.put({_RAISED})",
)
# What acts, and so must say what it does.
_ACTING = {"push button", "button", "check box", "radio button", "combo box", "entry", "text"}


def test_everything_that_acts_has_a_name_and_a_new_alarm_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "desktop"
    folder.mkdir()
    with desktop(folder, notifications=False, tray=False) as screen:
        launcher = next(path for path in LAUNCHERS if path.exists())
        screen.start("a11y", str(launcher), "--launch-immediately")
        env = {**screen.env, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        with driven(env, tmp_path / "profile") as program, asyncio.Runner() as runner:

            def run(work: Coroutine[Any, Any, T]) -> T:
                return runner.run(work)

            program.wait_for("len(program.monitor.fleet) >= 3 and window.isVisible()")
            reader = run(_connected(screen.env["DBUS_SESSION_BUS_ADDRESS"]))
            found = run(_tree(reader))
            names = {name for _role, name in found}
            assert {"Devices", "Alarms", "Messages", "Views of the device"} <= names
            nameless = [role for role, name in found if role in _ACTING and not name.strip()]
            assert nameless == []
            program.do(*_RING)
            run(_until(lambda: bool(reader.heard)))
            assert "critical alarm: VAN-12, SOS" in reader.heard
            reader.close()
            assert program.end() == 0


async def _connected(session: str) -> Reader:
    for _attempt in range(50):
        try:
            return await Reader.on(session)
        except (AssertionError, OSError, IndexError):
            await asyncio.sleep(0.2)
    raise AssertionError("the bus of screen readers does not answer")


async def _tree(reader: Reader) -> list[tuple[str, str]]:
    """The tree as soon as the program is in it."""
    for _attempt in range(50):
        found = await reader.names()
        if any(name == "Devices" for _role, name in found):
            return found
        await asyncio.sleep(0.2)
    raise AssertionError(f"the window is not in the tree: {found[:20]}")


async def _until(fact: Any) -> None:
    async with asyncio.timeout(15):
        while not fact():  # noqa: ASYNC110 - the bus calls no event of ours
            await asyncio.sleep(0.05)
