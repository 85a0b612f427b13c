"""The pane of rules: what table and editor say, and what reaches the engine and the disk."""

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.ui.harness import Harness, checked
from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.shapes import Circle
from tftmonitor.model.places.store import Places
from tftmonitor.model.rules.condition import Unreadable
from tftmonitor.model.rules.conditions import FieldAbove, FieldBelow, FlagIs, LinkDown, Overdue
from tftmonitor.model.rules.kinds import CONDITIONS, AskKind, fields_for
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import Surroundings
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.ui.rules import preview_line
from tftmonitor.ui.rules import table_model as rule_table
from tftmonitor.ui.rules.pane import RulesPane
from tftmonitor.ui.rules.scope import DEVICES, MODELS, NAMED
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme

SUPPLY = "external_power_voltage"
LOW = Rule(
    id="low",
    name="Supply low",
    condition=FieldBelow(field=SUPPLY, limit=11.5, hysteresis=0.3, hold_s=60),
)
FAST = Rule(
    id="fast",
    severity=Severity.HIGH,
    only_models=("TLW1",),
    while_ignition=True,
    condition=FieldAbove(field="speed", limit=90.25),
)
GONE = Rule(id="gone", name="Old", condition=FlagIs(field="was_there"))
LINK = Rule(id="link", condition=LinkDown("devices", 30))
UNKNOWN = "This version does not know the condition 'of_tomorrow'."
FUTURE = Rule(id="new", condition=Unreadable({"when": "of_tomorrow"}, UNKNOWN))
CHECK, DISPLAY = Qt.ItemDataRole.CheckStateRole, Qt.ItemDataRole.DisplayRole
ON, OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class Bench:
    """The pane on the shared harness, with engine and file of the rules."""

    def __init__(self, harness: Harness, *rules: Rule) -> None:
        self.qtbot = harness.qtbot
        self.clock = harness.clock
        self.fleet = harness.fleet
        service = AlarmService(OpenAlarms(), None, CodeResolver(), self.clock, self.fleet.find)
        self.file = RulesFile(harness.settings.path.parent)
        self.file.save(rules)
        self.engine = RuleEngine(self.fleet, service, self.clock, self.file.rules)
        self.places = Places([Place(key="d", name="Depot", shape=Circle(52.0, 13.0, 500.0))])
        around = Surroundings(self.places)
        pane = RulesPane(self.engine, self.file, self.fleet, self.clock, harness.settings, around)
        self.pane = harness.show(pane, 700, 420)
        self.editor = self.pane.editor
        self._harness = harness

    def report(self, key: str, model: str = "TLW1", **values: Any) -> None:
        status = {"date": self.clock.now_ms(), **values}
        device = self._harness.send("snapshot", key, model=model, status=status)
        assert device.status is not None
        self.engine.on_snapshot(device, device.status, self.clock.now_ms())

    def select(self, row: int) -> None:
        self.pane.view.setCurrentIndex(self.pane.model.index(row, rule_table.RULE))

    def edit(self, row: int) -> None:
        self.select(row)
        self.pane.edit_selected()

    def texts(self, column: int = rule_table.RULE) -> list[Any]:
        model = self.pane.model
        return [model.index(row, column).data() for row in range(model.rowCount())]

    def spin(self, name: str) -> QDoubleSpinBox:
        found = self.editor.inputs.input(name)
        assert isinstance(found, QDoubleSpinBox)
        return found

    def combo(self, name: str) -> QComboBox:
        found = self.editor.inputs.input(name)
        assert isinstance(found, QComboBox)
        return found

    def choose(self, combo: QComboBox, value: Any) -> None:
        combo.setCurrentIndex(combo.findData(value))

    def stored(self) -> list[Rule]:
        assert list(self.engine.rules) == self.file.rules == self.pane.model.rules
        again = RulesFile(self.file.path.parent)
        assert again.rules == self.file.rules
        return again.rules


@pytest.fixture
def bench(harness: Harness) -> Bench:
    return Bench(harness, LOW, FAST, GONE, LINK, FUTURE)


