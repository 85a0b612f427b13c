from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.theme import icons
from tftmonitor.ui.theme.glyphs import severity_chip
from tftmonitor.ui.theme.icons import severity_icon, tray_icon
from tftmonitor.ui.theme.theme import DARK, LIGHT, Theme

pytestmark = pytest.mark.usefixtures("qapp")
BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def image(icon: QIcon, size: int = 16, scale: float = 1.0) -> QImage:
    pixmap = icon.pixmap(QSize(size, size), scale)
    return pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)


def shape(icon: QIcon) -> frozenset[tuple[int, int]]:
    """The pixels that are drawn, whatever their colour."""
    drawn = image(icon, 32)
    spots = [(x, y) for x in range(drawn.width()) for y in range(drawn.height())]
    return frozenset(spot for spot in spots if drawn.pixelColor(*spot).alpha() > 127)


@BOTH
def test_signs_differ_in_shape_and_not_only_in_colour(theme: Theme) -> None:
    drawn = {name: icons.state_icon(name, 32, theme) for name in icons.STATES}
    shapes = {name: shape(icon) for name, icon in drawn.items()}
    for one, other in combinations(shapes, 2):
        assert len(shapes[one] ^ shapes[other]) > 40, f"{one} looks like {other}"


def test_severities_differ_in_outline() -> None:
    shapes = [shape(icons.severity_icon(severity, 32)) for severity in Severity]
    for one, other in combinations(shapes, 2):
        assert len(one ^ other) > 20


def test_severity_is_filled_with_its_colour() -> None:
    drawn = image(icons.severity_icon(Severity.CRITICAL, 32), 32)
    assert drawn.pixelColor(5, 16).name() == LIGHT.critical.fill


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_icons_are_drawn_at_the_scale_of_the_screen(scale: float) -> None:
    for icon in (
        icons.severity_icon(Severity.HIGH),
        icons.action_icon("bell"),
        icons.shelved_icon(),
        icons.stale_icon(),
    ):
        assert icon.actualSize(QSize(64, 64)).width() == 48
        assert image(icon, 16, scale).width() == 16 * scale


def test_icons_are_made_once() -> None:
    first = icons.severity_icon(Severity.HIGH)
    assert icons.severity_icon(Severity.HIGH).cacheKey() == first.cacheKey()
    assert icons.severity_icon(Severity.HIGH, theme=DARK).cacheKey() != first.cacheKey()


@BOTH
def test_actions_take_the_text_colour(theme: Theme) -> None:
    drawn = image(icons.action_icon("pause", theme, 32), 32)
    colors = {drawn.pixelColor(x, 16).name() for x in range(32) if drawn.pixelColor(x, 16).alpha()}
    assert theme.text in colors


def test_every_action_is_a_drawing() -> None:
    assert len(icons.ACTIONS) >= 20
    for name in icons.ACTIONS:
        assert shape(icons.action_icon(name, LIGHT, 32)), name


def test_unknown_names_are_refused() -> None:
    with pytest.raises(KeyError):
        icons.state_icon("online")
    with pytest.raises(KeyError):
        icons.action_icon("../app")


@pytest.mark.parametrize("size", [16, 22, 32, 64])
def test_tray_shows_severity_and_link(size: int) -> None:
    calm = image(icons.tray_icon(None, 0, True), size)
    alarmed = image(icons.tray_icon(Severity.CRITICAL, 3, True), size)
    down = image(icons.tray_icon(None, 0, False), size)
    assert calm != alarmed
    assert calm != down
    assert alarmed != image(icons.tray_icon(Severity.HIGH, 3, True), size)
    assert alarmed != image(icons.tray_icon(Severity.CRITICAL, 4, True), size)
    assert image(icons.app_icon(), size) == calm


def test_disabled_signs_keep_their_colour(qapp: QApplication) -> None:
    icon = icons.severity_icon(Severity.CRITICAL)
    size = QSize(16, 16)
    greyed = icon.pixmap(size, 1.0, QIcon.Mode.Disabled).toImage()
    assert greyed == icon.pixmap(size, 1.0).toImage()


def test_sign_of_what_is_over_is_hollow_in_each_theme() -> None:
    for theme in (LIGHT, DARK):
        for severity in Severity:
            active = severity_icon(severity, 32, theme).pixmap(32, 32).toImage()
            over = severity_icon(severity, 32, theme, is_over=True).pixmap(32, 32).toImage()
            fill = severity_chip(theme, severity).fill
            place = QPoint(8, 24) if severity is Severity.HIGH else QPoint(7, 16)
            assert active.pixelColor(place).name() == fill
            assert over.pixelColor(place).name() == theme.base
    waiting = tray_icon(Severity.CRITICAL, 1, True).pixmap(32, 32).toImage()
    assert waiting != tray_icon(Severity.CRITICAL, 1, True, True).pixmap(32, 32).toImage()
