"""Places in the editor of rules: chosen by name, hours by the clock, and where a rule sleeps."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QTimeEdit

from tests.ui.harness import Harness
from tests.ui.rules.test_pane import Bench
from tftmonitor.model.places.place import Place
from tftmonitor.model.places.shapes import Circle
from tftmonitor.model.rules.conditions import FieldAbove
from tftmonitor.model.rules.hours_condition import IgnitionAtHours
from tftmonitor.model.rules.kinds import CONDITIONS
from tftmonitor.model.rules.place_conditions import EntersPlace, StaysInPlace
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import PlaceRef
from tftmonitor.monitor.rules.places_of_rules import follow_places

DEPOT, GONE = PlaceRef("d", "Depot"), PlaceRef("x", "Old yard", is_gone=True)
ENTERS = Rule(id="enters", condition=EntersPlace(DEPOT, 120.0))
NIGHT = Rule(id="night", condition=IgnitionAtHours(start=1_290, place=DEPOT, inside=True))
FAST = Rule(id="fast", condition=FieldAbove(field="speed", limit=90), sleeps_in=(GONE, DEPOT))
LOST = Rule(id="lost", condition=StaysInPlace(GONE))
PORT = Place(key="p", name="Port", shape=Circle(53.5, 9.9, 2_000.0))


@pytest.fixture
def bench(harness: Harness) -> Bench:
    return Bench(harness, ENTERS, NIGHT, FAST, LOST)


def kind(bench: Bench, label: str) -> None:
    bench.editor.kind.setCurrentIndex([row.label for row in CONDITIONS].index(label))


def test_what_is_edited_and_saved_without_a_change_is_the_same(bench: Bench) -> None:
    for row, rule in enumerate((ENTERS, NIGHT, FAST, LOST)):
        bench.edit(row)
        found = bench.editor.rule()
        assert found == rule
        assert [ref.name for ref in found.places] == [ref.name for ref in rule.places]
        assert found.sentence == rule.sentence


def test_a_place_is_chosen_by_its_name(bench: Bench) -> None:
    bench.places.add(PORT)
    bench.pane.add()
    kind(bench, "Enters a place")
    combo = bench.combo("place")
    assert [combo.itemText(n) for n in range(combo.count())] == ["Depot", "Port"]
    bench.choose(combo, "p")
    bench.spin("margin_m").setValue(200)
    assert bench.editor.sentence.text() == "Enters Port: warning"
    assert bench.editor.preview.isVisibleTo(bench.editor)
    bench.editor.save.click()
    assert bench.stored()[-1].condition == EntersPlace(PlaceRef("p", "Port"), 200.0)


def test_without_any_place_it_says_what_to_do(bench: Bench) -> None:
    bench.places.set([])
    bench.pane.add()
    kind(bench, "Stays in a place")
    assert bench.combo("place").currentText() == "no places yet: draw one on the map, with the pin"
    assert bench.editor.problem.text() == "Choose a place."
    assert not bench.editor.save.isEnabled()


def test_a_place_that_is_gone_is_named(bench: Bench) -> None:
    bench.edit(3)
    assert bench.combo("place").currentText() == "Old yard (no longer exists)"
    assert bench.editor.problem.text() == "The place “Old yard” no longer exists."
    bench.choose(bench.combo("place"), "d")
    assert bench.editor.problem.text() == ""
    assert "Does not work: The place “Old yard”" in bench.texts()[3]


def test_hours_are_typed_as_a_clock_shows_them(bench: Bench) -> None:
    bench.pane.add()
    kind(bench, "Ignition on at hours of the day")
    start, end = bench.editor.inputs.input("start"), bench.editor.inputs.input("end")
    assert isinstance(start, QTimeEdit)
    assert isinstance(end, QTimeEdit)
    assert (start.text(), end.text()) == ("22:00", "06:00")
    start.setTime(QTime(18, 30))
    assert bench.combo("place").currentText() == "anywhere"
    assert not bench.combo("inside").isEnabled()
    assert bench.editor.sentence.text() == "Ignition on from 18:30 to 06:00: warning"
    bench.choose(bench.combo("place"), "d")
    assert bench.combo("inside").isEnabled()
    bench.choose(bench.combo("days"), "Sunday")
    assert "18:30 to 06:00, Sunday outside of Depot" in bench.editor.sentence.text()


def test_where_a_rule_sleeps_is_ticked(bench: Bench) -> None:
    bench.edit(0)
    sleep = bench.editor.sleep
    assert not sleep.view.isVisibleTo(bench.editor)
    sleep.choice.setCurrentIndex(1)
    assert bench.editor.problem.text() == "Select at least one place in which the rule sleeps."
    index = sleep.list.index(0)
    assert index.data() == "Depot"
    sleep.list.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert bench.editor.rule().sleeps_in == (DEPOT,)
    assert bench.editor.sentence.text() == "Enters Depot, not in Depot: warning"
    bench.places.set([])
    sleep.show_places(())
    sleep.choice.setCurrentIndex(1)
    assert "draw one on the map" in sleep.problem()


def test_a_name_that_changes_elsewhere(bench: Bench) -> None:
    follow_places(bench.places, bench.file, bench.engine)
    bench.edit(0)
    bench.places.replace(replace(bench.places.items[0], name="Yard"))
    assert bench.texts()[0] == "Enters Yard"
    assert bench.editor.sentence.text() == "Enters Yard: warning"
    assert bench.combo("place").currentText() == "Yard"
    bench.stored()
    bench.editor.hide()
    bench.places.add(PORT)
    assert bench.texts()[0] == "Enters Yard"


def test_what_is_of_no_device_sleeps_nowhere(bench: Bench) -> None:
    bench.edit(2)
    kind(bench, "Our own link down")
    assert not bench.editor.sleep.isEnabled()
    assert bench.editor.rule().sleeps_in == ()