def test_table_says_each_rule_in_text(bench: Bench) -> None:
    assert bench.texts() == [
        "Supply low: External voltage below 11.5 V for 60 s (back at 11.8 V)",
        "Speed above 90.25 km/h, while ignition is on",
        "Old: was_there on. Does not work: There is no on/off field 'was_there' any more.",
        "Our link down on the devices channel for 30 s",
        f"Unknown condition. Does not work: {UNKNOWN}",
    ]
    assert bench.texts(rule_table.SEVERITY) == ["warning", "high", *3 * ["warning"]]
    assert bench.texts(rule_table.SCOPE) == ["all", "TLW1", "all", "all", "all"]
    checks = [bench.pane.model.index(row, rule_table.ON).data(CHECK) for row in range(5)]
    assert checks == [ON, ON, OFF, ON, OFF]


def test_model_keeps_qts_rules(bench: Bench) -> None:
    checked(bench.pane.model)
    checked(bench.editor.scope.list)
    bench.pane.delete()
    bench.pane.undo_line.undo()
    bench.pane.model.refresh()
    bench.editor.scope.list.set_choices([("1", "one"), ("2", "two")], {"3"})
    bench.editor.scope.list.search("o")
    assert bench.pane.model.headerData(rule_table.FIRED, Qt.Orientation.Horizontal) == "Fired"
    assert not bench.pane.model.setData(bench.pane.model.index(0, 1), ON, CHECK)


def test_fired_column_counts_and_its_age_goes_on(bench: Bench) -> None:
    bench.report("1", speed=120.0, acc=True)
    bench.pane.tick()
    assert bench.texts(rule_table.FIRED)[:2] == ["", "1×, 0 s ago"]
    bench.clock.advance(130)
    bench.pane.hide()
    bench.pane.tick()
    assert bench.texts(rule_table.FIRED)[1] == "1×, 0 s ago"
    bench.pane.show()
    assert bench.texts(rule_table.FIRED)[1] == "1×, 2 min ago"


def test_checkbox_switches_a_rule_at_once_in_engine_and_file(bench: Bench) -> None:
    model = bench.pane.model
    assert model.setData(model.index(0, rule_table.ON), OFF.value, CHECK)
    assert [rule.enabled for rule in bench.stored()[:2]] == [False, True]
    assert model.setData(model.index(0, rule_table.ON), ON.value, CHECK)
    assert bench.stored()[0].enabled


def test_rule_that_cannot_work_cannot_be_switched_on(bench: Bench) -> None:
    flags = [bench.pane.model.index(row, rule_table.ON).flags() for row in range(3)]
    checkable = Qt.ItemFlag.ItemIsUserCheckable
    assert [bool(flag & checkable) for flag in flags] == [True, True, False]


def test_deleted_rule_comes_back_by_undo_in_its_place(bench: Bench) -> None:
    bench.select(1)
    bench.pane.buttons.delete.click()
    assert [rule.id for rule in bench.stored()] == ["low", "gone", "link", "new"]
    assert bench.pane.undo_line.isVisible()
    assert "Deleted: Speed above" in bench.pane.undo_line.label.text()
    bench.pane.undo_line.button.click()
    assert [rule.id for rule in bench.stored()] == ["low", "fast", "gone", "link", "new"]
    assert not bench.pane.undo_line.isVisible()
    bench.pane.undo_line.undo()
    assert len(bench.stored()) == 5


def test_next_act_ends_the_offer_to_undo(bench: Bench) -> None:
    bench.pane.delete()
    bench.pane.add()
    assert not bench.pane.undo_line.isVisible()
    bench.editor.cancel.click()
    bench.pane.undo_line.undo()
    assert len(bench.stored()) == 4


def test_without_rules_the_pane_says_so(harness: Harness) -> None:
    bench = Bench(harness)
    assert not bench.pane.view.isVisible()
    for act in (bench.pane.delete, bench.pane.duplicate, bench.pane.edit_selected):
        act()
    assert bench.editor.isHidden()
    assert not bench.pane.buttons.delete.isEnabled()
    bench.pane.buttons.add.click()
    bench.editor.save.click()
    assert len(bench.stored()) == 1


@pytest.mark.parametrize(("row", "rule"), [(0, LOW), (1, FAST)])
def test_editor_shows_a_rule_and_saves_it_unchanged(bench: Bench, row: int, rule: Rule) -> None:
    bench.edit(row)
    assert bench.editor.rule() == rule
    bench.editor.save.click()
    assert bench.editor.isHidden()
    assert bench.stored() == [LOW, FAST, GONE, LINK, FUTURE]


def test_limit_keeps_digits_that_the_field_does_not_show(bench: Bench) -> None:
    bench.edit(1)
    assert bench.spin("limit").value() == 90.25
    bench.edit(0)
    assert bench.spin("limit").text() == "11.50 V"


