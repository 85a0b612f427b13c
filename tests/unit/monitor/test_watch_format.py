import json
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import UNSET

from tftmonitor.model.fields.field import FieldKind, FieldSpec, FieldTable, Number, Whole
from tftmonitor.monitor.watch_format import Line, WatchFormatter, canonical_values, encode_line
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode, read_status
from tftmonitor.protocol.messages import Snapshot, SnapshotData

NOW_MS = 1_795_000_000_000


@pytest.fixture
def recorder() -> WatchFormatter:
    return WatchFormatter()


def line(recorder: WatchFormatter, content: Any, channel: Channel = Channel.DEVICES) -> Line:
    frame = content if isinstance(content, bytes) else json.dumps(content).encode()
    found = recorder.line(channel, decode(channel, frame), frame, NOW_MS)
    assert found is not None
    encoded: Line = json.loads(encode_line(found))
    return encoded


def snapshot(**status: Any) -> dict[str, Any]:
    return {"event": "snapshot", "data": {"imei": "100", "status": status}, "error": 0}


def test_line_of_a_snapshot_has_the_documented_keys(recorder: WatchFormatter) -> None:
    content = {
        "event": "snapshot",
        "data": {
            "device_key": "99",
            "id": 7,
            "imei": 100,
            "model": "T1",
            "status": {
                "date": NOW_MS,
                "location_date": 946_684_816_000,
                "speed": "12.50",
                "acc": 1,
                "altitude": None,
                "network_signal": -999,
                "mileage": "far",
                "ev": {"range": 5},
            },
        },
        "error": 0,
    }
    assert line(recorder, content) == {
        "received": "2026-11-18T11:06:40.000Z",
        "channel": "devices",
        "kind": "snapshot",
        "imei": "100",
        "device_key": "99",
        "id": "7",
        "model": "T1",
        "error": 0,
        "values": {
            "date": "2026-11-18T11:06:40.000Z",
            "speed": 12.5,
            "acc": True,
            "altitude": None,
            "mileage": None,
            "location_date": None,
            "network_signal": None,
        },
        "other": {"ev": {"range": 5}},
        "problems": ["mileage: 'far' is not a number", "location_date: clock not set"],
        "late": False,
    }


def test_frame_older_than_the_newest_is_late(recorder: WatchFormatter) -> None:
    lates = [line(recorder, snapshot(date=NOW_MS - age))["late"] for age in (60_000, 0, 30_000)]
    assert lates == [False, False, True]


def test_clock_that_is_not_right_is_said(recorder: WatchFormatter) -> None:
    behind_ms = 19_800_000
    found = []
    for second in range(5):
        frame = snapshot(date=NOW_MS + second * 1_000 - behind_ms)
        encoded = msgspec.json.encode(frame)
        push = decode(Channel.DEVICES, encoded)
        found.append(recorder.line(Channel.DEVICES, push, encoded, NOW_MS + second * 1_000))
    first, last = found[0], found[4]
    assert first is not None
    assert last is not None
    assert (first["clock"], first["device_time"]) == ("time doubtful", None)
    assert (last["clock"], last["device_time"]) == (
        "clock 5 h 30 behind", "2026-11-18T11:06:44.000Z",
    )  # fmt: skip
    assert last["values"]["date"] == "2026-11-18T05:36:44.000Z"


def test_date_of_an_alarm_is_the_believed_one(recorder: WatchFormatter) -> None:
    def dates(alarm_ms: int | None, sent_ms: int) -> tuple[object, object]:
        content = {"imei": "100", "cur_event": 64} | ({"date": alarm_ms} if alarm_ms else {})
        message = {"type": "messagePass", "message": "Towing", "from_id": 1, "date": sent_ms}
        alarm = line(recorder, message | {"alarm_msg": content}, Channel.MESSAGES)["alarm"]
        return alarm.get("device_time"), alarm.get("clock")

    five_hours_ago = NOW_MS - 5 * 3_600_000
    assert dates(None, five_hours_ago) == ("2026-11-18T06:06:40.000Z", None)
    assert dates(five_hours_ago, NOW_MS) == (None, "time doubtful")


