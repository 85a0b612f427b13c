"""CSV, JSON Lines, Parquet and the blind intervals."""

import csv
import importlib
import io
import json
from typing import Any

import pytest
from msgspec import UNSET

from tests.unit.history.export.memory import DAY, NOW, MemoryReader, of, written
from tftmonitor.base.redaction import Redaction
from tftmonitor.history.export import parquet
from tftmonitor.history.export import rows as rows_module
from tftmonitor.history.export.blind_table import write_blind
from tftmonitor.history.export.csv_table import write_csv
from tftmonitor.history.export.export import (
    OWN_COLUMNS,
    PROGRESS_EVERY,
    Export,
    UnknownFieldError,
    fields_named,
)
from tftmonitor.history.export.json_lines import write_jsonl
from tftmonitor.history.export.parquet import ParquetMissingError, require_parquet, write_parquet
from tftmonitor.history.export.rows import RowReader, Values, shown_value, unit_of
from tftmonitor.history.export.trip_table import csv_line
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.fields.field import Field, FieldKind, FieldSpec, Unit
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.monitor.watch_format import canonical_values
from tftmonitor.protocol.messages import Snapshot

MESSAGE = b'{"event":"messagePass","data":{"content":"hello"}}'


@pytest.fixture
def reader() -> MemoryReader:
    found = MemoryReader()
    found.add(
        NOW,
        speed=12.5,
        acc=1,
        mileage=123_456,
        altitude=None,
        network_signal=-999,
        location_date=NOW - 1_000,
        version="=1+1",
        alerts=4_294_967_295,
        ev={"range": 5},
    )
    found.add(NOW - 60_000, late_by=61_000, speed=0)
    found.put("", NOW + 2_000, None, MESSAGE, channel="messages")
    return found


