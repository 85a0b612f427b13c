"""The model of the device list: order, filter, search, and what it tells the view."""

from typing import Annotated, Any

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tftmonitor.base.clock import DAY_MS, SECOND_MS, ManualClock
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.field import FieldSpec, FieldTable, Group, Number, Unit
from tftmonitor.model.fields.formatting import UNKNOWN_TEXT
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.messages import SnapshotData
from tftmonitor.ui.devices.table.columns import columns_of
from tftmonitor.ui.devices.table.facts import DeviceFacts
from tftmonitor.ui.devices.table.filters import BY_NAME
from tftmonitor.ui.devices.table.model import DeviceTableModel

pytestmark = [
    pytest.mark.qt_log_level_fail("WARNING"),
    pytest.mark.usefixtures("qapp"),
]

ALL = range(1_000)
FIX: dict[str, Any] = {"lat": 47.0, "lng": 9.0, "latlng_valid": 1}


class World:
    """A fleet, its clock and alarms, and a model over them that a tester watches."""

    def __init__(self, *columns: str, starred: tuple[str, ...] = ()) -> None:
        self.clock = ManualClock()
        self.fleet = Fleet()
        self.alarms: dict[str, tuple[Severity | None, int]] = {}
        self._columns = columns
        self._starred = starred

    def report(self, name: str, age_s: float = 1, **status: Any) -> None:
        when = self.clock.now_ms() - round(age_s * SECOND_MS)
        data = SnapshotData(imei=name, model="T1")
        self.fleet.apply(data, DeviceStatus(date=when, **status), b"", self.clock.now_ms())

    def build(self, table: FieldTable = STATUS_FIELDS) -> DeviceTableModel:
        def alarm_of(key: str) -> tuple[Severity | None, int]:
            return self.alarms.get(key, (None, 0))

        facts = DeviceFacts(self.fleet, self.clock, alarm_of, self._starred, table)
        self.model = DeviceTableModel(facts, self._columns)
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.fleet.changes.take()
        return self.model

    def refresh(self, visible: range = ALL) -> None:
        self.model.refresh(self.fleet.changes.take()[0], visible)

    def names(self) -> list[str]:
        return [self.model.device_at(row).key for row in range(self.model.rowCount())]

    def text(self, row: int, column: str) -> str:
        place = [c.key for c in self.model.columns].index(column)
        return str(self.model.data(self.model.index(row, place)))


def told(model: DeviceTableModel) -> list[tuple[int, int, int, int]]:
    spans: list[tuple[int, int, int, int]] = []

    def note(first: QModelIndex, last: QModelIndex, _roles: list[int]) -> None:
        spans.append((first.row(), last.row(), first.column(), last.column()))

    model.dataChanged.connect(note)
    return spans


# order


def test_default_order_is_alarm_then_overdue_then_starred_then_name() -> None:
    world = World(starred=("e",))
    for name in "fedcba":
        world.report(name, age_s=2 * 3600 * 24 if name == "d" else 1)
    world.alarms = {"c": (Severity.NOTICE, 1), "f": (Severity.CRITICAL, 2)}
    world.build()
    assert world.names() == ["f", "c", "d", "e", "a", "b"]


def test_sorting_by_a_field_puts_the_unknown_last_both_ways() -> None:
    world = World()
    for name, speed in (("a", 50.0), ("b", None), ("c", 0.0), ("d", -1.0), ("e", 900.0)):
        world.report(name, speed=speed)
    model = world.build()
    model.set_sort("speed")
    assert world.names() == ["c", "a", "b", "d", "e"]
    model.set_sort("speed", descending=True)
    assert world.names() == ["a", "c", "b", "d", "e"]
    model.set_sort(None)
    assert world.names() == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("key", [*columns_of(STATUS_FIELDS)])
