"""The commands `watch` and `simulate` as their users run them: real processes, real sockets."""

import itertools
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from tests.e2e.watch_pair import (
    LIMIT_S,
    ROOT,
    Command,
    Simulate,
    comparable,
    environment,
    expected,
    lost_frames,
    received,
    sent,
    wait_for,
)
from tftmonitor.monitor.watch_format import WatchFormatter
from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.fleet.world import World

GOLDEN = ROOT / "tests" / "golden" / "frames.jsonl"
START_MS = 1_795_000_000_123
KINDS = {
    *("snapshot", "bleTire", "rs232Tire", "driver", "obdErrorInfo", "rs232Fuel"),
    *("messagePass", "getFileShake", "downloadAllow"),
}
# Keeps both channels busy, so that every sign-in is soon followed by data.
BUSY = ("--devices", "5", "--rate", "150", "--fault", "twins@0.5:every=0.4,gap=0.05")
# Again and again, so that none falls before a sign-in alone.
FAULTS = {
    "drop": ("drop@1.5:every=4",),
    "down": ("down@1.5+0.4:every=4",),
    "restart": ("restart@1.5+0.2:every=4",),
    "stall": ("stall@1+0.6:every=0.6",),
    "slow": ("slow@1+0.4:every=0.6,delay=0.02",),
    "wrap": ("wrap@1+0.5:every=0.5",),
    "garbage": ("garbage@1:every=1.8",),
    "flood": ("flood@1.5+0.1:every=6",),
    "bursts": (
        "late@1:every=1.5,n=30",
        "alarms@1.1:every=1.5,n=40",
        "unknown@1.2:every=1.5",
        "clock@1.3:every=1.5",
    ),
}
SEEN_S = 2.0
CUT = {"drop", "down", "restart"}
# A socket that is reset takes with it what the client has not yet read: some 0.1 s of frames.
MOST_LOST = 150
FLOODED = 1_500
LEAST_PASSED = 3


@dataclass(frozen=True)
class Run:
    """One fault survived: how many frames were lost, by channel, and all that was said."""

    lost: dict[Channel, int]
    clients: dict[Channel, int]
    kinds: dict[str, int]
    lines: int
    words: str
    exit_codes: tuple[int, int]


def survive(folder: Path, faults: tuple[str, ...]) -> Run:
    flags = [part for fault in faults for part in ("--fault", fault)]
    with (
        Simulate(folder, *BUSY, *flags) as server,
        Command(folder, "watch", "--user", "demo", *server.urls) as watch,
    ):
        wait_for(lambda: lives(watch) >= 1, f"both channels {watch.words}")
        if any(fault.partition("@")[0] in CUT for fault in faults):
            wait_for(lambda: lives(watch) >= 2, "both channels again")
        elif faults == FAULTS["flood"]:
            wait_for(lambda: count_of(server.log) > FLOODED, "the flood")
        else:
            time.sleep(SEEN_S)
        wait_for(lambda: passed(watch) >= LEAST_PASSED, "messages of devices")
        wait_for(
            lambda: count_of(server.log) - count_of(watch.out) < MOST_LOST + 50,
            "what is under way",
        )
        simulate_code = server.end()
        wait_for(lambda: ended(watch), "the end of the links")
        codes = (simulate_code, watch.end())
        frames, lines = sent(server.log), received(watch.out)
        kinds: dict[str, int] = {}
        for line in lines[Channel.DEVICES] + lines[Channel.MESSAGES]:
            kinds[line["kind"]] = kinds.get(line["kind"], 0) + 1
        return Run(
            {channel: lost_frames(channel, frames[channel], lines[channel]) for channel in Channel},
            {channel: len({frame.client for frame in frames[channel]}) for channel in Channel},
            kinds,
            sum(kinds.values()),
            watch.words,
            codes,
        )


def lives(watch: Command) -> int:
    """How often the channel that was live less often was so."""
    return min(watch.words.count(f"{channel.value}: live") for channel in Channel)


