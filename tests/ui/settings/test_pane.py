import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Literal

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.harness import AtOnce
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.numberings import apply_numberings
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.settings import names_group as settings_names
from tftmonitor.ui.settings import numberings_group as settings_numbers
from tftmonitor.ui.settings.editors import NumberEditor, RangeEditor, make_editor
from tftmonitor.ui.settings.group import SettingsGroup
from tftmonitor.ui.settings.pane import SettingsPane
from tftmonitor.ui.settings.table import ALARMS, LOOK, UNITS, SettingGroup, SettingRow
from tftmonitor.ui.theme.theme import DARK, LIGHT, contrast, install_theme

NOW_MS = 1_795_003_200_000
A, B = "861632051234567", "861632051234575"


class Stage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = SettingsStore(folder / "profile")
        self.fleet = Fleet()
        self.pane = SettingsPane(
            self.settings, self.fleet, scope=AtOnce(), sound_devices=lambda: {"hw:1": "Headset"}
        )
        self.changed: list[str] = []
        self.settings.changed.add(self.changed.append)

    def control(self, name: str) -> QWidget:
        """What stands on the screen under this accessible name."""
        found = [w for w in self.pane.findChildren(QWidget) if w.accessibleName() == name]
        assert len(found) == 1, name
        return found[0]

    def choose(self, name: str, words: str) -> None:
        box = self.control(name)
        assert isinstance(box, QComboBox)
        place = box.findText(words)
        assert place >= 0, words
        box.setCurrentIndex(place)

    def add(self, ident: str, model: str | None) -> None:
        data = SimpleNamespace(imei=ident, device_key=None, id=None, model=model)
        self.fleet.apply(data, DeviceStatus(), b"{}", NOW_MS)

    @property
    def saved(self) -> Settings:
        return SettingsStore(self.folder / "profile").values

    def file(self, text: str) -> str:
        path = self.folder / "names.csv"
        path.write_text(text, "utf-8")
        return str(path)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Stage:
    made = Stage(tmp_path)
    qtbot.addWidget(made.pane)
    made.pane.resize(420, 640)
    made.pane.show()
    return made


@pytest.fixture
def light_again(qapp: QApplication) -> Iterator[None]:
    yield
    install_theme(qapp, LIGHT)


def press(stage: Stage, name: str) -> None:
    button = stage.control(name)
    assert isinstance(button, QAbstractButton)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


# the rows and their editors


def test_choice_takes_effect_is_saved_and_published(stage: Stage) -> None:
    stage.choose("Colours", "Dark")
    stage.choose("Times", "UTC")
    stage.choose("Pressure", "psi")
    values = stage.settings.values
    assert (values.theme, values.zone, values.pressure_unit) == ("dark", "utc", "psi")
    assert stage.saved == values
    assert stage.changed == ["theme", "zone", "pressure_unit"]


def test_flags_are_toggled_by_keyboard_saved_and_published(stage: Stage) -> None:
    for name in ("Alarm sound", "Desktop notifications", "Close into the tray"):
        press(stage, name)
    press(stage, "Keep the computer awake")
    values = stage.saved
    assert (values.sound, values.notifications, values.close_to_tray) == (False,) * 3
    assert values.keep_awake
    assert stage.changed == ["sound", "notifications", "close_to_tray", "keep_awake"]


def test_volume_counts_by_key_and_when_the_slider_is_let_go(stage: Stage) -> None:
    slider = stage.control("Volume")
    QTest.keyClick(slider, Qt.Key.Key_PageDown)
    assert (stage.saved.volume, stage.changed) == (70, ["volume"])
    editor = stage.pane.groups[1].editors["volume"]
    assert isinstance(editor, RangeEditor)
    editor.slider.setSliderDown(True)
    editor.slider.setSliderPosition(33)
    assert (editor.number.text(), stage.saved.volume) == ("33 %", 70)
    editor.slider.setSliderDown(False)
    assert stage.saved.volume == 33


def test_hours_of_the_drill_count_when_typed_to_the_end(stage: Stage) -> None:
    editor = stage.pane.groups[1].editors["drill_hours"]
    assert isinstance(editor, NumberEditor)
    assert editor.box.text() == "24 h"
    editor.box.setFocus()
    editor.box.selectAll()
    QTest.keyClicks(editor.box, "12")
    assert stage.changed == []
    QTest.keyClick(editor.box, Qt.Key.Key_Return)
    assert (stage.saved.drill_hours, stage.changed) == (12.0, ["drill_hours"])
    editor.box.setValue(-5)
    assert stage.saved.drill_hours == pytest.approx(0.1)