def test_every_column_sorts_and_shows(key: str) -> None:
    world = World("@name", key)
    world.report("b", speed=3.0, version="V2", **FIX)
    world.report("a", speed=9.0, version="V1", **FIX)
    model = world.build()
    model.set_sort(key)
    model.set_sort(key, descending=True)
    assert sorted(world.names()) == ["a", "b"]
    assert isinstance(world.text(0, key), str)
    tip = model.data(model.index(0, 1 if key != "@name" else 0), Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("<qt>")


def test_text_column_sorts_naturally_and_follows_changes() -> None:
    world = World()
    world.report("a", version="V10")
    world.report("b", version="V9")
    model = world.build()
    model.set_sort("version")
    assert world.names() == ["b", "a"]
    world.report("a", age_s=0, version="V1")
    world.refresh()
    model.tick(ALL, hold=False)
    assert world.names() == ["a", "b"]


def test_live_column_is_sorted_at_the_beat_and_not_while_held() -> None:
    world = World()
    for name, speed in (("a", 10.0), ("b", 20.0), ("c", 30.0)):
        world.report(name, speed=speed)
    model = world.build()
    model.set_sort("speed")
    world.report("a", age_s=0, speed=99.0)
    world.refresh()
    assert world.names() == ["a", "b", "c"]
    assert model.tick(ALL, hold=True)
    assert world.names() == ["a", "b", "c"]
    assert not model.tick(ALL, hold=False)
    assert world.names() == ["b", "c", "a"]


def test_whoever_holds_an_index_keeps_its_device_when_rows_move() -> None:
    world = World()
    for name, speed in (("a", 10.0), ("b", 20.0), ("c", 30.0)):
        world.report(name, speed=speed)
    model = world.build()
    held = [QPersistentModelIndex(model.index(row, 2)) for row in range(3)]
    model.set_sort("speed", descending=True)
    assert [index.row() for index in held] == [2, 1, 0]
    assert {index.column() for index in held} == {2}


def test_new_devices_join_at_the_end_until_the_next_sort() -> None:
    world = World()
    world.report("m")
    model = world.build()
    world.report("a")
    world.refresh()
    assert world.names() == ["m", "a"]
    model.tick(ALL, hold=True)
    assert world.names() == ["m", "a"]
    model.tick(ALL, hold=False)
    assert world.names() == ["a", "m"]


# filter and search


def test_filters_and_their_counts() -> None:
    world = World(starred=("moving",))
    world.report("moving", speed=50.0, acc=1, **FIX)
    world.report("idling", speed=0.0, acc=1, **FIX)
    world.report("parked", speed=0.0, acc=0, **FIX)
    world.report("no_fix", speed=0.0, acc=0)
    world.report("gone", age_s=10 * 86_400, speed=50.0, acc=1, **FIX)
    world.alarms = {"parked": (Severity.HIGH, 1)}
    model = world.build()
    expected = {
        "all": {"moving", "idling", "parked", "no_fix", "gone"},
        "alarm": {"parked"},
        "overdue": {"gone"},
        "moving": {"moving"},
        "ignition": {"moving", "idling"},
        "no_fix": {"no_fix"},
        "no_data": set(),
        "starred": {"moving"},
    }
    for name, devices in expected.items():
        model.set_filter(BY_NAME[name], "")
        assert set(world.names()) == devices
    assert model.counts() == {name: len(devices) for name, devices in expected.items()}


def test_search_finds_by_every_id_and_needs_every_word() -> None:
    world = World()
    for number in range(3):
        data = SnapshotData(
            imei=f"35{number}", device_key=f"K{number}", id=900 + number, model="TLW2"
        )
        world.fleet.apply(data, DeviceStatus(), b"", world.clock.now_ms())
    world.fleet.set_names({"350": "Van North", "351": "Van South"})
    model = world.build()
    for text, found in {
        "van": ["350", "351"], "VAN north": ["350"], "k2": ["352"], "901": ["351"],
        "352": ["352"], "tlw": ["350", "351", "352"], "xyz": [], " ": ["350", "351", "352"],
    }.items():  # fmt: skip
        model.set_filter(BY_NAME["all"], text)
        assert sorted(world.names()) == found, text


def test_search_knows_a_name_given_later() -> None:
    world = World()
    world.report("350")
    model = world.build()
    model.set_filter(BY_NAME["all"], "van")
    world.fleet.set_names({"350": "Van"})
    world.refresh()
    model.tick(ALL, hold=False)
    assert world.names() == ["350"]


def test_held_list_loses_no_row_and_gains_at_the_end() -> None:
    world = World()
    world.report("b", speed=50.0, **FIX)
    world.report("a", speed=0.0, **FIX)
    model = world.build()
    model.set_filter(BY_NAME["moving"], "")
    world.report("b", age_s=0, speed=0.0, **FIX)
    world.report("a", age_s=0, speed=50.0, **FIX)
    world.refresh()
    assert model.tick(ALL, hold=True)
    assert world.names() == ["b", "a"]
    model.tick(ALL, hold=False)
    assert world.names() == ["a"]


# what the view is told


def test_only_visible_dirty_rows_are_told_in_runs_of_changed_columns() -> None:
    world = World("@name", "speed", "acc")
    for number in range(10):
        world.report(f"{number}", age_s=5, speed=1.0, acc=1)
    model = world.build()
    for row in range(10):
        model.cells(row)
    spans = told(model)
    for name in ("1", "2", "4", "8", "9"):
        world.report(name, age_s=4, speed=2.0, acc=0 if name == "4" else 1)
    world.report("3", age_s=4, speed=1.0, acc=1)
    world.refresh(visible=range(9))
    assert spans == [(1, 2, 1, 1), (4, 4, 1, 2), (8, 8, 1, 1)]
    assert world.text(9, "speed") == "2.0"


def test_ages_run_on_at_the_beat_and_only_they_are_told() -> None:
    world = World("@name", "@age", "speed")
    world.report("a", age_s=5, speed=1.0)
    model = world.build()
    assert world.text(0, "@age") == "5 s"
    spans = told(model)
    world.clock.advance(2)
    model.tick(ALL, hold=True)
    assert spans == [(0, 0, 1, 1)]
    assert world.text(0, "@age") == "7 s"


def test_alarm_is_shown_at_once_and_moves_nothing() -> None:
    world = World("@name", "@alarm")
    for name in "ab":
        world.report(name)
    model = world.build()
    model.cells(1)
    spans = told(model)
    world.alarms["b"] = (Severity.HIGH, 3)
    model.alarms_changed(["b", "nobody"], ALL)
    assert world.names() == ["a", "b"]
    assert spans == [(1, 1, 1, 1)]
    assert model.cells(1)[1].sign is Severity.HIGH
    spoken = model.data(model.index(1, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "3 open alarms, the worst high"


# cells


def test_unknown_invalid_and_zero_are_three_things() -> None:
    world = World("speed", "external_power_voltage", "location_date")
    world.report("a", speed=0.0, external_power_voltage=0.0, location_date=946_684_800_000)
    world.report("b", speed=900.0, location_date=None)
    model = world.build()
    zero, unknown, unset_clock = model.cells(0)
    assert (zero.text, zero.muted) == ("0.0", False)
    assert (unknown.text, unknown.muted) == (UNKNOWN_TEXT, True)
    assert (unset_clock.text, unset_clock.muted) == ("clock not set", True)
    invalid, absent, null = model.cells(1)
    assert (invalid.text, invalid.muted) == ("invalid", True)
    assert absent.text == null.text == UNKNOWN_TEXT


def test_device_without_a_status_has_no_age_and_no_values() -> None:
    world = World()
    world.fleet.keep_records(Records("driver", Identity("a", "a")), b"", world.clock.now_ms())
    world.build()
    assert world.text(0, "@state") == "No data yet"
    assert world.text(0, "@age") == world.text(0, "speed") == UNKNOWN_TEXT


def test_values_of_an_overdue_device_are_muted_and_its_state_says_so() -> None:
    world = World("@state", "@age", "speed")
    world.report("a", age_s=4 * 3600, speed=0.0, acc=0, **FIX)
    model = world.build()
    state, age, speed = model.cells(0)
    assert state.text.startswith("overdue ")
    assert state.sign == "overdue"
    assert age.muted
    assert speed.muted
    world.clock.advance(30 * DAY_MS / SECOND_MS)
    model.tick(ALL, hold=True)
    assert model.cells(0)[0].text.startswith("silent 30 d")


def test_state_names_one_unit_of_the_delay() -> None:
    world = World("@state")
    world.report("a", age_s=(4 * 60 + 91) * 60, speed=0.0, acc=0, **FIX)
    assert world.build().cells(0)[0].text == "overdue 4 h"


def test_text_of_the_server_is_one_plain_line() -> None:
    world = World("comment")
    world.report("a", comment="<b>one</b>\n" + "x" * 400)
    model = world.build()
    assert "\n" not in world.text(0, "comment")
    assert len(world.text(0, "comment")) < 100
    tip = model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert "&lt;b&gt;one" in tip


def test_tooltip_of_the_state_tells_when_the_next_report_is_due() -> None:
    world = World("@state")
    world.report("a", age_s=60, speed=50.0, **FIX)
    model = world.build()
    tip = model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert "due in 9:00" in tip
    assert "Device time: " in tip
    assert "Received: " in tip


# columns


def test_units_stand_in_the_header() -> None:
    model = World("speed").build()
    heading = model.headerData(0, Qt.Orientation.Horizontal)
    assert heading == "Speed\nkm/h"
    right = model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
    assert right & Qt.AlignmentFlag.AlignRight


class WiderStatus(DeviceStatus):
    """The status with one field more."""

    sparkle: Annotated[
        Number, FieldSpec("Sparkle", unit=Unit.KPA, digits=1, group=Group.SENSORS, column=True)
    ] = 0.0


def test_one_more_field_in_the_table_is_a_column_by_itself() -> None:
    table = FieldTable(WiderStatus)
    world = World()
    world.fleet.apply(SnapshotData(imei="a"), WiderStatus(sparkle=3.25), b"", world.clock.now_ms())
    model = world.build(table)
    assert model.columns[-1].heading == "Sparkle kPa"
    assert world.text(0, "sparkle") == "3.2"
    model.set_sort("sparkle")
    assert world.names() == ["a"]


def test_columns_come_and_go_and_unknown_keys_are_passed_over() -> None:
    world = World("@name", "no_such_field", "speed", "speed")
    world.report("a", speed=1.0, rpm=900.0)
    model = world.build()
    assert [column.key for column in model.columns] == ["@name", "speed"]
    model.add_column("rpm")
    assert world.text(0, "rpm") == "900"
    model.remove_column("speed")
    assert [column.key for column in model.columns] == ["@name", "rpm"]
    model.set_columns(["@age"])
    assert model.columnCount() == 1


def test_a_parent_has_no_cells() -> None:
    world = World()
    world.report("a")
    model = world.build()
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
    assert model.place_of("nobody") == -1


def test_many_devices_keep_their_facts_when_the_columns_grow() -> None:
    world = World(starred=("d150",))
    model = world.build()
    for number in range(200):
        world.report(f"d{number}", age_s=1, speed=float(number % 2) * 50, **FIX)
        if number % 50 == 0:
            world.refresh()
    world.refresh()
    assert model.rowCount() == 200
    assert model.counts()["moving"] == 100
    assert model.counts()["starred"] == 1
    world.clock.advance(60)
    model.tick(ALL, hold=False)
    assert world.names()[0] == "d150"


# what a second without news costs


def test_quiet_second_makes_only_the_cells_that_tell_an_age() -> None:
    world = World("@state", "@age", "speed")
    world.report("a", speed=50.0, **FIX)
    world.report("b", age_s=2 * 3600, speed=50.0, **FIX)
    model = world.build()
    before = {model.device_at(row).key: model.cells(row) for row in range(2)}
    world.clock.advance(3600)
    model.tick(ALL, hold=False)
    after = {model.device_at(row).key: model.cells(row) for row in range(2)}
    # "a" is overdue by now, so that nothing of it is live any more; "b" was before.
    assert before["a"][2] != after["a"][2]
    assert after["a"][2].muted
    assert before["b"][2] is after["b"][2]
    assert before["b"][0] != after["b"][0]
    assert before["b"][1] != after["b"][1]


def test_quiet_second_neither_sorts_nor_counts() -> None:
    world = World()
    for name in "ab":
        world.report(name, speed=50.0, acc=1, **FIX)
    model = world.build()
    model.set_sort("speed")
    wanted, counts = model.order.wanted(), model.counts()
    world.clock.advance(1)
    model.tick(ALL, hold=False)
    assert model.order.wanted() is wanted
    assert model.counts() is counts
    world.report("b", age_s=0, speed=10.0, acc=1, **FIX)
    world.refresh()
    model.tick(ALL, hold=False)
    assert world.names() == ["b", "a"]
    assert model.counts()["overdue"] == 0
    world.clock.advance(DAY_MS / SECOND_MS * 3)
    model.tick(ALL, hold=False)
    assert model.counts()["overdue"] == 2


def test_stars_and_alarms_are_news_to_the_order() -> None:
    world = World()
    for name in "abc":
        world.report(name)
    model = world.build()
    model.set_star(world.fleet.devices[2], ALL, starred=True)
    model.tick(ALL, hold=False)
    assert world.names() == ["c", "a", "b"]
    assert model.counts()["starred"] == 1
    world.alarms["b"] = (Severity.CRITICAL, 1)
    model.alarms_changed(["b"], ALL)
    model.tick(ALL, hold=False)
    assert world.names() == ["b", "c", "a"]
    assert model.counts()["alarm"] == 1
