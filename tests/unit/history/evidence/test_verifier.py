"""A touched file of evidence is found out, by the program and by the script in the file."""

import json
import runpy
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.history.evidence.profiles import journal, record
from tests.unit.history.evidence.test_bundle import files_of, request
from tftmonitor.history.evidence import verifier
from tftmonitor.history.evidence.archive import EvidenceArchive
from tftmonitor.history.evidence.bundle import write_evidence

Files = dict[str, bytes]


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    record(tmp_path, sealed=True)
    journal(tmp_path)
    write_evidence(request(tmp_path), tmp_path / "e.zip")
    return tmp_path / "e.zip"


def pack(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def packed_anew(path: Path, files: Files) -> Path:
    """As somebody would do it who makes all sums anew."""
    with path.open("wb") as out, EvidenceArchive(out, 0) as archive:
        for name, content in files.items():
            if name != verifier.SUMS:
                archive.add(name, content)
        archive.finish()
    return path


def alone(path: Path) -> tuple[int, str]:
    """What ``verify.py`` out of the file says, with nothing but Python."""
    script = path.with_suffix(".py")
    script.write_bytes(Path(verifier.__file__).read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_whole_file_is_whole(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verifier.main([str(whole)]) == 0
    assert "Whole: every file is as it was written" in capsys.readouterr().out
    code, said = alone(whole)
    assert code == 0
    assert "Device 100" in said


def flipped(files: Files) -> Files:
    return files | {"frames.jsonl": files["frames.jsonl"].replace(b"36.0", b"35.0", 1)}


def removed(files: Files) -> Files:
    return {name: content for name, content in files.items() if name != "blind.csv"}


def added(files: Files) -> Files:
    return files | {"extra.txt": b"hello"}


def renamed(files: Files) -> Files:
    return {("f.csv" if name == "fields.csv" else name): body for name, body in files.items()}


@pytest.mark.parametrize(
    ("touch", "words"),
    [
        (flipped, "frames.jsonl is not as it was written"),
        (removed, "blind.csv is missing"),
        (added, "extra.txt was added"),
        (renamed, "fields.csv is missing"),
        (lambda files: {"a": b""}, "SHA256SUMS is missing"),
        (lambda files: files | {"manifest.json": b"[]"}, "manifest.json is not as it was written"),
    ],
)
def test_what_was_touched_is_named(
    whole: Path, tmp_path: Path, touch: Callable[[Files], Files], words: str
) -> None:
    path = pack(tmp_path / "touched.zip", touch(files_of(whole)))
    assert any(words in problem for problem in verifier.problems_of(str(path)))
    assert verifier.main([str(path)]) == 1
    code, said = alone(path)
    assert code == 1
    assert words in said
    assert "NOT WHOLE" in said


def without_a_frame(files: Files) -> Files:
    lines = files["frames.jsonl"].splitlines(keepends=True)
    return files | {"frames.jsonl": b"".join(lines[:4] + lines[5:])}


def frames_swapped(files: Files) -> Files:
    lines = files["frames.jsonl"].splitlines(keepends=True)
    return files | {"frames.jsonl": b"".join([lines[1], lines[0], *lines[2:]])}


def changed(name: str, act: Callable[[Any], object]) -> Callable[[Files], Files]:
    def work(files: Files) -> Files:
        content = json.loads(files[name])
        act(content)
        return files | {name: json.dumps(content).encode()}

    return work


def another_sum(chain: Any) -> None:
    chain["chunks"][0]["sha256"] = "0" * 64


def another_link(chain: Any) -> None:
    chain["rounds"] += [{**chain["rounds"][0], "number": 99, "prior": "00" * 32}]


@pytest.mark.parametrize(
    ("touch", "words"),
    [
        (without_a_frame, "and the manifest says 92"),
        (frames_swapped, "do not ascend"),
        (changed("chain.json", another_sum), "another sum than its round says"),
        (changed("chain.json", another_link), "does not follow the one before it"),
        (changed("chain.json", another_link), "Round 99 of the store has another sum"),
        (lambda files: files | {"frames.jsonl": b"no JSON\n"}, "cannot be read"),
        (changed("manifest.json", lambda facts: facts.pop("sha256")), "cannot be read"),
        (flipped, "has another sum in the manifest than in SHA256SUMS"),
    ],
)
def test_sums_made_anew_do_not_hide_it(
    whole: Path, tmp_path: Path, touch: Callable[[Files], Files], words: str
) -> None:
    path = packed_anew(tmp_path / "anew.zip", touch(files_of(whole)))
    assert any(words in problem for problem in verifier.problems_of(str(path)))
    assert alone(path)[0] == 1


def test_without_history_there_is_nothing_to_count(tmp_path: Path) -> None:
    journal(tmp_path)
    write_evidence(request(tmp_path), tmp_path / "e.zip")
    assert list(verifier.problems_of(str(tmp_path / "e.zip"))) == []


def test_a_name_that_stands_twice_is_told(whole: Path) -> None:
    with zipfile.ZipFile(whole, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("blind.csv", b"other")
    assert "blind.csv stands in it twice." in list(verifier.problems_of(str(whole)))


def test_a_content_that_cannot_be_unpacked_is_told(whole: Path, tmp_path: Path) -> None:
    content = bytearray(whole.read_bytes())
    place = content.index(b"frames.jsonl") + 60
    content[place : place + 30] = b"\xff" * 30
    broken = tmp_path / "broken.zip"
    broken.write_bytes(content)
    assert any("frames.jsonl cannot be read" in each for each in verifier.problems_of(str(broken)))


@pytest.mark.parametrize(
    "content",
    [b"", b"no zip", b"PK\x03\x04" + bytes(100)],
)
def test_what_is_no_zip_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e.zip"
    path.write_bytes(content)
    assert verifier.main([str(path)]) == 2
    with pytest.raises(verifier.UnreadableError):
        verifier.facts_of(str(path))


def test_half_a_file_is_no_zip(whole: Path) -> None:
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    assert alone(whole)[0] == 2


@pytest.mark.parametrize("name", ["MOST_FILES", "MOST_BYTES", "MOST_JSON"])
def test_a_bomb_is_not_unpacked(whole: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(verifier, name, 3)
    assert verifier.report(str(whole)) == 2


def test_a_manifest_that_is_no_object_is_said(tmp_path: Path) -> None:
    path = pack(tmp_path / "e.zip", {"manifest.json": b"[]"})
    with pytest.raises(verifier.UnreadableError, match="is no object"):
        verifier.facts_of(str(path))


def test_it_says_how_it_is_called() -> None:
    assert verifier.main([]) == 2


def test_the_script_ends_with_its_exit_code(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["verify.py", str(whole)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(verifier.__file__, run_name="__main__")
    assert ended.value.code == 0
