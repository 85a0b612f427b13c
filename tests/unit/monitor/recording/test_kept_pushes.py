"""The window keeps of each push what a recorder would, once, whatever becomes of it."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.unit.history.samples.pushes import T0
from tests.unit.monitor.recording.test_recorder import Writer, snapshot
from tests.unit.monitor.test_fleet_full import MOST, Full
from tests.unit.monitor.test_monitor import Rig
from tftmonitor.base.clock import ManualClock
from tftmonitor.history.samples.stored import Recorded
from tftmonitor.monitor.recording.recorder import Recorder
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode

MESSAGE = {"type": "messagePass", "from": "alarm", "message": "x"}
DEVICES, MESSAGES = Channel.DEVICES, Channel.MESSAGES
PUSHES: tuple[tuple[Channel, Any], ...] = (
    (DEVICES, snapshot(T0)),
    (DEVICES, snapshot(T0 - 90_000)),
    (DEVICES, snapshot(None)),
    (DEVICES, {"event": "driver", "data": {"imei": "1", "date": T0 - 5}}),
    (DEVICES, {"event": "driver", "data": {"imei": "22", "date": T0 - 5, "surprise": 1}}),
    (DEVICES, {"event": "what", "data": 5}),
    (DEVICES, ["what"]),
    (MESSAGES, MESSAGE),
    (MESSAGES, {**MESSAGE, "alarm_msg": {"imei": "1", "alarm_code": 3}}),
    (MESSAGES, {**MESSAGE, "alarm_msg": {"imei": "77", "alarm_code": 3}}),
    (MESSAGES, {"type": "downloadAllow", "url": "x"}),
)

Keep = Callable[[Channel, Any], None]


def kept_by(rig: Rig, pushes: tuple[tuple[Channel, Any], ...]) -> list[Recorded]:
    rows: list[Recorded] = []
    rig.monitor.receiver.keep = rows.append
    for number, (channel, content) in enumerate(pushes):
        frame = msgspec.json.encode(content)
        rig.monitor.receiver.receive(channel, decode(channel, frame), frame, T0 + number)
    return rows


def test_window_keeps_what_a_recorder_keeps() -> None:
    writer = Writer()
    recorder = Recorder(writer, ManualClock(T0))  # type: ignore[arg-type]
    for number, (channel, content) in enumerate(PUSHES):
        frame = msgspec.json.encode(content)
        recorder.receive(channel, decode(channel, frame), frame, T0 + number)
    rows = kept_by(Rig(), PUSHES)
    assert rows == writer.rows
    assert len(rows) == len(PUSHES)
    assert [row[4] for row in rows[:3]] == [False, True, False]


def test_what_is_of_a_device_without_a_row_is_kept() -> None:
    (row,) = kept_by(Full(), ((DEVICES, snapshot(T0, imei="9000")),))
    assert row[0] == "9000"
    assert MOST < 9_000


def test_push_behind_which_something_fails_is_not_kept_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = Rig()

    def fail(*_more: Any) -> None:
        raise ValueError("of a test")

    monkeypatch.setattr(rig.monitor.receiver.rules, "on_snapshot", fail)
    rows: list[Recorded] = []
    rig.monitor.receiver.keep = rows.append
    frame = msgspec.json.encode(snapshot(T0))
    # It is handed out once more, as one that cannot be used, and kept then.
    with pytest.raises(ValueError, match="of a test"):
        rig.monitor.receiver.receive(DEVICES, decode(DEVICES, frame), frame, T0)
    assert rows == []
