"""``tftmonitor export`` and ``trips`` on what was recorded, from the store to the files."""

import csv
import importlib
import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.unit.history.export.memory import DAY, NOW, MemoryReader, drive
from tests.unit.history.samples.pushes import simulated
from tftmonitor.base.clock import to_iso
from tftmonitor.cli import main
from tftmonitor.cli.recorded import stretch
from tftmonitor.history.export import export as export_module
from tftmonitor.history.export.formats import FORMATS
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.sealing import seal
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import Pending, StoredFrame
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.monitor.watch_format import canonical_values
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Snapshot

G = "{http://www.topografix.com/GPX/1/1}"
PERIOD = ["--from", to_iso(NOW - DAY), "--to", to_iso(NOW + DAY)]


def record(profile: Path, reader: MemoryReader, *, sealed: bool = False) -> None:
    store = SampleStore(profile, NOW)
    frames = sorted(reader.stored, key=lambda each: each.received_ms)
    rows = [
        (each.device, each.channel, each.received_ms, each.device_ms, each.is_late, each.frame)
        for each in frames
    ]
    try:
        store.write(Pending(rows=rows, blind=reader.intervals), NOW)
        if sealed:
            for _step in seal(store, rows[-1][2] + DAY):
                pass
    finally:
        store.close()


@pytest.fixture
def reader() -> MemoryReader:
    found = MemoryReader()
    drive(found, "100", 90)
    for number in range(10):
        found.add(NOW + 900_000 + number * 60_000, "100", lat=0.5, lng=10.0801, acc=0, speed=0)
    drive(found, "200", 30)
    found.add(NOW - 60_000, "200", late_by=400_000, speed=1)
    found.put("", NOW + 7, None, b'{"event":"messagePass","data":"hi"}', channel="messages")
    found.intervals.append(BlindInterval("devices", Blindness.LINK, NOW, NOW + 5_000, "lost"))
    return found


@pytest.fixture
def profile(tmp_path: Path, reader: MemoryReader) -> Path:
    folder = tmp_path / "profile"
    record(folder, reader)
    return folder


def export(profile: Path, *more: str | Path) -> int:
    return main(["export", "--profile", str(profile), *PERIOD, *map(str, more)])


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(line for line in text.splitlines() if line[:1] != "#"))


def pushes(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()][1:]


def test_csv_holds_what_was_recorded_and_the_blind_intervals_beside(
    profile: Path, tmp_path: Path, reader: MemoryReader, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert export(profile, "--format", "csv", "--output", out) == 0
    rows = rows_of(out.read_text("utf-8"))
    frames = [each for each in reader.stored if each.channel == "devices"]
    frames.sort(key=lambda each: each.received_ms)
    assert [(row["device"], int(row["received_ms"]), row["late"]) for row in rows] == [
        (each.device, each.received_ms, str(each.is_late).lower()) for each in frames
    ]
    blind = rows_of((tmp_path / "out.blind.csv").read_text("utf-8"))
    assert [(row["cause"], row["from_ms"]) for row in blind] == [("link down", str(NOW))]
    assert capsys.readouterr().err.splitlines() == [
        f"tftmonitor export: {len(reader.stored)} pushes read",
        "tftmonitor export: left out: 1 pushes that are no snapshot; jsonl has them",
    ]


def test_every_format_holds_every_place(
    profile: Path, tmp_path: Path, reader: MemoryReader
) -> None:
    files = {name: tmp_path / f"out.{name}" for name in FORMATS}
    for name, path in files.items():
        assert export(profile, "--format", name, "--output", path) == 0
    sent = len(reader.stored)
    assert len(pushes(files["jsonl"].read_text("utf-8"))) == sent
    table = importlib.import_module("pyarrow.parquet").read_table(files["parquet"])
    assert table.num_rows == sent - 1
    places = 90 + 10 + 30
    assert len(list(ET.parse(files["gpx"]).iter(f"{G}trkpt"))) == places
    assert files["kml"].read_text("utf-8").count("<gx:coord>") == places
    features = json.loads(files["geojson"].read_text("utf-8"))["features"]
    assert sum(len(p) for each in features for p in each["geometry"]["coordinates"]) == places


def test_a_folder_has_a_file_a_device(profile: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    assert export(profile, "--format", "csv", "--output", f"{folder}/") == 0
    names = ["100.csv", "200.csv", "blind.csv", "no-device.csv"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert len(rows_of((folder / "200.csv").read_text("utf-8"))) == 31
    assert export(profile, "--format", "gpx", "--device", "200", "--output", folder) == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names, "200.gpx"])


def test_standard_output_has_the_chosen_fields_and_devices(
    profile: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    more = ("--format", "jsonl", "--fields", "speed, mileage", "--device", "200", "--output", "-")
    assert export(profile, *more) == 0
    said = capfdbinary.readouterr()
    found = pushes(said.out.decode())
    assert {each["device"] for each in found} == {"200"}
    assert [set(each["values"]) for each in found[:2]] == [{"speed", "mileage"}] * 2
    assert b"1 blind intervals are not in it" in said.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--format", "csv", "--fields", "spede"), "there is no field 'spede'"),
        (("--format", "gpx", "--fields", "speed"), "--fields is of csv, jsonl and parquet"),
        (("--format", "csv", "--to", to_iso(NOW - DAY)), "--from is not before --to"),
    ],
)
def test_wrong_usage_is_said(
    profile: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    words: str,
) -> None:
    assert export(profile, "--output", tmp_path / "out", *more) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with names")
