"""Field cases in the window: what the list, the detail and the table of alarms say."""

import re
from collections.abc import Iterator

import pytest

from tests.ui.field_cases.case_window import CaseWindow
from tests.ui.harness import Harness
from tftmonitor.settings import zone


def test_d04_window_says_by_how_much_the_clock_is_behind(window: CaseWindow) -> None:
    window.play("d04")
    assert re.search("5 h 30.*behind", window.texts())


def test_d04_unit_5_h_30_behind_is_shown_as_live(window: CaseWindow) -> None:
    window.play("d04")
    assert "silent" not in window.cell("@state").text
    assert not window.cell("speed").muted


def test_d04_sos_is_not_shown_as_late(window: CaseWindow) -> None:
    window.play("d04")
    (row,) = window.alarm_rows()
    assert "LATE" not in row


@pytest.mark.parametrize("case", ["d05", "d05b"])
def test_unit_with_a_clock_of_2013_is_live_and_named(window: CaseWindow, case: str) -> None:
    window.play(case)
    assert "silent" not in window.cell("@state").text
    assert window.cell("speed").text.startswith("0")
    assert "clock not set" in window.texts()


def test_d08_speed_of_an_old_fix_is_dimmed_and_told_with_its_age(window: CaseWindow) -> None:
    window.play("d08")
    assert window.cell("@state").text != "Moving"
    assert window.cell("speed").muted
    assert not window.cell("battery_voltage_percent").muted
    assert re.search(r"\b3 h\b", window.tab("Overview"))


def test_d09_quiet_values_are_dimmed_and_told_with_their_age(window: CaseWindow) -> None:
    window.play("d09")
    assert window.cell("battery_voltage_percent").muted
    assert window.cell("external_power_voltage").muted
    assert not window.cell("speed").muted
    assert re.search(r"\b4 h\b", window.tab("Overview"))


def test_k14_temperature_of_six_hours_ago_is_dimmed(window: CaseWindow) -> None:
    window.play("k14")
    assert window.cell("device_temp").muted
    assert not window.cell("external_power_voltage").muted


def test_k16_nothing_that_is_reported_now_is_dimmed(window: CaseWindow) -> None:
    window.play("k16")
    for column in ("@age", "speed", "external_power_voltage", "battery_voltage_percent"):
        assert not window.cell(column).muted, column
    assert window.cell("@state").text == "Moving"


def test_d14_late_message_is_shown_as_five_hours_old(window: CaseWindow) -> None:
    window.play("d14")
    (row,) = window.alarm_rows()
    assert "LATE" in row
    assert "5 h" in row


@pytest.fixture
def in_amsterdam(monkeypatch: pytest.MonkeyPatch, harness: Harness) -> Iterator[None]:
    """The computer's own zone has summer time until the last Sunday of October."""
    monkeypatch.setenv("TZ", "Europe/Amsterdam")
    zone._own_zone.cache_clear()
    harness.settings.set("zone", "local")
    yield
    monkeypatch.undo()
    zone._own_zone.cache_clear()


def test_d15_alarm_of_summer_is_shown_by_the_clock_of_summer(
    in_amsterdam: None, window: CaseWindow
) -> None:
    window.play("d15")
    (row,) = window.alarm_rows()
    said = row + "".join(window.alarm_tips())
    assert "10-20 14:00" in said
    assert "10-20 13:00" not in said + window.texts()


def test_d17_window_says_that_two_units_answer_to_one_imei(window: CaseWindow) -> None:
    window.play("d17")
    assert re.search("two units", window.texts(), re.IGNORECASE)


def test_k51_two_units_under_one_imei_are_one_row_among_the_alarms(window: CaseWindow) -> None:
    window.play("k51")
    told = [row for row in window.alarm_rows() if "Two units answer to this IMEI" in row]
    assert len(told) == 1
    assert "one of several" in "\n".join(window.alarm_rows())


def test_k52_three_rows_become_one_row(window: CaseWindow) -> None:
    window.play("k52")
    assert window.cell("speed").text.startswith("30")
    assert window.devices.model.rowCount() == 1


def test_d23_impossible_values_are_named(window: CaseWindow) -> None:
    window.play("d23")
    assert "invalid" in window.texts()


def test_d24_alarm_without_a_device_says_so(window: CaseWindow) -> None:
    window.play("d24")
    texts = "\n".join(window.alarm_rows())
    assert "This program" not in texts
    assert re.search("no device named", texts, re.IGNORECASE)


def test_d36_tyre_of_now_is_shown(window: CaseWindow) -> None:
    window.play("d36")
    tyres = window.tab("Tyres")
    assert "120" in tyres
    assert "40" not in tyres


def test_d44_overtaken_sos_is_not_shown_as_ended(window: CaseWindow) -> None:
    window.play("d44")
    # The last frame of the case is a quiet one of a second later, which may end it.
    (row,) = window.alarm_rows()
    assert "LATE" not in row


def test_d46_place_of_an_sos_is_marked_as_the_last_known(window: CaseWindow) -> None:
    window.play("d46")
    texts = "\n".join(window.alarm_rows())
    assert re.search("last known", texts, re.IGNORECASE)
    assert re.search(r"\b3 h\b", texts)


def test_d10_impossible_place_is_left_out(window: CaseWindow) -> None:
    window.play("d10")
    (row,) = window.alarm_rows()
    assert "0.0000" not in row
