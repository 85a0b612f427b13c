"""The tabs of the detail pane, and the rule that only the one on top works."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QTabWidget, QWidget
from typing_extensions import override

from tftmonitor.model.device import Device
from tftmonitor.ui.panes.detail_engine import EnginePage
from tftmonitor.ui.panes.detail_page import DetailContext, DetailPage
from tftmonitor.ui.panes.detail_reading import plain_tip
from tftmonitor.ui.panes.detail_trouble import TroublePage
from tftmonitor.ui.panes.fields import FieldsPage
from tftmonitor.ui.panes.io_view import IoPage
from tftmonitor.ui.panes.overview import OverviewPage
from tftmonitor.ui.panes.raw import RawPage
from tftmonitor.ui.panes.records import DriverPage, FuelPage, TyresPage
from tftmonitor.ui.theme import current_theme

# Between a tab's edge and its title: nine tabs have to stand side by side in 460 pixels.
_TAB_SPACE = 11


class _NarrowTabs(QProxyStyle):
    """Fusion with less room around the titles of tabs."""

    @override
    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric is QStyle.PixelMetric.PM_TabBarTabHSpace:
            return _TAB_SPACE
        return super().pixelMetric(metric, option, widget)


class DetailTabs(QTabWidget):
    """All points of view of one device; a tab with nothing to show is muted, never taken away."""

    def __init__(self, context: DetailContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.overview = OverviewPage(context)
        self.raw = RawPage(context)
        self.pages: tuple[DetailPage, ...] = (
            self.overview,
            FieldsPage(context),
            IoPage(context),
            EnginePage(context),
            TyresPage(context),
            DriverPage(context),
            TroublePage(context),
            FuelPage(context),
            self.raw,
        )
        self._device: Device | None = None
        self._behind: set[DetailPage] = set()
        self._muted: dict[DetailPage, str] = {}
        self.setDocumentMode(True)
        # The tab bar does not own it.
        self._style = _NarrowTabs("Fusion")
        self.tabBar().setStyle(self._style)
        self.setAccessibleName("Views of the device")
        for page in self.pages:
            self.addTab(page, page.title)
        self.currentChanged.connect(self._raise)

    @property
    def page(self) -> DetailPage:
        """The tab on top."""
        return self.pages[self.currentIndex()]

    def show_device(self, device: Device) -> None:
        """Fill the tab on top; the others do it when they come there."""
        self._device = device
        self._behind = set(self.pages)
        self.mark(device)
        self._raise()

    def show_tab(self, name: str) -> None:
        """Bring the tab of this title to the front."""
        for number, page in enumerate(self.pages):
            if page.title.lower() == name.lower():
                self.setCurrentIndex(number)

    def mark(self, device: Device) -> None:
        """Mute the titles of tabs that have nothing to show; their tooltip says why."""
        theme = current_theme()
        for number, page in enumerate(self.pages):
            why = page.why_empty(device)
            look = why + theme.name
            if self._muted.get(page) != look:
                self._muted[page] = look
                # An invalid colour is the palette's own.
                ink = _between(theme.muted_text, theme.disabled_text) if why else QColor()
                self.tabBar().setTabTextColor(number, ink)
                self.setTabToolTip(number, plain_tip(why) if why else "")

    def restyle(self) -> None:
        """Another theme is on."""
        for page in self.pages:
            page.restyle()

    def _raise(self) -> None:
        page = self.page
        if self._device is not None and page in self._behind:
            self._behind.discard(page)
            page.show_device(self._device)


def _between(ink: str, other: str) -> QColor:
    """The colour half-way: seen to say little, and still read."""
    one, two = QColor(ink), QColor(other)
    return QColor(
        (one.red() + two.red()) // 2,
        (one.green() + two.green()) // 2,
        (one.blue() + two.blue()) // 2,
    )
