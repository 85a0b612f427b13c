"""A line that gives way, and still has all of its text for who asks."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from tests.ui.harness import Harness
from tftmonitor.ui.widgets.elided_label import ElidedLabel

LONG = "a name that is much too long for the place " * 3


def ink_columns(label: ElidedLabel) -> list[int]:
    """The columns of pixels that hold any ink."""
    image = label.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ground = QColor(image.pixel(0, 0))
    return [
        x
        for x in range(image.width())
        if any(QColor(image.pixel(x, y)) != ground for y in range(image.height()))
    ]


def test_long_text_is_cut_and_tip_and_screen_reader_have_all_of_it(harness: Harness) -> None:
    label = harness.show(ElidedLabel("Model"), 120, 30)
    label.setText(LONG)
    assert label.width() == 120
    assert 60 < max(ink_columns(label)) < 120
    assert LONG.strip() in label.toolTip()
    assert label.accessibleName() == f"Model {LONG}".strip()
    assert label.minimumSizeHint().width() <= 20
    assert label.sizeHint().width() > 500


def test_markup_stays_text(harness: Harness) -> None:
    label = harness.show(ElidedLabel(), 200, 30)
    label.setText("<b>x</b>")
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert "&lt;b&gt;" in label.toolTip()
    label.setText("")
    assert label.toolTip() == ""
