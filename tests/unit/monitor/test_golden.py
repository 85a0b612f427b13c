"""The recorded frames of real devices, decoded: each value was checked against the documents."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tftmonitor.monitor.watch_format import WatchFormatter, encode_line
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import UserMessage

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
NOW_MS = 1_795_350_896_000
Line = dict[str, Any]


@cache
def recorded() -> list[dict[str, Any]]:
    return [json.loads(text) for text in (GOLDEN / "frames.jsonl").read_bytes().splitlines()]


@cache
def decoded() -> list[Line]:
    formatter = WatchFormatter()
    lines = []
    for row in recorded():
        channel = Channel(row["channel"])
        frame = json.dumps(row["frame"]).encode()
        line = formatter.line(channel, decode(channel, frame), frame, NOW_MS)
        assert line is not None
        assert line.pop("received") == "2026-11-22T12:34:56.000Z"
        # They were recorded long ago, which to whoever reads them now is a clock that is not right.
        for part in (line, line.get("alarm") or {}):
            part.pop("clock", None)
            part.pop("device_time", None)
        lines.append(json.loads(encode_line(line)))
    return lines


EXPECTED: list[Line] = json.loads((GOLDEN / "values.json").read_text("utf-8"))


def test_there_is_an_expectation_for_each_recorded_frame() -> None:
    assert len(recorded()) == len(EXPECTED) == 58
    assert len(ALARM_MESSAGES) == 10


@pytest.mark.parametrize("number", range(58))
def test_recorded_frame_decodes_to_what_was_checked(number: int) -> None:
    assert decoded()[number] == EXPECTED[number]


def snapshots(imei: str) -> list[Line]:
    return [line for line in decoded() if line["kind"] == "snapshot" and line["imei"] == imei]


def records(kind: str) -> list[Line]:
    return [line for line in decoded() if line["kind"] == kind]


def test_clock_of_2080_is_named_and_no_time() -> None:
    (line,) = snapshots("1000000900000003")
    assert line["values"]["date"] is None
    assert line["problems"] == ["date: clock not set"]
    alarm = decoded()[-1]
    assert (alarm["sent"], alarm["alarm"]["date"]) == (None, None)


def test_every_frame_without_fix_has_no_place_and_every_other_has_one() -> None:
    without = 0
    for row, line in zip(recorded(), decoded(), strict=True):
        if line["kind"] == "snapshot":
            place = (line["values"]["lat"], line["values"]["lng"])
            assert (place == (None, None)) is row.get("no_fix", False)
            without += place == (None, None)
        elif row.get("no_fix"):
            assert (line["alarm"]["lat"], line["alarm"]["lng"]) == (None, None)
    assert without == 4


def test_battery_that_no_family_measures_is_unknown_and_never_low() -> None:
    measured = unmeasured = 0
    for row, line in zip(recorded(), decoded(), strict=True):
        if line["kind"] != "snapshot":
            continue
        raw, values = row["frame"]["data"]["status"], line["values"]
        if "battery_voltage" in raw:
            assert 3.12 <= values["battery_voltage"] <= 4.1
            assert values["battery_voltage_percent"] == raw["battery_voltage_percent"]
            measured += 1
        else:
            unmeasured += 1
            assert raw["battery_voltage_percent"] == 100
            assert values["battery_voltage_percent"] is None
            assert "battery_voltage" not in values
    assert (measured, unmeasured) == (21, 22)


def test_real_loss_of_supply_is_a_voltage() -> None:
    (line,) = snapshots("1000000900000014")
    assert line["values"]["external_power_voltage"] == 2.63
    assert line["values"]["battery_voltage_percent"] == 1


def test_driver_records_show_no_speed() -> None:
    first, second = records("driver")
    assert first["records"] == [
        {"driver_id": "0294a5055d5c", "name": None, "battery_v": 2.9, "alert": "driver"}
    ]
    assert second["records"][0]["alert"] == "tag battery low"
    # What nobody interprets stands as it came, and only there.
    assert first["other"]["bleDataList"][0]["speed"] == -1


def test_fuel_probe_has_its_raw_value_and_no_level() -> None:
    (line,) = records("rs232Fuel")
    (record,) = line["records"]
    assert record["raw_value"] == 4
    assert record["level_percent"] is None
    assert record["temperature_c"] == 18
    assert record["alarm"] == "none"
    assert record["connected"] is True


def test_trouble_code_events_with_a_vin_alone_or_no_code_at_all() -> None:
    vin, empty = records("obdErrorInfo")
    assert vin["records"][0]["vin"] == "TESTV1N0000000001"
    assert vin["records"][0]["standard"] is None
    assert vin["records"][0]["codes"] == []
    assert empty["records"][0]["standard"] == "J1979"
    assert empty["records"][0]["codes"] == []


def test_engine_values_of_all_ones_are_unknown_and_zero_is_zero() -> None:
    off = snapshots("1000000900000001")[0]["values"]
    assert [off[key] for key in ("rpm", "engine_load", "cooling_fluid_temp")] == [None] * 3
    zero = snapshots("1000000900000011")[0]["values"]
    assert (zero["rpm"], zero["engine_load"], zero["air_input"]) == (0, 0, None)


def test_same_byte_is_named_by_the_family_of_its_device() -> None:
    named = {
        (line["alarm"]["imei"], line["alarm"]["code"]): (
            line["alarm"]["name"],
            line["alarm"]["numbering"],
        )
        for line in records("messagePass")
    }
    assert named["1000000900000022", 22] == ("Moving begins", "B-asset")
    assert named["1000000900000011", 22] == ("Ignition off", "B-vehicle")
    assert named["1000000900000003", 105] == ("Alarm 0x69", None)


def test_no_value_is_a_sentinel_or_a_number_as_text() -> None:
    looked_at = 0
    for line in decoded():
        for wire, value in line.get("values", {}).items():
            looked_at += 1
            assert value != -999, wire
            if isinstance(value, str):
                assert wire in {"date", "location_date", "input", "output", "version", "imei"}
    assert looked_at > 500


def test_frames_in_order_of_time_are_never_late() -> None:
    late = [line["late"] for line in decoded() if line["kind"] == "snapshot"]
    assert late == [False] * len(late)
    assert len(late) > 10


ALARM_MESSAGES = [row["frame"] for row in recorded() if row["channel"] == "messages"]


@pytest.mark.parametrize("frame", ALARM_MESSAGES)
def test_alarm_message_wrapped_as_text_decodes_alike(frame: dict[str, Any]) -> None:
    wrapped = frame | {"alarm_msg": json.dumps(frame["alarm_msg"])}
    pushes = [
        decode(Channel.MESSAGES, json.dumps(content).encode())
        for content in (frame, wrapped, json.dumps(wrapped))
    ]
    assert pushes[0] == pushes[1] == pushes[2]
    assert isinstance(pushes[0], UserMessage)
