"""The colours of the window, light and dark, and how the application puts them on.

Panes take colours from ``current_theme()`` and restyle on ``THEME.changed``.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from tftmonitor.base.paths import resource


@dataclass(frozen=True, slots=True)
class Chip:
    """A filled sign: its fill, and the ink of what is drawn on it."""

    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Named colours as ``#rrggbb``; a Theme is hashable, so drawings can be kept by it."""

    name: str
    dark: bool
    window: str
    base: str
    alternate_base: str
    raised: str
    text: str
    muted_text: str
    disabled_text: str
    border: str
    accent: str
    accent_ink: str
    selection: str
    selection_ink: str
    link: str
    link_ok: str
    error: str
    hatch: str
    scroll: str
    grid: str
    lane: str
    chip_outline: str
    replay: str
    replay_ink: str
    curves: tuple[str, ...]
    # Contrast and distance for colour-blind eyes were computed; both themes use the same chips.
    critical: Chip = Chip("#c8102e", "#ffffff")
    high: Chip = Chip("#f28c28", "#1b1e23")
    warning: Chip = Chip("#f2d13d", "#1b1e23")
    notice: Chip = Chip("#2170b8", "#ffffff")
    shelved: Chip = Chip("#6b2fa0", "#ffffff")
    stale: Chip = Chip("#5b6470", "#ffffff")

    def text_pairs(self) -> Iterator[tuple[str, str]]:
        """Each ink with the ground on which it is read; the contrast test goes through them."""
        inks = (
            self.text,
            self.muted_text,
            self.disabled_text,
            self.link,
            self.link_ok,
            self.error,
        )
        for ground in (self.window, self.base, self.alternate_base, self.raised):
            for ink in inks:
                yield ink, ground
        for ink in self.curves:
            yield ink, self.base
            yield ink, self.window
        yield self.text, self.lane
        yield self.accent_ink, self.accent
        yield self.selection_ink, self.selection
        yield self.replay_ink, self.replay

    def chips(self) -> tuple[Chip, ...]:
        """All filled signs."""
        return (self.critical, self.high, self.warning, self.notice, self.shelved, self.stale)


LIGHT = Theme(
    name="light",
    dark=False,
    window="#f4f5f7",
    base="#ffffff",
    alternate_base="#f8f9fb",
    raised="#eceef1",
    text="#1f2328",
    muted_text="#59616b",
    disabled_text="#626a74",
    border="#c8cdd4",
    accent="#1f5fa0",
    accent_ink="#ffffff",
    selection="#cbdef2",
    selection_ink="#14181d",
    link="#1a5a9c",
    link_ok="#2f6668",
    error="#b3122b",
    hatch="#b4bbc5",
    scroll="#828b97",
    grid="#e7eaee",
    lane="#c3d2e2",
    chip_outline="#3a4048",
    replay="#0b5f5a",
    replay_ink="#ffffff",
    curves=("#255f99", "#8a5312", "#14695d", "#6b4a8c", "#5a6069"),
)

DARK = Theme(
    name="dark",
    dark=True,
    window="#1b1e23",
    base="#15181c",
    alternate_base="#191c21",
    raised="#282c33",
    text="#e6e8eb",
    muted_text="#a3abb5",
    disabled_text="#9ca4ae",
    border="#3c424b",
    accent="#6fa8e0",
    accent_ink="#10151b",
    selection="#2c4868",
    selection_ink="#f3f6f9",
    link="#8bbcf0",
    link_ok="#93bfc0",
    error="#ff8d8d",
    hatch="#5a636f",
    scroll="#69727e",
    grid="#262b32",
    lane="#34495f",
    chip_outline="#d5d9de",
    replay="#0b5f5a",
    replay_ink="#ffffff",
    curves=("#86b8ea", "#dcb06c", "#79cbb9", "#c3a3e2", "#b9c0c9"),
)


class ThemeSignal(QObject):
    """Tells that another theme was put on; the one instance is ``THEME``."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = LIGHT


THEME = ThemeSignal()
_STYLED = "tftmonitor_styled"
# Drawings that only a style sheet can put where they belong: one a theme.
_SIGNS = ("check", "chevron", "chevronup", "close", "float", "menucheck", "menuradio")


def current_theme() -> Theme:
    """The theme last applied; LIGHT before that."""
    return THEME.theme


def system_theme() -> Theme:
    """What the desktop asks for; LIGHT where it does not say."""
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def install_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application and tell the panes.

    Qt dresses all widgets in one call, for which the window stands: 65 ms for 800 of them.
    """
    # From one sheet to another, or in a style that is set again, Qt needs four times as long.
    app.setStyleSheet("")
    if app.property(_STYLED) is None:
        app.setStyle("Fusion")
        app.setProperty(_STYLED, True)
    app.setPalette(make_palette(theme))
    app.setStyleSheet(_style_sheet(theme))
    THEME.theme = theme
    THEME.changed.emit()


def make_palette(theme: Theme) -> QPalette:
    """Every role that Fusion draws with, in the theme's colours."""
    role = QPalette.ColorRole
    palette = QPalette()
    for name, color in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.base,
        role.AlternateBase: theme.alternate_base,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted_text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.selection_ink,
        role.Accent: theme.accent,
        role.Link: theme.link,
        role.LinkVisited: theme.link,
        role.Light: theme.base,
        role.Midlight: theme.alternate_base,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Shadow: theme.border,
    }.items():
        palette.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.disabled_text))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.border))
    palette.setColor(QPalette.ColorGroup.Disabled, role.HighlightedText, QColor(theme.muted_text))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Accent, QColor(theme.border))
    return palette


def _style_sheet(theme: Theme) -> str:
    sheet = resource("themes", "base.qss").read_text("utf-8")
    signs = {sign: resource("themes", f"{sign}-{theme.name}.svg").as_posix() for sign in _SIGNS}
    return Template(sheet).substitute(asdict(theme), **signs)


def tabular(font: QFont) -> QFont:
    """The same font with digits of one width, for numbers in columns."""
    copy = QFont(font)
    copy.setFeature(QFont.Tag("tnum"), 1)
    return copy


def contrast(ink: str, ground: str) -> float:
    """The WCAG contrast of two colours, 1 to 21."""
    bright, dim = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
