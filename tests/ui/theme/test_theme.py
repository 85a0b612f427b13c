import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from tftmonitor.base import paths
from tftmonitor.base.paths import resource
from tftmonitor.ui.theme.theme import (
    DARK,
    LIGHT,
    THEME,
    Theme,
    contrast,
    current_theme,
    install_theme,
    system_theme,
    tabular,
)

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> Iterator[None]:
    yield
    install_theme(qapp, LIGHT)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@BOTH
def test_every_text_is_readable_on_its_ground(theme: Theme) -> None:
    poor = [pair for pair in theme.text_pairs() if contrast(*pair) < 4.5]
    assert poor == []


@BOTH
def test_every_chip_is_readable_and_stands_out(theme: Theme) -> None:
    for chip in theme.chips():
        assert contrast(chip.ink, chip.fill) >= 3
        # Outline or fill: one of them must part the chip from the window.
        parted = max(contrast(color, theme.window) for color in (theme.chip_outline, chip.fill))
        assert parted >= 3


@BOTH
def test_apply_sets_palette_and_tells(qapp: QApplication, theme: Theme) -> None:
    told: list[Theme] = []
    THEME.changed.connect(lambda: told.append(current_theme()))
    install_theme(qapp, theme)
    assert told == [theme]
    palette = qapp.palette()
    assert palette.color(QPalette.ColorRole.Window) == QColor(theme.window)
    assert palette.color(QPalette.ColorRole.PlaceholderText) == QColor(theme.muted_text)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == QColor(theme.disabled_text)
    assert theme.raised in qapp.styleSheet()
    assert "$" not in qapp.styleSheet()
    # A style sheet hides the style's name.
    qapp.setStyleSheet("")
    assert qapp.style().name() == "fusion"


@pytest.mark.parametrize(
    ("scheme", "theme"),
    [
        (Qt.ColorScheme.Dark, DARK),
        (Qt.ColorScheme.Light, LIGHT),
        (Qt.ColorScheme.Unknown, LIGHT),
    ],
)
def test_system_theme_is_what_the_desktop_asks_for(
    monkeypatch: pytest.MonkeyPatch, scheme: Qt.ColorScheme, theme: Theme
) -> None:
    # Offscreen there is no desktop that could ask, so Qt's answer is given.
    hints = SimpleNamespace(colorScheme=lambda: scheme)
    monkeypatch.setattr(QGuiApplication, "styleHints", lambda: hints)
    assert system_theme() is theme


def test_tabular_font_leaves_the_given_one_alone(qapp: QApplication) -> None:
    font = qapp.font()
    assert tabular(font).featureTags()
    assert not font.featureTags()


def test_theme_and_icons_do_not_import_pyqtgraph() -> None:
    code = "import sys, tftmonitor.ui.theme.icons; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_resource_finds_shipped_files() -> None:
    assert resource("icons", "app.svg").is_file()
    assert resource("icons", "LICENSE-lucide").is_file()


def test_resource_prefers_the_package_and_says_when_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inside, beside = tmp_path / "package" / "resources", tmp_path / "resources"
    monkeypatch.setattr(paths, "_CANDIDATES", (inside, beside))
    paths._first.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match="resources"):
            resource("x")
        beside.mkdir(parents=True)
        assert resource("x") == beside / "x"
        paths._first.cache_clear()
        inside.mkdir(parents=True)
        assert resource("x", "y") == inside / "x" / "y"
    finally:
        paths._first.cache_clear()
