"""However the program ends, what the user changed a second before is there the next time."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desktop import Desktop, desktop, missing_programs, wait_until
from tests.e2e.driven import Driven, driven

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the desktop is made of X and D-Bus"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]

_END_S = 15.0
_QUIT = (
    "from PySide6.QtCore import QCoreApplication, QEvent; app = QCoreApplication.instance()",
    # What Qt does when the session manager ends the program, or Windows the session.
    "QCoreApplication.postEvent(app, QEvent(QEvent.Type.Quit))",
)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    folder = tmp_path / "desktop"
    folder.mkdir()
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with desktop(folder) as made:
        made.env["TMPDIR"] = str(temporary)
        yield made


def change_everything(program: Driven) -> None:
    """Layout, columns, sort, colours, a rule half written; and a sound in the air."""
    program.wait_for("len(program.monitor.fleet) >= 3 and window.isVisible()")
    program.do(
        "window.setGeometry(40, 60, 1100, 700)",
        "window.docks['inbox'].hide()",
        "program.parts.devices.view.horizontalHeader().setSortIndicator("
        "3, __import__('PySide6.QtCore').QtCore.Qt.SortOrder.DescendingOrder)",
        "program.parts.devices.view.horizontalHeader().resizeSection(1, 77)",
        "program.core.settings.set('theme', 'dark')",
        "program.shell.show_pane('rules')",
        "rules = window.pages.findChild("
        "__import__('tftmonitor.ui.rules.pane', fromlist=['x']).RulesPane)",
        "rules.add()",
        "rules.editor.name.setText('half a rule')",
        "program.core.settings.set('volume', 30)",
        "program.parts.outputs.sound.test()",
    )
    # A second each, from the last change on.
    wait_until(lambda: "half a rule" in str(program.settings().get("drafts")), "the draft", 1.0)


def check_everything(screen: Desktop, profile: Path) -> None:
    with driven(screen.env, profile) as program:
        program.wait_for("len(program.monitor.fleet) >= 3 and window.isVisible()")
        assert program.ask("[window.width(), window.height()]") == [1100, 700]
        assert program.ask("window.docks['inbox'].isHidden()") is True
        assert program.ask("program.parts.devices.model.order.descending") is True
        assert program.ask("program.parts.devices.model.order.column is not None") is True
        assert program.ask("program.parts.devices.view.columnWidth(1)") == 77
        assert program.ask("program.core.settings.values.theme") == "dark"
        program.do(
            "program.shell.show_pane('rules')",
            "rules = window.pages.findChild("
            "__import__('tftmonitor.ui.rules.pane', fromlist=['x']).RulesPane)",
        )
        assert program.ask("rules.editor.isVisible()") is True
        assert program.ask("rules.editor.name.text()") == "half a rule"
        assert program.end() == 0


@pytest.mark.parametrize("ending", ["SIGHUP", "SIGTERM", "SIGKILL", "log-out", "screen"])
def test_nothing_is_lost_by_the_end(screen: Desktop, tmp_path: Path, ending: str) -> None:
    profile = tmp_path / "profile"
    sounds = tmp_path / "tmp"
    with driven(screen.env, profile) as program:
        change_everything(program)
        program.wait_for("program.parts.outputs.tray.available")
        window = program.settings()["window_geometry"]
        if ending == "log-out":
            # It closes to the tray, and a log-out is no closing.
            program.do(*_QUIT)
        elif ending == "screen":
            screen.kill("screen")
        else:
            os.kill(program.process.pid, getattr(signal, ending))
        code = program.process.wait(_END_S)
        assert code == {"SIGKILL": -9, "screen": 1}.get(ending, 0)
        assert window == program.settings()["window_geometry"]
        if ending != "SIGKILL":
            assert [n for n in os.listdir(sounds) if n.startswith("tftmonitor-sounds")] == []
        assert "Traceback" not in program.errors, program.errors
    if ending == "screen":
        folder = tmp_path / "again"
        folder.mkdir()
        with desktop(folder) as other:
            check_everything(other, profile)
    else:
        check_everything(screen, profile)


def test_saving_the_session_ends_nothing(screen: Desktop, tmp_path: Path) -> None:
    with driven(screen.env, tmp_path / "profile") as program:
        program.wait_for("len(program.monitor.fleet) >= 3 and window.isVisible()")
        program.do(
            "from PySide6.QtWidgets import QApplication",
            "window.resize(1000, 650)",
            "program._session_end._on_request(None)",
        )
        # At once and not a moment later: the session waits for nobody.
        assert program.settings()["window_geometry"] == program.ask(
            "window.layout_settings()['window_geometry']"
        )
        assert program.ask("window.isVisible()") is True
        assert program.end() == 0
