"""The model of the device list: order, filter, search, and what it emits to the view."""

from typing import Annotated

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from tests.ui.devices.conftest import NewModel
from tests.ui.devices.device_list import ALL_ROWS, FIX
from tftmonitor.base.clock import DAY_MS, SECOND_MS
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.field import FieldSpec, FieldTable, Group, Number, Unit
from tftmonitor.model.fields.formatting import UNKNOWN_TEXT
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.messages import SnapshotData
from tftmonitor.ui.devices.table.columns import columns_of
from tftmonitor.ui.devices.table.filters import BY_NAME
from tftmonitor.ui.devices.table.model import DeviceTableModel

pytestmark = [
    pytest.mark.qt_log_level_fail("WARNING"),
    pytest.mark.usefixtures("qapp"),
]


def changes_of(model: DeviceTableModel) -> list[tuple[int, int, int, int]]:
    spans: list[tuple[int, int, int, int]] = []

    def note(first: QModelIndex, last: QModelIndex, _roles: list[int]) -> None:
        spans.append((first.row(), last.row(), first.column(), last.column()))

    model.dataChanged.connect(note)
    return spans


# order


def test_default_order_is_alarm_then_overdue_then_starred_then_name(new_model: NewModel) -> None:
    devices = new_model(starred=("e",))
    for name in "fedcba":
        devices.report(name, age_s=2 * 3600 * 24 if name == "d" else 1)
    devices.alarms = {"c": (Severity.NOTICE, 1), "f": (Severity.CRITICAL, 2)}
    devices.build()
    assert devices.names() == ["f", "c", "d", "e", "a", "b"]


def test_sorting_by_a_field_puts_the_unknown_last_both_ways(new_model: NewModel) -> None:
    devices = new_model()
    for name, speed in (("a", 50.0), ("b", None), ("c", 0.0), ("d", -1.0), ("e", 900.0)):
        devices.report(name, speed=speed)
    model = devices.build()
    model.set_sort("speed")
    assert devices.names() == ["c", "a", "b", "d", "e"]
    model.set_sort("speed", descending=True)
    assert devices.names() == ["a", "c", "b", "d", "e"]
    model.set_sort(None)
    assert devices.names() == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("key", [*columns_of(STATUS_FIELDS)])
