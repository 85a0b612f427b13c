"""What is in a file of evidence: all that was recorded of a device, whole or not at all."""

import base64
import csv
import hashlib
import json
import xml.etree.ElementTree as ET
import zipfile
from datetime import timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.history.evidence.profiles import ALARM, AT, journal, record
from tests.unit.history.export.memory import DAY, NOW
from tftmonitor.base.clock import MINUTE_MS
from tftmonitor.history.evidence import acts, verifier
from tftmonitor.history.evidence.access_log import FILE_NAME, note_access
from tftmonitor.history.evidence.bundle import write_evidence
from tftmonitor.history.evidence.plot_picture import Curves, picture
from tftmonitor.history.evidence.request import AROUND_MS, EvidenceRequest, stretch_of
from tftmonitor.history.samples.stored import FILE_NAME as HISTORY
from tftmonitor.history.samples.sums import chain

ZONE = timezone(timedelta(hours=1), "CET")


def request(profile: Path, **changed: Any) -> EvidenceRequest:
    start_ms, end_ms = stretch_of(ALARM)
    made = EvidenceRequest(
        profile, "100", start_ms, end_ms, NOW + DAY, ALARM, "R. <b>", "theft", ZONE
    )
    return EvidenceRequest(
        **{**{n: getattr(made, n) for n in made.__dataclass_fields__}, **changed}
    )


def files_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines_of(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


@pytest.mark.parametrize("sealed", [False, True])
def test_every_frame_of_the_device_is_in_it_once_as_it_came(tmp_path: Path, sealed: bool) -> None:
    reader = record(tmp_path, sealed=sealed)
    journal(tmp_path)
    counts: list[int] = []
    wanted = request(tmp_path)
    manifest = write_evidence(wanted, tmp_path / "e.zip", counts.append)
    files = files_of(tmp_path / "e.zip")
    kept = list(reader.frames(wanted.start_ms, wanted.end_ms, ["100"]))
    lines = lines_of(files["frames.jsonl"])
    found = [
        base64.b64decode(line["frame_base64"]) if "frame_base64" in line else line["frame"].encode()
        for line in lines
    ]
    assert [json.loads(f) for f in found if b"\xff" not in f] == [
        json.loads(each.frame) for each in kept if b"\xff" not in each.frame
    ]
    assert [f for f in found if b"\xff" in f] == [f.frame for f in kept if b"\xff" in f.frame]
    assert [line["received_ms"] for line in lines] == [each.received_ms for each in kept]
    assert manifest["frames"]["channels"] == {"devices": 90, "messages": 2}
    numbers = [line["number"] for line in lines]
    assert numbers == sorted(set(numbers))
    assert (manifest["frames"]["first_number"], manifest["frames"]["last_number"]) == (
        numbers[0],
        numbers[-1],
    )
    assert max(numbers) - min(numbers) >= len(numbers)  # another device came in between
    assert counts[-1] == len(kept)
    assert list(verifier.problems_of(str(tmp_path / "e.zip"))) == []
    chained = json.loads(files["chain.json"])
    assert bool(chained["chunks"]) is sealed
    assert all(batch["is_right"] for batch in chained["batches"])


def test_its_files_say_the_same_for_other_programs(tmp_path: Path) -> None:
    record(tmp_path)
    journal(tmp_path)
    write_evidence(request(tmp_path), tmp_path / "e.zip")
    files = files_of(tmp_path / "e.zip")
    rows = [row for row in files["fields.csv"].decode().splitlines() if not row.startswith("#")]
    table = list(csv.DictReader(rows))
    assert len(table) == 90
    assert {row["device"] for row in table} == {"100"}
    assert len(ET.fromstring(files["track.gpx"])[-1][-1]) > 80
    assert "reset by peer" in files["blind.csv"].decode()
    entries = lines_of(files["acts.jsonl"])
    assert [entry["kind"] for entry in entries] == ["raised", "acknowledged"]
    assert json.loads(files["alarm.json"])["id"] == 7
    picture_of = ET.fromstring(files["plot.svg"])
    texts = [each.text for each in picture_of.iter("{http://www.w3.org/2000/svg}text")]
    assert "SOS <&>" in texts
    assert "Battery voltage, V" in texts
    assert "not known" in texts  # no battery was reported
    page = files["index.html"].decode()
    assert "<b>" not in page
    assert "R. &lt;b&gt;" in page
    assert "<script" not in page
    assert "http" not in page
    assert "certificate" in files["certificate.txt"].decode().lower()
    assert "92 pushes" in files["certificate.txt"].decode()
    assert files["verify.py"] == Path(verifier.__file__).read_bytes()


def test_how_good_fixes_and_how_dense_reports_are_is_told(tmp_path: Path) -> None:
    record(tmp_path)
    manifest = write_evidence(request(tmp_path), tmp_path / "e.zip")
    files = files_of(tmp_path / "e.zip")
    numbers = [line["number"] for line in lines_of(files["frames.jsonl"])]
    jumps = sum(late - early > 1 for early, late in pairwise(numbers))
    assert manifest["frames"]["jumps"] == jumps > 0
    assert f"with {jumps} jumps" in files["index.html"].decode()
    assert manifest["quality"]["interval_s"] == "10 to 10, half of them up to 10"
    assert "<td>HDOP</td><td>not reported</td>" in files["index.html"].decode()


def test_the_same_again_is_the_same_file(tmp_path: Path) -> None:
    record(tmp_path)
    journal(tmp_path)
    sums = []
    for name in ("a.zip", "b.zip"):
        write_evidence(request(tmp_path), tmp_path / name)
        sums.append(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert sums[0] == sums[1]


def test_without_history_or_journal_it_has_what_there_is_and_says_so(tmp_path: Path) -> None:
    journal(tmp_path)
    manifest = write_evidence(request(tmp_path, alarm=None), tmp_path / "e.zip")
    files = files_of(tmp_path / "e.zip")
    assert "frames.jsonl" not in files
    assert "alarm.json" not in files
    assert len(manifest["left_out"]) == 1
    assert "all recorded pushes" in manifest["left_out"][0]
    assert len(lines_of(files["acts.jsonl"])) == 2
    assert "all recorded pushes" in files["index.html"].decode()
    assert list(verifier.problems_of(str(tmp_path / "e.zip"))) == []
    other = tmp_path / "other"
    other.mkdir()
    record(other)
    told = write_evidence(request(other), tmp_path / "f.zip")["left_out"]
    assert ["the journal (" in each for each in told] == [True]


def test_a_long_journal_is_cut_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal(tmp_path)
    monkeypatch.setattr(acts, "_PAGE", 1)
    monkeypatch.setattr(acts, "_MOST", 1)
    found, why = acts.acts_of(tmp_path, "100", AT - 1, AT + DAY)
    assert [entry.kind for entry in found] == ["acknowledged"]
    assert why == "entries of the journal before the newest 1"


def test_a_page_tells_how_many_acts_more_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path)
    journal(tmp_path)
    monkeypatch.setattr("tftmonitor.history.evidence.page._MOST_ACTS", 1)
    write_evidence(request(tmp_path), tmp_path / "e.zip")
    assert "1 more are in acts.jsonl" in files_of(tmp_path / "e.zip")["index.html"].decode()


def test_what_ends_the_work_leaves_no_file(tmp_path: Path) -> None:
    record(tmp_path)

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_evidence(request(tmp_path), tmp_path / "e.zip", stop)
    assert {path.name for path in tmp_path.iterdir() if ".zip" in path.name} == set()


def test_damaged_blocks_are_told(tmp_path: Path) -> None:
    record(tmp_path)
    content = bytearray((tmp_path / HISTORY).read_bytes())
    place = content.index(b"\x28\xb5\x2f\xfd")  # where a block of Zstandard begins
    content[place + 40 : place + 60] = bytes(20)
    (tmp_path / HISTORY).write_bytes(content)
    manifest = write_evidence(request(tmp_path), tmp_path / "e.zip")
    assert any("damaged blocks" in each for each in manifest["left_out"])


def test_sums_of_a_large_store_are_told_as_far_as_they_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path, sealed=True)
    monkeypatch.setattr(chain, "_MOST_BYTES", 1)
    write_evidence(request(tmp_path), tmp_path / "e.zip")
    told = json.loads(files_of(tmp_path / "e.zip")["chain.json"])
    assert (told["rounds"], told["is_whole"]) == ([], False)
    assert list(verifier.problems_of(str(tmp_path / "e.zip"))) == []


