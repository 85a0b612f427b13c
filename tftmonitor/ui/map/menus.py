"""What opens on the map: the menu of a place, the devices of one spot, those that are left out."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from tftmonitor.base.clock import Clock
from tftmonitor.model.geo.coordinates import coordinates_text, dms_text
from tftmonitor.model.geo.projection import to_degrees
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.map.devices.device_words import DeviceWords
from tftmonitor.ui.map.gestures import MapSurface
from tftmonitor.ui.platform.child_process import open_url
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.widgets.tooltip import plain_tip

_MOST: Final = 24
"""A menu of more is no menu: the list has them all."""
_NUMBERS: Final = re.compile(r"\{(lat|lon)\}")


def pop_up(
    owner: QWidget,
    place: QPoint,
    entries: Sequence[tuple[str, Callable[[], object]]],
    more: int = 0,
) -> QMenu:
    """Open a menu of texts and acts at a place of the owner; the rest of them is counted."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for text, act in entries[:_MOST]:
        # A name may have an ampersand, which would be taken for a key.
        menu.addAction(text.replace("&", "&&"), act)
    rest = max(len(entries) - _MOST, 0) + more
    if rest:
        menu.addAction(f"and {rest} more, in the list").setEnabled(False)
    menu.popup(owner.mapToGlobal(place))
    return menu


def add_place_entries(menu: QMenu, latitude: float, longitude: float, template: str) -> None:
    """What can be done with a place: its coordinates, and the system's browser."""
    for text in (coordinates_text(latitude, longitude), dms_text(latitude, longitude)):
        copy = menu.addAction(action_icon("copy"), f"Copy {text}")
        copy.triggered.connect(partial(_copy, text))
    address = browser_address(template, latitude, longitude)
    if address:
        opened = menu.addAction(action_icon("external-link"), "Open in the browser")
        opened.setToolTip(address)
        opened.triggered.connect(lambda _on=False: open_url(QUrl(address)))
        menu.setToolTipsVisible(True)


def _copy(text: str, _on: bool = False) -> None:
    QGuiApplication.clipboard().setText(text)


def browser_address(template: str, latitude: float, longitude: float) -> str:
    """The user's template with this place in it; empty for one that is no web address."""
    if not template.startswith(("https://", "http://")) or not _NUMBERS.search(template):
        return ""
    numbers = {"lat": f"{latitude:.6f}", "lon": f"{longitude:.6f}"}
    return _NUMBERS.sub(lambda found: numbers[found.group(1)], template)


class MapMenus:
    """The menus of one map; ``choose`` and ``follow`` take a row of the fleet."""

    def __init__(
        self,
        canvas: MapSurface,
        words: DeviceWords,
        clock: Clock,
        choose: Callable[[int], object],
        follow: Callable[[int], object],
        settings: SettingsStore,
    ) -> None:
        self._canvas, self._words, self._clock = canvas, words, clock
        self._choose, self._follow, self._settings = choose, follow, settings

    def open_place(self, place: QPoint, row: int) -> QMenu:
        """The menu of a device, or of a place without one for -1."""
        canvas, words = self._canvas, self._words
        positions = canvas.devices.positions
        entries: list[tuple[str, Callable[[], object]]] = []
        if row >= 0:
            where = float(positions.latitude[row]), float(positions.longitude[row])
            entries.append((f"Show {words.name(row)}", partial(self._choose, row)))
            entries.append((f"Follow {words.name(row)}", partial(self._follow, row)))
        else:
            north, east = to_degrees(*canvas.view.to_map(place.x(), place.y()))
            where = float(north), float(east)
        menu = pop_up(canvas, place, entries)
        if entries:
            menu.addSeparator()
        add_place_entries(menu, *where, self._settings.values.map_link)
        return menu

    def list_rows(self, rows: Sequence[int], place: QPoint) -> QMenu:
        """The devices of one spot, those with alarms first."""
        words, now_ms = self._words, self._clock.now_ms()
        severities = self._canvas.devices.positions.severities
        ordered = sorted(rows, key=lambda row: (-int(severities[row]), words.name(row)))
        entries = [
            (f"{words.name(row)}: {words.state(row, now_ms)}", partial(self._choose, row))
            for row in ordered
        ]
        return pop_up(self._canvas, place, entries)

    def list_left_out(self, rows: Sequence[int], place: QPoint) -> QMenu:
        """Those that the map does not show where they say, each with the reason."""
        entries = [(self._words.why_left_out(row), partial(self._choose, row)) for row in rows]
        return pop_up(self._canvas, place, entries)

    def tell(self, place: QPoint, row: int | None) -> None:
        """What is under the pointer, as a tooltip; nothing for None."""
        text = ""
        if row is not None:
            text = plain_tip("\n".join(self._words.lines(row, self._clock.now_ms())))
        QToolTip.showText(self._canvas.mapToGlobal(place), text, self._canvas)

    def say(self, row: int) -> None:
        """The device that the keyboard is on, as a tooltip and to a screen reader."""
        canvas = self._canvas
        text = self._words.spoken(row, self._clock.now_ms())
        point = canvas.devices.point_of(row)
        if point is not None:
            self.tell(QPoint(*map(round, point)), row)
        canvas.setAccessibleDescription(text)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(canvas, text))
