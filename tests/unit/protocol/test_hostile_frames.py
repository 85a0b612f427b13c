"""Frames that were made to hurt: none raises, and the work for each is bounded."""

import json
import sys
from types import FrameType
from typing import Any

import pytest

from tests.fuzz import fuzz_frames
from tests.fuzz.fuzz_frames import make_target

IDS = {"imei": "1000000910000001"}


def snapshot(**status: Any) -> bytes:
    return b"d" + json.dumps({"event": "snapshot", "data": IDS | {"status": status}}).encode()


def event(kind: str, data: Any) -> bytes:
    return b"d" + json.dumps({"event": kind, "data": data}).encode()


def message(**content: Any) -> bytes:
    return b"m" + json.dumps({"type": "messagePass", "from_id": "1"} | content).encode()


def raw_snapshot(status: bytes) -> bytes:
    return b'd{"event":"snapshot","data":{"imei":"1","status":{' + status + b"}}}"


def records(count: int) -> list[dict[str, Any]]:
    return [{"sensor": f"{n}", "status": "leak", "pressure": n} for n in range(count)]


DIGITS = b"9" * 400
HOSTILE = {
    "status of a record in endless hex": event(
        "bleTire", IDS | {"data": [{"sensor": "1", "status": "0x" + "f" * 200_000}]}
    ),
    "whole numbers of 400 digits": raw_snapshot(
        b'"speed":' + DIGITS + b',"date":' + DIGITS + b',"cur_event":' + DIGITS
    ),
    "hex of more digits than Python writes": snapshot(alerts="0x" + "f" * 5_000),
    "alarm numbers of 100,000 digits": snapshot(cur_event="9" * 100_000, alerts="1" * 100_000),
    "alarm_msg of 150,000 numbers": message(alarm_msg=list(range(1, 150_000))),
    "alarm_msg of 20,000 objects": message(
        alarm_msg=[{"imei": f"{n}", "cur_event": 3} for n in range(20_000)]
    ),
    "alarm_msg of 20,000 objects in a text": message(
        alarm_msg=json.dumps([{"imei": f"{n}", "cur_event": 3} for n in range(20_000)])
    ),
    "40,000 objects in a message": message(other=[{"imei": f"{n}"} for n in range(40_000)]),
    "30,000 alarms in an unknown push": event(
        "strange", {"x": [{"imei": f"{n}", "alarm": n + 1} for n in range(30_000)]}
    ),
    "pins of 900 kB": snapshot(iop="1" * 900_000),
    "12,000 records": event("bleTire", IDS | {"data": records(12_000)}),
    "12,000 records by names of their own": event(
        "bleTire", IDS | {f"tyre{n}": record for n, record in enumerate(records(12_000))}
    ),
    "id of 300 kB": event("snapshot", {"imei": "1" * 300_000, "status": {"speed": 1}}),
    "300,000 brackets": b'd{"event":"x","a":' + b"[" * 300_000 + b"]" * 300_000 + b"}",
    "20,000 alarms in each other": b"d" + b'{"alarm":' * 20_000 + b"1" + b"}" * 20_000,
    "brackets in a text": event("x", "[{" * 200_000),
    "50,000 keys": snapshot(**{f"k{n}": n for n in range(50_000)}),
    "40,000 keys that speak of alarms": snapshot(**{f"alarm{n}": n for n in range(40_000)}),
    "80,000 alarms in a broken frame": raw_snapshot(b'"alarm":1,' * 80_000)[:-3],
    "numbers beyond all bounds": raw_snapshot(b'"speed":1e99999,"date":1e308,"mileage":-1e400'),
}
# Calls of functions, Python's and the interpreter's. The 1,600 bytes of a usual snapshot take some
# 300; what is read of these is bounded, whatever they hold.
MOST_CALLS = 160_000


def calls_of(frame: bytes) -> int:
    """How many functions are called for a frame; raises what they raise."""
    target, count = make_target(), 0

    def note(_frame: FrameType, what: str, _argument: object) -> None:
        nonlocal count
        count += what in {"call", "c_call"}

    target(b"d{}")
    sys.setprofile(note)
    try:
        target(frame)
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(autouse=True)
def _slow_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts here is what is done, not how long this machine takes."""
    monkeypatch.setattr(fuzz_frames, "LIMIT_S", 60.0)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_frame_is_taken_with_bounded_work(name: str) -> None:
    assert calls_of(HOSTILE[name]) < MOST_CALLS
