import random

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from tests.ui.alarms.conftest import NOON_MS
from tests.ui.harness import Harness, checked
from tftmonitor.base.clock import DAY_MS, SECOND_MS
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.ui.alarms.row_diff import row_steps
from tftmonitor.ui.alarms.rows import OpenRows, RowKey, flood_keys, single
from tftmonitor.ui.alarms.table_model import AlarmColumn, AlarmTableModel

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def alarm(number: int, severity: Severity = Severity.WARNING, **more: object) -> Alarm:
    made = Alarm(
        number,
        f"key{number}",
        f"Alarm {number}",
        severity,
        NOON_MS - 60_000 - number,
        NOON_MS - 60_000 - number,
        (Source.SNAPSHOT,),
        (Source.SNAPSHOT,),
        device=f"d{number}",
        device_name=f"VAN-{number}",
    )
    return replace(made, **more)


def book_of(*alarms: Alarm) -> OpenAlarms:
    book = OpenAlarms()
    for each in alarms:
        book.put(each)
    return book


@pytest.fixture
def model(harness: Harness) -> AlarmTableModel:
    return checked(AlarmTableModel(harness.clock, harness.settings))


def cell(model: AlarmTableModel, row: int, column: AlarmColumn) -> str:
    return str(model.index(row, column).data())


def names(model: AlarmTableModel) -> list[str]:
    return [cell(model, row, AlarmColumn.NAME) for row in range(model.rowCount())]


def test_row_shows_all_of_an_alarm(model: AlarmTableModel) -> None:
    critical = alarm(
        1,
        Severity.CRITICAL,
        name="SOS",
        sources=(Source.SNAPSHOT, Source.MESSAGE),
        device_ms=NOON_MS - 61_500,
        lat=52.37403,
        lng=4.88969,
    )
    model.set_rows([single(critical)])
    assert [cell(model, 0, column) for column in AlarmColumn] == [
        "critical",
        "VAN-1",
        "SOS",
        "active",
        "11:58:58",
        "1 min",
        "1",
        "snapshot + message",
        "in Amsterdam",
    ]


def test_alarm_of_a_doubtful_time_says_so_beside_the_time_of_receipt(
    model: AlarmTableModel,
) -> None:
    doubtful = alarm(1, doubtful=True, raw_ms=NOON_MS - 4_000_000)
    model.set_rows([single(doubtful)])
    time = cell(model, 0, AlarmColumn.TIME)
    assert time.endswith("(time doubtful)")
    assert not time.startswith("LATE")


def test_late_alarm_is_marked_with_its_own_time(model: AlarmTableModel) -> None:
    model.set_rows([single(alarm(1, late=True, device_ms=NOON_MS - 4_000_000))])
    assert cell(model, 0, AlarmColumn.TIME) == "LATE 10:53:20"
    assert cell(model, 0, AlarmColumn.AGE) == "1 h 6 min"


def test_states_are_shown_in_text(model: AlarmTableModel) -> None:
    until = NOON_MS + 900_000
    rows = [
        alarm(1, active=False),
        alarm(2, acknowledged_ms=NOON_MS),
        alarm(3, shelved_until_ms=until, shelve_reason="at the\nferry"),
        alarm(4, out_of_service_until_ms=until),
        alarm(5, drill=True, device=None, device_name=""),
    ]
    model.set_rows([single(each) for each in rows])
    assert [cell(model, row, AlarmColumn.STATE) for row in range(5)] == [
        "ended, not acknowledged",
        "acknowledged",
        "shelved until 12:15:00: at the ferry",
        "out of service until 12:15:00",
        "active",
    ]
    assert cell(model, 4, AlarmColumn.NAME) == "DRILL: Alarm 5"
    assert cell(model, 4, AlarmColumn.DEVICE) == "This program"


def test_ages_run_on_at_each_tick(model: AlarmTableModel, harness: Harness) -> None:
    model.set_rows([single(alarm(1))])
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda a, b, _roles: changed.append((a.column(), b.column())))
    harness.clock.advance(60)
    model.tick()
    assert changed == [(AlarmColumn.AGE, AlarmColumn.AGE)]
    assert cell(model, 0, AlarmColumn.AGE) == "2 min"


def test_time_of_yesterday_gets_its_date_at_midnight(
    model: AlarmTableModel, harness: Harness
) -> None:
    model.set_rows([single(alarm(1))])
    assert cell(model, 0, AlarmColumn.TIME) == "11:58:59"
    harness.clock.advance(DAY_MS / SECOND_MS)
    model.tick()
    assert cell(model, 0, AlarmColumn.TIME) == "11-18 11:58"


def test_server_text_in_tool_tips_is_escaped(model: AlarmTableModel) -> None:
    model.set_rows([single(alarm(1, text="<b>now</b>"))])
    tip = model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;now&lt;/b&gt;" in tip
    assert "“<b>now</b>”" in model.facts_line(single(alarm(1, text="<b>now</b>")))


def test_narrow_panes_show_signs_and_still_speak(model: AlarmTableModel) -> None:
    model.set_rows([single(alarm(1))])
    model.set_compact(True)
    assert cell(model, 0, AlarmColumn.SEVERITY) == ""
    assert model.index(0, AlarmColumn.SEVERITY).data(SPOKEN) == "warning"


