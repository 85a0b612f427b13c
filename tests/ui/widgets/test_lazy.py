"""A pane that is built when it is first shown, and told of then."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tftmonitor.ui.widgets.lazy import LazyPane


def test_nothing_is_built_before_it_is_shown(qtbot: QtBot) -> None:
    built: list[QLabel] = []

    def build() -> QLabel:
        built.append(QLabel("here"))
        return built[-1]

    lazy = LazyPane(build)
    qtbot.addWidget(lazy)
    used: list[QLabel] = []
    lazy.built.add(used.append)
    assert not built
    assert not used
    lazy.show()
    assert lazy.pane is built[0]
    assert built[0].isVisible()
    assert used == [built[0]]
    lazy.hide()
    lazy.show()
    assert lazy.get() is built[0]
    assert len(built) == 1
