import json
from typing import Any

import pytest

from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol import lenient
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.records import (
    RECORD_TABLES,
    RecordColumn,
    RecordTable,
    record_groups,
)


def event(kind: str, data: dict[str, Any]) -> Records:
    identity = {"device_key": "99", "id": 7, "imei": "100", "model": "T1"}
    frame = json.dumps({"event": kind, "data": identity | data, "error": 0}).encode()
    push = decode(Channel.DEVICES, frame)
    assert isinstance(push, Records), push
    assert push.kind == kind
    assert push.identity.key == "100"
    return push


def known(push: Records) -> list[dict[str, Any]]:
    return [{k: v for k, v in record.items() if v is not None} for record in push.records]


@pytest.mark.parametrize("kind", ["bleTire", "rs232Tire"])
@pytest.mark.parametrize(
    "data",
    [
        {"bleTireList": [{"mac": "a1", "airPressure": 47.16, "airTemp": 21, "voltage": 3.0}]},
        {"list": [{"sensorId": "a1", "air_pressure": "47.16", "air_temp": 21, "battery": 3}]},
        {"data": {"tires": [{"sensor_id": "a1", "Pressure": 47.16, "temp": "21", "voltage": 3}]}},
        {"status": {"t": [{"id": "a1", "pressure": 47.16, "temperature": 21, "voltage": 3}]}},
        {"bleTireList": '[{"mac":"a1","airPressure":47.16,"airTemp":21,"voltage":3}]'},
        {"status": '{"t":[{"mac":"a1","airPressure":47.16,"airTemp":21,"voltage":3}]}'},
        {"mac": "a1", "airPressure": 47.16, "airTemp": 21, "voltage": 3},
        {"data": {"mac": "a1", "airPressure": 47.16, "airTemp": 21, "voltage": 3}},
    ],
)
def test_tyre_is_found_wherever_and_however_it_is_spelled(kind: str, data: dict[str, Any]) -> None:
    push = event(kind, data)
    assert known(push) == [
        {"sensor": "a1", "pressure_kpa": 47.16, "temperature_c": 21.0, "battery_v": 3.0}
    ]
    assert push.other == {}


def test_each_tyre_is_a_record_also_one_without_a_reading() -> None:
    wheels = [
        {"mac": "a1", "airPressure": 250, "status": 1, "tire": 3},
        {"mac": "a2"},
        {"mac": "a3", "airPressure": -999, "airTemp": "-999", "voltage": None, "status": 9},
    ]
    push = event("bleTire", {"tires": wheels})
    assert known(push) == [
        {"sensor": "a1", "pressure_kpa": 250, "status": "leak", "position": "3"},
        {"sensor": "a2"},
        {"sensor": "a3", "status": "status 9"},
    ]
    assert push.other == {}


@pytest.mark.parametrize(
    ("number", "word"),
    list(enumerate(["normal", "leak", "inflating", "start-up", "power on", "wake-up"])),
)
def test_tyre_status_has_a_word(number: int, word: str) -> None:
    push = event("bleTire", {"tires": [{"mac": "a1", "pressure": 1, "status": number}]})
    assert push.records[0]["status"] == word


def test_status_in_words_is_taken_as_it_is() -> None:
    push = event("bleTire", {"tires": [{"mac": "a1", "pressure": 1, "status": "leaking"}]})
    assert push.records[0]["status"] == "leaking"


def test_status_of_a_single_tyre_is_read_where_it_is_no_object() -> None:
    push = event("rs232Tire", {"sensorId": "0a1b2c", "pressure": 240.5, "status": 2})
    assert known(push) == [{"sensor": "0a1b2c", "pressure_kpa": 240.5, "status": "inflating"}]


@pytest.mark.parametrize(
    ("data", "record"),
    [
        (
            {"list": [{"mac": "0294a5055d5c", "voltage": 2.9, "alert": 0}]},
            {"driver_id": "0294a5055d5c", "battery_v": 2.9, "alert": "driver"},
        ),
        (
            {"list": [{"mac": "0294a5055d5c", "alert": 1}]},
            {"driver_id": "0294a5055d5c", "alert": "tag battery low"},
        ),
        ({"rfid": "12AB34CD"}, {"driver_id": "12AB34CD"}),
        ({"fingerprintId": 17}, {"driver_id": "17"}),
        (
            {"driver_id": 5, "driver_name": "Ann", "phone": "1"},
            {"driver_id": "5", "name": "Ann"},
        ),
        ({"card": "77", "name": "Ann"}, {"driver_id": "77", "name": "Ann"}),
        ({"drivers": [{"id": 5, "name": "Ann"}]}, {"driver_id": "5", "name": "Ann"}),
    ],
)
def test_driver_is_identified_by_what_there_is(
    data: dict[str, Any], record: dict[str, Any]
) -> None:
    push = event("driver", data)
    assert known(push) == [record]
    assert push.other == ({"phone": "1"} if "phone" in data else {})


