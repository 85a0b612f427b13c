"""Pictures in frames: what is beside them is read and kept, they are not."""

import json
from typing import Any

import pytest

from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.long_texts import TEXT_LIMIT, kept_frame, without_long_texts
from tftmonitor.protocol.messages import Snapshot

PICTURE = "/9j/4AAQ" * 200_000
SHORT = "x" * TEXT_LIMIT


def test_frame_without_long_texts_is_the_same_object() -> None:
    for content in ({"a": 1}, {"a": [SHORT, SHORT]}):
        frame = json.dumps(content).encode()
        assert without_long_texts(frame) is frame


@pytest.mark.parametrize(
    "content",
    [
        {"photo": PICTURE, "cur_event": 3},
        {"photo": {"data": [PICTURE]}, "cur_event": 3},
        {PICTURE: 1, "cur_event": 3},
        json.dumps({"photo": PICTURE, "cur_event": 3}),
        json.dumps(json.dumps({"photo": PICTURE, "cur_event": 3})),
        {"data": json.dumps({"photo": PICTURE, "cur_event": 3})},
    ],
)
def test_long_text_is_cut_out_and_the_rest_stays(content: Any) -> None:
    frame = without_long_texts(json.dumps(content).encode())
    assert len(frame) < 1_000
    assert b"cur_event" in frame
    assert b"1600000 bytes" in frame
    json.loads(frame)


def test_long_text_that_only_looks_like_json_is_cut_out() -> None:
    for text in ("[" + PICTURE, '"' + PICTURE, json.dumps([1] * 50_000)):
        frame = without_long_texts(json.dumps({"photo": text, "speed": 5}).encode())
        assert len(frame) < 100
        assert json.loads(frame)["speed"] == 5


@pytest.mark.parametrize("frame", [b"{" + b"x" * TEXT_LIMIT, b"[" * 100_000])
def test_what_is_no_json_comes_back(frame: bytes) -> None:
    assert without_long_texts(frame) is frame


def test_snapshot_with_a_picture_is_a_snapshot() -> None:
    status = {"cur_event": 16, "speed": 5, "photo": PICTURE}
    frame = json.dumps({"event": "snapshot", "data": {"imei": "1", "status": status}}).encode()
    push = decode(Channel.DEVICES, without_long_texts(frame))
    assert isinstance(push, Snapshot)
    assert (push.status.cur_event, push.status.speed) == (16, 5)


def test_frame_that_is_too_large_is_kept_as_its_beginning() -> None:
    frame = json.dumps({"event": "x", "numbers": list(range(100_000))}).encode()
    kept = json.loads(kept_frame(frame))
    assert f"{len(frame):,} bytes" in kept["note"]
    assert frame.decode().startswith(kept["beginning"])
    assert len(kept_frame(frame)) < 10_000


def test_usual_frame_is_kept_whole() -> None:
    frame = b'{"event":"snapshot"}'
    assert kept_frame(frame) is frame


def test_long_key_is_cut_out() -> None:
    frame = json.dumps({"k" * (TEXT_LIMIT + 1): [1, True, None]}).encode()
    ((key, value),) = json.loads(without_long_texts(frame)).items()
    assert "cut out" in key
    assert value == [1, True, None]


def test_long_list_is_no_text() -> None:
    numbers = {"event": "x", "numbers": [0] * TEXT_LIMIT, "photo": PICTURE, "speed": 5}
    shorter = json.loads(without_long_texts(json.dumps(numbers).encode()))
    assert shorter["numbers"] == numbers["numbers"]
    assert len(shorter["photo"]) < 100
    assert shorter["speed"] == 5


def test_backslashes_at_the_end_of_a_text_stay() -> None:
    for depth in range(4):
        content: Any = {"photo": PICTURE + "\\", "speed": 5}
        for _ in range(depth):
            content = json.dumps({"data": content})
        shorter = json.loads(without_long_texts(json.dumps(content).encode()))
        for _ in range(depth):
            shorter = json.loads(shorter)["data"]
        assert shorter["speed"] == 5


def test_frame_of_nothing_but_quotes_is_not_looked_through() -> None:
    frame = json.dumps(["", PICTURE] + [""] * 200_000).encode()
    assert without_long_texts(frame) is frame


def test_long_text_that_is_a_text_in_json_is_replaced() -> None:
    for text in (
        '"' + "x y" * TEXT_LIMIT + '"',
        '\\"' + "x" * 2 * TEXT_LIMIT,
        '"x\\' + "y z" * TEXT_LIMIT,
    ):
        shorter = json.loads(without_long_texts(json.dumps({"a": text, "b": 1}).encode()))
        assert shorter["b"] == 1
        assert len(shorter["a"]) < 200
