import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from tftmonitor.ui.window.screen_fit import first_size, fitted

FULL_HD, LAPTOP = QRect(0, 0, 1920, 1080), QRect(1920, 0, 1366, 738)


@pytest.mark.parametrize(
    ("frame", "rooms", "wanted"),
    [
        (QRect(100, 50, 1280, 800), [FULL_HD], QRect(100, 50, 1280, 800)),
        (QRect(0, 0, 1280, 800), [QRect(0, 0, 1366, 738)], QRect(0, 0, 1280, 738)),
        (QRect(2000, 1200, 1280, 800), [FULL_HD], QRect(640, 280, 1280, 800)),
        (QRect(-500, -30, 1280, 800), [FULL_HD], QRect(0, 0, 1280, 800)),
        (QRect(0, 0, 3840, 2160), [FULL_HD], QRect(0, 0, 1920, 1080)),
        (QRect(2500, 100, 800, 600), [FULL_HD, LAPTOP], QRect(2486, 100, 800, 600)),
        (QRect(9000, 100, 800, 600), [LAPTOP, FULL_HD], QRect(2486, 100, 800, 600)),
        (QRect(5, 5, 10, 10), [], QRect(5, 5, 10, 10)),
    ],
)
def test_frame_goes_where_most_of_it_is_seen(
    frame: QRect, rooms: list[QRect], wanted: QRect
) -> None:
    assert fitted(frame, rooms) == wanted


PLACES, SIZES = st.integers(-4_000, 8_000), st.integers(1, 5_000)
RECTANGLES = st.builds(QRect, PLACES, PLACES, SIZES, SIZES)


@given(RECTANGLES, st.lists(RECTANGLES, min_size=1, max_size=3))
def test_all_of_it_is_on_one_screen_and_what_fits_keeps_its_size(
    frame: QRect, rooms: list[QRect]
) -> None:
    found = fitted(frame, rooms)
    (room,) = [each for each in rooms if each.contains(found)][:1]
    assert found.width() == min(frame.width(), room.width()) or found.width() <= frame.width()
    assert fitted(found, rooms) == found or len(rooms) > 1


@pytest.mark.parametrize(
    ("room", "wanted"),
    [
        (QSize(1920, 1040), QSize(1600, 867)),
        (QSize(1350, 690), QSize(1350, 690)),
        (QSize(960, 500), QSize(960, 500)),
        (QSize(1600, 900), QSize(1333, 800)),
        (QSize(3840, 2120), QSize(2000, 1200)),
    ],
)
def test_first_window_uses_the_screen(room: QSize, wanted: QSize) -> None:
    assert first_size(QSize(1280, 800), room) == wanted