def test_name_of_the_device_alone_is_no_driver() -> None:
    push = event("driver", {"name": "Truck 5"})
    assert push.records == []
    assert push.other == {"name": "Truck 5"}


def test_keys_that_no_record_knows_stay_as_they_came() -> None:
    tag = {"mac": "a1", "id": 5, "speed": -1, "latitude": 0}
    push = event("driver", {"isIgnition": True, "tags": [tag, "odd"], "status": {"gps": 1}})
    assert push.other == {
        "isIgnition": True,
        "tags": [{"id": 5, "speed": -1, "latitude": 0}, "odd"],
        "status": {"gps": 1},
    }


def test_value_that_cannot_be_read_stays_as_it_came() -> None:
    push = event("bleTire", {"tires": [{"mac": "a1", "pressure": "n/a", "airPressure": 5}]})
    assert known(push) == [{"sensor": "a1", "pressure_kpa": 5}]
    assert push.other == {"tires": [{"pressure": "n/a"}]}


@pytest.mark.parametrize(
    ("data", "standard", "codes"),
    [
        ({"errorCode": "J1979", "errorData": "P0300;C1201"}, "J1979", ["P0300", "C1201"]),
        ({"error_code": "J1939", "error_data": "P0300,U0001 ;"}, "J1939", ["P0300", "U0001"]),
        ({"protocol": "J1979", "codes": ["P0300", "", None, "B1A00"]}, "J1979", ["P0300", "B1A00"]),
        ({"errorCode": "J1979", "dtc": ""}, "J1979", []),
        ({"errorCode": "J1979", "errorData": None}, "J1979", []),
        (
            {"errorCode": "J1939", "errorData": "SPN 100 FMI 1; 3-4"},
            "J1939",
            ["SPN100-FMI1", "3-4"],
        ),
        ({"errorCode": "J1979"}, "J1979", []),
        ({"list": [{"errorCode": "J1979", "errorData": "C1201"}]}, "J1979", ["C1201"]),
    ],
)
def test_trouble_codes_come_in_several_spellings(
    data: dict[str, Any], standard: str, codes: list[str]
) -> None:
    push = event("obdErrorInfo", data)
    assert [(record["standard"], record["codes"]) for record in push.records] == [(standard, codes)]
    assert push.other == {}


def test_event_with_a_vin_alone_is_a_record_without_codes() -> None:
    push = event("obdErrorInfo", {"messageType": 1, "vin": "TESTV1N0000000001"})
    assert known(push) == [{"codes": [], "vin": "TESTV1N0000000001", "content": "vehicle number"}]


def test_answer_to_clearing_the_codes_says_whether_it_worked() -> None:
    push = event("obdErrorInfo", {"messageType": 2, "clearErrorCodeSuccess": True})
    assert known(push) == [{"codes": [], "cleared": True, "content": "clear result"}]


@pytest.mark.parametrize(
    ("probe", "record"),
    [
        ({"fuelPercent": "62.5", "alarm": 0}, {"level_percent": 62.5, "alarm": "none"}),
        ({"fuel_percent": 10, "alarm": 2}, {"level_percent": 10, "alarm": "leak"}),
        (
            {"curLiquidHeight": 30.5, "fullLiquidHeight": 61, "temp": 18, "liquidType": 1},
            {
                "level_percent": 50.0,
                "temperature_c": 18,
                "height": 30.5,
                "full_height": 61,
                "liquid": "diesel",
            },
        ),
        ({"curLiquidHeight": 0, "fullLiquidHeight": 61}, {"height": 0, "full_height": 61}),
        ({"curLiquidHeight": 5, "fullLiquidHeight": 0}, {"height": 5, "full_height": 0}),
        ({"curLiquidHeight": -999, "fullLiquidHeight": 61}, {"full_height": 61}),
        (
            {"mac": "a1", "value": 4, "voltage": 3.6, "temp": 18.0, "online": 1, "alarm": -999},
            {
                "sensor": "a1",
                "raw_value": 4,
                "battery_v": 3.6,
                "temperature_c": 18,
                "connected": True,
            },
        ),
    ],
)
def test_fuel_probes_of_every_kind_are_read(probe: dict[str, Any], record: dict[str, Any]) -> None:
    assert known(event("rs232Fuel", {"probes": [probe]})) == [record]
    assert known(event("rs232Fuel", probe)) == [record]


