"""Lines on real pipes: a slow reader holds nothing up, what is left out is counted."""

import io
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tftmonitor.cli.left_out import LeftOut
from tftmonitor.cli.line_writer import LineWriter

LINE = b"x" * 999 + b"\n"
LIMIT_S = 10.0


@dataclass
class Pipe:
    """A pipe whose reader reads when it is told to."""

    ends: tuple[int, int] = field(default_factory=os.pipe)
    errors: list[OSError] = field(default_factory=list)

    def writer(self, most_bytes: int) -> LineWriter:
        stream = io.FileIO(self.ends[1], "wb", closefd=False)
        return LineWriter(stream, self.errors.append, most_bytes)

    def read_all(self, writer: LineWriter) -> bytes:
        """What there is until the writer is closed."""
        found: list[bytes] = []

        def read() -> None:
            while piece := os.read(self.ends[0], 65_536):
                found.append(piece)

        reader = threading.Thread(target=read)
        reader.start()
        assert writer.close(LIMIT_S) == 0
        os.close(self.ends[1])
        reader.join(LIMIT_S)
        return b"".join(found)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    for end in made.ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_lines_come_whole_and_in_order(pipe: Pipe) -> None:
    writer = pipe.writer(10_000_000)
    lines = [b"%d %s" % (number, LINE) for number in range(2_000)]
    assert all(writer.put(line) for line in lines)
    assert pipe.read_all(writer) == b"".join(lines)


def test_reader_that_waits_holds_up_nobody_and_the_last_ones_are_left_out(pipe: Pipe) -> None:
    writer = pipe.writer(400_000)
    taken = [writer.put(LINE) for _ in range(1_000)]
    # A pipe takes 64 kB and the thread as much again; three quarters of the rest are for these.
    assert 300 <= sum(taken) <= 300 + 2 * 66
    assert taken == sorted(taken, reverse=True)
    urgent = [writer.put(LINE, urgent=True) for _ in range(200)]
    # On a busy machine the thread takes its part only now.
    assert 90 <= sum(urgent) <= 110 + 66
    assert pipe.read_all(writer) == LINE * (sum(taken) + sum(urgent))


def test_lines_are_taken_again_when_much_is_free_and_not_before(pipe: Pipe) -> None:
    writer = pipe.writer(400_000)
    while writer.put(LINE):
        pass
    size = 0
    while not writer.put(LINE):
        size += len(os.read(pipe.ends[0], 10_000))
        time.sleep(0.002)
    assert 15_000 <= size <= 300_000
    assert writer.put(LINE)


def test_end_waits_no_longer_than_it_is_told_to(pipe: Pipe) -> None:
    writer = pipe.writer(1_000_000)
    for _ in range(500):
        assert writer.put(LINE)
    began_s = time.monotonic()
    assert writer.close(0.2) > 300
    assert time.monotonic() - began_s < LIMIT_S


def test_reader_that_is_gone_is_told_once(pipe: Pipe) -> None:
    os.close(pipe.ends[0])
    writer = pipe.writer(1_000_000)
    assert writer.put(LINE)
    assert writer.close(LIMIT_S) == 0
    (error,) = pipe.errors
    assert isinstance(error, BrokenPipeError)
    assert not writer.put(LINE)


def test_what_was_left_out_is_said_in_words_and_as_a_line() -> None:
    left_out = LeftOut()
    assert [left_out.add(1_795_000_000_000 + n * 1_000) for n in range(3)] == [True, False, False]
    assert left_out.words == (
        "3 lines were left out, received 2026-11-18T11:06:40.000Z to 2026-11-18T11:06:42.000Z"
    )
    assert left_out.line(1_795_000_005_000) == {
        "received": "2026-11-18T11:06:45.000Z",
        "kind": "left_out",
        "count": 3,
        "first": "2026-11-18T11:06:40.000Z",
        "last": "2026-11-18T11:06:42.000Z",
    }