def test_what_is_no_file_is_not_replaced_by_one(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert export(profile, "--format", "csv", "--output", pipe) == 2
    assert "is neither a file nor a folder" in capsys.readouterr().err
    assert pipe.is_fifo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pipe", "profile"]


def test_without_history_or_a_place_to_write_it_says_so(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ("--format", "csv", "--output")
    assert export(tmp_path / "none", *more, tmp_path / "out") == 1
    assert "There is no recorded history" in capsys.readouterr().err
    assert export(profile, *more, tmp_path / "missing" / "out.csv") == 1
    assert "it cannot be written: " in capsys.readouterr().err


def test_a_device_that_is_not_recorded_is_said(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = (
        "--format",
        "csv",
        "--output",
        tmp_path / "out",
        "--device",
        "100",
        "7",
        "--device",
        "8",
    )
    assert export(profile, *more) == 4
    assert capsys.readouterr().err == "tftmonitor export: nothing is recorded of 7, 8\n"
    assert not (tmp_path / "out").exists()
    assert main(["trips", "--profile", str(profile), *PERIOD, "--device", "9"]) == 4
    assert "nothing is recorded of 9" in capsys.readouterr().err


@pytest.mark.parametrize("sealed", [False, True])
def test_what_the_simulator_sent_is_in_every_format(tmp_path: Path, sealed: bool) -> None:
    sent = simulated(4, 90)
    profile = tmp_path / "simulated"
    record(profile, MemoryReader([StoredFrame(*each) for each in sent]), sealed=sealed)
    start, end = to_iso(sent[0][2] - DAY), to_iso(sent[-1][2] + DAY)
    files = {name: tmp_path / f"sent.{name}" for name in FORMATS}
    words = ["export", "--profile", str(profile), "--from", start, "--to", end]
    for name, path in files.items():
        assert main([*words, "--format", name, "--output", str(path)]) == 0
    expected = []
    for _, channel, received_ms, _, _, frame in sent:
        push = decode(Channel(channel), frame)
        assert isinstance(push, Snapshot)
        expected.append(canonical_values(push, received_ms)[0])
    assert [each["values"] for each in pushes(files["jsonl"].read_text("utf-8"))] == expected
    rows = rows_of(files["csv"].read_text("utf-8"))
    for row, values in zip(rows, expected, strict=True):
        assert {wire: row[wire] for wire in values} == {
            wire: text_of(value) for wire, value in values.items()
        }
    table = importlib.import_module("pyarrow.parquet").read_table(files["parquet"])
    assert table["speed"].to_pylist() == [row.get("speed") for row in expected]
    places = [
        (f"{row['lat']:.7f}", f"{row['lng']:.7f}")
        for row in expected
        if row.get("lat") is not None and row.get("latlng_valid") is not False
    ]
    found = [
        (f"{float(each.attrib['lat']):.7f}", f"{float(each.attrib['lon']):.7f}")
        for each in ET.parse(files["gpx"]).iter(f"{G}trkpt")
    ]
    assert len(places) > 100
    assert sorted(found) == sorted(places)


def text_of(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return str(value)


def test_without_pyarrow_parquet_says_what_is_missing(
    profile: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert export(profile, "--format", "parquet", "--output", tmp_path / "out") == 2
    assert "tftmonitor[parquet]" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to catch")
def test_what_is_ended_by_a_signal_leaves_no_file(
    profile: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = HistoryReader.frames

    def frames(*words: Any) -> Any:
        for number, frame in enumerate(original(*words)):
            if number == 50:
                os.kill(os.getpid(), signal.SIGTERM)
            yield frame

    monkeypatch.setattr(HistoryReader, "frames", frames)
    assert export(profile, "--format", "csv", "--output", tmp_path / "out.csv") == 1
    assert "cancelled; no file was written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["profile"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_damaged_block_is_said(
    profile: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = HistoryReader.frames

    def frames(self: Any, *words: Any) -> Any:
        self.damaged += 1
        yield from original(self, *words)

    monkeypatch.setattr(HistoryReader, "frames", frames)
    assert export(profile, "--format", "csv", "--output", tmp_path / "out.csv") == 1
    assert "1 damaged blocks are not in it" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_behind_standard_output_is_said(profile: Path) -> None:
    words = ["-m", "tftmonitor", "export", "--profile", str(profile), *PERIOD]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, *words, "--format", "csv", "--output", "-"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=30,
            check=False,
        )
    said = b"tftmonitor export: it cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_progress_is_shown_on_a_terminal(
    profile: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(stretch, "_PROGRESS_S", -1.0)
    monkeypatch.setattr(export_module, "PROGRESS_EVERY", 50)
    assert export(profile, "--format", "csv", "--output", tmp_path / "out.csv") == 0
    assert capsys.readouterr().err.startswith("\r50 pushes read\r100 pushes read\r\033[K")


def test_a_reader_that_goes_away_is_no_failure(profile: Path) -> None:
    words = ["-m", "tftmonitor", "export", "--profile", str(profile), *PERIOD]
    with subprocess.Popen(
        [sys.executable, *words, "--format", "jsonl", "--output", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()


def test_trips_are_listed_as_a_table_and_as_csv(
    profile: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ["trips", "--profile", str(profile), *PERIOD]
    assert main([*words, "--device", "100", "--csv"]) == 0
    trip, stop = rows_of(capfdbinary.readouterr().out.decode())
    assert (trip["what"], stop["what"], stop["open"]) == ("trip", "stop", "true")
    assert trip["from"] == to_iso(NOW)
    assert float(trip["track_m"]) == pytest.approx(89 * 100.07, abs=20)
    assert float(trip["odometer_m"]) == pytest.approx(8_900, abs=20)
    assert main(words) == 0
    table = capfdbinary.readouterr().out.decode().splitlines()
    assert [line[:16].rstrip() for line in table] == [
        "100  trip", "100  stop, lasts", "200  trip, lasts",
    ]  # fmt: skip
    assert "odometer 8.9 km" in table[0]


def test_a_stop_of_days_is_listed_whole(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    reader = MemoryReader()
    drive(reader, "1", 90, start=NOW - 3 * DAY)
    for at_ms in range(NOW - 3 * DAY + 900_000, NOW + 2 * DAY, 600_000):
        reader.add(at_ms, "1", lat=0.5, lng=10.0801, acc=0, speed=0)
    record(tmp_path, reader)
    words = ["trips", "--profile", str(tmp_path), "--from", to_iso(NOW - 60_000 * 30), "--csv"]
    assert main([*words, "--to", to_iso(NOW)]) == 0
    (stop,) = rows_of(capfdbinary.readouterr().out.decode())
    assert (stop["what"], stop["open"]) == ("stop", "true")
    assert stop["from"] == to_iso(NOW - 3 * DAY + 900_000)
    assert stop["to"] == to_iso(NOW + 2 * DAY - 300_000)
    assert main([*words, "--to", to_iso(NOW), "--device", "1", "--days"]) == 0


def test_nothing_is_listed_of_a_stretch_before_the_first_report(
    profile: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ["trips", "--profile", str(profile), "--from", "2020-01-01", "--to", "2020-01-02"]
    assert main(words) == 0
    near = ["--from", to_iso(NOW - 2 * 3_600_000), "--to", to_iso(NOW - 3_600_000)]
    assert main([*words[:3], *near]) == 0
    assert capfdbinary.readouterr().out == b""


def test_days_are_listed(profile: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    words = ["trips", "--profile", str(profile), *PERIOD, "--days"]
    assert main([*words, "--csv"]) == 0
    rows = rows_of(capfdbinary.readouterr().out.decode())
    lengths = ("moving_s", "idle_s", "stopped_s", "no_data_s")
    assert {sum(float(row[name]) for name in lengths) for row in rows} == {86_400.0}
    assert len(rows) == 2 * 3
    assert main(words) == 0
    assert b"24:00 h no data" in capfdbinary.readouterr().out


def test_trips_say_what_is_wrong(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trips", "--profile", str(tmp_path / "none"), *PERIOD]) == 1
    assert "There is no recorded history" in capsys.readouterr().err
    assert main(["trips", "--profile", str(profile), *PERIOD, "--to", to_iso(NOW - DAY)]) == 2
    assert "--from is not before --to" in capsys.readouterr().err
