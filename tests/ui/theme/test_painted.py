"""The painted window: no text is too faint to be read, and the keyboard is always seen."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QSlider,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tests.ui.alarms.alarm_bench import AlarmBench
from tests.ui.harness import AtOnce, Harness
from tests.ui.theme.painted import best_contrast, pixels_of, poor_texts
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.inbox import Inbox, ItemKind
from tftmonitor.ui.bars.banner import Banner
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.devices.table.facts import AlarmMark
from tftmonitor.ui.help.pages import WordsPage
from tftmonitor.ui.inbox.pane import InboxPane
from tftmonitor.ui.settings.pane import SettingsPane
from tftmonitor.ui.theme.theme import DARK, LIGHT, Theme, install_theme

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
# Thin strokes are painted a little fainter than their ink.
LEAST = 4.2


@pytest.fixture
def bench(harness: Harness) -> Iterator[AlarmBench]:
    made = AlarmBench(harness)
    yield made
    made.close()


@BOTH
def test_texts_of_the_panes_are_readable_also_when_disabled(
    harness: Harness, qapp: QApplication, theme: Theme
) -> None:
    install_theme(qapp, theme)
    device = harness.snapshot("350", speed=41.5, external_power_voltage=12.4, ignition=True)
    inbox = Inbox()
    inbox.add(ItemKind.USER, harness.clock.now_ms(), None, "Garage", "text", device="350")
    panes: list[QWidget] = [
        DevicesPane(harness.fleet, harness.clock, harness.settings, lambda _: AlarmMark(None, 0)),
        DetailPane(harness.fleet, harness.clock, harness.settings),
        InboxPane(inbox, harness.clock, harness.settings),
        SettingsPane(harness.settings, harness.fleet, scope=AtOnce()),
        WordsPage(),
    ]
    poor = {}
    for pane in panes:
        harness.show(pane, 760, 640)
        if isinstance(pane, DetailPane):
            pane.show_device(device.key)
        if isinstance(pane, DevicesPane):
            pane.refresh(*harness.fleet.changes.drain())
        found = poor_texts(pane, LEAST)
        pane.setEnabled(False)
        found += [f"disabled {text}" for text in poor_texts(pane, LEAST)]
        if found:
            poor[type(pane).__name__] = found
        pane.hide()
    assert poor == {}


@BOTH
@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.HIGH, Severity.WARNING])
def test_banner_and_alarms_are_readable(
    bench: AlarmBench, qapp: QApplication, theme: Theme, severity: Severity
) -> None:
    install_theme(qapp, theme)
    bench.raise_alarm("SOS", severity)
    banner = Banner(bench.clock, bench.settings)
    bench.harness.show(banner, 700, 36)
    banner.show_alarms(bench.open_alarms.open())
    assert poor_texts(banner, LEAST) == []
    assert poor_texts(bench.pane, LEAST) == []


@BOTH
def test_buttons_of_docks_stand_out(harness: Harness, qapp: QApplication, theme: Theme) -> None:
    install_theme(qapp, theme)
    window = QMainWindow()
    dock = QDockWidget("Messages", window)
    dock.setWidget(QLabel("x"))
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    harness.show(window, 400, 300)
    buttons = [b for b in dock.findChildren(QAbstractButton) if b.isVisible()]
    assert len(buttons) == 2
    for button in buttons:
        picture = window.grab(button.geometry().translated(dock.pos())).toImage()
        assert best_contrast(pixels_of(picture)) >= 3


def focusable() -> dict[str, QWidget]:
    tabs, combo = QTabBar(), QComboBox()
    tabs.addTab("one")
    tabs.addTab("two")
    combo.addItems(["one", "two"])
    tool = QToolButton()
    tool.setText("Proven 14:31")
    tool.setAutoRaise(True)
    tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return {
        "button": QPushButton("Acknowledge"),
        "tool": tool,
        "box": QCheckBox("Alarm sound"),
        "line": QLineEdit("text"),
        "tabs": tabs,
        "combo": combo,
        "slider": QSlider(Qt.Orientation.Horizontal),
    }


@BOTH
@pytest.mark.parametrize("name", ["button", "tool", "box", "line", "tabs", "combo", "slider"])
def test_keyboard_is_seen_wherever_it_is(
    harness: Harness, qapp: QApplication, theme: Theme, name: str
) -> None:
    install_theme(qapp, theme)
    holder = QWidget()
    other, widget = QPushButton("other"), focusable()[name]
    column = QVBoxLayout(holder)
    column.addWidget(other)
    column.addWidget(widget)
    harness.show(holder, 260, 120)
    holder.activateWindow()
    harness.qtbot.waitUntil(holder.isActiveWindow)
    other.setFocus(Qt.FocusReason.TabFocusReason)
    before = pixels_of(holder.grab(widget.geometry()).toImage()).astype(int)
    QTest.keyClick(other, Qt.Key.Key_Tab)
    assert widget.hasFocus()
    after = pixels_of(holder.grab(widget.geometry()).toImage()).astype(int)
    changed = int(np.count_nonzero(np.abs(before - after).sum(axis=2) > 60))
    assert changed >= 20