def test_edited_rule_is_in_force_and_selected(bench: Bench) -> None:
    bench.edit(0)
    bench.spin("limit").setValue(10.5)
    bench.spin("hold_s").setValue(0)
    bench.editor.name.setText("  Very   low ")
    bench.choose(bench.editor.severity, Severity.CRITICAL)
    bench.choose(bench.editor.ignition, False)
    assert bench.editor.sentence.text() == (
        "External voltage below 10.5 V (back at 10.8 V), while ignition is off: critical"
    )
    QTest.keyClick(bench.editor.name, Qt.Key.Key_Return)
    saved = bench.stored()[0]
    assert (saved.name, saved.severity, saved.while_ignition) == (
        "Very low",
        Severity.CRITICAL,
        False,
    )
    assert saved.condition == FieldBelow(field=SUPPLY, limit=10.5, hysteresis=0.3)
    assert bench.pane.selected() == saved


def test_escape_leaves_the_rule_as_it_was(bench: Bench) -> None:
    bench.edit(0)
    bench.spin("limit").setValue(10.5)
    QTest.keyClick(bench.editor.name, Qt.Key.Key_Escape)
    assert bench.editor.isHidden()
    assert bench.pane.view.isVisible()
    assert bench.stored()[0] == LOW


@pytest.mark.parametrize("place", range(len(CONDITIONS)), ids=[row.label for row in CONDITIONS])
def test_new_rule_begins_with_something_that_works(bench: Bench, place: int) -> None:
    bench.pane.buttons.add.click()
    bench.editor.kind.setCurrentIndex(place)
    assert bench.editor.problem.text() == ""
    assert bench.editor.sentence.text()
    bench.editor.save.click()
    rules = bench.stored()
    assert len({rule.id for rule in rules}) == 6
    assert bench.pane.selected() == rules[-1]


def test_every_field_begins_with_limits_that_work(bench: Bench) -> None:
    bench.pane.buttons.add.click()
    problems = {}
    for place, row in enumerate(CONDITIONS):
        bench.editor.kind.setCurrentIndex(place)
        for ask in row.asks:
            fields = fields_for(ask) if ask.kind is AskKind.NUMERIC_FIELD else ()
            for field in fields:
                bench.choose(bench.combo(ask.name), field.name)
                problems[row.label, field.name] = bench.editor.problem.text()
    assert len(problems) > 50
    assert set(problems.values()) == {""}


def test_every_field_can_be_chosen_with_its_unit(bench: Bench) -> None:
    bench.pane.add()
    ask = CONDITIONS[0].asks[0]
    combo = bench.combo("field")
    assert [combo.itemData(place) for place in range(combo.count())] == [
        field.name for field in fields_for(ask)
    ]
    assert "External voltage (V)" in [combo.itemText(place) for place in range(combo.count())]
    bench.choose(combo, SUPPLY)
    assert bench.spin("limit").suffix() == " V"
    assert bench.spin("limit").value() == 9.0
    bench.choose(combo, "satellite_count")
    assert bench.spin("limit").suffix() == ""


def test_duplicate_is_another_rule_once_it_is_saved(bench: Bench) -> None:
    bench.select(0)
    bench.pane.buttons.duplicate.click()
    assert len(bench.stored()) == 5
    bench.editor.save.click()
    copy = bench.stored()[-1]
    assert copy.id != LOW.id
    assert replace(copy, id="low", name="Supply low") == LOW
    assert copy.name == "Supply low (copy)"


def test_invalid_input_is_explained_and_cannot_be_saved(bench: Bench) -> None:
    bench.edit(1)
    bench.spin("limit").setValue(500)
    assert bench.editor.problem.isVisible()
    assert bench.editor.problem.text() == "Speed is never above 500 km/h."
    assert not bench.editor.save.isEnabled()
    assert not bench.editor.preview.isVisible()
    QTest.keyClick(bench.editor.name, Qt.Key.Key_Return)
    assert bench.editor.isVisible()
    bench.spin("limit").setValue(100)
    assert not bench.editor.problem.isVisible()
    assert bench.editor.save.isEnabled()


def test_rule_whose_field_is_gone_can_be_mended(bench: Bench) -> None:
    bench.edit(2)
    assert bench.combo("field").currentText() == "was_there (no longer exists)"
    assert "'was_there'" in bench.editor.problem.text()
    bench.choose(bench.combo("field"), "acc")
    assert bench.editor.save.isEnabled()
    bench.editor.save.click()
    assert bench.stored()[2].works


