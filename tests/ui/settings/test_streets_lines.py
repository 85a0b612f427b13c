from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.harness import AtOnce
from tests.unit.tiles.made_files import mbtiles
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.settings.store import SettingsStore
from tftmonitor.tiles.cache import CacheError, TileCache, cache_file
from tftmonitor.tiles.kept import Kept
from tftmonitor.ui.settings import streets_lines
from tftmonitor.ui.settings.pane import SettingsPane

ADDRESS = "https://tiles.example.org/{z}/{x}/{y}.png?key=hush"


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path)


@pytest.fixture
def pane(qtbot: QtBot, settings: SettingsStore) -> SettingsPane:
    made = SettingsPane(settings, Fleet(), scope=AtOnce())
    qtbot.addWidget(made)
    made.resize(560, 700)
    made.show()
    return made


def texts(pane: SettingsPane) -> str:
    return "\n".join(label.text() for label in pane.findChildren(QLabel) if label.isVisible())


def keep(settings: SettingsStore, size: int) -> None:
    cache = TileCache(cache_file(settings.path.parent), b"x", 10**9, lambda: 0)
    cache.open()
    cache.put((0, 0, 0), Kept(bytes(size), 1))
    cache.close()


def test_streets_are_off_and_what_a_server_learns_is_said(pane: SettingsPane) -> None:
    box = next(b for b in pane.findChildren(QComboBox) if b.accessibleName() == "Streets")
    assert box.currentText() == "None"
    said = texts(pane)
    assert "The server sees which areas you look at, and your address in the network." in said
    assert "nothing goes over the network" in said
    assert "None is kept." in said
    assert not pane.streets.clear.isEnabled()


def test_address_says_whom_it_asks_and_its_key_is_not_legible(
    pane: SettingsPane, settings: SettingsStore
) -> None:
    line = next(
        w for w in pane.findChildren(QLineEdit) if w.accessibleName() == "Address of the tiles"
    )
    assert line.echoMode() == QLineEdit.EchoMode.PasswordEchoOnEdit
    line.setText(ADDRESS)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert settings.values.streets_address == ADDRESS
    assert pane.streets.address_text.text() == (
        "The tiles come from tiles.example.org, encrypted on the way."
    )
    assert "hush" not in texts(pane)
    settings.set("streets_address", "http://127.0.0.1:8080/{z}/{x}/{y}")
    assert "come from this computer (127.0.0.1:8080)" in pane.streets.address_text.text()
    settings.set("streets_address", "http://tiles.example.org/{z}/{x}/{y}")
    assert "use https://" in pane.streets.address_text.text()
    settings.set("streets_address", "")
    assert not pane.streets.address_text.isVisible()


def test_chosen_file_says_what_it_is_and_is_taken_at_once(
    pane: SettingsPane, settings: SettingsStore, tmp_path: Path
) -> None:
    path = mbtiles(
        tmp_path / "city.mbtiles", {(3, 1, 1): b"x", (9, 0, 0): b"x"}, attribution="© Us"
    )
    pane.streets.choose.click()
    dialog = pane.window().findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    assert (settings.values.streets, settings.values.streets_file) == ("file", str(path))
    assert pane.streets.file_text.text() == "city.mbtiles: zoom 3 to 9, © Us."
    settings.set("streets_file", str(mbtiles(tmp_path / "bare", {(3, 1, 1): b"x"})))
    assert pane.streets.file_text.text() == "bare: zoom 3 to 3."
    settings.set("streets_file", str(tmp_path / "none"))
    assert "cannot be read" in pane.streets.file_text.text()
    settings.set("streets_file", "")
    assert pane.streets.file_text.text() == ""


def test_kept_tiles_are_counted_and_cleared(qtbot: QtBot, settings: SettingsStore) -> None:
    keep(settings, 2_500_000)
    pane = SettingsPane(settings, Fleet(), scope=AtOnce())
    qtbot.addWidget(pane)
    pane.show()
    assert pane.streets.kept_text.text() == "2.5 MB are kept."
    button = pane.streets.clear
    assert isinstance(button, QAbstractButton)
    button.click()
    assert pane.streets.kept_text.text() == "2.5 MB were cleared."
    assert not button.isEnabled()
    pane.hide()
    pane.show()
    assert pane.streets.kept_text.text() == "None is kept."


def test_file_of_kept_tiles_that_is_in_use_is_said(
    pane: SettingsPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: Path) -> int:
        raise CacheError("database is locked")

    monkeypatch.setattr(streets_lines, "clear_cache", refuse)
    monkeypatch.setattr(streets_lines, "kept_bytes", refuse)
    pane.streets.show_kept()
    assert pane.streets.kept_text.text() == "What is kept cannot be read: database is locked"
    pane.streets.clear.setEnabled(True)
    pane.streets.clear.click()
    assert pane.streets.kept_text.text() == "Nothing was cleared: database is locked"