def passed(watch: Command) -> int:
    """Messages of devices so far."""
    return watch.out.read_bytes().count(b'"kind":"messagePass"')


def ended(watch: Command) -> bool:
    """True when neither channel is live any more."""
    last = {line.partition(":")[0]: line for line in watch.words.splitlines()}
    return not any(line.endswith(": live") for line in last.values())


def count_of(file: Path) -> int:
    """Lines so far."""
    return file.read_bytes().count(b"\n")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Run]]]:
    """All faults, some at a time."""
    with ThreadPoolExecutor(4) as pool:
        yield {
            name: pool.submit(survive, tmp_path_factory.mktemp(name), faults)
            for name, faults in FAULTS.items()
        }


@pytest.mark.parametrize("name", FAULTS)
def test_all_that_was_sent_while_connected_arrives_once_in_order(
    name: str, runs: dict[str, Future[Run]]
) -> None:
    run = runs[name].result(60)
    assert run.exit_codes == (0, 0)
    assert run.lines > 40  # what a busy machine manages; far above what a fault alone sends
    assert "Traceback" not in run.words
    may_lose = MOST_LOST if name in {"drop", "down"} else 0
    assert all(lost <= may_lose for lost in run.lost.values()), run.lost
    if name in CUT:
        assert min(run.clients.values()) >= 2
    else:
        assert set(run.clients.values()) == {1}
    assert run.kinds["messagePass"] >= LEAST_PASSED
    if name == "garbage":
        assert run.kinds["invalid"] > 20
        assert {"bleTemp", "bleDoor", "gpsDriverBehavior", "somethingNew"} <= set(run.kinds)
    elif name == "flood":
        assert run.lines > FLOODED
        assert "invalid" not in run.kinds
    else:
        assert "invalid" not in run.kinds


def recording(path: Path, devices: int, minutes: int) -> int:
    """A made-up fleet's frames of all kinds as a recording; how many."""
    world = World(devices, 3, START_MS)
    pushes = [*world.initial(), *world.step(START_MS + minutes * 60_000)]
    with path.open("wb") as file:
        for channel, frame in pushes:
            file.write(msgspec.json.encode({"channel": channel.value, "frame": frame}) + b"\n")
    return len(pushes)


def test_every_push_of_every_kind_arrives_once_in_order(tmp_path: Path) -> None:
    count = recording(tmp_path / "fleet.jsonl", 12, 10)
    replay = ("--replay", str(tmp_path / "fleet.jsonl"), "--speed", "0")
    with (
        Simulate(tmp_path, *replay) as server,
        Command(tmp_path, "watch", "--user", "demo", "--count", str(count), *server.urls) as watch,
    ):
        assert watch.process.wait(LIMIT_S) == 0
        frames, lines = sent(server.log), received(watch.out)
        assert sum(len(part) for part in frames.values()) == count
        for channel in Channel:
            assert len(lines[channel]) == len(frames[channel])
            assert lost_frames(channel, frames[channel], lines[channel]) == 0
        assert {line["kind"] for part in lines.values() for line in part} == KINDS


def test_recorded_frames_of_real_devices_give_their_lines(tmp_path: Path) -> None:
    with (
        Simulate(tmp_path, "--replay", str(GOLDEN), "--speed", "0") as server,
        Command(tmp_path, "watch", "--user", "demo", "--count", "58", *server.urls) as watch,
    ):
        assert watch.process.wait(LIMIT_S) == 0
        lines = received(watch.out)
    rows = [json.loads(text) for text in GOLDEN.read_bytes().splitlines()]
    for channel in Channel:
        frames = [json.dumps(r["frame"]).encode() for r in rows if r["channel"] == channel.value]
        wanted = [
            expected(WatchFormatter(), channel, frame, line["received"])
            for frame, line in zip(frames, lines[channel], strict=True)
        ]
        assert [comparable(line) for line in lines[channel]] == wanted


