"""The window's side: what is put is handed to a real process, which is killed and stopped here."""

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.history.samples.pushes import T0, push
from tftmonitor.base.clock import SystemClock
from tftmonitor.base.redaction import Redaction
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.retention import Limits
from tftmonitor.history.samples.stored import LinkChange
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.monitor.recording import window_recorder as window_module
from tftmonitor.monitor.recording.sent import Told
from tftmonitor.monitor.recording.window_recorder import ENDED, Child, WindowRecorder

ROOT = Path(__file__).parents[4]
EVER = (0, 1 << 62)
LIMIT_S = 20.0


class Stage:
    """A recorder on a profile, and the processes that it has started."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.said: list[str] = []
        self.children: list[subprocess.Popen[bytes]] = []
        self.cannot = 0
        self.recorder = WindowRecorder(SystemClock(), Limits(), self.start, self.said.append)

    def start(self) -> Child:
        if self.cannot:
            self.cannot -= 1
            raise FileNotFoundError(2, "No such file or directory")
        child = subprocess.Popen(
            [sys.executable, "-m", "tftmonitor", "keep-history", str(self.profile)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.children.append(child)
        return child

    def until(self, holds: Callable[[], bool]) -> None:
        end_s = time.monotonic() + LIMIT_S
        while not holds():
            assert time.monotonic() < end_s, "waited in vain"
            self.recorder.tick()
            time.sleep(0.01)

    def kept(self) -> list[int]:
        with closing(HistoryReader(self.profile)) as reader:
            return [frame.received_ms - T0 for frame in reader.frames(*EVER)]

    def blind(self) -> list[BlindInterval]:
        with closing(HistoryReader(self.profile)) as reader:
            return reader.blind(*EVER)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.recorder.end()
    for child in made.children:
        with contextlib.suppress(OSError):
            child.kill()
    made.recorder.close(LIMIT_S)


def test_all_that_is_put_is_on_disk_after_the_end(stage: Stage) -> None:
    recorder = stage.recorder
    for at in range(5_000):
        recorder.put(push("a", at))
    gap = BlindInterval("devices", Blindness.LINK, T0, T0 + 5)
    recorder.put_blind(gap)
    recorder.put_blind(BlindInterval("a", Blindness.DEVICE, T0, T0 + 5))
    recorder.put_link(LinkChange(T0, "devices", "live", ""))
    recorder.put_label("a", "TLW2")
    assert recorder.close(LIMIT_S)
    assert stage.kept() == list(range(5_000))
    assert stage.blind() == [gap]
    assert recorder.told.written == 5_000
    assert (recorder.waiting, recorder.lost) == (0, 0)
    with closing(HistoryReader(stage.profile)) as reader:
        assert [span.label for span in reader.devices()] == ["TLW2"]


def test_it_tells_that_it_records_and_takes_other_limits(stage: Stage) -> None:
    stage.until(lambda: stage.recorder.told.is_recording)
    stage.recorder.set_limits(Limits(1, 2))
    stage.recorder.put(push("a", 1))
    stage.until(lambda: stage.recorder.told.written == 1)
    assert stage.said == []


def test_process_that_is_killed_is_started_anew_and_said(stage: Stage) -> None:
    stage.until(lambda: stage.recorder.told.is_recording)
    stage.children[0].kill()
    stage.until(lambda: bool(stage.said))
    assert ENDED in stage.said[0]
    assert stage.recorder.told.failure == ENDED
    stage.recorder.put(push("a", 1))
    stage.until(lambda: len(stage.children) == 2 and stage.recorder.told.written == 1)
    assert stage.recorder.told.failure == ""
    assert stage.recorder.close(LIMIT_S)
    assert stage.kept() == [1]


def test_process_that_cannot_be_started_is_said_once_and_tried_again(tmp_path: Path) -> None:
    def never() -> Child:
        raise FileNotFoundError(2, "No such file or directory")

    said: list[str] = []
    recorder = WindowRecorder(SystemClock(), Limits(), never, said.append)
    end_s = time.monotonic() + LIMIT_S
    while not said and time.monotonic() < end_s:
        recorder.tick()
        time.sleep(0.01)
    assert "cannot start what writes it: No such file" in said[0]
    time.sleep(1.2)
    recorder.tick()
    assert len(said) == 1
    recorder.put(push("a", 1))
    assert not recorder.close(LIMIT_S)


@pytest.mark.skipif(sys.platform == "win32", reason="a process is stopped")
def test_memory_is_bounded_while_nothing_is_taken(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_module, "MOST_ROWS", 100)
    stage.until(lambda: stage.recorder.told.is_recording)
    child = stage.children[0]
    child.send_signal(signal.SIGSTOP)
    large = b'{"event":"x","fill":"' + b"x" * 100_000 + b'"}'
    stage.recorder.put(push("a", 0, large))
    stage.until(lambda: not stage.recorder._rows)  # half of it is in the pipe by now
    for at in range(1, 200):
        stage.recorder.put(push("a", at))
    stage.recorder.tick()
    assert stage.recorder.lost == 199
    assert stage.recorder.waiting == 0
    child.send_signal(signal.SIGCONT)
    stage.recorder.put(push("a", 500))
    stage.until(lambda: stage.recorder.told.lost > 0)
    assert stage.recorder.close(LIMIT_S)
    assert stage.kept()[0] == 0
    (gap,) = stage.blind()
    assert gap.start_ms == T0 + 1
    assert "lost" in gap.reason


def test_pipe_that_breaks_has_the_process_started_anew(tmp_path: Path) -> None:
    words = "import os, time; os.close(0); time.sleep(1)"

    def start() -> Child:
        child = subprocess.Popen(
            [sys.executable, "-c", words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        started.append(child)
        return child

    started: list[Child] = []
    recorder = WindowRecorder(SystemClock(), Limits(), start, lambda _words: None)
    end_s = time.monotonic() + LIMIT_S
    while len(started) < 2 and time.monotonic() < end_s:
        recorder.put(push("a", 1))
        time.sleep(0.01)
    assert len(started) == 2
    recorder.close(LIMIT_S)


def test_credential_of_a_session_is_in_nothing_that_is_kept(stage: Stage) -> None:
    digest = "5ebe2294ecd0e0f08eab7690d2a6ee69"
    session = Redaction(digest)
    stage.recorder.put(push("a", 1, f'{{"x":"{digest}"}}'.encode()))
    assert stage.recorder.close(LIMIT_S)
    with closing(HistoryReader(stage.profile)) as reader:
        (frame,) = reader.frames(*EVER)
    assert session.digest == digest
    assert digest.encode() not in frame.frame
    assert stage.recorder.has_ended


def test_nothing_of_a_credential_is_kept_once_its_session_has_ended(stage: Stage) -> None:
    session = [Redaction("5ebe2294ecd0e0f08eab7690d2a6ee69")]
    stage.until(lambda: bool(stage.recorder._digests))
    session.clear()
    gc.collect()
    stage.until(lambda: not stage.recorder._digests)


def test_lines_that_are_none_of_its_own_say_nothing(stage: Stage) -> None:
    stage.until(lambda: stage.recorder.told.is_recording)
    before = stage.recorder.told
    stage.recorder._listen(iter([b"Traceback\n"]))  # type: ignore[arg-type]
    assert stage.recorder.told == before
    assert before != Told()
