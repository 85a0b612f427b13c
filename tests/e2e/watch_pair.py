"""`watch` and `simulate` as processes of their own, and the comparison of what both say."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tftmonitor.monitor.watch_format import WatchFormatter, encode_line
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.long_texts import without_long_texts

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 30.0
Line = dict[str, Any]
# What also depends on when the other channel's frames came in.
# The order of frames, and what they taught of the device's clock and of its values' ages.
_BY_OTHER_FRAMES = frozenset({"late", "received", "clock", "device_time", "old"})
_BY_THE_OTHER_CHANNEL = ("name", "severity", "numbering")


def environment(**more: str) -> dict[str, str]:
    """As the tests' own, with a password and without the desktop's keyring."""
    keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    own = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    return own | {"TFTMONITOR_PASSWORD": "secret"} | keyring | more


def wait_for(holds: Callable[[], object], what: str) -> None:
    end_s = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < end_s, f"waited in vain for {what}"
        time.sleep(0.02)


class Command:
    """``tftmonitor COMMAND`` with its output in files."""

    def __init__(self, folder: Path, command: str, *arguments: str, **more: str) -> None:
        self.out, self.err = folder / f"{command}.out", folder / f"{command}.err"
        self._files: list[IO[bytes]] = [self.out.open("wb"), self.err.open("wb")]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tftmonitor", command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self._files[0],
            stderr=self._files[1],
            cwd=ROOT,
            env=environment(**more),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for file in self._files:
            file.close()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(LIMIT_S)

    @property
    def words(self) -> str:
        """What it said on standard error."""
        return self.err.read_text("utf-8")


class Simulate(Command):
    """A simulator that serves, and the log of what it sent."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        self.log = folder / "sent.jsonl"
        ports = ("--device-port", "0", "--message-port", "0", "--log", str(self.log))
        super().__init__(folder, "simulate", *ports, *arguments, **more)
        wait_for(lambda: b"\n" in self.out.read_bytes(), f"the simulator's ports {self.words}")
        found = re.fullmatch(r"devices (\S+) messages (\S+)\n", self.out.read_text("utf-8"))
        assert found is not None
        self.urls = ("--device-url", found[1], "--message-url", found[2])


@dataclass(frozen=True)
class Sent:
    client: int
    frame: bytes


def sent(log: Path) -> dict[Channel, list[Sent]]:
    """What went out on each channel, in order."""
    found: dict[Channel, list[Sent]] = {channel: [] for channel in Channel}
    for text in log.read_bytes().splitlines():
        row = json.loads(text)
        if "binary" in row:
            frame = base64.b64decode(row["binary"])
        else:
            frame = row["frame"].encode("utf-8", "surrogatepass")
        found[Channel(row["channel"])].append(Sent(row["client"], frame))
    return found


def received(out: Path) -> dict[Channel, list[Line]]:
    """The lines of each channel, in order; every line is a JSON object and whole."""
    content = out.read_bytes()
    assert content.endswith(b"\n") or not content
    found: dict[Channel, list[Line]] = {channel: [] for channel in Channel}
    for text in content.splitlines():
        line = json.loads(text)
        found[Channel(line["channel"])].append(line)
    return found


def expected(
    recorder: WatchFormatter, channel: Channel, frame: bytes, received_text: str
) -> Line | None:
    """The line that this frame is to give, but for what other frames have a part in."""
    moment = datetime.fromisoformat(received_text)
    received_ms = round(moment.timestamp() * 1000)
    frame = without_long_texts(frame)
    line = recorder.line(channel, decode(channel, frame), frame, received_ms)
    return None if line is None else comparable(json.loads(encode_line(line)))


def comparable(line: Line) -> Line:
    """Without what depends on other frames."""
    line = {key: value for key, value in line.items() if key not in _BY_OTHER_FRAMES}
    for alarm in (line.get("alarm"), *line.get("alarms", ())):
        for key in _BY_THE_OTHER_CHANNEL:
            if alarm is not None:
                alarm.pop(key, None)
    return line


def lost_frames(channel: Channel, frames: Sequence[Sent], lines: Sequence[Line]) -> int:
    """How many frames did not arrive; fails unless the rest did, each once and in order.

    Only the end of what went over a connection can be lost, and nothing over the last one.
    """
    place = lost = 0
    recorder = WatchFormatter()
    clients = list(dict.fromkeys(frame.client for frame in frames))
    for client in clients:
        own = [frame.frame for frame in frames if frame.client == client]
        cut = False
        for frame in own:
            line = lines[place] if place < len(lines) else None
            stamp = line["received"] if line else "2026-01-01T00:00:00Z"
            wanted = expected(recorder, channel, frame, stamp)
            if wanted is None:
                continue
            if not cut and line is not None and comparable(dict(line)) == wanted:
                place += 1
                continue
            assert client != clients[-1], (client, wanted, line)
            cut = True
            lost += 1
    assert place == len(lines), ("a line for nothing that was sent", lines[place])
    return lost
