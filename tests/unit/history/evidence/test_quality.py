"""How good fixes are and how dense reports are is measured, and said where nobody knows."""

import pytest

from tests.unit.history.export.memory import NOW, MemoryReader, of
from tftmonitor.history.evidence import quality
from tftmonitor.history.evidence.quality import Quality


def measured(reader: MemoryReader) -> dict[str, str]:
    made = Quality()
    for row in of(reader).rows():
        made.add(row)
    return made.facts()


def test_satellites_hdop_and_intervals_are_measured() -> None:
    reader = MemoryReader()
    for place, (satellites, hdop) in enumerate(((9, 0.9), (4, 6.2), (11, 1.1))):
        at_ms = NOW + place * (10_000 + place * 5_000)
        reader.add(at_ms, satellite_count=satellites, hdop=hdop)
    reader.add(NOW + 50_000, speed=1.0)
    reader.put("100", NOW + 51_000, None, b'{"event":"messagePass","data":"x"}', channel="messages")
    assert measured(reader) == {
        "satellites": "4 to 11, half of them up to 9, reported by 3 of 4 snapshots",
        "hdop": "0.9 to 6.2, half of them up to 1.1, reported by 3 of 4 snapshots",
        "interval_s": "10 to 25, half of them up to 15",
    }


def test_what_is_not_reported_is_said() -> None:
    reader = MemoryReader()
    reader.add(NOW, hdop=255)  # a register that has no reading
    assert measured(reader) == {
        "satellites": "not reported",
        "hdop": "not reported",
        "interval_s": "not known",
    }


def test_a_report_without_a_time_of_its_own_makes_no_interval() -> None:
    reader = MemoryReader()
    reader.add(NOW, satellite_count=5)
    reader.add(NOW + 10_000, satellite_count=5)
    without = b'{"event":"snapshot","data":{"imei":"100","status":{"satellite_count":6}},"error":0}'
    reader.put("100", NOW + 900_000, None, without)
    told = measured(reader)
    assert told["interval_s"] == "10 to 10, half of them up to 10"
    assert "3 of 3" in told["satellites"]


def test_a_bounded_number_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "_MOST", 2)
    reader = MemoryReader()
    for place in range(5):
        reader.add(NOW + place * 10_000, satellite_count=place + 1)
    assert measured(reader)["satellites"].startswith("1 to 2,")
    assert measured(reader)["satellites"].endswith("the first 2 of 5 snapshots")