def test_each_row_is_a_setting_and_each_choice_has_text(stage: Stage) -> None:
    for group in (LOOK, ALARMS, UNITS):
        for row in group.rows:
            editor = make_editor(Settings, row)
            editor.show_value(getattr(Settings(), row.name))
            if row.words:
                assert isinstance(editor.control, QComboBox)
                words = [editor.control.itemText(n) for n in range(editor.control.count())]
                assert words == list(row.words.values())


class More(msgspec.Struct):
    """The settings of some day, with a line more of each type."""

    tape: bool = True
    colour: Literal["red", "green"] = "green"
    count: Annotated[int, msgspec.Meta(ge=1)] = 3
    level: Annotated[int, msgspec.Meta(ge=-5, le=5)] = 0
    ratio: float = 0.5
    place: str = ""
    names: list[str] = []


def test_new_setting_is_one_line_and_one_row(qtbot: QtBot) -> None:
    names = ("tape", "colour", "count", "level", "ratio")
    group = SettingsGroup(SettingGroup("T", tuple(SettingRow(n, n) for n in names)), More)
    qtbot.addWidget(group)
    edited: list[tuple[str, object]] = []
    group.edited.connect(lambda name, value: edited.append((name, value)))
    group.show_values(More())
    assert edited == []
    controls = [group.editors[name].control for name in names]
    assert isinstance(controls[0], QCheckBox)
    controls[0].setChecked(False)
    assert isinstance(controls[1], QComboBox)
    controls[1].setCurrentIndex(controls[1].findText("red"))
    for control, number in zip(controls[2:], (4, -2, 0.7), strict=True):
        control.setValue(number)  # type: ignore[attr-defined]
    chosen = [("tape", False), ("colour", "red"), ("count", 4), ("level", -2), ("ratio", 0.7)]
    assert edited == chosen
    assert type(edited[2][1]) is int
    for name, value in edited:
        msgspec.convert({name: value}, More)
    with pytest.raises(TypeError, match="names"):
        make_editor(More, SettingRow("names", "Names"))


def test_change_from_elsewhere_is_shown_and_not_set_again(stage: Stage) -> None:
    stage.settings.update(sound=False, theme="light", volume=12)
    stage.pane.show_sound_state("Sound off")
    box, colours = stage.control("Alarm sound"), stage.control("Colours")
    assert isinstance(box, QCheckBox)
    assert isinstance(colours, QComboBox)
    assert (box.isChecked(), colours.currentText()) == (False, "Light")
    assert stage.changed == ["sound", "theme", "volume"]
    stage.settings.set("sound", True)
    stage.pane.hide()
    stage.pane.show()
    assert box.isChecked()


def test_test_button_asks_and_the_words_of_the_sound_stand_beside(stage: Stage) -> None:
    asked: list[str] = []
    stage.pane.sound_test_requested.connect(lambda: asked.append("test"))
    press(stage, "Test the alarm sound")
    assert asked == ["test"]
    stage.pane.show_sound_state("No sound: no player <b>found</b>")
    assert stage.pane.sound_text.isVisible()
    assert stage.pane.sound_text.text() == "No sound: no player <b>found</b>"
    assert stage.pane.sound_text.textFormat() is Qt.TextFormat.PlainText


def test_state_of_keeping_awake_is_shown_while_there_is_one(stage: Stage) -> None:
    assert not stage.pane.awake_text.isVisible()
    stage.pane.show_awake_state("Not possible on this desktop: no session bus")
    assert stage.pane.awake_text.isVisible()
    stage.pane.show_awake_state("")
    assert not stage.pane.awake_text.isVisible()


def test_disk_that_refuses_is_said_until_it_takes_it(stage: Stage) -> None:
    profile = stage.folder / "profile"
    profile.write_text("in the way")
    stage.choose("Times", "UTC")
    assert stage.settings.values.zone == "utc"
    assert "settings could not be saved" in stage.pane.problem.text()
    assert stage.pane.problem.isVisible()
    profile.unlink()
    stage.choose("Times", "Local time")
    assert not stage.pane.problem.isVisible()


