"""Where the wheels of a vehicle stand in the picture, in pixels of its widget."""

from PySide6.QtCore import QRect

from tftmonitor.ui.detail.tyres.axles import wheels_of

TYRE_HEIGHT = 62
_MOST_WIDTH = 104
_LEAST_WIDTH = 60
_GAP = 8
# Between the halves of an axle, where the frame of the vehicle is.
_MIDDLE = 32
_BELOW = 22


def wheel_places(layout: str, width: int) -> tuple[dict[str, QRect], int]:
    """The box of each wheel by its name, and the height that all of them take.

    Wheels of one side stand below each other at the outside, doubled ones side by side.
    """
    wheels = wheels_of(layout)
    most = max((wheel.of for wheel in wheels), default=2)
    each = (width - _MIDDLE - (most - 2) * _GAP) // most
    each = max(_LEAST_WIDTH, min(_MOST_WIDTH, each))
    side = most // 2 * each + (most // 2 - 1) * _GAP
    left_edge = max(0, (width - 2 * side - _MIDDLE) // 2)
    right_edge = left_edge + 2 * side + _MIDDLE
    boxes: dict[str, QRect] = {}
    for wheel in wheels:
        half = wheel.of // 2
        if wheel.place < half:
            x = left_edge + wheel.place * (each + _GAP)
        else:
            x = right_edge - (wheel.of - wheel.place) * (each + _GAP) + _GAP
        boxes[wheel.name] = QRect(x, wheel.axle * (TYRE_HEIGHT + _GAP), each, TYRE_HEIGHT)
    axles = wheels[-1].axle + 1 if wheels else 0
    return boxes, axles * (TYRE_HEIGHT + _GAP)


def loose_places(count: int, width: int, top: int) -> tuple[list[QRect], int]:
    """Boxes in rows from ``top`` on for sensors without a wheel, and where they end."""
    if not count:
        return [], top
    top += _BELOW
    fitting = max(1, (width + _GAP) // (_MOST_WIDTH + _GAP))
    boxes = [
        QRect(
            number % fitting * (_MOST_WIDTH + _GAP),
            top + number // fitting * (TYRE_HEIGHT + _GAP),
            _MOST_WIDTH,
            TYRE_HEIGHT,
        )
        for number in range(count)
    ]
    return boxes, boxes[-1].bottom() + 1
