"""The detail pane on a harness: what comes in is shown at once, as after a frame."""

from typing import Any

from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from tests.ui.harness import Harness, model_texts
from tftmonitor.model.fields.field import FieldTable
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.device import Device
from tftmonitor.ui.detail.event_section import EventSection
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.detail.tabs.inputs_outputs import Lamps
from tftmonitor.ui.detail.tabs.raw_frame import RawPage
from tftmonitor.ui.detail.tabs.records import RecordsPage
from tftmonitor.ui.detail.tile import Tile


class DetailBench:
    """A shown pane; ``send`` and ``snapshot`` refresh it, ``show`` picks the device."""

    def __init__(self, harness: Harness, table: FieldTable = STATUS_FIELDS) -> None:
        self.harness = harness
        self.fleet, self.clock, self.settings = harness.fleet, harness.clock, harness.settings
        self.pane = harness.show(DetailPane(self.fleet, self.clock, self.settings, table=table))

    def send(self, kind: str, key: str = "1", **data: Any) -> Device:
        """An event comes in, and the frame after it."""
        return self._refreshed(self.harness.send(kind, key, **data))

    def snapshot(self, key: str = "1", **status: Any) -> Device:
        """A snapshot comes in, and the frame after it."""
        return self._refreshed(self.harness.snapshot(key, **status))

    def show(self, device: Device, tab: str = "") -> None:
        """Pick a device, and a tab where one is named."""
        self.pane.show_device(device.key)
        self.pane.show_tab(tab or self.pane.page.title)

    def tile(self, title: str) -> Tile:
        """The tile of this title."""
        return next(tile for tile in self.pane.findChildren(Tile) if tile.title == title)

    def section(self, tab: str, kind: str) -> EventSection:
        """The section of a kind of event on its tab, which is raised."""
        self.pane.show_device("1")
        self.pane.show_tab(tab)
        page = self.pane.page
        assert isinstance(page, RecordsPage)
        return page.sections[kind]

    def texts_by_tab(self, *, raw: bool = False) -> dict[str, list[str]]:
        """What can be read on each tab, and in the head."""
        found = {}
        for page in self.pane.tabs.pages:
            if isinstance(page, RawPage) and not raw:
                continue
            self.pane.show_tab(page.title)
            found[page.title] = texts_of(page)
        found["head"] = texts_of(self.pane.head)
        return found

    def _refreshed(self, device: Device) -> Device:
        self.pane.refresh({device.row})
        return device


def texts_of(widget: QWidget) -> list[str]:
    """Everything that somebody can read in a widget now."""
    texts: list[str] = []
    for child in widget.findChildren(QWidget):
        if not child.isVisibleTo(widget):
            continue
        if isinstance(child, QLabel):
            texts.append(child.text())
        elif isinstance(child, Tile | Lamps):
            texts.append(child.accessibleName())
        elif isinstance(child, QAbstractItemView) and child.model() is not None:
            texts += model_texts(child)
    return texts
