"""Names on a map: none covers another, none leaves the window."""

import itertools

import numpy as np

from tftmonitor.model.geo.label_placement import Box, Room, Side, beside


def overlap(first: Box, second: Box) -> bool:
    return (
        first.left < second.right
        and second.left < first.right
        and first.top < second.bottom
        and second.top < first.bottom
    )


def test_of_many_none_covers_another_or_a_sign() -> None:
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 600, (200, 2))
    room = Room(600, 600)
    room.take_discs(points[:, 0].tolist(), points[:, 1].tolist(), 8)
    signs = [Box(x - 8, y - 8, x + 8, y + 8) for x, y in points]
    placed = [
        box
        for x, y in points
        if (box := room.place((float(x), float(y)), (50, 14), 10)) is not None
    ]
    assert 20 < len(placed) < 200
    assert not any(overlap(a, b) for a, b in itertools.combinations(placed, 2))
    assert not any(overlap(box, sign) for box in placed for sign in signs)
    assert all(box.left >= 0 and box.right <= 600 for box in placed)
    assert all(box.top >= 0 and box.bottom <= 600 for box in placed)


def test_sides_are_tried_in_order() -> None:
    room = Room(200, 200)
    point, size = (100.0, 100.0), (40.0, 12.0)
    boxes = [room.place(point, size, 8) for _ in range(5)]
    sides = [Side.RIGHT, Side.LEFT, Side.BELOW, Side.ABOVE]
    assert boxes == [*(beside(point, size, 8, side) for side in sides), None]


def test_a_name_on_its_point_is_in_the_middle() -> None:
    assert beside((50.0, 50.0), (20.0, 10.0), 8, Side.ON) == (40.0, 45.0, 60.0, 55.0)
    room = Room(100, 100)
    assert room.place((50.0, 50.0), (20.0, 10.0), 8, [Side.ON]) is not None
    assert room.place((50.0, 50.0), (20.0, 10.0), 8, [Side.ON]) is None


def test_what_is_beyond_the_edge_takes_no_room_inside_and_has_none() -> None:
    room = Room(100, 100)
    room.take(Box(-50, -50, -10, -10))
    room.take(Box(500, 500, 600, 600))
    assert room.has(Box(0, 0, 20, 20))
    assert not room.has(Box(90, 90, 120, 99))
    assert not room.has(Box(-1, 0, 20, 20))