def test_date_of_records_is_doubted_or_corrected(recorder: WatchFormatter) -> None:
    def of_records(age_s: int) -> tuple[object, object]:
        data = {"imei": "100", "date": NOW_MS - age_s * 1_000, "driver_id": "7"}
        found = line(recorder, {"event": "driver", "data": data})
        return found.get("device_time"), found.get("clock")

    assert of_records(7_200) == (None, "time doubtful")
    assert of_records(60) == (None, None)
    line(recorder, snapshot(imei="100", date=NOW_MS - 5))
    assert of_records(-60) == ("2026-11-18T11:06:40.000Z", None)


def test_line_of_a_message_has_the_documented_keys(recorder: WatchFormatter) -> None:
    content = {
        "type": "messagePass",
        "from_id": 1,
        "from_name": "Alarm",
        "message": "Towing",
        "alarm_msg": {"imei": "100", "cur_event": 64, "lat": 1.5, "lng": 2, "plate": "X"},
        "date": NOW_MS // 1000,
        "priority": 3,
    }
    assert line(recorder, content, Channel.MESSAGES) == {
        "received": "2026-11-18T11:06:40.000Z",
        "channel": "messages",
        "kind": "messagePass",
        "from_id": "1",
        "sender": "alarm",
        "from_name": "Alarm",
        "text": "Towing",
        "sent": "2026-11-18T11:06:40.000Z",
        "alarm": {
            "imei": "100",
            "name": "Towing",
            "severity": "critical",
            "numbering": "A",
            "code": 64,
            "date": None,
            "lat": 1.5,
            "lng": 2.0,
            "speed": None,
            "address": None,
        },
        "other": {"priority": 3, "alarm_msg": {"plate": "X"}},
    }


def test_message_without_alarm_has_none(recorder: WatchFormatter) -> None:
    content = {"type": "messagePass", "from_id": 4711, "message": "hi", "date": 946_684_816_000}
    found = line(recorder, content, Channel.MESSAGES)
    assert (found["sender"], found["alarm"], found["sent"], found["other"]) == (
        "user",
        None,
        None,
        {},
    )


def test_every_alarm_of_a_message_is_told(recorder: WatchFormatter) -> None:
    alarms = [{"imei": "1", "alarm": "SOS", "x": 1}, {"imei": "2", "alarm": 16}]
    found = line(
        recorder, {"type": "messagePass", "from_id": 1, "alarm_msg": alarms}, Channel.MESSAGES
    )
    assert [alarm["imei"] for alarm in found["alarms"]] == ["1", "2"]
    assert found["alarm"] == found["alarms"][0]
    assert found["alarm"]["name"] == "SOS"
    assert found["other"] == {"alarm_msg": [{"x": 1}, {}]}


def test_alarm_without_any_details_is_an_alarm_still(recorder: WatchFormatter) -> None:
    found = line(recorder, {"type": "messagePass", "from_id": 1}, Channel.MESSAGES)
    assert found["alarm"]["severity"] == "warning"
    assert found["alarm"]["code"] is None
    assert found["alarm"]["name"]


def test_number_that_means_opposite_things_is_named_by_the_model(recorder: WatchFormatter) -> None:
    message = {"type": "messagePass", "from_id": 1, "alarm_msg": {"imei": "100", "cur_event": 22}}
    unsure = line(recorder, message, Channel.MESSAGES)["alarm"]
    assert "ignition off" in unsure["name"]
    assert "moving begins" in unsure["name"]
    assert unsure["severity"] == "warning"
    content = snapshot()
    content["data"]["model"] = "TLP1-SF"
    line(recorder, content)
    # The codec's own enumeration has another alarm of this number: the words decide.
    sure = line(recorder, message | {"message": "Moving begins"}, Channel.MESSAGES)["alarm"]
    assert (sure["name"], sure["numbering"], sure["severity"]) == (
        "Moving begins",
        "B-asset",
        "info",
    )


def test_record_events_tell_time_records_and_rest(recorder: WatchFormatter) -> None:
    data = {"imei": "100", "date": NOW_MS, "mac": "a1", "voltage": 2.9, "odd": 1}
    found = line(recorder, {"event": "driver", "data": data, "error": 0})
    assert found["date"] == "2026-11-18T11:06:40.000Z"
    assert found["records"] == [{"driver_id": "a1", "name": None, "battery_v": 2.9, "alert": None}]
    assert found["other"] == {"odd": 1}


