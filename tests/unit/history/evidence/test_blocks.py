"""Frames are held against the recorder's blocks, also where all sums were made anew."""

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.unit.history.evidence.profiles import journal, record
from tests.unit.history.evidence.test_bundle import files_of, lines_of, request
from tests.unit.history.evidence.test_verifier import Files, alone, packed_anew
from tests.unit.history.export.memory import DAY, NOW
from tftmonitor.history.evidence import blocks, verifier
from tftmonitor.history.evidence.blocks import frames_against_blocks
from tftmonitor.history.evidence.bundle import write_evidence
from tftmonitor.history.samples.sealing import seal
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import FILE_NAME as HISTORY


@pytest.fixture
def files(tmp_path: Path) -> Files:
    record(tmp_path, sealed=True)
    journal(tmp_path)
    write_evidence(request(tmp_path), tmp_path / "e.zip")
    return files_of(tmp_path / "e.zip")


@pytest.fixture
def forged(tmp_path: Path) -> Callable[[Files], Path]:
    """A file with all its sums made anew, the manifest's too."""

    def work(files: Files) -> Path:
        manifest = json.loads(files["manifest.json"])
        for name in manifest["sha256"]:
            manifest["sha256"][name] = hashlib.sha256(files[name]).hexdigest()
        lines = lines_of(files["frames.jsonl"])
        manifest["frames"]["count"] = len(lines)
        manifest["frames"]["first_number"] = lines[0]["number"]
        manifest["frames"]["last_number"] = lines[-1]["number"]
        path = tmp_path / "forged.zip"
        return packed_anew(path, files | {"manifest.json": json.dumps(manifest).encode()})

    return work


def sealed_lines(files: Files) -> list[dict[str, Any]]:
    last = json.loads(files["chain.json"])["chunks"][-1]["last"]
    return [line for line in lines_of(files["frames.jsonl"]) if line["number"] <= last]


def with_lines(files: Files, act: Callable[[list[dict[str, Any]]], object]) -> Files:
    lines = lines_of(files["frames.jsonl"])
    act(lines)
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return files | {"frames.jsonl": body}


def test_each_sealed_frame_is_held_and_the_others_are_counted(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = len(sealed_lines(files))
    others = 92 - held
    assert held > 30
    assert others > 30
    path = str(tmp_path / "e.zip")
    problems, words = frames_against_blocks(path)
    assert problems == []
    assert words == [
        f"{held} frames are as the recorder's blocks have them.",
        f"{others} frames were not sealed when the file was made: no block has them.",
    ]
    assert verifier.report(path, frames_against_blocks) == 0
    said = capsys.readouterr().out
    [newest] = json.loads(files["chain.json"])["rounds"][-1:]
    assert newest["sum"] in said
    assert words[0] in said
    assert "only tftmonitor verify" not in said
    assert "only tftmonitor verify can tell" in alone(tmp_path / "e.zip")[1]


def another_speed(lines: list[dict[str, Any]]) -> None:
    assert "36.0" in lines[3]["frame"]
    lines[3]["frame"] = lines[3]["frame"].replace("36.0", "99.0")


def another_kind_of_number(lines: list[dict[str, Any]]) -> None:
    lines[3]["frame"] = lines[3]["frame"].replace("36.0", "36")


def no_json(lines: list[dict[str, Any]]) -> None:
    lines[3]["frame"] = "{"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (another_speed, "is not as the recorder's block has it"),
        (another_kind_of_number, "is not as the recorder's block has it"),
        (no_json, "is not as the recorder's block has it"),
        (lambda lines: lines[3].update(late=True), "is not as the recorder's block has it"),
        (lambda lines: lines[3].update(received_ms=lines[2]["received_ms"]), "is not as the"),
        (lambda lines: lines.pop(3), "is in the recorder's block, and missing"),
        (lambda lines: lines.__delitem__(slice(2, None)), "is in the recorder's block, and miss"),
    ],
)
def test_sums_made_anew_do_not_hide_another_frame(
    files: Files,
    forged: Callable[[Files], Path],
    act: Callable[[list[dict[str, Any]]], object],
    words: str,
) -> None:
    path = forged(with_lines(files, act))
    assert list(verifier.problems_of(str(path))) == []  # the script alone cannot see it
    problems, _ = frames_against_blocks(str(path))
    assert words in problems[0]
    assert verifier.report(str(path), frames_against_blocks) == 1


def test_a_frame_that_its_block_has_not_is_told(
    files: Files, forged: Callable[[Files], Path]
) -> None:
    lines = lines_of(files["frames.jsonl"])
    place = next(
        place
        for place, (line, after) in enumerate(pairwise(lines))
        if after["number"] - line["number"] > 1 and after in sealed_lines(files)
    )
    made_up = {**lines[place], "number": lines[place]["number"] + 1}
    path = forged(with_lines(files, lambda lines: lines.insert(place + 1, made_up)))
    assert frames_against_blocks(str(path))[0] == [
        f"Frame {made_up['number']} is not in the recorder's block, where it would be."
    ]


