import pytest

from tftmonitor.base.clock import DAY_MS, HOUR_MS
from tftmonitor.model.fleet.who.unit import ID_LIMIT, NO_IDS, Ids, Unit, ids_of
from tftmonitor.protocol.messages import SnapshotData


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (SnapshotData(imei="A", device_key="K", id="1"), Ids("A", "K", "1")),
        (SnapshotData(imei=5, id=7), Ids("5", None, "7")),
        (SnapshotData(imei="", device_key=" ", id="1"), Ids(None, None, "1")),
        (SnapshotData(imei="000000000000000", device_key="K", id=0), Ids(None, "K", None)),
        (SnapshotData(imei=" A\t", id="007"), Ids("A", None, "007")),
        (SnapshotData(imei="0"), Ids("0")),
        (SnapshotData(imei=" "), NO_IDS),
        (SnapshotData(imei="NULL", device_key="FFFFFFFFFFFFFFF", id="f"), Ids(None, None, "f")),
        (SnapshotData(imei="n/a"), Ids("n/a")),
        (SnapshotData(imei="Å\ud800"), Ids("Å?")),
    ],
)
def test_ids_are_compared_as_text_and_what_names_nothing_is_none(
    data: SnapshotData, ids: Ids
) -> None:
    assert ids_of(data) == ids


def test_long_ids_are_bounded_and_differ_still() -> None:
    one, other = (ids_of(SnapshotData(imei="9" * 500 + end)).imei for end in "ab")
    assert one is not None
    assert one != other
    assert len(one) <= ID_LIMIT


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (Ids("A"), Ids("A", "K", "1"), False),
        (Ids("A", "K"), Ids("A", "L"), True),
        (Ids("A", "K"), Ids("B", "K"), True),
        (Ids("A", None, "1"), Ids("A", None, "2"), True),
        (Ids(None, "K", "1"), Ids(None, "K", "2"), True),
        (Ids("A", "K", "1"), Ids("A", "K", "2"), False),
        (NO_IDS, Ids("A"), False),
    ],
)
def test_whether_ids_can_be_of_one_unit(one: Ids, other: Ids, differ: bool) -> None:
    assert one.differ(other) is other.differ(one) is differ


def test_best_and_combined() -> None:
    assert Ids(None, None, "1").best == "1"
    assert Ids("A").over(Ids("B", "K")) == Ids("A", "K")
    assert NO_IDS.best is None


def test_unit_is_alive_for_an_hour_after_it_was_named() -> None:
    unit = Unit("A")
    unit.named_ms = DAY_MS
    assert unit.label == "A"
    assert unit.is_alive(DAY_MS + HOUR_MS)
    assert not unit.is_alive(DAY_MS + HOUR_MS + 1)


def test_doubt_is_only_of_what_stands_for_several() -> None:
    unit = Unit("A")
    unit.trouble = "two units answer to this IMEI"
    assert unit.doubt == ""
    unit.is_unclear = True
    assert unit.doubt == unit.trouble