def test_file_notices_tell_state_and_address(recorder: WatchFormatter) -> None:
    found = line(
        recorder, {"type": "downloadAllow", "url": "https://x.invalid/1"}, Channel.MESSAGES
    )
    assert (found["kind"], found["state"], found["address"]) == (
        "downloadAllow",
        "ready",
        "https://x.invalid/1",
    )


def test_unknown_kind_has_its_own_kind_and_all_it_holds(recorder: WatchFormatter) -> None:
    content = {"event": "bleDoor", "data": {"imei": "1", "open": True}}
    found = line(recorder, content)
    assert (found["kind"], found["other"]) == ("bleDoor", content)


def test_what_cannot_be_used_is_told_with_its_size(recorder: WatchFormatter) -> None:
    found = line(recorder, b"hello")
    del found["received"]
    assert found == {
        "channel": "devices",
        "kind": "invalid",
        "problem": "not JSON: 'hello'",
        "size": 5,
    }


def test_answer_to_our_ping_is_no_line(recorder: WatchFormatter) -> None:
    push = decode(Channel.DEVICES, b"pong")
    assert recorder.line(Channel.DEVICES, push, b"pong", NOW_MS) is None


class Wider(msgspec.Struct):
    speed: Annotated[Number, FieldSpec("Speed", high=500)] = UNSET
    ev_range: Annotated[Number, FieldSpec("Range left", low=0)] = msgspec.field(
        default=UNSET, name="evRange"
    )
    charged: Annotated[Whole, FieldSpec("Charged", FieldKind.TIME)] = UNSET


def test_field_of_another_status_class_reaches_the_line_without_further_code() -> None:
    table = FieldTable(Wider)
    problems: list[str] = []
    raw = {"evRange": "120.5", "charged": NOW_MS, "speed": 900}
    status = read_status(table, raw, problems)
    push = Snapshot("snapshot", SnapshotData(imei="1", status=status))
    assert canonical_values(push, NOW_MS, table) == (
        {"speed": None, "evRange": 120.5, "charged": "2026-11-18T11:06:40.000Z"},
        ["speed: 900 is outside -inf to 500"],
    )


def test_values_that_were_not_measured_now_have_their_ages(recorder: WatchFormatter) -> None:
    place = {"speed": 62.0, "lat": 52.1, "lng": 5.2, "acc": 1}
    old_fix = line(recorder, snapshot(date=NOW_MS, location_date=NOW_MS - 10_800_000, **place))
    assert old_fix["old"] == {"speed": 10_800.0, "lat": 10_800.0, "lng": 10_800.0}
    fresh = line(recorder, snapshot(date=NOW_MS, location_date=NOW_MS - 1_000, **place))
    assert "old" not in fresh


def test_place_is_as_old_as_the_fix_that_was_lost(recorder: WatchFormatter) -> None:
    place = {"lat": 52.1, "lng": 5.2, "speed": None}
    unknown = line(recorder, snapshot(date=NOW_MS - 120_000, latlng_valid=0, **place))
    assert "old" not in unknown
    line(recorder, snapshot(date=NOW_MS - 90_000, latlng_valid=1, **place))
    lost = line(recorder, snapshot(date=NOW_MS, latlng_valid=0, **place))
    assert lost["old"] == {"lat": 90.0, "lng": 90.0}
    late = line(recorder, snapshot(date=NOW_MS - 60_000, latlng_valid=0, **place))
    assert "old" not in late


def test_what_was_before_is_not_kept() -> None:
    formatter = WatchFormatter()
    for number in range(3_000):
        status = {"date": 1_795_000_000_000 + number * 1_000, "speed": number % 90}
        frame = json.dumps({"event": "snapshot", "data": {"imei": "1", "status": status}}).encode()
        push = decode(Channel.DEVICES, frame)
        assert formatter.line(Channel.DEVICES, push, frame, 1_795_000_000_000 + number * 1_000)
    (device,) = formatter._fleet
    assert len(device.series) <= 3