def test_selection_follows_its_alarm_through_any_change(model: AlarmTableModel) -> None:
    model.set_rows([single(alarm(n)) for n in (1, 2, 3, 4)])
    held = {n: QPersistentModelIndex(model.index(n - 1, 0)) for n in (1, 2, 3, 4)}
    model.set_rows([single(alarm(n)) for n in (9, 4, 8, 2, 1, 7)])
    assert [cell(model, row, AlarmColumn.NAME) for row in range(6)] == [
        f"Alarm {n}" for n in (9, 4, 8, 2, 1, 7)
    ]
    assert {n: index.row() for n, index in held.items()} == {1: 4, 2: 3, 3: -1, 4: 1}


def test_random_changes_end_where_they_should(model: AlarmTableModel) -> None:
    chance = random.Random(7)
    wanted = [chance.sample(range(20), chance.randint(0, 20)) for _ in range(200)]
    shown = []
    for numbers in wanted:
        model.set_rows([single(alarm(n)) for n in numbers])
        shown.append(names(model))
    assert shown == [[f"Alarm {n}" for n in numbers] for numbers in wanted]


def test_only_rows_that_changed_are_emitted(model: AlarmTableModel) -> None:
    rows = [alarm(n) for n in range(1, 7)]
    model.set_rows([single(each) for each in rows])
    assert cell(model, 4, AlarmColumn.COUNT) == "1"
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda a, b, _roles: changed.append((a.row(), b.row())))
    model.set_rows([single(each) for each in rows])
    assert changed == []
    for place in (1, 2, 4):
        rows[place] = replace(rows[place], count=2)
    model.set_rows([single(each) for each in rows])
    assert changed == [(1, 2), (4, 4)]
    assert cell(model, 4, AlarmColumn.COUNT) == "2"


def test_steps_do_nothing_in_vain() -> None:
    steps = row_steps("abcd", "abcd")
    assert (steps.removals, steps.order, steps.insertions) == ([], None, [])
    steps = row_steps("abcd", "xbd")
    assert (steps.removals, steps.order, steps.insertions) == ([(2, 2), (0, 0)], None, [(0, 0)])
    assert row_steps("abc", "cab").order == [2, 0, 1]


def flood_book() -> OpenAlarms:
    members = [
        alarm(n, device=f"d{n % 3}", device_name=f"VAN-{n % 3}", first_ms=NOON_MS - 1_000 * n)
        for n in range(1, 13)
    ]
    return book_of(alarm(50, Severity.CRITICAL), *members, alarm(60, acknowledged_ms=NOON_MS))


def test_flood_is_one_line_and_critical_ones_stay_single(model: AlarmTableModel) -> None:
    model.set_rows(OpenRows(flood_book()).rows(set()))
    assert names(model) == [
        "Alarm 50",
        "12 alarms at once on 3 devices; first: Alarm 12 (VAN-0)",
        "Alarm 60",
    ]
    assert cell(model, 1, AlarmColumn.DEVICE) == "▸ Flood"
    assert model.index(1, AlarmColumn.DEVICE).data(SPOKEN) == "Flood, folded"


def test_flood_unfolds_by_device_then_by_alarm(model: AlarmTableModel) -> None:
    book = flood_book()
    unfolded: set[RowKey] = {("flood", 12)}
    model.set_rows(OpenRows(book).rows(unfolded))
    assert [cell(model, row, AlarmColumn.DEVICE).strip() for row in range(1, 5)] == [
        "▾ Flood",
        "▸ VAN-0",
        "▸ VAN-2",
        "▸ VAN-1",
    ]
    unfolded.add(("group", 12, "d2"))
    model.set_rows(OpenRows(book).rows(unfolded))
    assert names(model)[3:8] == [
        "4 alarms; first: Alarm 11",
        *(f"Alarm {n}" for n in (11, 8, 5, 2)),
    ]


def test_flood_keys_lead_to_a_folded_alarm(model: AlarmTableModel) -> None:
    book = flood_book()
    assert flood_keys(book, 50) == []
    model.set_rows(OpenRows(book).rows(set()))
    assert model.place_of(5) == -1
    model.set_rows(OpenRows(book).rows(set(flood_keys(book, 5))))
    assert model.row(model.index(model.place_of(5), 0)) == single(alarm_of(book, 5), 2)
    assert model.row(QModelIndex()) is None


def test_row_is_made_anew_only_for_an_alarm_that_changed() -> None:
    book = book_of(*(alarm(n, Severity.CRITICAL) for n in range(1, 11)))
    open_rows = OpenRows(book)
    before = {row.alarm.id: row for row in open_rows.rows(set())}
    book.put(replace(alarm_of(book, 5), count=2))
    after = {row.alarm.id: row for row in open_rows.rows(set())}
    assert [n for n in after if after[n] is not before[n]] == [5]
    assert after[5].alarm.count == 2


def alarm_of(book: OpenAlarms, number: int) -> Alarm:
    found = book.get(number)
    assert found is not None
    return found


def test_one_of_a_thousand_that_changes_moves_alone(
    harness: Harness,
) -> None:
    model = AlarmTableModel(harness.clock, harness.settings)
    alarms = [alarm(n, Severity.CRITICAL, first_ms=NOON_MS - n * 70_000) for n in range(1, 1_001)]
    book = book_of(*alarms)
    model.set_rows(OpenRows(book).rows(set()))
    changed: list[str] = []
    model.modelReset.connect(lambda: changed.append("reset"))
    model.rowsInserted.connect(lambda *_: changed.append("inserted"))
    model.rowsRemoved.connect(lambda *_: changed.append("removed"))
    model.dataChanged.connect(lambda a, b, _roles: changed.append(f"{a.row()}-{b.row()}"))
    book.put(replace(alarm_of(book, 500), acknowledged_ms=NOON_MS))
    model.set_rows(OpenRows(book).rows(set()))
    assert changed == ["999-999"]
    assert model.place_of(500) == 999
