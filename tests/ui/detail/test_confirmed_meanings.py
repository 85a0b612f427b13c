"""A guessed meaning says what is guessed, and stays confirmed once somebody has checked it."""

import pytest
from PySide6.QtCore import QItemSelectionModel

from tests.ui.detail.bench import DetailBench
from tftmonitor.ui.detail.field_model import FieldColumn
from tftmonitor.ui.detail.tabs.fields import FieldsPage


@pytest.fixture
def page(bench: DetailBench) -> FieldsPage:
    bench.show(bench.snapshot(acc=1, speed=3, odd=1), "Fields")
    page = bench.pane.page
    assert isinstance(page, FieldsPage)
    return page


def choose(page: FieldsPage, label: str) -> None:
    """As a click on the row does."""
    model = page.model
    for number, section in enumerate(model.sections):
        for place, row in enumerate(section.shown):
            if row.label == label:
                index = model.index(place, 0, model.index(number, 0))
                flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
                page.view.selectionModel().setCurrentIndex(index, flag)
                return
    raise AssertionError(label)


def note_of(page: FieldsPage, label: str) -> str:
    rows = (row for section in page.model.sections for row in section.shown)
    return next(row.note for row in rows if row.label == label)


def test_it_says_what_is_guessed_and_how_to_confirm_it(page: FieldsPage) -> None:
    choose(page, "Ignition")
    text = page.note.text.text()
    assert '"acc" means "Ignition" is guessed from its name' in text
    assert "switch it at the vehicle" in text
    assert page.note.button.isVisible()
    assert page.note.button.text() == "I have checked it on this model"


def test_what_was_checked_is_confirmed_on_its_model_after_a_restart(
    bench: DetailBench, page: FieldsPage
) -> None:
    choose(page, "Ignition")
    page.note.button.click()
    assert note_of(page, "Ignition") == "confirmed"
    assert note_of(page, "Idling") == "guessed"
    assert "you have confirmed the meaning on T1" in page.note.text.text()
    assert bench.harness.restarted().values.confirmed_fields == {"T1": ("acc",)}
    same = bench.send("snapshot", "2", status={"acc": 0})
    bench.pane.show_device(same.key)
    assert note_of(page, "Ignition") == "confirmed"
    other = bench.send("snapshot", "3", model="T2", status={"acc": 0})
    bench.pane.show_device(other.key)
    assert note_of(page, "Ignition") == "guessed"


def test_a_confirmation_can_be_taken_back(bench: DetailBench, page: FieldsPage) -> None:
    choose(page, "Ignition")
    page.note.button.click()
    page.note.button.click()
    assert note_of(page, "Ignition") == "guessed"
    assert bench.settings.values.confirmed_fields == {}


@pytest.mark.parametrize("model", ["", "M" * 99])
def test_without_a_model_there_is_nothing_to_confirm_it_for(
    bench: DetailBench, page: FieldsPage, model: str
) -> None:
    bench.show(bench.send("snapshot", "9", model=model, status={"acc": 1}), "Fields")
    choose(page, "Ignition")
    assert not page.note.button.isEnabled()
    assert "names no model" in page.note.text.text()


@pytest.mark.parametrize("label", ["Speed", "odd"])
def test_what_is_not_guessed_has_nothing_to_confirm(page: FieldsPage, label: str) -> None:
    choose(page, label)
    assert not page.note.button.isVisible()


def test_a_field_of_another_device_is_not_spoken_of(bench: DetailBench, page: FieldsPage) -> None:
    choose(page, "Ignition")
    bench.show(bench.snapshot("2", acc=1), "Fields")
    assert page.note.text.text() == "Choose a field to read what its meaning rests on."
    assert page.model.columnCount() == len(FieldColumn)
