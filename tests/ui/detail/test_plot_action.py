"""A field of the list becomes a plot, and is none again, by button and by menu."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.detail.bench import DetailBench
from tftmonitor.ui.detail.tabs.fields import FieldsPage


@pytest.fixture
def page(bench: DetailBench) -> FieldsPage:
    device = bench.snapshot(
        speed=1, rpm=700, hdop=1, altitude=3, azimuth=4, mileage=5, acc=True, fms_odd=3
    )
    bench.show(device, "Fields")
    assert isinstance(bench.pane.page, FieldsPage)
    return bench.pane.page


def choose(page: FieldsPage, wire: str) -> None:
    for number, section in enumerate(page.model.sections):
        for place, row in enumerate(section.shown):
            if row.wire == wire:
                page.view.setCurrentIndex(page.model.index(place, 0, page.model.index(number, 0)))
                return
    raise AssertionError(wire)


def press(page: FieldsPage) -> None:
    QTest.mouseClick(page.plot_button, Qt.MouseButton.LeftButton)


def test_chosen_field_is_added_and_taken_away_again(bench: DetailBench, page: FieldsPage) -> None:
    assert not page.plot_button.isEnabled()
    choose(page, "rpm")
    assert (page.plot_button.isEnabled(), page.plot_button.text()) == (True, "Show as plot")
    press(page)
    assert bench.settings.values.plots == ("rpm",)
    assert page.plot_button.text() == "Take plot away"
    choose(page, "hdop")
    assert page.plot_button.text() == "Show as plot"
    press(page)
    assert bench.harness.restarted().values.plots == ("rpm", "hdop")
    choose(page, "rpm")
    press(page)
    assert bench.settings.values.plots == ("hdop",)
    assert page.plot_button.text() == "Show as plot"


def test_menu_of_the_list_does_the_same(bench: DetailBench, page: FieldsPage) -> None:
    assert page.view.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    (action,) = page.view.actions()
    choose(page, "altitude")
    action.trigger()
    assert bench.settings.values.plots == ("altitude",)
    assert action.text() == "Take plot away"


@pytest.mark.parametrize(
    ("wire", "why"),
    [
        ("acc", "Ignition is no number"),
        ("speed", "Speed has a plot of its own"),
        ("fms_odd", "Choose a field with a number"),
    ],
)
def test_what_cannot_be_a_plot_says_why(page: FieldsPage, wire: str, why: str) -> None:
    choose(page, "rpm")
    choose(page, wire)
    assert (page.plot_button.isEnabled(), page.plot_button.toolTip()) == (False, why)


def test_fifth_plot_is_refused_until_one_goes(bench: DetailBench, page: FieldsPage) -> None:
    bench.settings.set("plots", ("rpm", "hdop", "altitude", "of the future", "azimuth"))
    choose(page, "mileage")
    assert not page.plot_button.isEnabled()
    assert page.plot_button.toolTip() == "At most 4 plots can be added"
    choose(page, "hdop")
    page.plot_action.trigger()
    assert bench.settings.values.plots == ("rpm", "altitude", "of the future", "azimuth")
    choose(page, "mileage")
    assert page.plot_button.isEnabled()


def test_no_row_is_chosen_once_the_rows_are_others(page: FieldsPage) -> None:
    choose(page, "rpm")
    page.filter.setText("volt")
    assert not page.plot_button.isEnabled()
    choose(page, "battery_voltage")
    assert page.plot_button.isEnabled()


def test_button_leads_to_the_plots_once_there_is_one(bench: DetailBench, page: FieldsPage) -> None:
    choose(page, "rpm")
    assert page.see_button.isHidden()
    press(page)
    assert not page.see_button.isHidden()
    choose(page, "hdop")
    assert page.see_button.isHidden()
    choose(page, "rpm")
    page.see_button.click()
    assert bench.pane.page.title == "Overview"
