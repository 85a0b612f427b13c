"""P: what is recorded: bytes a snapshot on disk, the pace of recording, reading a device's day.

The fleet is the simulator's with its own traffic. The bare limits: for space, each device's frames
as one stream of Zstandard at level 19; for writing, SQLite that inserts the same frames as they
are, a transaction as often; for sealing, decoding and encoding the JSON once; for reading, fetching
and unpacking the same blocks.
"""

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from tests.bench.bench_table import Row, median, ratio
from tftmonitor.history.past.column_reader import ColumnReader
from tftmonitor.history.samples.batch import unpack
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.retention import used_bytes
from tftmonitor.history.samples.sealing import merge, seal
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import FILE_NAME, Pending, Recorded
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.feeds.snapshot_templates import SnapshotTemplates
from tftmonitor.simulator.fleet.world import World

_START_MS = 1_795_000_000_000
# A day at ten seconds.
_A_DAY = 8_640
_DEVICES, _HOURS = 8, 5
_DAYS, _STEP_MS = 30, 10_000
_HOUR_MS = 3_600_000
# A flush of a fleet of some hundred devices.
_A_FLUSH = 100
_LATER_MS = 1_000 * _HOUR_MS

_encode = msgspec.json.encode


def measure(rounds: int) -> list[Row]:
    """In this process, and on the disk of the temporary folder."""
    plain = list(_traffic(noise=False))
    print(f"   {len(plain)} snapshots of {_DEVICES} devices, {_HOURS} h")
    rows = [*_space(plain, ""), *_space(list(_traffic(noise=True)), ", with noise")]
    with tempfile.TemporaryDirectory() as folder:
        rows += _pace(plain[: len(plain) // 2], rounds, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        rows += _reading(plain, rounds, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        rows += _columns(rounds, Path(folder))
    return rows


def _traffic(*, noise: bool) -> Sequence[Recorded]:
    world, chance, found = World(_DEVICES, 1, _START_MS), random.Random(1), []
    for second in range(1, _HOURS * 3_600):
        now_ms = _START_MS + second * 1_000
        for channel, frame in world.step(now_ms):
            if channel is not Channel.DEVICES or frame["event"] != "snapshot":
                continue
            data: dict[str, Any] = frame["data"]
            status = data["status"]
            if noise:
                _blur(status, chance)
            received_ms = now_ms + chance.randint(30, 90)
            row = data["imei"], "devices", received_ms, status.get("date"), False, _encode(frame)
            found.append(row)
    return found


def _blur(status: dict[str, Any], chance: random.Random) -> None:
    """What receivers and converters measure is never twice the same."""
    for key, spread, digits in (
        ("lat", 2e-5, 6),
        ("lng", 2e-5, 6),
        ("altitude", 1.5, 1),
        ("external_power_voltage", 0.05, 2),
        ("battery_voltage", 0.01, 2),
    ):
        if isinstance(status.get(key), float):
            status[key] = round(status[key] + chance.gauss(0.0, spread), digits)
    if isinstance(status.get("date"), int):
        status["date"] += chance.randint(-1, 1) * 1_000


def _write(store: SampleStore, rows: Sequence[Recorded]) -> None:
    for low in range(0, len(rows), _A_FLUSH):
        part = list(rows[low : low + _A_FLUSH])
        store.write(Pending(rows=part), part[-1][2])


def _seal_all(store: SampleStore) -> None:
    """As a recorder does that runs on: an hour or 32,768 pushes a round."""
    count = 1
    while count:
        for _ in seal(store, _START_MS + _LATER_MS):
            pass
        (count,) = store.database.execute("SELECT count(*) FROM spool").fetchone()


def _age_all(store: SampleStore) -> None:
    before = 0
    while (now := store.database.total_changes) != before:
        before = now
        for _ in merge(store, _START_MS + _LATER_MS):
            pass


def _space(rows: Sequence[Recorded], more: str) -> list[Row]:
    streams: dict[str, list[bytes]] = {}
    for row in rows:
        streams.setdefault(row[0], []).append(row[5])
    compress = zstandard.ZstdCompressor(19).compress
    bare = sum(len(compress(b"\n".join(frames))) for frames in streams.values()) / len(rows)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        store = SampleStore(Path(folder), _START_MS)
        _write(store, rows)
        found.append(("in the spool", used_bytes(store) / len(rows), ""))
        _seal_all(store)
        goal = "21 or less" if more else "16 or less"
        found.append(("sealed, file as a whole", used_bytes(store) / len(rows), goal))
        _age_all(store)
        found.append(("aged, file as a whole", used_bytes(store) / len(rows), goal))
        (size,) = store.database.execute("SELECT sum(size) FROM chunk").fetchone()
        found.append(("aged, blocks alone", size / len(rows), ""))
        store.close()
    return [
        Row(
            "P",
            f"a snapshot of 77 keys {what}{more}",
            "bytes",
            value,
            bare,
            None,
            value / bare,
            goal,
            value <= float(goal.split()[0]) if goal else None,
        )
        for what, value, goal in found
    ]


def _timed(work: Callable[[], object]) -> float:
    start_s = time.process_time()
    work()
    return time.process_time() - start_s


def _pace(rows: Sequence[Recorded], rounds: int, folder: Path) -> list[Row]:
    times: dict[str, list[float]] = {"write": [], "bare": [], "seal": [], "json": []}
    for turn in range(rounds):
        place = folder / f"{turn}"
        place.mkdir()
        with closing(sqlite3.connect(place / "bare.db", isolation_level=None)) as bare:
            bare.execute("PRAGMA journal_mode = WAL")
            bare.execute("PRAGMA synchronous = NORMAL")
            bare.execute("CREATE TABLE push (n INTEGER PRIMARY KEY, device, at, frame BLOB)")
            times["bare"].append(_timed(partial(_insert, bare, rows)))
        store = SampleStore(place, _START_MS)
        times["write"].append(_timed(partial(_write, store, rows)))
        times["seal"].append(_timed(partial(_seal_all, store)))
        store.close()
        times["json"].append(_timed(lambda: [_encode(msgspec.json.decode(row[5])) for row in rows]))
    each = {name: [spent / len(rows) * 1e6 for spent in all_] for name, all_ in times.items()}
    return [
        Row(
            "P",
            what,
            "us of CPU a snapshot",
            median(each[ours]),
            median(each[bare]),
            None,
            ratio(each[ours], each[bare]),
        )
        for what, ours, bare in (
            ("recording, a transaction a hundred", "write", "bare"),
            ("sealing, with reading back what it made", "seal", "json"),
        )
    ]


def _insert(database: sqlite3.Connection, rows: Sequence[Recorded]) -> None:
    for low in range(0, len(rows), _A_FLUSH):
        part = [(row[0], row[2], row[5]) for row in rows[low : low + _A_FLUSH]]
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO push VALUES (NULL, ?, ?, ?)", part)
        database.execute("COMMIT")


def _reading(rows: Sequence[Recorded], rounds: int, folder: Path) -> list[Row]:
    store = SampleStore(folder, _START_MS)
    _write(store, rows)
    _seal_all(store)
    _age_all(store)
    store.close()
    times: dict[str, list[int]] = {}
    for row in rows:
        times.setdefault(row[0], []).append(row[2])
    device = max(times, key=lambda key: len(times[key]))
    mine = sorted(times[device])[:_A_DAY]
    ours, bare, first = [], [], []
    for _ in range(rounds):
        bare.append(_timed(partial(_fetch, folder, device, mine[-1])) * 1e3)
        ours.append(_timed(partial(_read, folder, device, mine[-1])) * 1e3)
        first.append(_timed(partial(_read, folder, device, mine[len(mine) // 24])) * 1e3)
    what = f"a device's day, {len(mine)} frames as JSON"
    hour = "the same, its first hour alone"
    return [
        Row("P", what, "ms of CPU", median(ours), median(bare), None, ratio(ours, bare)),
        Row("P", hour, "ms of CPU", median(first)),
    ]


def _columns(rounds: int, folder: Path) -> list[Row]:
    """A month of one device at ten seconds, as columns; cold: the file is opened each time."""
    mill = SnapshotTemplates(World(1, 1, _START_MS, routine=False).roster)
    rows: list[Recorded] = []
    for turn in range(_DAYS * _A_DAY):
        at = _START_MS + turn * _STEP_MS
        rows += [("1", "devices", at + 50, at, False, out.data) for out in mill.make(at, 1)]
    store = SampleStore(folder, _START_MS)
    _write(store, rows)
    _seal_all(store)
    _age_all(store)
    store.close()
    wires = [field.wire for field in SERIES.channels]
    begin = _START_MS + 10 * _A_DAY * _STEP_MS
    month = _START_MS, _START_MS + _DAYS * _A_DAY * _STEP_MS
    found = []
    for what, fields, (start_ms, end_ms), most_ms in (
        ("a day, all plotted fields and lanes", wires, (begin, begin + _A_DAY * _STEP_MS), 15.0),
        ("a month, the same, for 1,500 pixels", wires, month, None),
        ("a month, four fields, for 1,500 pixels", wires[:4], month, 60.0),
    ):
        ours, bare = [], []
        for _ in range(rounds):
            bare.append(_timed(partial(_fetch, folder, "1", end_ms, start_ms)) * 1e3)
            ours.append(_timed(partial(_plot, folder, fields, start_ms, end_ms)) * 1e3)
        goal = f"{most_ms:g} or less" if most_ms else ""
        is_met = median(ours) <= most_ms if most_ms else None
        ratio_ = ratio(ours, bare)
        row = Row("P", what, "ms of CPU", median(ours), median(bare), None, ratio_, goal, is_met)
        found.append(row)
    return found


def _plot(folder: Path, wires: Sequence[str], start_ms: int, end_ms: int) -> None:
    reader = ColumnReader(folder)
    reader.read(["1"], wires, start_ms, end_ms, 1_500)
    reader.close()


def _read(folder: Path, device: str, end_ms: int) -> int:
    reader = HistoryReader(folder)
    count = sum(1 for _ in reader.frames(_START_MS, end_ms, {device}))
    reader.close()
    return count


def _fetch(folder: Path, device: str, end_ms: int, start_ms: int = 0) -> int:
    query = """SELECT body FROM chunk JOIN device ON device.number = chunk.device
      WHERE device.key = ? AND first_ms <= ? AND last_ms >= ? ORDER BY last_seq"""
    with closing(sqlite3.connect(folder / FILE_NAME)) as database:
        found = database.execute(query, (device, end_ms, start_ms))
        return sum(len(unpack(body)) for (body,) in found)
