"""What one does all day, with the keyboard alone and in no more than two keys each."""

import pytest

from tests.e2e.desktop import missing_programs
from tests.e2e.fault_run import RUNS, Run

pytestmark = [
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]


@pytest.fixture(scope="module")
def light(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return RUNS.result(request, tmp_path_factory)


@pytest.fixture(scope="module")
def dark(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return RUNS.result(request, tmp_path_factory)


@pytest.fixture(params=["light", "dark"])
def day(request: pytest.FixtureRequest, light: Run, dark: Run) -> Run:
    """Light at 100 %, dark at 150 %."""
    return light if request.param == "light" else dark


def test_alarm_shows_on_the_desktop_and_the_icon_in_the_tray(day: Run) -> None:
    assert day["desk"]["docked"] == 1
    assert day["desk"]["shown"] > 0
    assert "SOS" in day.notified
    assert day["before"]["banner"][0] == "2 CRITICAL"


def test_window_fits_the_screen(light: Run) -> None:
    size = light["size"]
    assert size["screen"] == [1280, 800]
    assert all(a <= b for a, b in zip(size["window"], size["screen"], strict=True))


def test_f7_shows_the_next_alarm_and_its_device_with_plots(day: Run) -> None:
    alarms = day["before"]["alarms"]
    for step, (number, device) in zip(("F7", "F7 F7"), alarms, strict=False):
        seen = day[step]
        assert seen["chosen"] == [number]
        assert seen["device"] == device
        assert f"IMEI {device}" in seen["head"]
        assert seen["tab"] == "Overview"
        assert seen["plots_shown"]
        assert any(device in row for row in seen["rows"])


def test_ctrl_c_copies_the_chosen_row_with_its_headings(day: Run) -> None:
    heading, row = day["ctrl+C"]["text"].split("\n")
    assert heading.startswith("Severity\tDevice\tAlarm\t")
    assert row.split("\t")[:1] == ["critical"]
    assert len(row.split("\t")) == len(heading.split("\t"))
    heading, row = day["ctrl+C devices"]["text"].split("\n")
    assert heading.startswith("State\tAlarm\tName\t")
    assert day["F7 F7"]["device"][-4:] in row


def test_f9_silences_and_acknowledges_nothing(day: Run) -> None:
    before, after = day["F7 F7"], day["F9"]
    assert before["silenced"] == []
    assert after["waiting"] == before["waiting"]
    assert after["silenced"] == after["waiting"]
    assert "Silenced" in after["banner"]


def test_f8_acknowledges_what_f7_chose_and_nothing_else(day: Run) -> None:
    chosen = day["F7 F7"]["chosen"]
    before, after = day["F9"], day["F8"]
    assert after["waiting"] == [n for n in before["waiting"] if n not in chosen]
    assert after["banner"][0] == "1 CRITICAL"


def test_search_and_enter_open_a_device_with_its_plots(day: Run) -> None:
    wanted = day["before"]["devices"][4]
    seen = day["ctrl+F Enter"]
    assert seen["device"] == wanted
    assert f"IMEI {wanted}" in seen["head"]
    assert (seen["tab"], seen["plots_shown"]) == ("Overview", True)


def test_l_leads_back_to_live_plots(day: Run) -> None:
    held, live = day["zoom"], day["L"]
    assert not held["plots_live"]
    assert len(held["pill"]) == 1
    assert live["plots_live"]
    assert live["pill"] == []


def test_palette_finds_a_device(day: Run) -> None:
    wanted = day["before"]["devices"][2]
    seen = day["ctrl+K Enter"]
    assert any(wanted in text for text in seen["palette"])
    assert seen["device"] == wanted
    assert f"IMEI {wanted}" in seen["head"]


def test_ctrl_j_shows_the_raw_frame(day: Run) -> None:
    assert day["ctrl+J"]["tab"] == "Raw"