def test_rule_of_a_newer_version_can_only_be_deleted(bench: Bench) -> None:
    bench.select(4)
    assert not bench.pane.buttons.edit.isEnabled()
    assert not bench.pane.buttons.duplicate.isEnabled()
    bench.pane.edit_selected()
    assert bench.editor.isHidden()
    bench.pane.delete()
    assert len(bench.stored()) == 4


def test_gone_limit_field_keeps_its_numbers(harness: Harness) -> None:
    rule = Rule(id="a", condition=FieldBelow(field="was_there", limit=0.125))
    bench = Bench(harness, rule)
    bench.edit(0)
    assert bench.spin("limit").value() == 0.125
    assert bench.editor.rule() == rule


def test_scope_is_ticked_from_what_has_reported(bench: Bench) -> None:
    for key, model in (("1", "TLW1"), ("2", "TLD1"), ("3", "TLD1")):
        bench.report(key, model)
    bench.fleet.set_names({"2": "Van <b>2</b>"})
    bench.edit(0)
    scope = bench.editor.scope
    scope.choice.setCurrentIndex(DEVICES)
    assert bench.editor.problem.text() == "Select at least one device."
    scope.search.setText("VAN")
    index = scope.list.index(0)
    assert (scope.list.rowCount(), index.data()) == (1, "Van <b>2</b>")
    scope.list.setData(index, ON.value, CHECK)
    scope.search.clear()
    assert bench.editor.rule().only_devices == ("2",)
    scope.choice.setCurrentIndex(MODELS)
    assert bench.editor.rule().only_devices == ()
    assert bench.editor.problem.text() == "Select at least one model."
    scope.list.setData(scope.list.index(0), ON.value, CHECK)
    assert bench.editor.rule().only_models == ("TLD1",)
    scope.list.setData(scope.list.index(0), OFF.value, CHECK)
    scope.choice.setCurrentIndex(DEVICES)
    bench.editor.save.click()
    assert bench.stored()[0].only_devices == ("2",)


def test_all_that_a_search_finds_are_ticked_at_once_and_stand_first_later(bench: Bench) -> None:
    for key in ("1", "2", "3", "4"):
        bench.report(key)
    bench.fleet.set_names({"1": "CAR-1", "2": "CAR-2", "3": "TRL-1", "4": "TRL-2"})
    bench.edit(0)
    scope = bench.editor.scope
    assert scope.tick_all.isHidden()
    scope.choice.setCurrentIndex(DEVICES)
    scope.search.setText("trl")
    assert scope.tick_all.text() == "Tick all 2"
    scope.tick_all.click()
    assert bench.editor.rule().only_devices == ("3", "4")
    assert bench.editor.sentence.text().endswith(", 2 devices: warning")
    assert scope.tick_all.text() == "Untick all 2"
    scope.search.setText("nobody")
    assert not scope.tick_all.isEnabled()
    scope.search.clear()
    assert scope.tick_all.text() == "Tick all 4"
    bench.editor.save.click()
    bench.edit(0)
    assert [scope.list.index(row).data() for row in range(4)] == [
        "TRL-1",
        "TRL-2",
        "CAR-1",
        "CAR-2",
    ]
    scope.search.setText("trl")
    scope.tick_all.click()
    assert bench.editor.problem.text() == "Select at least one device."


def test_rule_that_is_new_says_so_and_what_was_saved_is_reported(bench: Bench) -> None:
    said: list[str] = []
    bench.pane.reported.connect(said.append)
    bench.edit(0)
    assert bench.editor.heading.isHidden()
    bench.pane.add()
    assert not bench.editor.heading.isHidden()
    bench.editor.name.setText("Mine")
    bench.editor.save.click()
    assert [text.partition(" (")[0] for text in said] == [
        f"Rule saved: {bench.texts()[-1]}".partition(" (")[0]
    ]
    bench.edit(len(bench.texts()) - 1)
    assert bench.editor.heading.isHidden()


def test_model_that_has_not_reported_stays_in_the_scope(bench: Bench) -> None:
    bench.edit(1)
    scope = bench.editor.scope
    assert scope.choice.currentIndex() == MODELS
    assert scope.list.index(0).data() == "TLW1"
    assert scope.list.index(0).data(CHECK) == ON
    assert bench.editor.rule() == FAST


