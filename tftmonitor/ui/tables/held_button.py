"""The button beside a table that somebody holds: what waits, and to have it shown now."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

_TIP = "Rows do not move while the pointer or the keyboard is in the list"
_NOTHING = QIcon()


class HeldButton(QToolButton):
    """Hidden while the rows stand as they would; its coming and going moves nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(_TIP)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # The row that it stands in keeps its height, and a narrow pane stays narrow.
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        policy.setHorizontalPolicy(QSizePolicy.Policy.Maximum)
        self.setSizePolicy(policy)
        self.setMinimumWidth(1)
        self.setText("Order paused · sort now")
        self.hide()

    def show_held(self, is_held: bool, new: int = 0, icon: QIcon = _NOTHING) -> None:
        """Offer to show it now; ``new`` rows wait, of which ``icon`` is the gravest."""
        if is_held:
            self.setText(f"{new} new · show now" if new else "Order paused · sort now")
            self.setIcon(icon)
        self.setVisible(is_held)