def test_wheel_over_the_page_changes_nothing(stage: Stage) -> None:
    def turn(name: str) -> bool:
        control = stage.control(name)
        middle = QPointF(control.rect().center())
        event = QWheelEvent(
            middle,
            control.mapToGlobal(middle),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(control, event)
        return event.isAccepted()

    stage.add(A, "T8608")
    stage.pane.tick()
    stage.pane.activateWindow()
    stage.control("Alarm sound").setFocus()
    QTest.qWait(50)
    for name in ("Colours", "Volume", "Drill due again after", "Alarm numbers of T8608"):
        assert not turn(name), f"{name} keeps the wheel from the page"
    assert stage.settings.values == Settings()
    stage.control("Volume").setFocus()
    assert turn("Volume")
    assert stage.settings.values.volume < 80


def test_colours_chosen_in_the_menu_are_shown(
    stage: Stage, qapp: QApplication, light_again: None
) -> None:
    stage.settings.set("theme", "dark")
    install_theme(qapp, DARK)
    box = stage.control("Colours")
    assert isinstance(box, QComboBox)
    assert box.currentText() == "Dark"


def test_no_label_renders_what_the_feed_sends(stage: Stage) -> None:
    stage.add(A, "<b>T8608</b>")
    stage.pane.tick()
    shown = stage.pane.findChildren(QLabel)
    assert "<b>T8608</b>" in {label.text() for label in shown}
    marked = [label for label in shown if "<" in label.text()]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in marked)


# alarm numbers


def test_choice_of_a_model_reaches_the_resolver_and_goes_back(stage: Stage) -> None:
    resolver = CodeResolver()
    stage.settings.on_change(
        lambda: apply_numberings(resolver, stage.settings.values), "numberings"
    )
    stage.add(A, "TLW2-6BL")
    automatic = resolver.resolve(3, None, "TLW2-6BL")
    stage.pane.tick()
    stage.choose("Alarm numbers of TLW2-6BL", "B asset byte")
    assert stage.saved.numberings == {"TLW2-6BL": "B-asset"}
    pinned = resolver.resolve(3, None, "TLW2-6BL")
    assert pinned is not None
    assert pinned != automatic
    assert pinned.numbering is not None
    assert pinned.numbering.value == "B-asset"
    stage.choose("Alarm numbers of TLW2-6BL", "Automatic")
    assert resolver.resolve(3, None, "TLW2-6BL") == automatic
    assert stage.changed == ["numberings", "numberings"]


def test_model_has_one_row_however_it_is_written(stage: Stage) -> None:
    stage.settings.set("numberings", {"tlw2-6bl": "C", "Gone-1": "A", "Auto": ""})
    stage.pane.refresh()
    for number, model in enumerate(["TLW2-6BL", " tlw2-6bl", None, "Ärger <b>"]):
        stage.add(str(100 + number), model)
    stage.pane.tick()
    boxes = stage.pane.numberings.boxes
    assert sorted(boxes) == ["", "gone-1", "tlw2-6bl", "ärger <b>"]
    assert [boxes[key].currentData() for key in sorted(boxes)] == ["", "A", "C", ""]
    stage.choose("Alarm numbers of tlw2-6bl", "A alarm bits")
    stage.choose("Alarm numbers of (no model reported)", "C codec event")
    assert stage.saved.numberings == {"Gone-1": "A", "Auto": "", "tlw2-6bl": "A", "": "C"}


def test_model_written_twice_in_the_settings_is_one_after_a_choice(stage: Stage) -> None:
    stage.settings.set("numberings", {"t8608": "A", "T8608": "C"})
    stage.pane.refresh()
    stage.choose("Alarm numbers of t8608", "B asset byte")
    assert list(stage.saved.numberings.values()) == ["B-asset"]


def test_new_model_keeps_the_rows_in_order_and_the_keyboard_where_it_is(stage: Stage) -> None:
    stage.add(A, "M")
    stage.pane.tick()
    stage.pane.activateWindow()
    stage.control("Alarm numbers of M").setFocus()
    for number, model in enumerate(["Z", "B"]):
        stage.add(str(number + 1), model)
    stage.pane.tick()
    QApplication.processEvents()
    assert stage.control("Alarm numbers of M").hasFocus()
    places = [stage.control(f"Alarm numbers of {m}").y() for m in "BMZ"]
    assert places == sorted(places)
    assert len(set(places)) == 3