def table(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    lines = content.decode().splitlines()
    head = [line for line in lines if line.startswith("#")]
    return head, list(csv.DictReader(lines[len(head) :]))


def lines_of(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def test_csv_has_the_values_of_watch_by_wire_name(reader: MemoryReader) -> None:
    head, rows = table(written(write_csv, of(reader, zone="Europe/Berlin (UTC+01:00)")))
    assert list(rows[0]) == [*OWN_COLUMNS, *STATUS_FIELDS.by_wire]
    assert (
        rows[0]
        | {
            "device": "100",
            "time": "2026-11-18T11:06:40.000Z",
            "time_ms": str(NOW),
            "received": "2026-11-18T11:06:40.500Z",
            "received_ms": str(NOW + 500),
            "late": "false",
            "date": "2026-11-18T11:06:40.000Z",
            "speed": "12.5",
            "acc": "true",
            "mileage": "123456.0",
            "altitude": "",
            "network_signal": "",
            "rpm": "",
            "alerts": "4294967295",
            "location_date": "2026-11-18T11:06:39.000Z",
        }
        == rows[0]
    )
    assert (rows[1]["late"], rows[1]["time_ms"]) == ("true", str(NOW - 60_000))
    assert "# zone: Europe/Berlin (UTC+01:00)" in head
    units = next(line for line in head if line.startswith("# units: "))
    assert {"speed km/h", "mileage m", "external_power_voltage V"} <= {
        part.removeprefix("# units: ") for part in units.split(", ")
    }


def test_no_cell_is_a_formula(reader: MemoryReader) -> None:
    for number, text in enumerate(("@x", "+1", "-1", "\t=1", "＝1", "a=1", "with\0nul")):
        reader.add(NOW + 10_000 + number, "=2", version=text)
    _, rows = table(written(write_csv, of(reader)))
    assert [row["version"] for row in rows if row["version"]] == [
        "'=1+1", "'@x", "'+1", "'-1", "'\t=1", "'＝1", "a=1", "withnul",
    ]  # fmt: skip
    assert rows[-1]["device"] == "'=2"


def test_a_text_that_is_no_utf8_costs_nothing(reader: MemoryReader) -> None:
    frame = b'{"event":"snapshot","data":{"imei":"1","status":{"version":"\\ud800x"}}}'
    reader.put("1", NOW, None, frame)
    _, rows = table(written(write_csv, of(reader, devices=("1",))))
    assert (rows[0]["device"], rows[0]["time"], rows[0]["time_ms"]) == ("1", "", "")
    assert lines_of(written(write_jsonl, of(reader, devices=("1",))))[1]["time"] is None
    assert require_parquet() is not None
    assert written(write_parquet, of(reader, devices=("1",)))


def test_csv_says_what_it_leaves_out(reader: MemoryReader) -> None:
    export = of(reader)
    written(write_csv, export)
    assert export.skipped == {"pushes that are no snapshot; jsonl has them": 1}
    assert export.count == 3


def test_only_the_chosen_fields_and_devices(reader: MemoryReader) -> None:
    reader.add(NOW, "200", speed=3)
    chosen = fields_named(["speed", "gps_working", "speed"])
    export = of(reader, chosen=chosen, devices=("200",))
    _, rows = table(written(write_csv, export))
    assert [list(row)[6:] for row in rows] == [["speed", "gpsWorking"]]
    line = lines_of(written(write_jsonl, export))[1]
    assert line["values"] == {"speed": 3.0}
    assert "other" not in line
    with pytest.raises(UnknownFieldError, match="there is no field 'spede'"):
        fields_named(["spede"])


def test_an_export_of_one_device_counts_for_the_whole(reader: MemoryReader) -> None:
    whole, seen = of(reader), []
    for key in whole.device_keys():
        one = whole.of_device(key)
        seen.append([row.frame.device for row in one.rows()])
        one.skip("odd", 2)
        whole.take_counts(one)
    assert seen == [[""], ["100", "100"]]
    assert (whole.count, whole.skipped) == (3, {"odd": 4})
    assert of(reader, devices=("7", "8")).device_keys() == ["7", "8"]


def test_the_end_is_not_included(reader: MemoryReader) -> None:
    export = Export(reader, NOW, NOW + 500)
    assert list(export.rows()) == []
    assert len(list(Export(reader, NOW, NOW + 501).rows())) == 1


def test_own_columns_hide_no_field() -> None:
    assert not set(OWN_COLUMNS) & set(STATUS_FIELDS.by_wire)


def test_many_rows_are_written_in_order() -> None:
    reader = MemoryReader()
    for number in range(1_203):
        reader.add(NOW + number, speed=number % 100)
    seen: list[int] = []
    _, rows = table(written(write_csv, of(reader, progress=seen.append)))
    assert [int(row["time_ms"]) for row in rows] == [NOW + number for number in range(1_203)]
    assert seen == [PROGRESS_EVERY]


def test_values_are_those_of_watch(reader: MemoryReader) -> None:
    row = RowReader().read(reader.stored[0])
    assert isinstance(row.push, Snapshot)
    line = lines_of(written(write_jsonl, of(reader)))[1]
    assert line["values"] == canonical_values(row.push, row.frame.received_ms)[0]


def test_values_that_come_again_mean_what_they_meant_alone(
    reader: MemoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "_REMEMBERED", 2)
    for number, speed in enumerate((1, 2, 1, 3, -1, 1, 500, 501, "x", None)):
        # A full battery of 0 V is none, and a time becomes possible as time goes on.
        more = {"battery_voltage": number % 2 * 4, "battery_voltage_percent": 100}
        more |= {"acc": number % 3, "location_date": NOW + 4 * DAY}
        at_ms = NOW + number * DAY
        reader.add(at_ms, "7", speed=speed, version="v" * (number % 4 * 40), **more)
    values = Values(STATUS_FIELDS.fields, shown_value)
    for frame in reader.stored[3:]:
        row = RowReader().read(frame)
        alone = Values(STATUS_FIELDS.fields, shown_value).of(row)
        assert isinstance(row.push, Snapshot)
        assert values.of(row) == alone
        named = dict(zip(STATUS_FIELDS.by_wire, alone, strict=True))
        expected = canonical_values(row.push, row.frame.received_ms)[0]
        assert {wire: value for wire, value in named.items() if value is not UNSET} == expected
    assert max(len(known) for _, _, known in values._fields if known) == 2


def test_a_value_means_the_same_whatever_came_before() -> None:
    reader = MemoryReader()
    for number, volts in enumerate((12, 0)):
        reader.add(NOW + number, external_power_voltage=volts)
    _, rows = table(written(write_csv, of(reader)))
    assert [row["external_power_voltage"] for row in rows] == ["12.0", ""]


def test_no_line_has_a_credential(reader: MemoryReader) -> None:
    digest = "0123456789abcdef0123456789abcdef"
    redaction = Redaction(digest)
    reader.put("", NOW, None, f'{{"event":"x","data":"{digest}"}}'.encode(), channel="messages")
    assert digest not in written(write_jsonl, of(reader)).decode()
    del redaction


def test_time_is_what_is_believed_of_it(reader: MemoryReader) -> None:
    behind = MemoryReader()
    for number in range(8):
        at_ms = NOW + number * 10_000
        behind.add(at_ms - 5 * 3_600_000, late_by=5 * 3_600_000, speed=1)
    behind.add(NOW + 100_000 - 400 * DAY, late_by=400 * DAY)
    behind.put("", NOW, NOW - 400 * DAY, MESSAGE, channel="messages")
    rows = sorted(behind.stored, key=lambda frame: frame.received_ms)
    many = RowReader()
    times = [many.read(frame).time_ms for frame in rows]
    assert times[0] is None  # of the message
    assert times[1] is None
    assert times[5:9] == [NOW + number * 10_000 for number in range(4, 8)]
    assert times[9] is None
    full = RowReader(most_devices=0)
    assert full.read(reader.stored[0]).time_ms == NOW


def test_jsonl_has_every_push_with_all_that_it_carries(reader: MemoryReader) -> None:
    reader.add(NOW + 3_000, mileage="far")
    reader.put("", NOW + 4_000, None, b"not JSON \xff")
    head, first, late, message, bad, none = lines_of(written(write_jsonl, of(reader)))
    assert (head["kind"], head["units"]["speed"]) == ("export", "km/h")
    assert (
        first
        | {
            "kind": "snapshot",
            "device": "100",
            "channel": "devices",
            "time_ms": NOW,
            "received_ms": NOW + 500,
            "late": False,
            "other": {"ev": {"range": 5}},
            "problems": [],
        }
        == first
    )
    assert first["values"]["altitude"] is None
    assert "rpm" not in first["values"]
    assert late["late"] is True
    assert (message["kind"], message["channel"]) == ("push", "messages")
    assert message["content"] == json.loads(MESSAGE)
    assert bad["problems"] == ["mileage: 'far' is not a number"]
    assert none["content"] == "not JSON �"


def test_parquet_has_typed_columns_with_units(
    reader: MemoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_ROWS", 2)
    reader.add(NOW + 5_000, speed=1)
    export = of(reader)
    file = importlib.import_module("pyarrow.parquet").ParquetFile(
        io.BytesIO(written(write_parquet, export))
    )
    found = file.read()
    assert found.column_names == ["device", "time", "received", "late", *STATUS_FIELDS.by_wire]
    assert found["speed"].to_pylist() == [12.5, 0.0, 1.0]
    assert found["acc"].to_pylist() == [True, None, None]
    assert found["version"].to_pylist()[0] == "=1+1"
    assert found["alerts"].to_pylist()[0] == 4_294_967_295
    assert [str(found.schema.field(name).type) for name in ("time", "date")] == [
        "timestamp[ms, tz=UTC]"
    ] * 2
    assert int(found["time"][0].value) == NOW
    assert found.schema.field("mileage").metadata == {b"unit": b"m"}
    assert json.loads(found.schema.metadata[b"tftmonitor"])["from"] == "2026-11-17T11:06:40.000Z"
    assert (file.num_row_groups, export.skipped) == (
        2, {"pushes that are no snapshot; jsonl has them": 1},
    )  # fmt: skip


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ParquetMissingError, match=r"pip install 'tftmonitor\[parquet\]'"):
        require_parquet()


def test_silences_of_other_devices_are_left_out(reader: MemoryReader) -> None:
    link = BlindInterval("devices", Blindness.LINK, NOW, None)
    silences = [BlindInterval(key, Blindness.DEVICE, NOW, NOW + 1) for key in ("100", "200")]
    reader.intervals += [link, *silences]
    assert of(reader).blind() == [link, *silences]
    assert of(reader, devices=("100",)).blind() == [link, silences[0]]


def test_blind_intervals_by_their_start() -> None:
    intervals = [
        BlindInterval("devices", Blindness.LINK, NOW, None, "=lost"),
        BlindInterval("100", Blindness.DEVICE, NOW - DAY, NOW - 1),
    ]
    out = io.BytesIO()
    write_blind(intervals, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode())))
    assert [row["scope"] for row in rows] == ["100", "devices"]
    assert (rows[0]["to"], rows[0]["to_ms"]) == ("2026-11-18T11:06:39.999Z", str(NOW - 1))
    assert (rows[1]["from"], rows[1]["to"], rows[1]["to_ms"], rows[1]["reason"]) == (
        "2026-11-18T11:06:40.000Z", "", "", "'=lost",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scale", "unit", "expected"),
    [(1.0, Unit.VOLT, "V"), (0.001, Unit.LITRE, "mL"), (0.1, Unit.VOLT, "0.1 V"),
     (0.5, Unit.NONE, "")],
)  # fmt: skip
def test_units_are_those_of_the_wire(scale: float, unit: Unit, expected: str) -> None:
    field = Field("x", "x", float, FieldSpec("X", FieldKind.NUMBER, unit, scale=scale), 0)
    assert unit_of(field) == expected


def test_line_of_trips_has_no_formula_and_negative_numbers() -> None:
    line = csv_line(("=1+1", "-0.5", "-cmd", "+49", "a,b", "", "@x"))
    assert line == b"'=1+1,-0.5,'-cmd,'+49,\"a,b\",,'@x"