def test_our_own_link_has_neither_scope_nor_ignition(bench: Bench) -> None:
    bench.edit(3)
    assert bench.editor.rule() == LINK
    assert not bench.editor.scope.isEnabled()
    assert not bench.editor.ignition.isEnabled()
    bench.edit(1)
    bench.editor.kind.setCurrentIndex(len(CONDITIONS) - 1)
    assert bench.editor.rule().only_models == ()
    assert bench.editor.rule().while_ignition is None
    assert bench.editor.save.isEnabled()


def test_preview_says_what_would_have_fired(bench: Bench, qtbot: QtBot) -> None:
    for voltage in (12.6, 11.0, 12.6, 11.0, 12.6):
        bench.report("1", external_power_voltage=voltage)
        bench.clock.advance(MINUTE_MS // 1_000)
    bench.edit(0)
    assert bench.editor.preview.text() == "Checking the data in memory…"
    text = "Would have fired 2 times on 1 device. In memory: the last 5 min of 1 device."
    qtbot.waitUntil(lambda: bench.editor.preview.text() == text)
    bench.spin("limit").setValue(5.0)
    qtbot.waitUntil(lambda: bench.editor.preview.text().startswith("Would not have fired."))


def test_preview_works_in_slices_and_ends_with_the_editor(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_line, "_SLICE_S", 0.0)
    for key in range(30):
        bench.report(str(key), external_power_voltage=11.0)
    bench.clock.advance(120)
    bench.edit(0)
    qtbot.waitUntil(lambda: bench.editor.preview.text().endswith("Still checking…"))
    qtbot.waitUntil(
        lambda: bench.editor.preview.text().startswith("Would have fired 30 times on 30 devices.")
    )
    bench.spin("limit").setValue(11.4)
    qtbot.waitUntil(lambda: bench.editor.preview.text().endswith("Still checking…"))
    bench.editor.cancel.click()
    text = bench.editor.preview.text()
    qtbot.wait(50)
    assert bench.editor.preview.text() == text


def test_wheel_over_a_number_does_not_change_it(bench: Bench) -> None:
    bench.edit(0)
    spin = bench.spin("limit")
    assert not spin.hasFocus()
    at = QPointF(spin.rect().center())
    none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    wheel = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, none, phase, False
    )
    QApplication.sendEvent(spin, wheel)
    assert spin.value() == 11.5


def test_disk_that_refuses_is_said_and_the_rule_works_all_the_same(bench: Bench) -> None:
    reported: list[str] = []
    bench.pane.reported.connect(reported.append)
    bench.file.file.path = bench.file.path / "below" / "a file"
    bench.select(0)
    bench.pane.delete()
    assert [rule.id for rule in bench.engine.rules] == ["fast", "gone", "link", "new"]
    assert bench.pane.problem.isVisible()
    assert reported == [bench.pane.problem.text()]
    assert "could not be saved" in reported[0]


def test_editor_stands_beside_the_table_where_there_is_room(bench: Bench) -> None:
    bench.edit(0)
    assert not bench.pane.view.isVisible()
    bench.pane.resize(1_000, 420)
    assert bench.pane.view.isVisible()
    assert bench.editor.isVisible()


def test_switching_beside_the_open_editor_is_not_undone_by_saving(bench: Bench) -> None:
    bench.pane.resize(1_000, 420)
    bench.edit(0)
    model = bench.pane.model
    model.setData(model.index(0, rule_table.ON), OFF.value, CHECK)
    bench.editor.save.click()
    assert not bench.stored()[0].enabled


def test_keys_edit_and_delete_the_selected_rule(bench: Bench) -> None:
    bench.select(0)
    bench.pane.view.setFocus()
    bench.qtbot.waitUntil(bench.pane.view.hasFocus)
    QTest.keyClick(bench.pane.view, Qt.Key.Key_Return)
    assert bench.editor.isVisible()
    bench.editor.cancel.click()
    QTest.keyClick(bench.pane.view, Qt.Key.Key_Delete)
    assert len(bench.stored()) == 4