def test_flood_of_models_is_bounded_and_said(stage: Stage) -> None:
    for number in range(settings_numbers.MODEL_LIMIT + 5):
        stage.add(str(number + 1), f"model {number}")
    for _ in range(2):
        stage.pane.tick()
        stage.pane.refresh()
    assert len(stage.pane.numberings.boxes) == settings_numbers.MODEL_LIMIT
    assert "5 more models are not shown." in labels(stage)


def test_without_models_it_says_so(stage: Stage) -> None:
    assert "No device has reported its model yet." in labels(stage)
    stage.add(A, "T8608")
    stage.pane.tick()
    assert "No device has reported its model yet." not in labels(stage)


def test_choice_of_a_newer_version_is_shown_as_automatic(stage: Stage) -> None:
    stage.settings.set("numberings", {"T8608": "D"})
    stage.pane.refresh()
    assert stage.pane.numberings.boxes["t8608"].currentData() == ""
    assert stage.settings.values.numberings == {"T8608": "D"}


def labels(stage: Stage) -> list[str]:
    return [label.text() for label in stage.pane.findChildren(QLabel) if label.isVisible()]


# names


def test_import_adds_names_and_tells_them(stage: Stage) -> None:
    stage.settings.set("names", {A: "Old", "100": "Kept"})
    stage.add(A, "T8608")
    stage.pane.names.import_file(stage.file(f"imei,name\n{A},Van\n{B},Lkw ä\n8.6E+14,Bad\n"))
    names = {A: "Van", "100": "Kept", B: "Lkw ä"}
    assert stage.saved.names == names
    assert stage.changed == ["names", "names"]
    assert "1 added, 1 changed, 0 as before." in labels(stage)
    assert "3 names, 1 of devices seen so far." in labels(stage)
    assert stage.pane.names.problems.isVisible()
    assert stage.pane.names.problems.toPlainText().startswith("line 4: 8.6E+14")


def test_undo_brings_the_names_back_once(stage: Stage) -> None:
    stage.settings.set("names", {A: "Old"})
    stage.pane.names.import_file(stage.file(f"{A},Van\n{B},Car"))
    press(stage, "Undo names")
    assert stage.saved.names == {A: "Old"}
    assert (stage.changed, stage.saved.names) == (["names"] * 3, {A: "Old"})
    assert not stage.pane.names.undo.isVisible()
    press(stage, "Forget all names")
    assert stage.saved.names == {}
    press(stage, "Undo names")
    assert stage.saved.names == {A: "Old"}


def test_undo_ends_with_a_name_given_elsewhere(stage: Stage) -> None:
    stage.pane.names.import_file(stage.file(f"{A},Van"))
    assert stage.pane.names.undo.isVisible()
    stage.settings.values.names[B] = "by hand"
    stage.pane.tick()
    assert not stage.pane.names.undo.isVisible()


def test_file_of_other_ids_raises_the_question(stage: Stage) -> None:
    stage.add(A, "T8608")
    stage.pane.names.import_file(stage.file("1,Van\n2,Car"))
    assert "is it the right column of ids?" in stage.pane.names.result.text()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Nothing was imported: the file has no line with an id and a name."),
        (b"x" * 50, "Nothing was imported: a list of names has no 40 bytes."),
        (None, "The file could not be read: No such file or directory"),
    ],
)
def test_file_that_is_none_changes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, content: bytes | None, words: str
) -> None:
    monkeypatch.setattr(settings_names, "SIZE_LIMIT", 40)
    stage.settings.set("names", {A: "Old"})
    path = stage.folder / "other"
    if content is not None:
        path.write_bytes(content)
    stage.pane.names.import_file(str(path))
    assert stage.pane.names.result.text() == words
    assert (stage.settings.values.names, stage.changed) == ({A: "Old"}, ["names"])


