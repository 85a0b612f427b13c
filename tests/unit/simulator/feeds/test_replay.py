import json

import pytest

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.feeds.replay import ReplayFeed
from tftmonitor.simulator.outgoing import Outgoing

T0 = 1_795_000_000_000


def device_line(date_ms: int) -> bytes:
    frame = {"event": "snapshot", "data": {"imei": "1", "status": {"date": date_ms}}, "error": 0}
    return json.dumps({"channel": "devices", "frame": frame}).encode()


def drain_all(feed: ReplayFeed) -> list[tuple[float, Outgoing]]:
    sent = []
    while (due_s := feed.next_s()) is not None:
        sent += [(due_s, outgoing) for outgoing in feed.drain(due_s)]
    return sent


def test_pace_follows_the_dates_in_the_frames() -> None:
    message = json.dumps({"channel": "messages", "frame": {"type": "x", "date": T0 + 5_000}})
    event = {"event": "driver", "data": {"date": T0 + 6_000}}
    driver = json.dumps({"channel": "devices", "frame": event})
    feed = ReplayFeed([device_line(T0), device_line(T0 + 2_000), message.encode(), driver.encode()])
    assert [due_s for due_s, _ in drain_all(feed)] == [0, 2, 5, 6]


def test_speed_divides_the_waits_and_zero_waits_for_nothing() -> None:
    lines = [device_line(T0), device_line(T0 + 8_000)]
    assert [due_s for due_s, _ in drain_all(ReplayFeed(lines, speed=4))] == [0, 2]
    assert [due_s for due_s, _ in drain_all(ReplayFeed(lines, speed=0))] == [0, 0]
    with pytest.raises(ValueError, match="below 0"):
        ReplayFeed(lines, speed=-1)


def test_long_gaps_are_cut_and_older_frames_follow_at_once() -> None:
    dates = [T0, T0 + 86_400_000, T0, T0 + 60_000]
    feed = ReplayFeed([device_line(date_ms) for date_ms in dates])
    assert [due_s for due_s, _ in drain_all(feed)] == [0, 2, 2, 62]


def test_time_of_receipt_paces_when_recorded() -> None:
    frames = [({"date": 5}, T0), ({"date": 1}, T0 + 3_000)]
    lines = [
        json.dumps({"channel": "devices", "frame": frame, "received_ms": received_ms}).encode()
        for frame, received_ms in frames
    ]
    assert [due_s for due_s, _ in drain_all(ReplayFeed(lines))] == [0, 3]


def test_frames_go_out_byte_for_byte() -> None:
    lines = [
        b'{"channel":"devices","frame":{"b" : 1.50,  "a":[1,2],"date":1},"n":1}',
        b'{"channel":"messages","frame":"{\\"not\\":\\"touched\\" }"}',
        b"",
        b'{"channel":"messages","frame":"ping?"}',
    ]
    assert [(o.channel, o.data) for _, o in drain_all(ReplayFeed(lines))] == [
        (Channel.DEVICES, b'{"b" : 1.50,  "a":[1,2],"date":1}'),
        (Channel.MESSAGES, b'{"not":"touched" }'),
        (Channel.MESSAGES, b"ping?"),
    ]


def test_replay_waits_for_the_channels_of_the_recording_unless_switched_off() -> None:
    lines = [device_line(T0)]
    assert ReplayFeed(lines).required_channels == {Channel.DEVICES}
    assert ReplayFeed(lines, wait=False).required_channels == frozenset()


def test_nothing_is_lost_while_nobody_is_signed_in() -> None:
    feed = ReplayFeed([device_line(T0), device_line(T0 + 1_000)])
    feed.skip(10.0)
    assert len(feed.drain(10.0)) == 2


@pytest.mark.parametrize(
    "line",
    [b"no json", b'{"channel":"devices"}', b'{"channel":"left","frame":{}}', b'{"frame":{}}'],
)
def test_line_that_is_no_recording_is_named(line: bytes) -> None:
    with pytest.raises(ValueError, match="line 2 of the recording"):
        ReplayFeed([device_line(T0), line])