def test_every_column_sorts_and_shows(new_model: NewModel, key: str) -> None:
    devices = new_model("@name", key)
    devices.report("b", speed=3.0, version="V2", **FIX)
    devices.report("a", speed=9.0, version="V1", **FIX)
    model = devices.build()
    model.set_sort(key)
    model.set_sort(key, descending=True)
    assert sorted(devices.names()) == ["a", "b"]
    assert isinstance(devices.text(0, key), str)
    tip = model.data(model.index(0, 1 if key != "@name" else 0), Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("<qt>")


def test_text_column_sorts_naturally_and_follows_changes(new_model: NewModel) -> None:
    devices = new_model()
    devices.report("a", version="V10")
    devices.report("b", version="V9")
    model = devices.build()
    model.set_sort("version")
    assert devices.names() == ["b", "a"]
    devices.report("a", age_s=0, version="V1")
    devices.refresh()
    model.tick(ALL_ROWS, hold=False)
    assert devices.names() == ["a", "b"]


def test_live_column_is_sorted_at_the_tick_and_not_while_held(new_model: NewModel) -> None:
    devices = new_model()
    for name, speed in (("a", 10.0), ("b", 20.0), ("c", 30.0)):
        devices.report(name, speed=speed)
    model = devices.build()
    model.set_sort("speed")
    devices.report("a", age_s=0, speed=99.0)
    devices.refresh()
    assert devices.names() == ["a", "b", "c"]
    assert model.tick(ALL_ROWS, hold=True)
    assert devices.names() == ["a", "b", "c"]
    assert not model.tick(ALL_ROWS, hold=False)
    assert devices.names() == ["b", "c", "a"]


def test_whoever_holds_an_index_keeps_its_device_when_rows_move(new_model: NewModel) -> None:
    devices = new_model()
    for name, speed in (("a", 10.0), ("b", 20.0), ("c", 30.0)):
        devices.report(name, speed=speed)
    model = devices.build()
    held = [QPersistentModelIndex(model.index(row, 2)) for row in range(3)]
    model.set_sort("speed", descending=True)
    assert [index.row() for index in held] == [2, 1, 0]
    assert {index.column() for index in held} == {2}


def test_new_devices_join_at_the_end_until_the_next_sort(new_model: NewModel) -> None:
    devices = new_model()
    devices.report("m")
    model = devices.build()
    devices.report("a")
    devices.refresh()
    assert devices.names() == ["m", "a"]
    model.tick(ALL_ROWS, hold=True)
    assert devices.names() == ["m", "a"]
    model.tick(ALL_ROWS, hold=False)
    assert devices.names() == ["a", "m"]


# filter and search


def test_filters_and_their_counts(new_model: NewModel) -> None:
    devices = new_model(starred=("moving",))
    devices.report("moving", speed=50.0, acc=1, **FIX)
    devices.report("idling", speed=0.0, acc=1, **FIX)
    devices.report("parked", speed=0.0, acc=0, **FIX)
    devices.report("no_fix", speed=0.0, acc=0)
    devices.report("gone", age_s=10 * 86_400, speed=50.0, acc=1, **FIX)
    devices.alarms = {"parked": (Severity.HIGH, 1)}
    model = devices.build()
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
    found = {}
    for name in expected:
        model.set_filter(BY_NAME[name], "")
        found[name] = set(devices.names())
    assert found == expected
    assert model.counts() == {name: len(keys) for name, keys in expected.items()}


def test_search_finds_by_every_id_and_needs_every_word(new_model: NewModel) -> None:
    devices = new_model()
    for number in range(3):
        data = SnapshotData(
            imei=f"35{number}", device_key=f"K{number}", id=900 + number, model="TLW2"
        )
        devices.fleet.apply(data, DeviceStatus(), b"", devices.clock.now_ms())
    devices.fleet.set_names({"350": "Van North", "351": "Van South"})
    model = devices.build()
    searches = ("van", "VAN north", "k2", "901", "352", "tlw", "xyz", " ")
    found = {}
    for text in searches:
        model.set_filter(BY_NAME["all"], text)
        found[text] = sorted(devices.names())
    assert found == {
        "van": ["350", "351"],
        "VAN north": ["350"],
        "k2": ["352"],
        "901": ["351"],
        "352": ["352"],
        "tlw": ["350", "351", "352"],
        "xyz": [],
        " ": ["350", "351", "352"],
    }


def test_search_knows_a_name_given_later(new_model: NewModel) -> None:
    devices = new_model()
    devices.report("350")
    model = devices.build()
    model.set_filter(BY_NAME["all"], "van")
    devices.fleet.set_names({"350": "Van"})
    devices.refresh()
    model.tick(ALL_ROWS, hold=False)
    assert devices.names() == ["350"]


def test_held_list_loses_no_row_and_gains_at_the_end(new_model: NewModel) -> None:
    devices = new_model()
    devices.report("b", speed=50.0, **FIX)
    devices.report("a", speed=0.0, **FIX)
    model = devices.build()
    model.set_filter(BY_NAME["moving"], "")
    devices.report("b", age_s=0, speed=0.0, **FIX)
    devices.report("a", age_s=0, speed=50.0, **FIX)
    devices.refresh()
    assert model.tick(ALL_ROWS, hold=True)
    assert devices.names() == ["b", "a"]
    model.tick(ALL_ROWS, hold=False)
    assert devices.names() == ["a"]


# what the view hears


def test_only_visible_dirty_rows_are_emitted_in_runs_of_changed_columns(
    new_model: NewModel,
) -> None:
    devices = new_model("@name", "speed", "acc")
    for number in range(10):
        devices.report(f"{number}", age_s=5, speed=1.0, acc=1)
    model = devices.build()
    for row in range(10):
        model.cells(row)
    spans = changes_of(model)
    for name in ("1", "2", "4", "8", "9"):
        devices.report(name, age_s=4, speed=2.0, acc=0 if name == "4" else 1)
    devices.report("3", age_s=4, speed=1.0, acc=1)
    devices.refresh(visible=range(9))
    assert spans == [(1, 2, 1, 1), (4, 4, 1, 2), (8, 8, 1, 1)]
    assert devices.text(9, "speed") == "2.0"


def test_ages_run_on_at_the_tick_and_only_they_are_emitted(new_model: NewModel) -> None:
    devices = new_model("@name", "@age", "speed")
    devices.report("a", age_s=5, speed=1.0)
    model = devices.build()
    assert devices.text(0, "@age") == "5 s"
    spans = changes_of(model)
    devices.clock.advance(2)
    model.tick(ALL_ROWS, hold=True)
    assert spans == [(0, 0, 1, 1)]
    assert devices.text(0, "@age") == "7 s"


def test_alarm_is_shown_at_once_and_moves_nothing(new_model: NewModel) -> None:
    devices = new_model("@name", "@alarm")
    for name in "ab":
        devices.report(name)
    model = devices.build()
    model.cells(1)
    spans = changes_of(model)
    devices.alarms["b"] = (Severity.HIGH, 3)
    model.alarms_changed(["b", "nobody"], ALL_ROWS)
    assert devices.names() == ["a", "b"]
    assert spans == [(1, 1, 1, 1)]
    assert model.cells(1)[1].sign is Severity.HIGH
    spoken = model.data(model.index(1, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "3 open alarms, worst: high"


# cells


def test_unknown_invalid_and_zero_are_three_things(new_model: NewModel) -> None:
    devices = new_model("speed", "external_power_voltage", "location_date")
    devices.report("a", speed=0.0, external_power_voltage=0.0, location_date=946_684_800_000)
    devices.report("b", speed=900.0, location_date=None)
    model = devices.build()
    zero, unknown, unset_clock = model.cells(0)
    assert (zero.text, zero.muted) == ("0.0", False)
    assert (unknown.text, unknown.muted) == (UNKNOWN_TEXT, True)
    assert (unset_clock.text, unset_clock.muted) == ("clock not set", True)
    invalid, absent, null = model.cells(1)
    assert (invalid.text, invalid.muted) == ("invalid", True)
    assert absent.text == null.text == UNKNOWN_TEXT


def test_device_without_a_status_has_no_age_and_no_values(new_model: NewModel) -> None:
    devices = new_model()
    devices.fleet.keep_records(Records("driver", Identity("a", "a")), b"", devices.clock.now_ms())
    devices.build()
    assert devices.text(0, "@state") == "No data yet"
    assert devices.text(0, "@age") == devices.text(0, "speed") == UNKNOWN_TEXT


def test_values_of_an_overdue_device_are_muted_and_its_state_says_so(new_model: NewModel) -> None:
    devices = new_model("@state", "@age", "speed")
    devices.report("a", age_s=4 * 3600, speed=0.0, acc=0, **FIX)
    model = devices.build()
    state, age, speed = model.cells(0)
    assert state.text.startswith("overdue ")
    assert state.sign == "overdue"
    assert age.muted
    assert speed.muted
    devices.clock.advance(30 * DAY_MS / SECOND_MS)
    model.tick(ALL_ROWS, hold=True)
    assert model.cells(0)[0].text.startswith("silent 30 d")


def test_state_names_one_unit_of_the_delay(new_model: NewModel) -> None:
    devices = new_model("@state")
    devices.report("a", age_s=(4 * 60 + 91) * 60, speed=0.0, acc=0, **FIX)
    assert devices.build().cells(0)[0].text == "overdue 4 h"


def test_text_of_the_server_is_one_plain_line(new_model: NewModel) -> None:
    devices = new_model("comment")
    devices.report("a", comment="<b>one</b>\n" + "x" * 400)
    model = devices.build()
    assert "\n" not in devices.text(0, "comment")
    assert len(devices.text(0, "comment")) < 100
    tip = model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert "&lt;b&gt;one" in tip


def test_tooltip_of_the_state_says_when_the_next_report_is_due(new_model: NewModel) -> None:
    devices = new_model("@state")
    devices.report("a", age_s=60, speed=50.0, **FIX)
    model = devices.build()
    tip = model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert "due in 9:00" in tip
    assert "Device time: " in tip
    assert "Received: " in tip


# the age of each value


def test_age_that_one_frame_cannot_tell_is_doubtful_and_not_silent(new_model: NewModel) -> None:
    devices = new_model("@name", "@state", "@age", "speed")
    devices.report("a", age_s=19_800, polling=devices.clock.now_ms(), speed=40.0, **FIX)
    model = devices.build()
    assert devices.text(0, "@age") == "doubtful"
    assert devices.text(0, "@state") == "Moving"
    assert "time doubtful" in model.data(model.index(0, 2), Qt.ItemDataRole.ToolTipRole)


def test_value_that_went_quiet_is_dimmed_and_its_tooltip_has_its_age(new_model: NewModel) -> None:
    devices = new_model("external_power_voltage", "acc", "speed")
    devices.report("a", age_s=4 * 3600, speed=50.0, acc=1, external_power_voltage=12.4, **FIX)
    devices.report("a", age_s=0, speed=50.0, acc=1, **FIX)
    model = devices.build()
    assert [cell.muted for cell in model.cells(0)] == [True, False, False]
    tips = [model.data(model.index(0, n), Qt.ItemDataRole.ToolTipRole) for n in range(3)]
    assert ["this value is 4 h old" in tip for tip in tips] == [True, False, False]


def test_speed_of_an_old_fix_is_dimmed(new_model: NewModel) -> None:
    devices = new_model("@state", "speed", "acc")
    fix_ms = devices.clock.now_ms() - 3 * 3_600_000
    devices.report("a", age_s=0, speed=50.0, acc=1, location_date=fix_ms, **FIX)
    model = devices.build()
    assert devices.text(0, "@state") == "No fix"
    assert [cell.muted for cell in model.cells(0)[1:]] == [True, False]
    assert "this value is 3 h old" in model.data(model.index(0, 1), Qt.ItemDataRole.ToolTipRole)


def test_age_of_a_place_that_nobody_knows_is_said(new_model: NewModel) -> None:
    devices = new_model("lat")
    devices.report("a", age_s=0, **FIX | {"latlng_valid": 0})
    model = devices.build()
    assert model.cells(0)[0].muted
    tip = model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert "the last known; its age is not known" in tip


def test_value_is_dimmed_by_the_time_alone(new_model: NewModel) -> None:
    devices = new_model("external_power_voltage", "acc", "rpm")
    devices.report("a", age_s=0, speed=50.0, acc=1, external_power_voltage=12.4, **FIX)
    devices.clock.advance(25 * 60)
    devices.report("a", age_s=0, speed=50.0, acc=1, **FIX)
    model = devices.build()
    assert [cell.muted for cell in model.cells(0)] == [False, False, True]
    devices.clock.advance(6 * 60)
    model.tick(ALL_ROWS, hold=False)
    assert [cell.muted for cell in model.cells(0)] == [True, False, True]


# columns


def test_units_stand_in_the_header(new_model: NewModel) -> None:
    model = new_model("speed").build()
    heading = model.headerData(0, Qt.Orientation.Horizontal)
    assert heading == "Speed\nkm/h"
    right = model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
    assert right & Qt.AlignmentFlag.AlignRight


class WiderStatus(DeviceStatus):
    """The status with one field more."""

    sparkle: Annotated[
        Number, FieldSpec("Sparkle", unit=Unit.KPA, digits=1, group=Group.SENSORS, column=True)
    ] = 0.0


def test_one_more_field_in_the_table_is_a_column_by_itself(new_model: NewModel) -> None:
    table = FieldTable(WiderStatus)
    devices = new_model()
    devices.fleet.apply(
        SnapshotData(imei="a"), WiderStatus(sparkle=3.25), b"", devices.clock.now_ms()
    )
    model = devices.build(table)
    assert model.columns[-1].heading == "Sparkle bar"
    assert devices.text(0, "sparkle") == "0.033"
    model.set_sort("sparkle")
    assert devices.names() == ["a"]


def test_columns_come_and_go_and_unknown_keys_are_passed_over(new_model: NewModel) -> None:
    devices = new_model("@name", "no_such_field", "speed", "speed")
    devices.report("a", speed=1.0, rpm=900.0)
    model = devices.build()
    assert [column.key for column in model.columns] == ["@name", "speed"]
    model.add_column("rpm")
    assert devices.text(0, "rpm") == "900"
    model.remove_column("speed")
    assert [column.key for column in model.columns] == ["@name", "rpm"]
    model.set_columns(["@age"])
    assert model.columnCount() == 1


def test_a_parent_has_no_cells(new_model: NewModel) -> None:
    devices = new_model()
    devices.report("a")
    model = devices.build()
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
    assert model.place_of("nobody") == -1


def test_many_devices_keep_their_facts_when_the_columns_grow(new_model: NewModel) -> None:
    devices = new_model(starred=("d150",))
    model = devices.build()
    for number in range(200):
        devices.report(f"d{number}", age_s=1, speed=float(number % 2) * 50, **FIX)
        if number % 50 == 0:
            devices.refresh()
    devices.refresh()
    assert model.rowCount() == 200
    assert model.counts()["moving"] == 100
    assert model.counts()["starred"] == 1
    devices.clock.advance(60)
    model.tick(ALL_ROWS, hold=False)
    assert devices.names()[0] == "d150"


# what a second without news costs


def test_quiet_second_makes_only_the_cells_that_show_an_age(new_model: NewModel) -> None:
    devices = new_model("@state", "@age", "speed")
    devices.report("a", speed=50.0, **FIX)
    devices.report("b", age_s=2 * 3600, speed=50.0, **FIX)
    model = devices.build()
    before = {model.device_at(row).key: model.cells(row) for row in range(2)}
    devices.clock.advance(3600)
    model.tick(ALL_ROWS, hold=False)
    after = {model.device_at(row).key: model.cells(row) for row in range(2)}
    # "a" is overdue by now, so that nothing of it is live any more; "b" was before.
    assert before["a"][2] != after["a"][2]
    assert after["a"][2].muted
    assert before["b"][2] is after["b"][2]
    assert before["b"][0] != after["b"][0]
    assert before["b"][1] != after["b"][1]


def test_quiet_second_neither_sorts_nor_counts(new_model: NewModel) -> None:
    devices = new_model()
    for name in "ab":
        devices.report(name, speed=50.0, acc=1, **FIX)
    model = devices.build()
    model.set_sort("speed")
    wanted, counts = model.order.wanted(), model.counts()
    devices.clock.advance(1)
    model.tick(ALL_ROWS, hold=False)
    assert model.order.wanted() is wanted
    assert model.counts() is counts
    devices.report("b", age_s=0, speed=10.0, acc=1, **FIX)
    devices.refresh()
    model.tick(ALL_ROWS, hold=False)
    assert devices.names() == ["b", "a"]
    assert model.counts()["overdue"] == 0
    devices.clock.advance(DAY_MS / SECOND_MS * 3)
    model.tick(ALL_ROWS, hold=False)
    assert model.counts()["overdue"] == 2


def test_numbers_that_moved_are_read_with_the_frame_and_not_with_the_second(
    new_model: NewModel,
) -> None:
    devices = new_model("@name", "speed", "version")
    devices.report("a", speed=50.0, version="V2", **FIX)
    devices.report("b", speed=60.0, version="V1", **FIX)
    model = devices.build()
    model.set_sort("version")
    model.set_sort("speed")
    devices.report("a", speed=70.0, version="V1", **FIX)
    devices.refresh()
    # What nobody sorts by waits until somebody does.
    assert {name: bool(rows) for name, rows in model.facts._behind.items()} == {
        "version": True,
        "speed": False,
    }
    assert devices.names() == ["a", "b"]
    model.tick(ALL_ROWS, hold=False)
    assert devices.names() == ["b", "a"]


def test_stars_and_alarms_are_news_to_the_order(new_model: NewModel) -> None:
    devices = new_model()
    for name in "abc":
        devices.report(name)
    model = devices.build()
    model.set_star(devices.fleet.devices[2], ALL_ROWS, starred=True)
    model.tick(ALL_ROWS, hold=False)
    assert devices.names() == ["c", "a", "b"]
    assert model.counts()["starred"] == 1
    devices.alarms["b"] = (Severity.CRITICAL, 1)
    model.alarms_changed(["b"], ALL_ROWS)
    model.tick(ALL_ROWS, hold=False)
    assert devices.names() == ["b", "c", "a"]
    assert model.counts()["alarm"] == 1