def test_names_in_another_code_page_change_nothing_and_the_line_is_named(stage: Stage) -> None:
    stage.settings.set("names", {A: "Old"})
    path = stage.folder / "names.csv"
    path.write_bytes(f"imei,name\n{B},Van\n{A},Газель\n".encode("cp1251"))
    stage.pane.names.import_file(str(path))
    assert stage.settings.values.names == {A: "Old"}
    assert stage.pane.names.result.text() == "Nothing was imported."
    problems = stage.pane.names.problems
    assert problems.isVisible()
    assert problems.toPlainText().startswith("line 3: this is not UTF-8: save the table as")


def test_dialogs_are_opened_without_stopping_the_loop(stage: Stage, qtbot: QtBot) -> None:
    stage.pane.names.import_file(stage.file(f"{A},Van"))
    target = stage.folder / "out.csv"
    for name, path in (("Export names", target), ("Import names", target)):
        press(stage, name)  # would not come back from a modal exec()
        (dialog,) = stage.pane.findChildren(QFileDialog)
        assert dialog.isVisible()
        dialog.fileSelected.emit(str(path))
        dialog.close()
        qtbot.waitUntil(lambda: not stage.pane.findChildren(QFileDialog))
    assert target.read_bytes().decode("utf-8-sig") == f"imei,name\r\n{A},Van\r\n"
    assert stage.pane.names.result.text() == "0 added, 0 changed, 1 as before."


def test_export_that_fails_is_said(stage: Stage) -> None:
    stage.pane.names.export_file(str(stage.folder / "no" / "where.csv"))
    expected = f"The file could not be written: {os.strerror(2)}"
    assert stage.pane.names.result.text() == expected


# on the screen


def test_everything_has_a_name_and_is_reached_by_tab(stage: Stage, qtbot: QtBot) -> None:
    stage.add(A, "T8608")
    stage.settings.set("names", {A: "Van"})
    stage.pane.tick()
    stage.pane.refresh()
    stage.pane.activateWindow()
    qtbot.waitUntil(stage.control("Alarm numbers of T8608").isVisible)
    first = stage.control("Colours")
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    reached: list[str] = []
    for _ in range(45):
        focused = QApplication.focusWidget()
        assert focused is not None
        if reached and focused is first:
            break
        reached.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert reached == [
        "Colours",
        "Times",
        "Alarm sound",
        "Volume",
        "Test the alarm sound",
        "Sound device",
        "Desktop notifications",
        "Keep the computer awake",
        "Drill due again after",
        "Close into the tray",
        "Alarm numbers of T8608",
        "Import names",
        "Export names",
        "Forget all names",
        "Speed",
        "Distance",
        "Temperature",
        "Pressure",
        "Fuel",
        "Record all that comes in",
        "Keep for",
        "Up to",
        "Place in the browser",
        "Streets",
        "File",
        "Choose a file of tiles",
        "Address of the tiles",
        "Credit",
        "Largest zoom",
        "Contact",
        "Keep tiles up to",
        "Darken the tiles in the dark colours",
        "Proxy",
        "Certificates",
        "Sign in without encryption",
    ]


def test_proxy_is_legible_only_while_it_is_written(stage: Stage) -> None:
    stage.settings.set("proxy", "http://user:secret@proxy:3128")
    line = stage.control("Proxy")
    assert isinstance(line, QLineEdit)
    assert "secret" not in line.displayText()
    line.clear()
    QTest.keyClicks(line, "none")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert stage.saved.proxy == "none"


@pytest.mark.parametrize("width", [300, 420])
def test_nothing_is_cut_off_at_the_right(qtbot: QtBot, stage: Stage, width: int) -> None:
    stage.add(A, "SolarGuardX 110")
    stage.add(B, "X" * 200)
    stage.pane.names.import_file(stage.file(f"{A},Van\n?,?"))
    stage.pane.show_sound_state("No sound: no sound player found (pw-play, paplay or aplay)")
    stage.pane.show_awake_state("Not possible on this desktop: no screen saver service")
    stage.pane.tick()
    stage.pane.resize(width, 640)
    page, view = stage.pane.area.widget(), stage.pane.area.viewport()
    assert page is not None
    shown = [child for child in page.findChildren(QLabel) if child.isVisible()]
    assert len(shown) > 10

    def cut() -> list[str]:
        return [label.text() for label in shown if _is_cut(label)]

    # The layout of a form comes after several turns of the loop.
    qtbot.waitUntil(lambda: cut() == [])
    assert page.width() <= view.width()


