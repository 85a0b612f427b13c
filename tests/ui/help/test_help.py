from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QLabel, QTableView, QVBoxLayout, QWidget

from tests.ui.harness import Harness
from tftmonitor import __version__
from tftmonitor.ui.help.about_text import about_text
from tftmonitor.ui.help.pages import AboutPage, WordsPage
from tftmonitor.ui.help.whats_this import WhatsThis, explain, words_in
from tftmonitor.ui.help.words import WORDS
from tftmonitor.ui.tables.plain_rows import PlainRows
from tftmonitor.ui.widgets.tooltip import plain_tip


def test_words_are_found_in_word_and_meaning(harness: Harness) -> None:
    page = harness.show(WordsPage(), 900, 500)
    assert len(page.model.rows) == len(WORDS)
    page.search.setText("test alarm")
    assert [row[0] for row in page.model.rows] == ["drill"]


def test_each_word_stands_once_with_a_sentence() -> None:
    words = [each.word for each in WORDS]
    assert len(set(words)) == len(words)
    assert all(each.meaning.endswith(".") for each in WORDS)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6_Essentials",
        "websockets",
        "numpy",
        "Lucide",
        "LGPL",
        "Inter",
        "OBDex",
        "Natural Earth",
        "GeoNames",
    ],
)
def test_about_names_version_and_licences(name: str) -> None:
    text = about_text()
    assert __version__ in text
    assert name in text


def test_diagnostics_are_copied_without_the_name_of_the_user(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    opened: list[Path] = []
    profile = tmp_path / "profile"

    def open_folder(folder: Path) -> bool:
        opened.append(folder)
        return True

    page = AboutPage(profile, open_folder, lambda: "devices: 3")
    harness.show(page, 700, 400)
    page.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "devices: 3" in text
    assert "profile: ~/profile" in text
    assert str(tmp_path) not in text
    page.folder.click()
    assert opened == [profile]


def ask(widget: QWidget, place: QPoint) -> QHelpEvent:
    return QHelpEvent(QEvent.Type.WhatsThis, place, widget.mapToGlobal(place))


def test_words_in_what_is_pointed_at_are_explained(harness: Harness) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    label, plain = QLabel("LATE 14:02"), QLabel("<b>x</b>")
    model = PlainRows(("Note",), frozenset())
    model.show_rows([("guessed",)])
    table = QTableView()
    table.setModel(model)
    for part in (label, plain, table):
        column.addWidget(part)
    harness.show(holder, 400, 300)
    assert "quarter of an hour" in explain(label, ask(label, QPoint(2, 2)))
    assert "<b>x</b>" not in explain(plain, ask(plain, QPoint(2, 2)))
    cell = table.visualRect(model.index(0, 0)).center()
    assert "Nothing public says" in explain(table.viewport(), ask(table.viewport(), cell))
    empty = explain(holder, ask(holder, QPoint(1, 1)))
    assert "Nothing more is known" in empty


def test_a_tip_that_is_safe_already_is_not_made_safe_twice(harness: Harness) -> None:
    label = harness.show(QLabel("x"), 100, 30)
    label.setToolTip(plain_tip("latest <b>here</b>\nLATE"))
    text = explain(label, ask(label, QPoint(2, 2)))
    assert "&lt;qt" not in text
    assert "latest &lt;b&gt;here&lt;/b&gt;<br>LATE" in text


def test_a_word_within_another_is_not_meant() -> None:
    assert words_in("latest received") == []
    assert words_in("LATE, 3 h")[0].startswith("LATE")


def test_words_of_a_sign_of_several_are_all_known() -> None:
    assert words_in("Idling")[0].startswith("Moving, Idling, Parked")
    assert words_in("no such thing") == []


def test_everything_can_be_asked_about(harness: Harness) -> None:
    holder = harness.show(QWidget(), 200, 200)
    what = WhatsThis(holder, lambda _page: None)
    question = QHelpEvent(QEvent.Type.QueryWhatsThis, QPoint(5, 5), QPoint(5, 5))
    question.ignore()
    assert what.eventFilter(holder, question)
    assert question.isAccepted()
    assert not what.eventFilter(holder, QEvent(QEvent.Type.Paint))