def test_a_picture_is_bounded_and_breaks_where_nothing_is_known() -> None:
    curves = Curves()
    curves.points["speed"] = [
        (NOW, 10.0),
        (NOW + 1_000, 20.0),
        (NOW + 2_000, None),
        (NOW + 3_000, 30.0),
        (NOW + 3_600_000, 30.0),
    ]
    curves.ignition = [(NOW, True), (NOW + 1_000, False), (NOW + 9_000, True), (NOW + DAY, False)]
    drawn = picture(curves, NOW, NOW + DAY, [], [], ZONE).decode()
    [path] = [line for line in drawn.splitlines() if "<path" in line and "#0d6b46" in line]
    assert path.count("M") == 3
    assert drawn.count("#8fa9c9") == 1


def test_more_than_a_picture_can_hold_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path)
    monkeypatch.setattr("tftmonitor.history.evidence.plot_picture._MOST_POINTS", 50)
    told = write_evidence(request(tmp_path), tmp_path / "e.zip")["left_out"]
    assert "40 pushes in the picture alone" in told


def test_a_stretch_that_is_not_over_ends_when_the_file_is_made(tmp_path: Path) -> None:
    record(tmp_path)
    manifest = write_evidence(request(tmp_path, made_ms=AT + 1), tmp_path / "e.zip")
    assert manifest["to_ms"] == AT + 1
    assert "the stretch was not over" in manifest["left_out"][0]
    assert list(verifier.problems_of(str(tmp_path / "e.zip"))) == []


def test_stretch_is_ten_minutes_around() -> None:
    late = replace(ALARM, last_ms=AT + MINUTE_MS)
    assert stretch_of(late) == (AT - AROUND_MS, AT + MINUTE_MS + AROUND_MS)


def test_each_file_that_is_made_is_noted(tmp_path: Path) -> None:
    record(tmp_path)
    for name in ("a.zip", "b.zip"):
        manifest = write_evidence(request(tmp_path), tmp_path / name)
        note_access(tmp_path, tmp_path / name, manifest)
    noted = lines_of((tmp_path / FILE_NAME).read_bytes())
    assert [(line["file"], line["who"]) for line in noted] == [
        ("a.zip", "R. <b>"),
        ("b.zip", "R. <b>"),
    ]
    assert [line["sha256"] for line in noted] == [
        hashlib.sha256((tmp_path / line["file"]).read_bytes()).hexdigest() for line in noted
    ]
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_a_stretch_without_pushes_says_so(tmp_path: Path) -> None:
    record(tmp_path)
    manifest = write_evidence(request(tmp_path, device="300"), tmp_path / "e.zip")
    assert "nothing is recorded of this device in the stretch" in manifest["left_out"]
    assert manifest["frames"]["count"] == 0
    assert list(verifier.problems_of(str(tmp_path / "e.zip"))) == []