def _is_cut(label: QLabel) -> bool:
    if label.wordWrap():
        return label.height() < label.heightForWidth(label.width())
    return label.width() < label.sizeHint().width()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_problem_is_readable_in_each_theme(
    stage: Stage, qapp: QApplication, light_again: None, theme: object
) -> None:
    install_theme(qapp, LIGHT if theme is LIGHT else DARK)
    palette = stage.pane.problem.palette()
    ink = palette.color(palette.ColorRole.WindowText).name()
    assert ink == (LIGHT if theme is LIGHT else DARK).error
    assert contrast(ink, palette.color(palette.ColorRole.Window).name()) >= 4.5


def test_text_counts_when_it_is_typed_to_the_end(qtbot: QtBot) -> None:
    editor = make_editor(More, SettingRow("place", "Place"))
    qtbot.addWidget(editor)
    told: list[object] = []
    editor.edited.connect(told.append)
    editor.show_value("desk")
    line = editor.control
    assert isinstance(line, QLineEdit)
    assert line.text() == "desk"
    qtbot.keyClicks(line, " two ")  # type: ignore[no-untyped-call]
    assert told == []
    qtbot.keyClick(line, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    assert told == ["desk two"]


def test_certificates_that_cannot_be_used_are_said_why(stage: Stage, tmp_path: Path) -> None:
    pane = stage.pane
    assert pane.ca_text.isHidden()
    stage.settings.set("ca_file", str(tmp_path / "missing.pem"))
    assert "cannot be read" in pane.ca_text.text()
    assert not pane.ca_text.isHidden()
    (tmp_path / "ca.pem").write_text("no certificate")
    stage.settings.set("ca_file", str(tmp_path / "ca.pem"))
    assert "no certificate" in pane.ca_text.text()
    stage.settings.set("ca_file", "")
    assert pane.ca_text.isHidden()


def shown_names(stage: Stage) -> list[str]:
    controls = [w for w in stage.pane.area.findChildren(QWidget) if w.accessibleName()]
    return [w.accessibleName() for w in controls if w.isVisible() and w.isEnabled()]


def test_search_shows_the_settings_that_have_the_words(stage: Stage) -> None:
    stage.pane.resize(1_000, 640)
    search = stage.pane.navigation.search
    assert search.isVisible()
    search.setFocus()
    QTest.keyClicks(search, "certif")
    assert shown_names(stage) == ["Certificates"]
    sections = stage.pane.navigation.sections
    items = [sections.item(place) for place in range(sections.count())]
    assert [item.text() for item in items if not item.isHidden()] == ["Connection"]
    search.clear()
    all_names = {"Colours", "Volume", "Pressure", "Place in the browser", "Proxy"}
    assert all_names <= set(shown_names(stage))
    QTest.keyClicks(search, "units")
    assert shown_names(stage) == ["Speed", "Distance", "Temperature", "Pressure", "Fuel"]
    QTest.keyClicks(search, "nothing has this")
    assert shown_names(stage) == []
    assert stage.pane._nothing.isVisible()


def test_section_is_gone_to_and_narrow_panes_have_no_list(stage: Stage, qtbot: QtBot) -> None:
    stage.pane.resize(1_000, 300)
    bar = stage.pane.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    stage.pane.navigation.sections.setCurrentRow(4)
    assert bar.value() > 0
    stage.pane.resize(400, 300)
    assert not stage.pane.navigation.isVisible()


def test_sound_device_is_chosen_from_a_list_or_written(stage: Stage) -> None:
    box = stage.pane.groups[1].editors["sound_device"].control
    assert isinstance(box, QComboBox)
    assert [box.itemText(place) for place in range(box.count())] == [
        "The system's own",
        "Headset  (hw:1)",
    ]
    box.activated.emit(1)
    assert stage.saved.sound_device == "hw:1"
    assert box.currentText() == "hw:1"
    line = box.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, "other")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert stage.saved.sound_device == "other"


def test_size_of_the_history_stands_below_its_limit(stage: Stage) -> None:
    assert stage.pane.history_text.isHidden()
    stage.pane._history_size = lambda: "3.0 GB of 5 GB are in use."
    stage.pane.tick()
    assert not stage.pane.history_text.isHidden()
    assert stage.pane.history_text.text() == "3.0 GB of 5 GB are in use."
