"""A kept picture is the drawing itself, made anew only where it would be another."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from tests.ui.harness import Harness
from tftmonitor.ui.map.kept_picture import KeptPicture

BOX = QRectF(10.5, 20.0, 30.0, 8.0)


def paint(kept: KeptPicture, key: str, box: QRectF = BOX, ratio: float = 1.0) -> QImage:
    image = QImage(120, 80, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    kept.paint(painter, box, key, lambda own: own.fillRect(QRectF(11, 21, 5, 5), QColor(key)))
    painter.end()
    return image


def test_it_is_drawn_once_and_stands_where_it_was_drawn(harness: Harness) -> None:
    kept = KeptPicture()
    for _ in range(3):
        image = paint(kept, "red")
        assert image.pixelColor(13, 23) == QColor("red")
        assert image.pixelColor(17, 23) == QColor("white")
    assert kept.drawn == 1


def test_another_key_box_or_ratio_is_drawn_anew(harness: Harness) -> None:
    kept = KeptPicture()
    paint(kept, "red")
    assert paint(kept, "blue").pixelColor(13, 23) == QColor("blue")
    paint(kept, "blue", BOX.adjusted(0, 0, 9, 0))
    assert paint(kept, "blue", ratio=2.0).pixelColor(26, 46) == QColor("blue")
    assert kept.drawn == 4


def test_an_empty_box_draws_nothing(harness: Harness) -> None:
    kept = KeptPicture()
    paint(kept, "red", QRectF())
    assert kept.drawn == 0
