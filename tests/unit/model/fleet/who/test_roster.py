import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tftmonitor.base.clock import DAY_MS, HOUR_MS
from tftmonitor.model.fleet.who import roster as roster_module
from tftmonitor.model.fleet.who.roster import Roster
from tftmonitor.model.fleet.who.unit import Ids, Unit

NOW = 1_795_000_000_000


class Row(Unit):
    __slots__ = ()

    has_row = True


class Rig:
    """A roster, who joined whom, and rows in their order."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.joins: list[tuple[str, str]] = []
        self.learned: list[str] = []
        self.roster = Roster(
            self._add,
            lambda gone, unit: self.joins.append((gone.key, unit.key)),
            lambda unit, _before: self.learned.append(unit.key),
        )

    def _add(self, key: str) -> Row:
        self.rows.append(Row(key))
        return self.rows[-1]

    def report(
        self,
        imei: str | None = None,
        key: str | None = None,
        number: str | None = None,
        *,
        at_ms: int = NOW,
    ) -> Unit:
        return self.roster.report(Ids(imei, key, number), at_ms)

    def mention(
        self, imei: str | None = None, key: str | None = None, number: str | None = None
    ) -> Unit:
        return self.roster.mention(Ids(imei, key, number), NOW)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_any_of_the_ids_leads_to_the_unit_that_had_them(rig: Rig) -> None:
    unit = rig.report("A", "K", "1")
    assert rig.report("A") is rig.report(key="K") is rig.report(number="1") is unit
    assert (unit.key, unit.ids) == ("A", Ids("A", "K", "1"))


def test_two_units_that_a_frame_ties_are_one_under_the_key_of_the_older(rig: Rig) -> None:
    older, newer = rig.report(key="K"), rig.report("A")
    assert rig.report("A", "K") is older
    assert rig.joins == [("A", "K")]
    assert rig.roster.find("A") is older
    assert older.former == ("A",)
    assert newer.key == "A"


def test_three_units_that_a_frame_ties_are_one(rig: Rig) -> None:
    first, _second, _third = rig.report(number="1"), rig.report("A"), rig.report(key="K")
    assert rig.report("A", "K", "1") is first
    assert sorted(rig.joins) == [("A", "1"), ("K", "1")]
    assert first.names == ("1", "A", "K")


def test_each_kind_of_id_is_a_namespace_of_its_own(rig: Rig) -> None:
    by_imei, by_number = rig.report("5"), rig.report(number="5")
    assert by_imei is not by_number
    assert by_number.key == "5 (id)"
    assert rig.report(key="5").key == "5 (device_key)"


def test_keys_are_never_given_twice(rig: Rig) -> None:
    names = (("A (id)",), ("A",), (None, "A"), (None, None, "A"))
    keys = [rig.report(*ids).key for ids in names]
    assert keys == ["A (id)", "A", "A (device_key)", "A (2)"]


def test_units_under_other_keys_than_their_ids_are_bounded(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_module, "UNITS_WITHOUT_ROW", 2)
    for number in range(4):
        rig.report(None, f"K{number}")
        rig.report(f"A{number}", f"K{number}")
    assert [unit.key for unit in rig.roster.odd()] == ["K2", "K3"]


def test_two_device_keys_under_one_imei_are_two_units(rig: Rig) -> None:
    one, other = rig.report("A", "K1", "1"), rig.report("A", "K2", "2")
    assert one is not other
    assert rig.report("A", "K1", "1") is one
    assert rig.report("A", "K2") is rig.report(number="2") is other
    assert rig.roster.is_contested(one)
    assert rig.roster.rivals(one) == {one, other}


def test_one_id_under_two_imeis_is_two_units(rig: Rig) -> None:
    assert rig.report("A", number="5") is not rig.report("B", number="5")


def test_two_ids_under_one_imei_are_two_units(rig: Rig) -> None:
    assert rig.report("A", number="1") is not rig.report("A", number="2")


def test_unit_that_the_server_registers_anew_stays_one(rig: Rig) -> None:
    unit = rig.report("A", "K", "1")
    assert rig.report("A", "K", "2") is unit
    assert unit.id == "2"
    assert rig.report(number="1") is not unit


def test_swapped_ids_follow_the_stronger_ones(rig: Rig) -> None:
    one, other = rig.report("A", "KA", "1"), rig.report("B", "KB", "2")
    assert rig.report("A", "KA", "2") is one
    assert rig.report("B", "KB", "1") is other
    assert not rig.roster.is_contested(one)
    assert rig.report(number="2") is one


def test_frame_that_may_be_of_either_is_of_neither(rig: Rig) -> None:
    one, other = rig.report("A", "K1"), rig.report("A", "K2")
    unclear = rig.report("A")
    assert unclear.is_unclear
    assert unclear not in (one, other)
    assert unclear.key == "A (one of several)"
    assert rig.report("A") is unclear
    assert rig.report("A", "K1") is one
    assert rig.joins == []


def test_message_that_may_be_of_either_is_of_neither_and_its_row_comes_later(rig: Rig) -> None:
    rig.report("A", "K1")
    rig.report("A", "K2")
    named = rig.mention("A")
    assert (named.is_unclear, named.has_row) == (True, False)
    row = rig.report("A")
    assert (row.key, row.is_unclear, row.has_row) == (named.key, True, True)


def test_unit_that_fell_quiet_is_not_what_a_frame_is_of(rig: Rig) -> None:
    rig.report("A", "K1")
    later = NOW + 2 * HOUR_MS
    replaced = rig.report("A", "K2", at_ms=later)
    assert rig.report("A", at_ms=later) is replaced
    assert rig.report("A", at_ms=later + 2 * DAY_MS).is_unclear


def test_own_id_beside_a_shared_one_makes_a_unit_that_joins_later(rig: Rig) -> None:
    one = rig.report("A", number="1")
    rig.report("A", number="2")
    third = rig.report("A", "K3")
    assert not third.is_unclear
    assert rig.report("A", "K3") is third
    assert rig.report("A", "K3", "1") is one
    assert rig.joins == [(third.key, one.key)]


def test_conflict_that_shows_after_a_join_leaves_the_joined_one_as_it_is(rig: Rig) -> None:
    first = rig.report("A")
    rig.report(key="K1")
    assert rig.report("A", "K1") is first
    other = rig.report("A", "K2")
    assert other is not first
    assert rig.report("A", "K1") is first


def test_message_makes_no_row_and_its_key_is_that_of_the_row_that_comes(rig: Rig) -> None:
    named = rig.mention(number="910001")
    assert not named.has_row
    unit = rig.report("A", "K", "910001")
    assert (unit.key, unit.has_row) == ("910001", True)
    assert rig.joins == []
    assert rig.roster.find("910001") is unit


def test_row_keeps_its_key_when_a_message_had_named_it_otherwise_before(rig: Rig) -> None:
    rig.mention(number="910001")
    unit = rig.report("A", "K")
    assert rig.report("A", "K", "910001") is unit
    assert rig.joins == [("910001", "A")]


def test_message_ties_two_rows(rig: Rig) -> None:
    first, _second = rig.report("A"), rig.report(number="1")
    assert rig.mention("A", None, "1") is first
    assert rig.joins == [("1", "A")]


def test_message_finds_a_unit_by_an_id_of_another_kind(rig: Rig) -> None:
    unit = rig.report("A", "K", "1")
    assert rig.mention(number="A") is unit
    assert unit.id == "1"
    assert rig.mention("B", number="A") is not unit


def test_what_a_former_run_left_is_known_by_any_kind_of_id(rig: Rig) -> None:
    left = rig.roster.expect("910001")
    assert not left.has_row
    unit = rig.report("A", "K", "910001")
    assert unit.key == "910001"
    assert rig.roster.expect("910001") is unit
    assert rig.roster.expect("A") is unit


def test_what_a_former_run_left_keeps_its_former_keys(rig: Rig) -> None:
    rig.roster.expect("K", Ids("A", "K", None), ("7",))
    unit = rig.report("A")
    assert unit.key == "K"
    assert rig.roster.find("7") is unit


def test_what_a_former_run_left_of_another_unit_stays_apart(rig: Rig) -> None:
    unit = rig.report("A", number="X")
    assert rig.roster.expect("X", Ids("B")) is not unit


def test_units_without_a_row_are_bounded(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_module, "UNITS_WITHOUT_ROW", 2)
    first = rig.roster.expect("F", Ids("F"), ("former",))
    for number in range(2):
        rig.mention(f"{number}")
    assert rig.roster.find("F") is rig.roster.find("former") is None
    assert rig.mention("F") is not first


def test_forgetting_leaves_what_has_the_same_name(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_module, "UNITS_WITHOUT_ROW", 1)
    kept = rig.report("7")
    rig.roster.expect("F", Ids("F"), ("7",))
    rig.mention("1")
    assert rig.roster.find("7") is kept


# Each unit has three ids of its own; frames carry any of them, in any order.
_PARTS = st.lists(
    st.tuples(st.integers(0, 3), st.sets(st.integers(0, 2), min_size=1)), min_size=1, max_size=24
)


def _frame(unit: int, places: set[int]) -> Ids:
    whole = (f"imei{unit}", f"key{unit}", f"id{unit}")
    return Ids(*(ident if place in places else None for place, ident in enumerate(whole)))


@settings(max_examples=300, deadline=None)
@given(_PARTS, st.booleans())
def test_random_orders_of_frames_end_in_one_row_a_unit(
    parts: list[tuple[int, set[int]]], with_messages: bool
) -> None:
    rig = Rig()
    for number, (unit, places) in enumerate(parts):
        ids = _frame(unit, places)
        if with_messages and number % 3 == 0:
            rig.roster.mention(ids, NOW)
        else:
            rig.roster.report(ids, NOW)
    for unit in {unit for unit, _places in parts}:
        whole = rig.roster.report(_frame(unit, {0, 1, 2}), NOW)
        for some in itertools.chain.from_iterable(
            itertools.combinations(range(3), size) for size in (1, 2, 3)
        ):
            assert rig.roster.report(_frame(unit, set(some)), NOW) is whole
        assert whole.ids == _frame(unit, {0, 1, 2})
        assert not rig.roster.is_contested(whole)
        # The key is that of the oldest row, and every key that there was leads on.
        rows = [row for row in rig.rows if row.key in whole.names]
        assert rows[0] is whole
    for gone, into in rig.joins:
        assert rig.roster.find(gone) is rig.roster.find(into)
    assert len({row.key for row in rig.rows}) == len(rig.rows)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.sets(st.integers(1, 2))), max_size=16))
def test_random_frames_of_two_units_with_one_imei_are_never_mixed(
    parts: list[tuple[int, set[int]]],
) -> None:
    rig = Rig()
    both = [rig.roster.report(Ids("A", f"key{unit}", f"id{unit}"), NOW) for unit in range(2)]
    for unit, places in parts:
        ids = Ids(
            "A",
            f"key{unit}" if 1 in places else None,
            f"id{unit}" if 2 in places else None,
        )
        found = rig.roster.report(ids, NOW)
        if places:
            assert found is both[unit]
        else:
            assert found.is_unclear
