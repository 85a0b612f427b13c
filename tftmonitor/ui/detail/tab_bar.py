"""The tabs of the detail pane: one is built when it is first raised, and only it works on top.

The chosen tab gives way to the overview while the device has nothing for it.
"""

from typing import TypeVar, cast

from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from tftmonitor.model.fleet.device import Device
from tftmonitor.protocol.records import record_groups
from tftmonitor.ui.detail.page import DetailContext, DetailPage
from tftmonitor.ui.detail.tabs.driver import DriverPage
from tftmonitor.ui.detail.tabs.engine import EnginePage
from tftmonitor.ui.detail.tabs.fields import FieldsPage
from tftmonitor.ui.detail.tabs.fuel import FuelPage
from tftmonitor.ui.detail.tabs.inputs_outputs import InputsOutputsPage
from tftmonitor.ui.detail.tabs.overview import OverviewPage
from tftmonitor.ui.detail.tabs.raw_frame import RawPage
from tftmonitor.ui.detail.tabs.records import RecordsPage, records_page
from tftmonitor.ui.detail.tabs.trouble_codes import TroubleCodesPage
from tftmonitor.ui.detail.tabs.tyres import TyresPage
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets.tooltip import plain_tip

# In the order in which they stand; between them and the last a tab a group of records.
_FIRST_PAGES: tuple[type[DetailPage], ...] = (
    OverviewPage,
    FieldsPage,
    InputsOutputsPage,
    EnginePage,
)
# The groups of records that can do more than show their tables.
_SPECIAL_PAGES: dict[str, type[RecordsPage]] = {
    TyresPage.title: TyresPage,
    DriverPage.title: DriverPage,
    FuelPage.title: FuelPage,
    TroubleCodesPage.title: TroubleCodesPage,
}
# Beside the title of a tab, by the sheet of the theme.
_TAB_AIR = 16

_P = TypeVar("_P", bound=DetailPage)


class DetailTabs(QTabWidget):
    """All points of view of one device; a tab with nothing to show is muted.

    Only where there is no room for all are those left out that have nothing.
    """

    def __init__(self, context: DetailContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._kinds = _page_kinds()
        self._built: dict[type[DetailPage], DetailPage] = {}
        self._device: Device | None = None
        self._outdated: set[DetailPage] = set()
        self._marks: dict[type[DetailPage], str] = {}
        self._empty: set[type[DetailPage]] = set()
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.setAccessibleName("Views of the device")
        # What stands in a tab until its page is built.
        self._places: dict[type[DetailPage], QVBoxLayout] = {}
        for kind in self._kinds:
            place = QWidget()
            column = self._places[kind] = QVBoxLayout(place)
            column.setContentsMargins(0, 0, 0, 0)
            self.addTab(place, kind.title)
        self.overview = self._page_of(OverviewPage)
        # What the user wants to see, which is not on top while a device has nothing for it.
        self._chosen: type[DetailPage] = OverviewPage
        self._is_giving_way = False
        self.currentChanged.connect(self._choose)
        # The one on top may be there only because the chosen one gave way.
        self.tabBarClicked.connect(self._choose)

    @property
    def page(self) -> DetailPage:
        """The tab on top."""
        return self._page_of(self._kinds[self.currentIndex()])

    @property
    def pages(self) -> tuple[DetailPage, ...]:
        """All tabs; builds those that were never raised."""
        return tuple(self._page_of(kind) for kind in self._kinds)

    def show_device(self, device: Device) -> None:
        """Fill the tab on top; the others are filled when they come there.

        With another device the chosen tab comes to the front if it has something to show of it,
        else the overview. While a device stays, nothing changes place.
        """
        if device is not self._device:
            self._give_way(device)
        self._device = device
        self._outdated = set(self._built.values())
        self.mark(device)
        self._raise()

    def why_empty(self, name: str, device: Device) -> str:
        """Why the tab of this title has nothing of a device, "" when it has something."""
        kinds = (kind for kind in self._kinds if kind.title == name)
        return next(kinds).why_empty(self._context, device)

    def show_tab(self, name: str) -> None:
        """Bring the tab of this title to the front."""
        for number, kind in enumerate(self._kinds):
            if kind.title.lower() == name.lower():
                self._chosen = kind
                self.setTabVisible(number, True)
                self.setCurrentIndex(number)

    def mark(self, device: Device) -> None:
        """Mute the titles of tabs that have nothing to show; their tooltip says why."""
        theme = current_theme()
        for number, kind in enumerate(self._kinds):
            why = kind.why_empty(self._context, device)
            if why:
                self._empty.add(kind)
            else:
                self._empty.discard(kind)
            mark = why + theme.name
            if self._marks.get(kind) != mark:
                self._marks[kind] = mark
                # An invalid colour is the palette's own.
                ink = _between(theme.muted_text, theme.disabled_text) if why else QColor()
                self.tabBar().setTabTextColor(number, ink)
                self.setTabToolTip(number, plain_tip(why))
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out what has nothing to show while the tabs have no room."""
        needed = sum(
            self.fontMetrics().horizontalAdvance(kind.title) + _TAB_AIR for kind in self._kinds
        )
        is_tight = needed > self.width()
        for number, kind in enumerate(self._kinds):
            is_shown = not (is_tight and kind in self._empty and number != self.currentIndex())
            if self.isTabVisible(number) != is_shown:
                self.setTabVisible(number, is_shown)

    def apply_theme(self) -> None:
        """Another theme is on."""
        for page in self._built.values():
            page.apply_theme()

    def _choose(self, number: int) -> None:
        # A click beside the tabs has no number.
        if not self._is_giving_way and number >= 0:
            self._chosen = self._kinds[number]
        self._fit()
        self._raise()

    def _give_way(self, device: Device) -> None:
        is_empty = bool(self._chosen.why_empty(self._context, device))
        kind = OverviewPage if is_empty else self._chosen
        # Nothing is filled yet: the device is not taken over.
        self._is_giving_way, self._device = True, None
        self.setCurrentIndex(self._kinds.index(kind))
        self._is_giving_way = False

    def _raise(self) -> None:
        page = self.page
        if self._device is not None and page in self._outdated:
            self._outdated.discard(page)
            page.show_device(self._device)

    def _page_of(self, kind: type[_P]) -> _P:
        page = self._built.get(kind)
        if page is None:
            page = self._built[kind] = kind(self._context)
            self._places[kind].addWidget(page)
            page.tab_requested.connect(self.show_tab)
            self._outdated.add(page)
        return cast("_P", page)


def _page_kinds() -> tuple[type[DetailPage], ...]:
    """All tabs from left to right; a new kind of records brings its own."""
    records = (
        records_page(group, tables, _SPECIAL_PAGES.get(group, RecordsPage))
        for group, tables in record_groups().items()
    )
    return (*_FIRST_PAGES, *records, RawPage)


def _between(ink: str, other: str) -> QColor:
    """The colour half-way: seen to say little, and still read."""
    one, two = QColor(ink), QColor(other)
    return QColor(
        (one.red() + two.red()) // 2,
        (one.green() + two.green()) // 2,
        (one.blue() + two.blue()) // 2,
    )