@pytest.mark.parametrize("kind", RECORD_TABLES)
@pytest.mark.parametrize("data", [{}, {"x": [1, {"y": 2}]}, {"status": "text"}, {"data": []}])
def test_event_without_anything_known_has_no_records_and_loses_nothing(
    kind: str, data: dict[str, Any]
) -> None:
    push = event(kind, data)
    assert push.records == []
    assert push.other == data


def test_every_kind_stands_in_one_group_and_groups_keep_the_order_of_the_tables() -> None:
    groups = record_groups()
    assert list(groups) == ["Tyres", "Driver", "Codes", "Fuel"]
    grouped = [table for tables in groups.values() for table in tables]
    assert grouped == list(RECORD_TABLES.values())
    assert [table.title for table in groups["Tyres"]] == ["Tyres (Bluetooth)", "Tyres (RS-232)"]


def test_one_more_table_is_all_that_a_new_kind_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = (RecordColumn("open", "Open", ("dooropen",), lenient.flag),)
    monkeypatch.setitem(RECORD_TABLES, "bleDoor", RecordTable("bleDoor", "Doors", "Cargo", columns))
    push = event("bleDoor", {"doors": [{"door_open": 1}, {"doorOpen": "0", "rssi": -60}]})
    assert push.records == [{"open": True}, {"open": False}]
    assert push.other == {"doors": [{}, {"rssi": -60}]}
    assert [table.kind for table in record_groups()["Cargo"]] == ["bleDoor"]


@pytest.mark.parametrize(
    ("kind", "data", "records"),
    [
        ("driver", {"driver": {"id": 5, "name": "Ann"}}, [{"driver_id": "5", "name": "Ann"}]),
        ("driver", {"person": {"name": "Ann"}, "vehicle": {"name": "V"}}, [{"name": "Ann"}]),
        ("driver", {"info": {"driver": {"rfid": "12AB"}}}, [{"driver_id": "12AB"}]),
        (
            "bleTire",
            {"tyre1": {"pressure": 700}, "tyre2": '{"pressure": 690, "status": 1}'},
            [
                {"pressure_kpa": 700.0, "position": "tyre1"},
                {"pressure_kpa": 690.0, "status": "leak", "position": "tyre2"},
            ],
        ),
        (
            "rs232Tire",
            {"t": {"1": {"mac": "a", "temp": 21}}},
            [{"sensor": "a", "temperature_c": 21}],
        ),
        (
            "bleTire",
            {"axle": {"list": [{"mac": "a", "temp": 2}]}},
            [{"sensor": "a", "temperature_c": 2}],
        ),
        (
            "rs232Fuel",
            {"status": {"tank1": {"percent": 5}}},
            [{"sensor": "tank1", "level_percent": 5}],
        ),
    ],
)
def test_records_are_found_in_objects_of_any_name(
    kind: str, data: dict[str, Any], records: list[dict[str, Any]]
) -> None:
    push = event(kind, data)
    assert known(push) == records
    assert "driver" not in push.other


def test_what_a_named_object_holds_beside_its_record_stays_as_it_came() -> None:
    push = event("driver", {"driver": {"id": 5, "phone": "1"}, "vehicle": {"name": "V"}})
    assert known(push) == [{"driver_id": "5"}]
    assert push.other == {"driver": {"phone": "1"}, "vehicle": {"name": "V"}}


def test_objects_are_not_searched_without_end() -> None:
    data: dict[str, Any] = {"pressure": 700}
    for _ in range(9):
        data = {"inside": data}
    assert event("bleTire", data).records == []


def test_register_with_all_bits_set_is_no_reading_of_a_record() -> None:
    tyre = {"mac": "a1", "airPressure": 65535, "airTemp": 255, "voltage": 65.535}
    push = event("bleTire", {"tires": [tyre]})
    assert known(push) == [{"sensor": "a1"}]
    # What came is still shown, as it came.
    assert push.other == {"tires": [{"airPressure": 65535, "airTemp": 255, "voltage": 65.535}]}
    probe = {"mac": "a1", "percent": 255, "temp": 21, "voltage": 25.5}
    push = event("rs232Fuel", {"list": [probe]})
    assert known(push) == [{"sensor": "a1", "temperature_c": 21.0}]
    heights = {"curLiquidHeight": 65535, "fullLiquidHeight": 500, "mac": "a1"}
    assert "level_percent" not in known(event("rs232Fuel", {"list": [heights]}))[0]
