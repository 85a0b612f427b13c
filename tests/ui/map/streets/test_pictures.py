import pytest
from PySide6.QtGui import QColor, QImage

from tests.ui.map.streets.rig import GREEN, is_like, picture
from tftmonitor.model.geo.tiles import Tile
from tftmonitor.tiles.kept import FOR_EVER
from tftmonitor.ui.map.streets.decoding import BrokenPictureError, decoded
from tftmonitor.ui.map.streets.pictures import TilePicture, TilePictures

SIDE_BYTES = 64 * 64 * 4


def shown(color: str = "#00ff00") -> TilePicture:
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(color))
    return TilePicture(image, FOR_EVER)


def tile(x: int) -> Tile:
    return Tile(9, x, 0)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_pictures_of_all_kinds_are_decoded(kind: str) -> None:
    image = decoded(picture(GREEN, kind, 300))
    assert (image.width(), image.height()) == (300, 300)
    assert image.format() == QImage.Format.Format_ARGB32_Premultiplied
    assert is_like(image.pixelColor(150, 150), GREEN, 8)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"GIF89a\x01\x00\x01\x00",
        b"BM\x00",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\x89PNG\r\n\x1a\n",
        b"<html>404</html>",
    ],
)
def test_what_is_no_tile_is_broken(content: bytes) -> None:
    with pytest.raises(BrokenPictureError):
        decoded(content)


def test_cut_off_and_enormous_pictures_are_broken() -> None:
    with pytest.raises(BrokenPictureError):
        decoded(picture(GREEN)[:-40])
    with pytest.raises(BrokenPictureError):
        decoded(picture(GREEN, side=1_025))
    assert not decoded(picture(GREEN, side=1_024)).isNull()


def test_longest_unseen_go_first_but_none_that_is_in_sight() -> None:
    pictures = TilePictures(limit_bytes=3 * SIDE_BYTES)
    for x in range(3):
        pictures.put(tile(x), shown())
    assert pictures.bytes == 3 * SIDE_BYTES
    assert pictures.image(tile(0)) is not None
    pictures.put(tile(3), shown())
    assert [pictures.get(tile(x)) is not None for x in range(4)] == [True, False, True, True]
    pictures.set_in_sight([tile(x) for x in range(10)])
    for x in range(10):
        pictures.put(tile(x), shown())
    assert len(pictures) == 10
    pictures.set_in_sight([])
    pictures.put(tile(10), shown())
    assert len(pictures) == 3


def test_replaced_and_cleared_pictures_are_not_counted() -> None:
    pictures = TilePictures()
    pictures.put(tile(0), shown())
    pictures.put(tile(0), TilePicture(None, 0.0))
    assert pictures.bytes == 200
    assert pictures.image(tile(0)) is pictures.image(tile(1)) is None
    pictures.clear()
    assert (len(pictures), pictures.bytes) == (0, 0)
