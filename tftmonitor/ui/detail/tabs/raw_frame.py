"""The tab of raw frames: foldable JSON, what changed, search and copy; plain text only."""

import json

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeView,
    QWidget,
)
from typing_extensions import override

from tftmonitor.model.fields.formatting import clip, one_line
from tftmonitor.model.fleet.device import Device
from tftmonitor.ui.detail.frame_model import FrameModel, RawColumn
from tftmonitor.ui.detail.frame_tree import NODE_LIMIT, FrameTree, parse
from tftmonitor.ui.detail.page import DetailContext, DetailPage, PaddedRowDelegate
from tftmonitor.ui.tables.row_menu import RowMenu
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.widgets.labels import column_of, plain_label

# Longer keys have a tooltip; the values need the room.
_KEY_SHARE, _KEY_PAD = 0.45, 24
_KEY_SAMPLE = "accumulating_fue"
_BEFORE_SAMPLE = "1795135986"
_MOST_KINDS = 20


class RawPage(DetailPage):
    """The last frame of each kind, as received."""

    title = "Raw"

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.model = FrameModel(self)
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of frame")
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find (Enter: next)")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Find in the frame")
        self._search_action = self.search.addAction(
            action_icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.hits = QLabel()
        self.hits.setTextFormat(Qt.TextFormat.PlainText)
        self.copy_button = QPushButton(action_icon("copy"), "Copy")
        self.copy_button.setAccessibleName("Copy the whole frame")
        self.facts = plain_label(muted=True)
        self.view = self._make_view()
        self._frame: bytes | None = None
        # What the user closed by hand stays closed when the frame's shape changes.
        self._closed: set[tuple[str, ...]] = set()
        self._opening = False
        self._hit = -1
        self.set_body(self._make_body())
        self.kind.currentIndexChanged.connect(self._show_frame)
        self.search.textChanged.connect(self._find_first)
        self.search.returnPressed.connect(self.find_next)
        self.copy_button.clicked.connect(self.copy_frame)
        self.view.collapsed.connect(self._on_collapsed)
        self.view.expanded.connect(self._on_expanded)

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        return "" if device.frames else "No raw data of this device yet."

    @override
    def apply_theme(self) -> None:
        super().apply_theme()
        self.model.apply_theme()
        self._search_action.setIcon(action_icon("search"))
        self.copy_button.setIcon(action_icon("copy"))
        self.view.viewport().update()

    @override
    def _fill(self, device: Device, *, is_new: bool) -> None:
        if is_new:
            self._closed.clear()
            self._frame = None
        kinds = list(device.frames)[:_MOST_KINDS]
        if kinds != [self.kind.itemData(number) for number in range(self.kind.count())]:
            chosen = self.kind.currentData()
            self.kind.blockSignals(True)
            self.kind.clear()
            for kind in kinds:
                self.kind.addItem(clip(one_line(kind), 40), kind)
            self.kind.setCurrentIndex(kinds.index(chosen) if chosen in kinds else 0)
            self.kind.blockSignals(False)
        self._show_frame()

    def copy_frame(self) -> None:
        """The frame shown to the clipboard, indented when it is JSON."""
        if self._frame is None:
            return
        content = parse(self._frame)
        text = content if isinstance(content, str) else json.dumps(content, indent=2)
        QGuiApplication.clipboard().setText(text)

    def find_next(self) -> None:
        """Go to the next place that holds the text."""
        text = self.search.text().strip()
        tree = self.model.tree
        if not text or tree is None:
            self.hits.setText("")
            return
        found = tree.find(text)
        if not found:
            self.hits.setText("not found")
            return
        self._hit = (self._hit + 1) % len(found)
        index = self.model.index_of(found[self._hit])
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)
        self.hits.setText(f"{self._hit + 1} of {len(found)}")

    def _find_first(self) -> None:
        self._hit = -1
        self.find_next()

    def _show_frame(self) -> None:
        kind = self.kind.currentData()
        if self.device is None or kind is None:
            return
        frame = self.device.frames.get(kind)
        if frame is None or frame is self._frame:
            return
        self._frame = frame
        previous = self.context.frame_history.previous.get(kind)
        tree = FrameTree(frame, previous)
        former = self.model.tree
        place = self.view.verticalScrollBar().value()
        self.model.set_tree(tree)
        if former is None or former.shape != tree.shape:
            self._fit_keys()
            self._open_all()
            self.view.verticalScrollBar().setValue(place)
        self._show_facts(tree, frame, compared=previous is not None)

    def _fit_keys(self) -> None:
        """As wide as the widest key, as far as the values keep their room."""
        tree, metrics, view = self.model.tree, QFontMetrics(self.font()), self.view
        if tree is None:
            return
        widest = max(
            (len(node.path) * view.indentation() + metrics.horizontalAdvance(node.key))
            for node in tree.nodes
        )
        least = metrics.horizontalAdvance(_KEY_SAMPLE)
        most = round(view.viewport().width() * _KEY_SHARE)
        view.header().resizeSection(RawColumn.KEY, max(least, min(widest, most)) + _KEY_PAD)

    def _show_facts(self, tree: FrameTree, frame: bytes, *, compared: bool) -> None:
        parts = [f"{len(frame)} bytes"]
        if tree.cut:
            parts.append(f"only the first {NODE_LIMIT} entries are shown")
        if compared:
            parts.append(f"{tree.changed} changed since the previous frame")
        else:
            parts.append("no earlier frame to compare with yet")
        if tree.gone:
            parts.append(f"removed: {', '.join(tree.gone)}")
        self.facts.setText(clip("  ·  ".join(parts)))

    def _open_all(self) -> None:
        self._opening = True
        self.view.expandAll()
        tree = self.model.tree
        if tree is not None and self._closed:
            for node in tree.nodes:
                if node.children and node.path in self._closed:
                    self.view.setExpanded(self.model.index_of(node), False)
        self._opening = False

    def _on_collapsed(self, index: QModelIndex) -> None:
        node = self.model.node_at(index)
        if node is not None and not self._opening:
            self._closed.add(node.path)

    def _on_expanded(self, index: QModelIndex) -> None:
        node = self.model.node_at(index)
        if node is not None and not self._opening:
            self._closed.discard(node.path)

    def _make_view(self) -> QTreeView:
        view = QTreeView()
        view.setModel(self.model)
        view.setAccessibleName("The frame as a tree")
        view.setUniformRowHeights(True)
        view.setAllColumnsShowFocus(True)
        view.setIndentation(14)
        view.setItemDelegateForColumn(RawColumn.KEY, PaddedRowDelegate(view))
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = view.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(False)
        metrics = QFontMetrics(self.font())
        header.resizeSection(RawColumn.KEY, metrics.horizontalAdvance(_KEY_SAMPLE) + _KEY_PAD)
        header.resizeSection(RawColumn.BEFORE, metrics.horizontalAdvance(_BEFORE_SAMPLE) + 16)
        header.setSectionResizeMode(RawColumn.VALUE, QHeaderView.ResizeMode.Stretch)
        self.menu = RowMenu(view)
        return view

    def _make_body(self) -> QWidget:
        body = QWidget()
        column = column_of(body)
        line = QHBoxLayout()
        line.addWidget(self.kind)
        line.addWidget(self.search, 1)
        line.addWidget(self.hits)
        line.addWidget(self.copy_button)
        column.addLayout(line)
        column.addWidget(self.facts)
        column.addWidget(self.view, 1)
        return body
