"""What stands below a line of live values does not move with each of them."""

from pytestqt.qtbot import QtBot

from tftmonitor.ui.widgets.steady_label import SteadyLabel

SHORT = "delay 0 s"
LONG = "Odometer 93 233.6 km, fix 06:15:03, delay 11 s " * 4


def made(qtbot: QtBot) -> SteadyLabel:
    label = SteadyLabel()
    qtbot.addWidget(label)
    label.resize(300, 20)
    label.show()
    return label


def test_it_keeps_the_lines_that_it_took(qtbot: QtBot) -> None:
    label = made(qtbot)
    label.setText(SHORT)
    low = label.minimumHeight()
    label.setText(LONG)
    high = label.minimumHeight()
    assert high > low
    label.setText(SHORT)
    assert label.minimumHeight() == high


def test_another_subject_or_width_takes_what_it_needs(qtbot: QtBot) -> None:
    label = made(qtbot)
    label.setText(SHORT)
    low = label.minimumHeight()
    label.setText(LONG)
    label.setText(SHORT)
    label.let_shrink()
    assert label.minimumHeight() == low
    label.setText(LONG)
    high = label.minimumHeight()
    label.resize(2_000, high)
    assert label.minimumHeight() == low