def test_other_blanks_are_the_same_frame(files: Files, forged: Callable[[Files], Path]) -> None:
    def act(lines: list[dict[str, Any]]) -> None:
        lines[3]["frame"] = json.dumps(json.loads(lines[3]["frame"]), indent=1)

    assert frames_against_blocks(str(forged(with_lines(files, act))))[0] == []


def test_what_blocks_have_beyond_the_stretch_is_not_missing(tmp_path: Path) -> None:
    record(tmp_path, sealed=True)
    write_evidence(request(tmp_path, start_ms=NOW + 100_000), tmp_path / "e.zip")
    files = files_of(tmp_path / "e.zip")
    first = json.loads(files["chain.json"])["chunks"][0]["first"]
    assert first < lines_of(files["frames.jsonl"])[0]["number"]
    assert frames_against_blocks(str(tmp_path / "e.zip"))[0] == []


def test_a_sealed_frame_that_is_no_text_is_held(tmp_path: Path) -> None:
    record(tmp_path, sealed=True)
    with closing(SampleStore(tmp_path, NOW)) as store:
        for _step in seal(store, NOW + 2 * DAY):
            pass
    write_evidence(request(tmp_path), tmp_path / "e.zip")
    assert b"frame_base64" in files_of(tmp_path / "e.zip")["frames.jsonl"]
    assert frames_against_blocks(str(tmp_path / "e.zip")) == (
        [],
        ["92 frames are as the recorder's blocks have them."],
    )


def test_many_problems_are_counted(
    files: Files, forged: Callable[[Files], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_MOST_TOLD", 2)
    path = forged(with_lines(files, lambda lines: [line.update(late=True) for line in lines]))
    problems, _ = frames_against_blocks(str(path))
    assert problems[2:] == [f"So are {len(sealed_lines(files)) - 2} frames more."]


def without_shapes(chain: Any) -> None:
    chain["shapes"] = {}


@pytest.mark.parametrize("act", [without_shapes, lambda chain: chain.pop("shapes")])
def test_blocks_that_cannot_be_read_are_told(
    files: Files, forged: Callable[[Files], Path], act: Callable[[Any], object]
) -> None:
    chain = json.loads(files["chain.json"])
    act(chain)
    path = forged(files | {"chain.json": json.dumps(chain).encode()})
    [problem], words = frames_against_blocks(str(path))
    assert "cannot be held against their blocks" in problem
    assert words == []


@pytest.mark.parametrize(
    ("touch", "words"),
    [
        (lambda body: body[:-1] + b"\0", "is not the block that has its sum"),
        (lambda body: body + b"\0", "blocks.bin has more than the chain tells"),
        (lambda body: body[:-1], "is not the block that has its sum"),
    ],
)
def test_the_script_sees_another_block(
    files: Files, forged: Callable[[Files], Path], touch: Callable[[bytes], bytes], words: str
) -> None:
    path = forged(files | {"blocks.bin": touch(files["blocks.bin"])})
    assert words in " ".join(verifier.problems_of(str(path)))
    assert alone(path)[0] == 1


@pytest.mark.parametrize("size", [0, -1, 1 << 40])
def test_a_made_up_size_of_a_block_is_not_read(
    files: Files, forged: Callable[[Files], Path], size: int
) -> None:
    chain = json.loads(files["chain.json"])
    chain["chunks"][0]["size"] = size
    path = forged(files | {"chain.json": json.dumps(chain).encode()})
    assert f"a block of {size} bytes" in " ".join(verifier.problems_of(str(path)))


def test_without_history_there_are_no_blocks(tmp_path: Path) -> None:
    journal(tmp_path)
    write_evidence(request(tmp_path), tmp_path / "e.zip")
    assert frames_against_blocks(str(tmp_path / "e.zip")) == ([], [])
    assert verifier.report(str(tmp_path / "e.zip"), frames_against_blocks) == 0


def change_store(profile: Path, query: str, *values: object) -> list[str]:
    with closing(sqlite3.connect(profile / HISTORY)) as database:
        database.execute(query, values)
        database.commit()
    left_out: list[str] = write_evidence(request(profile), profile / "e.zip")["left_out"]
    return left_out


def test_a_store_whose_sums_do_not_hold_is_told_when_the_file_is_made(tmp_path: Path) -> None:
    record(tmp_path, sealed=True)
    left_out = change_store(tmp_path, "UPDATE round SET sum = ?", bytes(32))
    assert any("has another sum.)" in each for each in left_out)
    assert verifier.report(str(tmp_path / "e.zip"), frames_against_blocks) == 1
    left_out = change_store(tmp_path, "UPDATE spool SET sum = ?", bytes(32))
    assert any("Batch" in each for each in left_out)


def test_a_block_that_cannot_be_read_does_not_spoil_the_others(tmp_path: Path) -> None:
    record(tmp_path, sealed=True)
    left_out = change_store(tmp_path, "UPDATE chunk SET body = ?", b"broken")
    assert any("damaged blocks" in each for each in left_out)
    path = str(tmp_path / "e.zip")
    assert json.loads(files_of(tmp_path / "e.zip")["chain.json"])["damaged"] > 0
    assert verifier.report(path, frames_against_blocks) == 0
    with zipfile.ZipFile(path) as archive:
        assert archive.read("blocks.bin") == b""
