import pytest
from PySide6.QtGui import QGuiApplication

from tests.ui.harness import Harness
from tftmonitor.ui.install.checks import CheckState
from tftmonitor.ui.install.pane import InstallPane


class Bench:
    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.device = harness.snapshot("350", ignition=False)
        self.pane = InstallPane(harness.fleet, harness.clock, harness.settings)
        harness.show(self.pane, 360, 500)
        self.pane.show_device(self.device.key)

    def report(self, **status: object) -> None:
        self.harness.clock.advance(10)
        self.harness.snapshot("350", **status)
        self.pane.tick()

    def state(self, title: str) -> CheckState:
        return next(check.state for check in self.pane.checks if check.title == title)

    def words(self, title: str) -> str:
        return next(check.words for check in self.pane.checks if check.title == title)


@pytest.fixture
def bench(harness: Harness) -> Bench:
    return Bench(harness)


def test_each_check_is_ticked_off_as_it_is_seen(bench: Bench) -> None:
    bench.report(acc=0)
    assert bench.state("Reports arrive") is CheckState.WAITING
    assert bench.state("Ignition") is CheckState.WAITING
    assert "only off so far" in bench.words("Ignition")
    fix = {"lat": 47.0, "lng": 9.0, "latlng_valid": 1, "satellite_count": 9}
    for speed in (0.0, 12.0):
        bench.report(acc=1, external_power_voltage=12.9, network_signal=70, speed=speed, **fix)
    assert {check.title: check.state for check in bench.pane.checks} == {
        "Reports arrive": CheckState.OK,
        "Clock is set": CheckState.OK,
        "Position": CheckState.OK,
        "Mobile network": CheckState.OK,
        "Vehicle supply": CheckState.OK,
        "Ignition": CheckState.OK,
        "Moves": CheckState.OK,
    }
    assert bench.pane.summary.text().startswith("7 of 7 seen since")


def test_what_is_wrong_says_what_to_do(bench: Bench) -> None:
    bench.report(external_power_voltage=12.0)
    bench.report(external_power_voltage=4.2, network_signal=5)
    assert bench.state("Vehicle supply") is CheckState.WRONG
    assert "ground" in bench.words("Vehicle supply")
    assert bench.state("Mobile network") is CheckState.WRONG
    bench.harness.clock.advance(600)
    bench.pane.tick()
    assert bench.state("Reports arrive") is CheckState.WRONG


def test_beginning_again_forgets_what_was_seen(bench: Bench) -> None:
    bench.report(acc=0)
    bench.report(acc=1)
    assert bench.state("Ignition") is CheckState.OK
    bench.harness.clock.advance(5)
    bench.pane.again.click()
    assert bench.state("Ignition") is CheckState.WAITING


def test_list_is_copied_for_the_job_sheet(bench: Bench) -> None:
    bench.report(external_power_voltage=12.9)
    bench.pane.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "350" in text.splitlines()[0]
    assert "[x] Vehicle supply: 12.90 V" in text


def test_device_chosen_before_is_checked_when_the_pane_is_shown(harness: Harness) -> None:
    device = harness.snapshot("350")
    pane = InstallPane(harness.fleet, harness.clock, harness.settings)
    pane.show_device(device.key)
    harness.show(pane, 360, 500)
    assert pane.title.text() == "350"