def test_double_click_opens_the_editor_but_not_on_the_box(bench: Bench) -> None:
    model, view = bench.pane.model, bench.pane.view
    view.doubleClicked.emit(model.index(0, rule_table.ON))
    assert bench.editor.isHidden()
    view.doubleClicked.emit(model.index(0, rule_table.RULE))
    assert bench.editor.isVisible()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_box_has_an_outline_on_any_ground(bench: Bench, theme: Any) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_theme(app, theme)
    try:
        view = bench.pane.view
        option = QStyleOptionViewItem()
        option.initFrom(view)
        image = QImage(40, 24, QImage.Format.Format_RGB32)
        image.fill(0)
        option.rect = image.rect()
        option.widget = view
        painter = QPainter(image)
        view.itemDelegate().paint(painter, option, bench.pane.model.index(0, rule_table.ON))
        painter.end()
        colors = {image.pixelColor(x, 12).name() for x in range(40)}
        assert theme.muted_text in colors
    finally:
        install_theme(app, LIGHT)


def test_overdue_asks_for_intervals_or_minutes(bench: Bench) -> None:
    bench.pane.add()
    place = next(n for n, row in enumerate(CONDITIONS) if row.kind is Overdue)
    bench.editor.kind.setCurrentIndex(place)
    assert bench.editor.rule().condition == Overdue()
    assert bench.spin("minutes").text() == "not used"
    bench.spin("minutes").setValue(90)
    assert bench.editor.sentence.text() == "No report for 90 min: warning"


def test_form_follows_the_chosen_rule_where_there_is_room(bench: Bench) -> None:
    bench.pane.resize(1_100, 420)
    names = []
    for row in range(len(bench.pane.model.rules)):
        bench.pane.view.select_row(row)
        rule = bench.pane.model.rules[row]
        shown = bench.editor.isVisible() and bench.editor.rule().id == rule.id
        names.append((rule.id, shown))
    assert names == [("low", True), ("fast", True), ("gone", True), ("link", True), ("new", False)]
    assert not bench.editor.kind.hasFocus()


def test_changed_rule_is_asked_about_before_another_is_shown(bench: Bench) -> None:
    bench.pane.resize(1_100, 420)
    bench.pane.view.select_row(0)
    bench.editor.name.setText("Weak battery")
    bench.pane.view.select_row(1)
    question = bench.pane.question
    assert question.isVisible()
    assert "Weak battery" in question.label.text()
    assert bench.editor.rule().id == "low"
    question.stay.click()
    assert bench.pane.selected() is not None
    assert bench.pane.view.currentIndex().row() == 0
    assert not question.isVisible()
    bench.pane.view.select_row(1)
    question.discard.click()
    assert bench.editor.rule().id == "fast"
    assert bench.file.rules[0].name == "Supply low"
    bench.pane.view.select_row(0)
    bench.editor.name.setText("Weak battery")
    bench.pane.view.select_row(1)
    question.save.click()
    assert bench.file.rules[0].name == "Weak battery"
    assert bench.editor.rule().id == "fast"
    assert bench.pane.view.currentIndex().row() == 1


def test_what_is_no_rule_cannot_be_saved_from_the_question(bench: Bench) -> None:
    bench.pane.resize(1_100, 420)
    bench.pane.view.select_row(2)
    bench.editor.name.setText("changed")
    bench.pane.view.select_row(1)
    assert bench.pane.question.isVisible()
    assert bench.pane.question.save.isEnabled() is not bool(GONE.problem)


def test_scope_by_a_part_of_the_name_holds_for_those_that_come_later(bench: Bench) -> None:
    bench.report("1")
    bench.fleet.set_names({"1": "TRL-05", "2": "TRL-14", "3": "VAN-01"})
    bench.edit(0)
    scope = bench.editor.scope
    scope.choice.setCurrentIndex(NAMED)
    assert bench.editor.problem.text() == "Say what the names have in common."
    assert not bench.editor.save.isEnabled()
    scope.name.setText(" trl ")
    assert scope.named_now.text() == "1 device has it now."
    assert "devices named “trl”" in bench.editor.sentence.text()
    bench.editor.save.click()
    assert bench.stored()[0].only_named == "trl"
    for key in ("2", "3"):
        bench.report(key, external_power_voltage=11.0)
    bench.clock.advance(120)
    for key in ("2", "3"):
        bench.report(key, external_power_voltage=11.0)
    rule = bench.engine.rules[0]
    covered = [d.label for d in bench.fleet if rule.covers(d)]
    assert covered == ["TRL-05", "TRL-14"]
    bench.edit(0)
    assert (scope.choice.currentIndex(), scope.name.text()) == (NAMED, "trl")
