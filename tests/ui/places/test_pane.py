"""The page of places: add by coordinates, edit, delete with a way back, in and out as files."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.ui.harness import AtOnce, Harness, checked, model_texts, shown_labels
from tftmonitor.model.places.place import MOST_PLACES, Place
from tftmonitor.model.places.polygon import Polygon
from tftmonitor.model.places.shapes import Circle
from tftmonitor.model.rules.conditions import FieldAbove
from tftmonitor.model.rules.place_conditions import EntersPlace
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import PlaceRef
from tftmonitor.settings.places_file import PlacesFile
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.ui.places.pane import PlacesPane

DEPOT = Place(key="d", name="Depot", shape=Circle(52.5, 13.4, 250.5))
YARD = Place(
    key="y",
    name="Yard",
    colour="#112233",
    shape=Polygon(((52.0, 14.0), (52.0, 14.01), (52.01, 14.0123456789))),
)
ENTERS = Rule(id="e", name="At the depot", condition=EntersPlace(PlaceRef("d", "Depot")))
FAST = Rule(
    id="f", condition=FieldAbove(field="speed", limit=90), sleeps_in=(PlaceRef("d", "Depot"),)
)
TIP, ICON = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.DecorationRole


class Page:
    def __init__(self, harness: Harness, *places: Place, width: int = 1_100) -> None:
        self.harness = harness
        self.profile = harness.settings.path.parent
        self.file, self.rules = PlacesFile(self.profile), RulesFile(self.profile)
        self.rules.save([])
        self.places = self.file.places
        self.places.set(places)
        pane = PlacesPane(self.file, self.rules, harness.fleet, harness.settings, AtOnce())
        self.pane = harness.show(pane, width, 600)
        self.editor, self.view = self.pane.editor, self.pane.view

    def texts(self) -> list[str]:
        return model_texts(self.view)

    def stored(self) -> tuple[Place, ...]:
        return PlacesFile(self.profile).places.items

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.view, key)

    def drop(self, *files: Path) -> bool:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(5, 5), action, data, button, none)
        enter.ignore()
        self.pane.dragEnterEvent(enter)
        drop = QDropEvent(QPointF(5, 5), action, data, button, none, QEvent.Type.Drop)
        self.pane.dropEvent(drop)
        return enter.isAccepted()

    @property
    def said(self) -> str:
        undo = self.pane.undo_line
        return undo.label.text() if not undo.isHidden() else self.pane.result.text()


@pytest.fixture
def page(harness: Harness) -> Page:
    return Page(harness, DEPOT, YARD)


def test_the_table_says_what_there_is(page: Page) -> None:
    page.rules.save([ENTERS, FAST])
    for key, latitude in (("1", 52.5), ("2", 52.501), ("3", 52.6), ("4", 0.0)):
        page.harness.snapshot(key, lat=latitude, lng=13.4 if latitude else 0.0)
    for _ in range(3):
        page.pane.tick()
    assert page.texts() == [
        "Depot | Circle | radius 250 m | 2 | At the depot, Speed above 90 km/h",
        "Yard | Polygon | 0.38 km², 3 points | 0 | ",
    ]
    model = page.pane.model
    assert model.index(0, 3).data(TIP) == "<qt>1<br>2</qt>"
    assert model.index(1, 3).data(TIP) is None
    assert model.index(0, 0).data(ICON) is not None


def test_the_model_keeps_qts_rules(page: Page) -> None:
    checked(page.pane.model)
    page.places.add(replace(DEPOT, key="x", name="Port"))
    page.places.replace(replace(DEPOT, name="Renamed"))
    page.rules.save([FAST])
    page.harness.snapshot("1", lat=52.5, lng=13.4)
    page.pane.model.tick()
    page.places.set([])
    page.pane.model.tick()


def test_more_than_can_be_named_are_counted(page: Page) -> None:
    for number in range(25):
        page.harness.snapshot(str(100 + number), lat=52.5, lng=13.4)
    page.pane.model.tick()
    assert page.pane.model.index(0, 3).data(TIP).endswith("and 5 more</qt>")


def test_a_circle_is_added_by_its_coordinates(page: Page) -> None:
    page.pane.buttons.circle.click()
    editor = page.editor
    assert editor.title.text() == "New circle"
    assert (editor.problem.text(), editor.size_text.text()) == ("", "Type or paste the centre.")
    assert not editor.save.isEnabled()
    QTest.keyClicks(editor.centre, "53,55; 9,93")
    assert editor.problem.text() == "Give it a name."
    QTest.keyClicks(editor.name, "Port")
    editor.radius.setValue(1_200)
    editor.colour.setCurrentIndex(2)
    assert editor.size_text.text() == "Circle, radius 1.2 km"
    QTest.keyClick(editor.name, Qt.Key.Key_Return)
    place = page.stored()[-1]
    assert (place.name, place.shape) == ("Port", Circle(53.55, 9.93, 1_200.0))
    assert place.colour == editor.colour.itemData(2)
    assert editor.isHidden()
    assert page.pane.selected() == place
    assert page.view.hasFocus()


def test_a_polygon_is_added_by_pasted_points(page: Page) -> None:
    page.pane.buttons.polygon.click()
    editor = page.editor
    assert editor.size_text.text() == "Type or paste the points."
    QTest.keyClicks(editor.name, "Field")
    assert editor.problem.text() == "Type or paste the points."
    editor.points.setPlainText("52, 13\n52.1, 13\nhere")
    assert editor.problem.text().startswith("Line 3: “here” is no place.")
    editor.points.setPlainText("52, 13\n52.1, 13")
    assert editor.problem.text() == "A polygon has from 3 to 2,000 points."
    editor.points.setPlainText("52, 13\n52.1, 13\n52.1, 13.1\n52, 13")
    editor.save.click()
    assert page.stored()[-1].shape == Polygon(((52.0, 13.0), (52.1, 13.0), (52.1, 13.1)))


def test_what_is_not_touched_stays_exact(page: Page) -> None:
    for row, place in enumerate((DEPOT, YARD)):
        page.view.select_row(row)
        page.key(Qt.Key.Key_Return)
        assert page.editor.place() == place
        page.editor.name.setText("Other")
        page.editor.save.click()
        assert page.places.items[row] == replace(place, name="Other")
    page.view.select_row(0)
    page.pane.edit_selected()
    page.editor.radius.setValue(300)
    assert page.editor.place().shape == Circle(52.5, 13.4, 300.0)


def test_the_keyboard_alone(page: Page) -> None:
    page.view.setFocus()
    page.view.select_row(0)
    page.key(Qt.Key.Key_Down)
    page.key(Qt.Key.Key_Return)
    assert page.editor.name.hasFocus()
    QTest.keyClick(page.editor.name, Qt.Key.Key_Escape)
    assert page.editor.isHidden()
    page.key(Qt.Key.Key_Delete)
    assert [place.name for place in page.places.items] == ["Depot"]
    assert [text for text, _act in page.pane.buttons.commands()] == ["Edit", "Delete"]


def test_deleting_says_what_becomes_of_rules_and_can_be_undone(page: Page) -> None:
    page.rules.save([ENTERS, FAST, replace(FAST, id="g")])
    page.view.select_row(0)
    page.pane.buttons.delete.click()
    assert page.said == "Deleted: Depot. 1 rule no longer works. 2 rules no longer sleep there."
    assert page.stored() == (YARD,)
    page.pane.undo_line.button.click()
    assert page.stored() == (DEPOT, YARD)
    assert page.pane.selected() == DEPOT
    page.view.select_row(1)
    page.pane.delete()
    assert page.said == "Deleted: Yard."
    page.pane.delete()
    page.pane.delete()
    assert page.stored() == ()
    assert any(text.startswith("No places yet") for text in shown_labels(page.pane))
    assert not page.pane.buttons.give.isEnabled()
    assert not page.pane.buttons.edit.isEnabled()


def test_what_is_typed_is_not_lost(page: Page) -> None:
    page.pane.add_circle()
    QTest.keyClicks(page.editor.name, "Half")
    for act in (page.pane.add_polygon, page.pane.edit_selected, page.pane.add_circle):
        act()
        assert page.said == "Save or cancel the place that is being edited first."
    assert page.editor.name.text() == "Half"
    page.editor.cancel.click()
    assert page.said == ""
    page.pane.show_place("y")
    assert page.editor.name.text() == "Yard"
    page.pane.show_place("nowhere")


def test_a_narrow_page_shows_the_editor_in_place_of_the_table(harness: Harness) -> None:
    page = Page(harness, DEPOT, width=600)
    assert page.view.isVisible()
    page.pane.edit_selected()
    assert page.editor.isVisible()
    assert not page.view.isVisible()
    page.pane.resize(1_100, 600)
    assert page.view.isVisible()


def test_other_units(page: Page) -> None:
    page.pane.edit_selected()
    page.harness.settings.set("distance_unit", "mi")
    assert page.editor.radius.suffix() == " ft"
    assert page.editor.radius.value() == pytest.approx(821.9, abs=0.05)
    assert page.editor.place() == DEPOT
    assert page.texts()[0].startswith("Depot | Circle | radius 822 ft")
    page.editor.radius.setValue(1_000)
    assert page.editor.place().shape == Circle(52.5, 13.4, 1_000 / 3.280_839_895)
    page.harness.settings.set("distance_unit", "km")
    assert page.editor.radius.value() == pytest.approx(304.8)


@pytest.mark.parametrize("suffix", ["geojson", "kml", "gpx"])
def test_out_and_in_again(page: Page, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"out.{suffix}"
    page.pane.transfer.export_file(str(file))
    assert page.said.startswith(f"2 places written to out.{suffix} as ")
    page.pane.transfer.import_files([str(file)])
    assert page.said == f"out.{suffix}: 0 places added, 2 were there already."
    page.places.remove("d")
    assert page.drop(file)
    assert page.said == f"out.{suffix}: 1 place added, 1 was there already."
    new = page.stored()[-1]
    assert (new.name, new.shape, new.colour) == (DEPOT.name, DEPOT.shape, DEPOT.colour)
    page.pane.undo_line.button.click()
    assert page.stored() == (YARD,)


def test_what_was_left_out_is_said(page: Page, tmp_path: Path) -> None:
    bad, text, empty = tmp_path / "bad.gpx", tmp_path / "a.txt", tmp_path / "empty.kml"
    bad.write_text('<gpx><wpt lat="1" lon="2"><name>Pin</name></wpt></gpx>')
    text.write_text("imei,name")
    empty.write_text("")
    missing = tmp_path / "missing.kml"
    page.pane.transfer.import_files([str(file) for file in (bad, text, missing, empty)])
    assert page.said == (
        "bad.gpx: 0 places added. 1 of 1 was left out: Pin: a point without a radius is no place. "
        "a.txt: nothing was imported. This is neither GeoJSON, KML nor GPX. "
        "missing.kml: could not be read: No such file or directory. "
        "empty.kml: nothing was imported. The file is empty."
    )
    assert page.pane.undo_line.isHidden()
    assert not page.drop(text)
    page.pane.transfer.export_file(str(tmp_path / "no" / "folder.kml"))
    assert page.said.startswith("folder.kml could not be written: ")


def test_no_more_places_than_there_can_be(harness: Harness) -> None:
    page = Page(harness, *(replace(DEPOT, key=f"k{n}") for n in range(MOST_PLACES)))
    page.pane.add_circle()
    page.editor.name.setText("One more")
    page.editor.centre.setText("1, 2")
    page.editor._change()
    page.editor.save.click()
    assert page.said == "There can be at most 1,000 places."
    assert page.editor.isVisible()


def test_the_dialogs_are_opened_and_never_executed(page: Page) -> None:
    for ask, title in (
        (page.pane.buttons.bring, "Import places"),
        (page.pane.buttons.give, "Export places"),
    ):
        ask.click()
        dialogs = [d for d in page.pane.findChildren(QFileDialog) if d.windowTitle() == title]
        assert len(dialogs) == 1
        dialogs[0].reject()


def test_a_file_that_was_damaged_is_said(harness: Harness) -> None:
    (harness.settings.path.parent / "places.json").write_text("{")
    file = PlacesFile(harness.settings.path.parent)
    rules = RulesFile(harness.settings.path.parent)
    pane = PlacesPane(file, rules, harness.fleet, harness.settings, AtOnce())
    harness.show(pane)
    assert "places were not readable" in pane.problem.text()
