"""A raw frame as a tree for a view: key, value, and the value before."""

import enum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont
from typing_extensions import override

from tftmonitor.ui.detail.frame_tree import FrameTree, Node
from tftmonitor.ui.theme.theme import current_theme
from tftmonitor.ui.widgets.tooltip import plain_tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
HEADERS = ("Key", "Value", "Before")


class RawColumn(enum.IntEnum):
    """The columns of the view."""

    KEY = 0
    VALUE = 1
    BEFORE = 2


class FrameModel(QAbstractItemModel):
    """The nodes of a ``FrameTree``; a frame of the same shape changes in place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tree: FrameTree | None = None
        self.apply_theme()

    def apply_theme(self) -> None:
        """Draw in the colours of the theme that is on."""
        theme = current_theme()
        tint = QColor(theme.accent)
        tint.setAlphaF(0.22)
        self._tint = QBrush(tint)
        self._muted = QBrush(QColor(theme.muted_text))
        self._bold = QFont()
        self._bold.setBold(True)

    def set_tree(self, tree: FrameTree | None) -> None:
        """Show another frame."""
        old = self.tree
        if tree is not None and old is not None and tree.shape == old.shape:
            self.tree = tree
            # One signal for the children of each node: each costs the view more than a row does.
            changed: dict[int, list[Node]] = {}
            for new, former in zip(tree.nodes, old.nodes, strict=True):
                if (new.text, new.before) != (former.text, former.before):
                    above = new.parent.number if new.parent else -1
                    changed.setdefault(above, []).append(new)
            for nodes in changed.values():
                last = self.index_of(nodes[-1], RawColumn.BEFORE)
                self.dataChanged.emit(self.index_of(nodes[0]), last)
            return
        self.beginResetModel()
        self.tree = tree
        self.endResetModel()

    def index_of(self, node: Node, column: int = RawColumn.KEY) -> QModelIndex:
        """Where a node stands."""
        return self.createIndex(node.row, column, node.number) if node.parent else QModelIndex()

    def node_at(self, index: Index) -> Node | None:
        """The node of an index; the root for an invalid one."""
        if self.tree is None:
            return None
        return self.tree.nodes[index.internalId()] if index.isValid() else self.tree.root

    @override
    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        node = self.node_at(parent)
        if node is None or not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, node.children[row].number)

    @override
    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        node = self.node_at(index) if index.isValid() else None
        return self.index_of(node.parent) if node and node.parent else QModelIndex()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        node = None if parent.column() > 0 else self.node_at(parent)
        return len(node.children) if node else 0

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(HEADERS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return HEADERS[section]
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node_at(index) if index.isValid() else None
        if node is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (node.key, node.text, node.before)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip((node.key, node.text, node.before)[column])
        if role == Qt.ItemDataRole.ForegroundRole:
            faint = column == RawColumn.BEFORE or (column == RawColumn.VALUE and node.children)
            return self._muted if faint else None
        if column == RawColumn.VALUE and node.changed:
            return self._change_data(role)
        return None

    def _change_data(self, role: int) -> Any:
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._tint
        if role == Qt.ItemDataRole.FontRole:
            return self._bold
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return "changed since the previous frame"
        return None
