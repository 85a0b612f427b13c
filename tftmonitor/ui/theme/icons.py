"""Icons of alarms, states, links and actions, made once a theme, sharp at any scale."""

from collections.abc import Callable
from functools import cache, partial

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

from tftmonitor.base.paths import resource
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.theme import glyphs
from tftmonitor.ui.theme.theme import LIGHT, Theme, current_theme

SIGN_SIZE = 16
# The scales that desktops offer; others take the next larger drawing.
_SCALES = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)
_TRAY_SIZES = (16, 20, 22, 24, 32, 48, 64)
_APP_SIZES = (16, 20, 22, 24, 32, 48, 64, 128, 256)

ACTIONS = frozenset(path.stem for path in resource("icons", "lucide").glob("*.svg"))
STATES = frozenset(glyphs.STATES)


def severity_icon(
    severity: Severity,
    size: int = SIGN_SIZE,
    theme: Theme | None = None,
    *,
    is_over: bool = False,
) -> QIcon:
    """The filled sign of a severity: octagon 1, triangle 2, diamond 3 or circle i.

    Hollow for an alarm that is over and only waits to be acknowledged.
    """
    return _severity(severity, size, theme or current_theme(), is_over)


def shelved_icon(size: int = SIGN_SIZE, theme: Theme | None = None) -> QIcon:
    """Pause bars on a filled circle."""
    return _shelved(size, theme or current_theme())


def stale_icon(size: int = SIGN_SIZE, theme: Theme | None = None) -> QIcon:
    """A clock on a filled circle."""
    return _stale(size, theme or current_theme())


def state_icon(name: str, size: int = SIGN_SIZE, theme: Theme | None = None) -> QIcon:
    """The shape of a device's or link's state word, one of ``STATES``; KeyError for others."""
    return _state(name, size, theme or current_theme())


def action_icon(name: str, theme: Theme | None = None, size: int = SIGN_SIZE) -> QIcon:
    """A line drawing in the text's colour, one of ``ACTIONS``; KeyError for others."""
    return _action(name, theme or current_theme(), size)


@cache
def app_icon() -> QIcon:
    """The program's own icon."""
    renderer = QSvgRenderer(str(resource("icons", "app.svg")))
    return _icon([_canvas(size, partial(_render, renderer)) for size in _APP_SIZES])


@cache
def tray_icon(severity: Severity | None, count: int, link_ok: bool, is_over: bool = False) -> QIcon:
    """The program's icon with the highest open severity and their number.

    It greys and is struck through when our own link is down. ``count`` matters up to 10. The
    number stands in a hollow sign when all of that severity are over.
    """
    renderer = QSvgRenderer(str(resource("icons", "app.svg")))

    def draw(painter: QPainter) -> None:
        painter.setOpacity(1.0 if link_ok else 0.45)
        _render(renderer, painter)
        painter.setOpacity(1.0)
        if not link_ok:
            _strike(painter)
        if severity is not None:
            # More than half of the width, or the digit is lost at 16 px.
            painter.translate(0.36, 0.36)
            painter.scale(0.62, 0.62)
            glyphs.draw_badge(painter, LIGHT, severity, count, is_over=is_over)

    return _icon([_canvas(size, draw) for size in _TRAY_SIZES])


def _strike(painter: QPainter) -> None:
    for color, width in ((LIGHT.base, 0.2), (LIGHT.error, 0.1)):
        pen = QPen(QColor(color), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(0.12, 0.88), QPointF(0.88, 0.12))


@cache
def _severity(severity: Severity, size: int, theme: Theme, is_over: bool) -> QIcon:
    return _drawn(size, theme, partial(glyphs.draw_severity, severity=severity, is_over=is_over))


@cache
def _shelved(size: int, theme: Theme) -> QIcon:
    return _drawn(size, theme, glyphs.draw_shelved)


@cache
def _stale(size: int, theme: Theme) -> QIcon:
    return _drawn(size, theme, glyphs.draw_stale)


@cache
def _state(name: str, size: int, theme: Theme) -> QIcon:
    return _drawn(size, theme, glyphs.STATES[name])


@cache
def _action(name: str, theme: Theme, size: int) -> QIcon:
    if name not in ACTIONS:
        raise KeyError(name)
    drawing = resource("icons", "lucide", f"{name}.svg").read_text("utf-8")
    icon = QIcon()
    for mode, color in (
        (QIcon.Mode.Normal, theme.text),
        (QIcon.Mode.Selected, theme.selection_ink),
        (QIcon.Mode.Disabled, theme.disabled_text),
    ):
        renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", color).encode()))
        for scale in _SCALES:
            icon.addPixmap(_canvas(round(size * scale), partial(_render, renderer)), mode)
    return icon


def _render(renderer: QSvgRenderer, painter: QPainter) -> None:
    renderer.render(painter, QRectF(0, 0, 1, 1))


def _drawn(size: int, theme: Theme, draw: Callable[[QPainter, Theme], None]) -> QIcon:
    sizes = [round(size * scale) for scale in _SCALES]
    return _icon([_canvas(pixels, lambda painter: draw(painter, theme)) for pixels in sizes])


def _icon(pixmaps: list[QPixmap]) -> QIcon:
    icon = QIcon()
    for pixmap in pixmaps:
        icon.addPixmap(pixmap)
        # A selected row must not tint a sign, nor a disabled button grey an alarm.
        icon.addPixmap(pixmap, QIcon.Mode.Selected)
        icon.addPixmap(pixmap, QIcon.Mode.Disabled)
    return icon


def _canvas(pixels: int, draw: Callable[[QPainter], None]) -> QPixmap:
    """A clear square pixmap; ``draw`` sees a unit square, half a pixel inside for outlines."""
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(0.5, 0.5)
    painter.scale(pixels - 1, pixels - 1)
    draw(painter)
    painter.end()
    return pixmap