def piped_watch(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tftmonitor", "watch", "--user", "demo", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    )


@pytest.mark.skipif(os.name != "posix", reason="select on a pipe")
def test_single_line_is_flushed_at_once(tmp_path: Path) -> None:
    one = tmp_path / "one.jsonl"
    one.write_bytes(GOLDEN.read_bytes().splitlines()[0])
    with (
        Simulate(tmp_path, "--replay", str(one), "--speed", "0") as server,
        piped_watch(*server.urls) as watch,
    ):
        assert watch.stdout is not None
        ready, _, _ = select.select([watch.stdout], [], [], 8.0)
        watch.terminate()
        assert ready
        assert json.loads(watch.stdout.readline())["kind"] == "snapshot"
        assert watch.wait(LIMIT_S) == 0


def test_reader_that_leaves_ends_it_well(tmp_path: Path) -> None:
    with (
        Simulate(tmp_path, "--devices", "3", "--rate", "20") as server,
        piped_watch(*server.urls) as watch,
    ):
        assert watch.stdout is not None
        assert watch.stderr is not None
        assert watch.stdout.readline()
        assert watch.poll() is None
        watch.stdout.close()
        assert watch.wait(LIMIT_S) == 0
        words = watch.stderr.read()
        assert b"Traceback" not in words
        assert b"BrokenPipe" not in words


SLOW_READER = """
import sys
from tftmonitor.cli import line_writer
from tftmonitor.__main__ import main
line_writer.LineWriter.__init__.__defaults__ = (int(sys.argv.pop(1)),)
sys.exit(main())
"""


def watch_with_room(most_bytes: int, *arguments: str) -> subprocess.Popen[bytes]:
    """The command, with room for so many bytes of lines that nobody has read yet."""
    command = ["-c", SLOW_READER, str(most_bytes), "watch", "--user", "demo", *arguments]
    return subprocess.Popen(
        [sys.executable, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    )


def test_lines_that_nobody_reads_for_a_while_are_stamped_when_they_came(tmp_path: Path) -> None:
    with (
        Simulate(tmp_path, "--devices", "5", "--rate", "200") as server,
        watch_with_room(50_000_000, *server.urls) as watch,
    ):
        assert watch.stdout is not None
        first = json.loads(watch.stdout.readline())
        # A pipe takes 64 kB, which is a third of a second.
        time.sleep(3.0)
        sent_by_now = count_of(server.log)
        lines = [first] + [json.loads(watch.stdout.readline()) for _ in range(sent_by_now - 100)]
        watch.terminate()
        # What the stream has read ahead belongs to it.
        lines += [json.loads(line) for line in watch.stdout.read().splitlines()]
        _, words = watch.communicate(timeout=LIMIT_S)
        assert watch.returncode == 0, words
    came = [datetime.fromisoformat(line["received"]).timestamp() for line in lines]
    assert came[-1] - came[0] > 2.5
    assert max(after - before for before, after in itertools.pairwise(came)) < 1.0
    assert words.count(b"live") == 2
    assert b"left out" not in words


def test_lines_beyond_what_waits_are_left_out_and_counted(tmp_path: Path) -> None:
    with (
        Simulate(tmp_path, "--devices", "5", "--rate", "300") as server,
        watch_with_room(100_000, *server.urls) as watch,
    ):
        assert watch.stdout is not None
        assert watch.stdout.readline()
        time.sleep(2.0)
        told = None
        while told is None:
            line = json.loads(watch.stdout.readline())
            told = line if line["kind"] == "left_out" else None
        watch.terminate()
        _, words = watch.communicate(timeout=LIMIT_S)
        assert watch.returncode == 0
    assert told["count"] > 100
    assert told["first"] < told["last"] <= told["received"]
    assert b"the reader is too slow, lines are left out" in words
    assert f"{told['count']} lines were left out, received {told['first']}".encode() in words


def test_reader_that_never_reads_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    with (
        Simulate(tmp_path, "--devices", "5", "--rate", "300") as server,
        watch_with_room(10_000_000, *server.urls) as watch,
    ):
        assert watch.stdout is not None
        assert watch.stderr is not None
        assert watch.stdout.readline()
        time.sleep(1.0)
        watch.terminate()
        assert watch.wait(LIMIT_S) == 0
        words = watch.stderr.read()
    assert b"lines were not taken" in words
    assert b"Traceback" not in words
    assert b"Fatal" not in words


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_full_disk_is_told_and_is_no_success(tmp_path: Path) -> None:
    with Simulate(tmp_path, "--devices", "2", "--rate", "20") as server:
        with Path("/dev/full").open("wb") as full:
            watch = subprocess.run(
                [sys.executable, "-m", "tftmonitor", "watch", "--user", "demo", *server.urls],
                stdin=subprocess.DEVNULL,
                stdout=full,
                stderr=subprocess.PIPE,
                cwd=ROOT,
                env=environment(),
                timeout=LIMIT_S,
                check=False,
            )
        assert watch.returncode == 1
        assert b"cannot be written: No space left" in watch.stderr
        assert b"Traceback" not in watch.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_both_commands_well(tmp_path: Path, number: signal.Signals) -> None:
    with (
        Simulate(tmp_path, "--devices", "2", "--rate", "20") as server,
        Command(tmp_path, "watch", "--user", "demo", *server.urls) as watch,
    ):
        wait_for(lambda: watch.out.stat().st_size, "a line")
        assert watch.end(number) == 0
        assert server.end(number) == 0
        assert "Traceback" not in watch.words + server.words


def test_one_channel_alone_for_a_time(tmp_path: Path) -> None:
    with (
        Simulate(tmp_path, "--devices", "2", "--rate", "20") as server,
        Command(
            tmp_path, "watch", "--user", "demo", "--only", "devices", "--for", "0.5", *server.urls
        ) as watch,
    ):
        assert watch.process.wait(LIMIT_S) == 0
        lines = received(watch.out)
        assert lines[Channel.DEVICES]
        assert not lines[Channel.MESSAGES]
        assert "messages" not in watch.words


def test_refused_sign_in_exits_with_3_and_the_servers_text(tmp_path: Path) -> None:
    with (
        Simulate(tmp_path, "--fault", "refuse:words=this account is closed") as server,
        Command(tmp_path, "watch", "--user", "demo", *server.urls) as watch,
    ):
        assert watch.process.wait(LIMIT_S) == 3
        assert "this account is closed" in watch.words
        assert watch.out.read_bytes() == b""


def test_wrong_password_is_refused_and_the_right_one_is_not(tmp_path: Path) -> None:
    with Simulate(tmp_path, "--user", "demo", "--devices", "2", "--rate", "20") as server:
        arguments = ("--user", "demo", "--count", "1", *server.urls)
        with Command(tmp_path, "watch", *arguments, TFTMONITOR_PASSWORD="wrong") as watch:
            assert watch.process.wait(LIMIT_S) == 3
        with Command(tmp_path, "watch", *arguments) as watch:
            assert watch.process.wait(LIMIT_S) == 0
            assert watch.out.read_bytes().count(b"\n") == 1


@pytest.mark.parametrize(
    "module", ["simulate --for 0.05 --device-port 0 --message-port 0", "watch --user u --for 0.2"]
)
def test_commands_without_a_window_never_import_qt(module: str) -> None:
    script = (
        "import sys; from tftmonitor.cli import main; code = main(sys.argv[1:]);"
        "bad = [m for m in sys.modules if m.split('.')[0] in "
        "{'PySide6', 'shiboken6', 'qasync', 'pyqtgraph'} or m.startswith('tftmonitor.ui')];"
        "sys.exit(str(bad) if bad else code)"
    )
    nowhere = ["--device-url", "ws://127.0.0.1:1", "--message-url", "ws://127.0.0.1:1"]
    arguments = module.split() + (nowhere if module.startswith("watch") else [])
    child = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert child.returncode == 0, child.stderr
