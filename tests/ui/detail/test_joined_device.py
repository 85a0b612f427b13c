"""The detail of a device that turns out to be another one."""

from typing import Any

from tests.ui.detail.bench import DetailBench, texts_of
from tftmonitor.model.fleet.device import Device


def feed(bench: DetailBench, kind: str = "snapshot", /, **data: Any) -> Device:
    if kind == "snapshot":
        data["status"] = {"date": bench.clock.now_ms(), "speed": 10.0}
    device = bench.harness.feed({"event": kind, "data": data, "error": 0})
    bench.pane.refresh(bench.fleet.changes.drain()[0])
    return device


def test_shown_device_goes_on_under_its_other_key(bench: DetailBench) -> None:
    feed(bench, device_key="K")
    bench.show(feed(bench, imei="A"))
    assert bench.pane.device_key == "A"
    feed(bench, imei="A", device_key="K")
    assert bench.pane.device_key == "K"
    assert any("IMEI A" in text for text in texts_of(bench.pane.head))


def test_name_that_is_given_replaces_those_of_former_keys(bench: DetailBench) -> None:
    bench.settings.set("names", {"A": "old"})
    feed(bench, device_key="K")
    feed(bench, imei="A")
    bench.show(feed(bench, imei="A", device_key="K"))
    bench.pane.head.renamed.emit("VAN")
    assert bench.settings.values.names == {"K": "VAN"}


def test_trouble_codes_of_both_are_remembered(bench: DetailBench) -> None:
    feed(bench, "obdErrorInfo", device_key="K", codes=["P0100"], vin="V1")
    feed(bench, "obdErrorInfo", imei="A", codes=["P0200", "P0100"])
    bench.clock.advance(60)
    device = feed(bench, "obdErrorInfo", imei="A", device_key="K", codes=["P0300"])
    found = bench.pane.context.code_history.of(device)
    assert set(found.codes) == {"P0100", "P0200", "P0300"}
    assert found.vin == "V1"
    assert found.present == {"P0300"}


def test_head_says_that_two_units_answer(bench: DetailBench) -> None:
    feed(bench, imei="A", device_key="K1")
    bench.show(feed(bench, imei="A", device_key="K2"))
    said = " ".join(texts_of(bench.pane.head))
    assert "two units answer to this IMEI" in said
    assert "K1" in bench.pane.head.imei.toolTip()
