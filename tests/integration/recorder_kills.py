"""A recorder at a simulator, killed again and again; run alone for more than the test does.

usage: python -m tests.integration.recorder_kills KILLS
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tftmonitor.base.secret_variables import PASSWORD_VARIABLE
from tftmonitor.history.samples.reader import HistoryReader

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), PASSWORD_VARIABLE: "secret"}
SECONDS = 0.5
EVER = (0, 1 << 62)
_decode = msgspec.json.decode


@contextlib.contextmanager
def simulator(log: Path, *more: str) -> Iterator[list[str]]:
    """A server as a process of its own; the options that lead to it."""
    command = [sys.executable, "-m", "tftmonitor", "simulate", "--device-port", "0"]
    command += ["--message-port", "0", "--log", str(log), "--for", "900", *more]
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        words = server.stdout.readline().split()
        try:
            yield ["--device-url", words[1], "--message-url", words[3]]
        finally:
            server.terminate()


def recorder(profile: Path, urls: list[str], *more: str) -> "subprocess.Popen[str]":
    """A recorder of that server."""
    command = [sys.executable, "-m", "tftmonitor", "record", "--user", "u", *urls]
    command += ["--profile", str(profile), *more]
    return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)


def await_live(child: "subprocess.Popen[str]") -> None:
    """Until it says that both channels are live."""
    assert child.stderr is not None
    live: set[str] = set()
    said = []
    while len(live) < 2:
        line = child.stderr.readline()
        said.append(line)
        assert line, f"the recorder ended by itself: {''.join(said)}"
        if line.rstrip().endswith(": live"):
            live.add(line)


def logged(text: bytes) -> dict[tuple[str, int], list[Any]]:
    """What the server sent, in order, by channel and connection."""
    found: dict[tuple[str, int], list[Any]] = {}
    for line in text.splitlines(keepends=True):
        if line.endswith(b"\n") and line.strip():
            told = _decode(line)
            with contextlib.suppress(msgspec.DecodeError):  # an answer to a ping
                frame = _decode(told["frame"])
                found.setdefault((told["channel"], told["client"]), []).append(frame)
    return found


def kill_again_and_again(folder: Path, kills: int, chance: random.Random) -> list[str]:
    """What of the promise does not hold, in words; and how much was looked at, on stdout."""
    log, profile = folder / "sent.log", folder / "profile"
    due: dict[tuple[str, int], int] = {}
    with simulator(log, "--devices", "30", "--rate", "400") as urls:
        for _ in range(kills):
            child = recorder(profile, urls)
            await_live(child)
            time.sleep(chance.uniform(0.0, 2.0))
            size = log.stat().st_size
            time.sleep(SECONDS)
            child.send_signal(signal.SIGKILL)
            child.communicate()
            with log.open("rb") as file:
                until_then = logged(file.read(size))
            # Of those that were killed before, it was known how much was due when they were.
            due = {key: len(frames) for key, frames in until_then.items()} | due
    return differences(profile, logged(log.read_bytes()), due)


def differences(
    profile: Path, sent: dict[tuple[str, int], list[Any]], due: dict[tuple[str, int], int]
) -> list[str]:
    """Where the store is not, connection after connection, the beginning of what was sent."""
    reader = HistoryReader(profile)
    kept: dict[str, list[Any]] = {}
    for frame in reader.frames(*EVER):
        kept.setdefault(frame.channel, []).append(_decode(frame.frame))
    found = [*reader.check()]
    reader.close()
    places = dict.fromkeys(kept, 0)
    for (channel, client), frames in sorted(sent.items()):
        stored, place = kept.get(channel, []), places.get(channel, 0)
        count = 0
        while (
            count < len(frames)
            and place + count < len(stored)
            and _is_same(stored[place + count], frames[count])
        ):
            count += 1
        places[channel] = place + count
        if count < due.get((channel, client), 0):
            found.append(f"{channel} {client}: {count} kept, {due[channel, client]} were due")
    for channel, place in places.items():
        if place != len(kept[channel]):
            found.append(f"{channel}: {len(kept[channel]) - place} kept that were not sent so")
    print(f"{sum(map(len, kept.values()))} kept, {sum(due.values())} were due", flush=True)
    return found


def _is_same(one: Any, other: Any) -> bool:
    """Equal values of equal kinds: 1 is not 1.0."""
    return bool(one == other) and msgspec.json.encode(one) == msgspec.json.encode(other)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        problems = kill_again_and_again(Path(made), int(sys.argv[1]), random.Random())
    print(*problems or ["no difference"], sep="\n")
    sys.exit(bool(problems))
