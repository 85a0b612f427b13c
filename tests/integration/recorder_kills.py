"""A recorder at a simulator, killed again and again; run alone for more than the tests do.

usage: python -m tests.integration.recorder_kills KILLS [window]
"""

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tftmonitor.base.secret_variables import PASSWORD_VARIABLE
from tftmonitor.history.samples.reader import HistoryReader

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), PASSWORD_VARIABLE: "secret"}
SECONDS = 0.5
WAIT_S = 30.0
EVER = (0, 1 << 62)
_decode = msgspec.json.decode

Sent = dict[tuple[str, int], list[bytes]]


@contextlib.contextmanager
def simulator(log: Path, *more: str) -> Iterator[list[str]]:
    """A server as a process of its own; the options that lead to it."""
    command = [sys.executable, "-m", "tftmonitor", "simulate", "--device-port", "0"]
    command += ["--message-port", "0", "--log", str(log), "--for", "3600", *more]
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


def window(profile: Path, urls: list[str], *more: str) -> "subprocess.Popen[str]":
    """A window that records of that server, painted nowhere, with a group of its own."""
    command = [sys.executable, "-m", "tftmonitor", "--user", "u", *urls, "--profile", str(profile)]
    return subprocess.Popen(
        [*command, *more],
        cwd=ROOT,
        env={**ENVIRONMENT, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "*.warning=false"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def await_frames(child: "subprocess.Popen[str]", log: Path, before: int) -> None:
    """Until the server has sent frames of both channels beyond so many bytes of its log."""
    end_s = time.monotonic() + WAIT_S
    while time.monotonic() < end_s:
        assert child.poll() is None, "the window ended by itself"
        with log.open("rb") as file:
            file.seek(before)
            text = file.read()
        found = {name for name in ("devices", "messages") if f'"channel":"{name}"'.encode() in text}
        if found >= {"devices", "messages"}:
            return
        time.sleep(0.05)
    child.kill()
    raise AssertionError(f"the server sent the window {found} alone: {child.communicate()[1]}")


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


def logged(text: bytes) -> Sent:
    """What the server sent, in order, by channel and connection: of each frame the sum."""
    found: Sent = {}
    for line in text.splitlines(keepends=True):
        if line.endswith(b"\n") and line.strip():
            told = _decode(line)
            with contextlib.suppress(msgspec.DecodeError):  # an answer to a ping
                frame = _sum_of(told["frame"])
                found.setdefault((told["channel"], told["client"]), []).append(frame)
    return found


def _sum_of(frame: str | bytes) -> bytes:
    """The same for frames of equal values of equal kinds (1 is not 1.0) in the same order."""
    return hashlib.blake2b(msgspec.json.encode(_decode(frame)), digest_size=12).digest()


def kill_again_and_again(
    folder: Path, kills: int, chance: random.Random, *, of_window: bool = False
) -> list[str]:
    """What of the promise does not hold, in words; and how much was looked at, on stdout.

    Of a window each other kill takes what writes for it as well.
    """
    log, profile = folder / "sent.log", folder / "profile"
    sent: Sent = {}
    due: dict[tuple[str, int], int] = {}
    read = 0
    with simulator(log, "--devices", "30", "--rate", "400") as urls:
        for number in range(kills):
            if of_window:
                before = log.stat().st_size if log.exists() else 0
                child = window(profile, urls)
                await_frames(child, log, before)
            else:
                child = recorder(profile, urls)
                await_live(child)
            time.sleep(chance.uniform(0.0, 2.0))
            size = log.stat().st_size
            time.sleep(SECONDS)
            if of_window and number % 2:
                os.killpg(child.pid, signal.SIGKILL)
            else:
                child.send_signal(signal.SIGKILL)
            child.communicate()
            read = _read_on(log, read, size, sent)
            # Of those that were killed before, it was known how much was due when they were.
            due = {key: len(frames) for key, frames in sent.items()} | due
            print(f"{number + 1} of {kills} killed", file=sys.stderr, flush=True)
    _read_on(log, read, log.stat().st_size, sent)
    return differences(profile, sent, due)


def _read_on(log: Path, start: int, end: int, sent: Sent) -> int:
    """Add what the log has between two places; where the last whole line ends."""
    with log.open("rb") as file:
        file.seek(start)
        text = file.read(end - start)
    whole = text[: text.rfind(b"\n") + 1]
    for key, frames in logged(whole).items():
        sent.setdefault(key, []).extend(frames)
    return start + len(whole)


def differences(profile: Path, sent: Sent, due: dict[tuple[str, int], int]) -> list[str]:
    """Where the store is not, connection after connection, the beginning of what was sent."""
    reader = HistoryReader(profile)
    kept: dict[str, list[bytes]] = {}
    for frame in reader.frames(*EVER):
        kept.setdefault(frame.channel, []).append(_sum_of(frame.frame))
    found = [*reader.check()]
    reader.close()
    places = dict.fromkeys(kept, 0)
    for (channel, client), frames in sorted(sent.items()):
        stored, place = kept.get(channel, []), places.get(channel, 0)
        count = 0
        while (
            count < len(frames)
            and place + count < len(stored)
            and stored[place + count] == frames[count]
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


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        of_window = "window" in sys.argv[2:]
        problems = kill_again_and_again(
            Path(made), int(sys.argv[1]), random.Random(), of_window=of_window
        )
    print(*problems or ["no difference"], sep="\n")
    sys.exit(bool(problems))
