"""What the recorder keeps of each push: whose it is, from when, and whether it is late."""

from typing import Any

import msgspec
import pytest

from tests.unit.history.samples.pushes import T0
from tftmonitor.base.clock import ManualClock
from tftmonitor.history.samples.stored import LinkChange, Recorded
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.who.rows import FleetFullError
from tftmonitor.monitor.recording.recorder import Recorder
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.link_status import LinkState, LinkStatus


class Writer:
    """Notes what it is given."""

    def __init__(self) -> None:
        self.rows: list[Recorded] = []
        self.blind: list[BlindInterval] = []
        self.links: list[LinkChange] = []
        self.labels: dict[str, str] = {}

    def put(self, row: Recorded) -> None:
        self.rows.append(row)

    def put_blind(self, interval: BlindInterval) -> None:
        self.blind.append(interval)

    def put_link(self, change: LinkChange) -> None:
        self.links.append(change)

    def put_label(self, device: str, label: str) -> None:
        assert device not in self.labels
        self.labels[device] = label


class Stage:
    def __init__(self) -> None:
        self.writer, self.clock = Writer(), ManualClock(T0)
        self.recorder = Recorder(self.writer, self.clock)  # type: ignore[arg-type]

    def receive(self, content: Any, channel: Channel = Channel.DEVICES) -> Recorded:
        frame = msgspec.json.encode(content)
        push = decode(channel, frame)
        self.recorder.receive(channel, push, frame, self.clock.now_ms())
        row = self.writer.rows[-1]
        assert row[1:3] == (channel.value, self.clock.now_ms())
        assert row[5] == frame
        return row

    def link(self, state: LinkState, reason: str = "") -> None:
        status = LinkStatus(Channel.DEVICES, state, self.clock.now_ms(), reason)
        self.recorder.note_link(status)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def snapshot(date: int | None, **data: Any) -> dict[str, Any]:
    status = {} if date is None else {"date": date}
    return {"event": "snapshot", "data": {"imei": "1", **data, "status": status}, "error": 0}


def test_snapshot_has_its_device_its_date_and_whether_it_is_late(stage: Stage) -> None:
    assert stage.receive(snapshot(T0 - 1_000))[0:5:3] == ("1", T0 - 1_000)
    assert stage.writer.rows[-1][4] is False
    assert stage.receive(snapshot(T0 - 90_000))[4] is True
    assert stage.receive(snapshot(None))[3] is None


def test_what_a_device_is_called_is_written_when_it_changes(stage: Stage) -> None:
    stage.receive(snapshot(T0))
    assert stage.writer.labels == {}
    stage.receive(snapshot(T0 + 1, model="TLW2"))
    stage.receive(snapshot(T0 + 2, model="TLW2"))
    assert stage.writer.labels == {"1": "TLW2"}
    assert stage.recorder.devices == 1
    assert stage.recorder.count == 3


def test_device_beyond_the_fleets_bound_is_kept_all_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stray = stage.recorder._fleet.apply
    monkeypatch.setattr(stage.recorder, "_fleet", Fleet(samples=1))

    def full(data: Any, status: Any, frame: bytes, received_ms: int) -> Any:
        raise FleetFullError(stray(data, status, frame, received_ms).device)

    monkeypatch.setattr(stage.recorder._fleet, "apply", full)
    assert stage.receive(snapshot(T0))[0] == "1"


def test_records_are_of_the_device_that_they_name(stage: Stage) -> None:
    stage.receive(snapshot(T0, device_key="k"))
    for key, device in (("k", "1"), ("new", "new")):
        records = {"event": "driver", "data": {"device_key": key, "date": T0 - 5}}
        assert stage.receive(records)[0:5:3] == (device, T0 - 5)


def test_messages_are_of_the_device_of_their_alarm(stage: Stage) -> None:
    stage.receive(snapshot(T0))
    message = {"type": "messagePass", "from": "alarm", "message": "x"}
    assert stage.receive(message, Channel.MESSAGES)[0] == ""
    for imei, key in (("1", "1"), ("77", "77")):
        alarm = {**message, "alarm_msg": {"imei": imei, "alarm_code": 3}}
        assert stage.receive(alarm, Channel.MESSAGES)[0] == key


def test_others_are_kept_without_a_device(stage: Stage) -> None:
    assert stage.receive(["what"])[0] == ""


def test_link_that_is_down_is_blind_until_it_is_up(stage: Stage) -> None:
    stage.link(LinkState.CONNECTING)
    stage.clock.advance(1)
    stage.link(LinkState.LIVE)
    stage.clock.advance(1)
    stage.link(LinkState.CONNECTING)
    stage.link(LinkState.LIVE)
    stage.clock.advance(1)
    stage.link(LinkState.WAITING, "gone")
    stage.clock.advance(1)
    stage.link(LinkState.QUIET)
    spans = [(each.start_ms - T0, each.end_ms and each.end_ms - T0) for each in stage.writer.blind]
    assert spans == [(0, None), (0, 1_000), (3_000, None), (3_000, 4_000)]
    assert stage.writer.blind[-1].reason == "gone"
    assert [change.state for change in stage.writer.links][-2:] == [
        "link lost",
        "connected, no data yet",
    ]


def test_identity_by_another_id_is_the_same_device(stage: Stage) -> None:
    stage.receive(snapshot(T0, id="9"))
    assert Identity("9").key == "9"
    assert stage.receive({"event": "snapshot", "data": {"id": "9", "status": {}}})[0] == "1"


def test_sleep_of_the_computer_is_blind_time(stage: Stage) -> None:
    assert not stage.recorder.note_sleep()
    stage.clock.advance(5)
    assert not stage.recorder.note_sleep()
    stage.clock.sleep(60)
    assert stage.recorder.note_sleep()
    assert not stage.recorder.note_sleep()
    (interval,) = stage.writer.blind
    assert (interval.start_ms - T0, interval.end_ms) == (5_000, T0 + 65_000)
    assert (interval.scope, interval.cause) == ("program", Blindness.SUSPENDED)
