"""What the journal cannot take lies in a file of its own, and is taken up exactly once."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.history.wounds import CLOCK, NOW, alarm
from tftmonitor.history import spill
from tftmonitor.history.batch import ALARMS_KEPT, JournalBatch
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.history.spill import SpillFile, found_spills
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange, Raised, StepFailed
from tftmonitor.model.alarms.known_reports import KnownReport

RAISED = Raised(NOW, Source.RULE, "rule:a", "Voltage low", Severity.HIGH, device="1")
REPORT = KnownReport("1", "code:5", NOW, Source.SNAPSHOT, NOW)


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders beside the profile are the test's own."""
    folder = tmp_path / "runtime"
    folder.mkdir()
    monkeypatch.setattr(spill, "places", lambda profile: [profile, folder])
    return folder


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "profile"
    folder.mkdir()
    return folder


@pytest.fixture
def journal(profile: Path) -> Iterator[Journal]:
    with closing(Journal.open(profile / FILE_NAME, CLOCK)) as opened:
        yield opened


def batch(*numbers: int) -> JournalBatch:
    made = JournalBatch()
    made.add_changes([AlarmChange(alarm(number), RAISED) for number in numbers])
    made.add_event(StepFailed(NOW, "journal", "the disk is full"))
    made.facts["proven_ms"] = NOW
    made.reports.append(REPORT)
    return made


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("tftmonitor-unsaved-*"))


def kinds(journal: Journal) -> list[str]:
    return sorted(entry.kind for entry in journal.read(100))


def test_spilled_alarms_are_taken_up_once_with_all_that_belongs_to_them(
    journal: Journal, profile: Path
) -> None:
    SpillFile(profile).save(batch(3, 4))
    left = journal.load()
    assert [found.id for found in left.alarms] == [3, 4]
    assert (left.next_id, left.facts["proven_ms"], left.unsaved) == (5, NOW, None)
    assert journal.load_reports(NOW) == [REPORT]
    assert kinds(journal) == ["raised", "raised", "step_failed"]
    assert files(profile) == []
    assert [found.id for found in journal.load().alarms] == [3, 4]
    assert kinds(journal) == ["raised", "raised", "step_failed"]


def test_file_that_stays_after_it_was_taken_up_is_not_taken_up_again(
    journal: Journal, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SpillFile(profile).save(batch(3))
    with monkeypatch.context() as patch:
        patch.setattr("tftmonitor.history.journal.remove", lambda _path: None)  # as if killed
        journal.load()
    assert len(files(profile)) == 1
    journal.load()
    assert kinds(journal) == ["raised", "step_failed"]
    assert files(profile) == []


def test_later_file_of_a_run_replaces_the_earlier(journal: Journal, profile: Path) -> None:
    kept = SpillFile(profile)
    kept.begin_anew()
    kept.save(batch(3))
    kept.save(batch(3, 4))
    assert len(files(profile)) == 1
    assert [found.id for found in journal.load().alarms] == [3, 4]
    kept.begin_anew()
    kept.save(batch(5))
    assert [found.id for found in journal.load().alarms] == [3, 4, 5]


def test_file_of_a_run_that_could_not_write_another_stands_for_both(
    journal: Journal, profile: Path
) -> None:
    first, both = batch(3), batch(4)
    SpillFile(profile).save(first)
    first.merge(both)
    SpillFile(profile).save(first)
    assert [found.id for found in journal.load().alarms] == [3, 4]
    assert kinds(journal) == ["raised", "raised", "step_failed", "step_failed"]
    assert files(profile) == []


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_only_its_owner_can_read_it(profile: Path) -> None:
    SpillFile(profile).save(batch(3))
    (made,) = files(profile)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_profile_that_takes_nothing_has_it_beside(
    tmp_path: Path, runtime: Path, profile: Path
) -> None:
    profile.rmdir()
    kept = SpillFile(profile)
    kept.save(batch(3))
    assert len(files(runtime)) == 1
    profile.mkdir()
    kept.save(batch(3, 4))  # and back, when the disk takes it
    assert (len(files(runtime)), len(files(profile))) == (0, 1)
    with closing(Journal.open(profile / FILE_NAME, CLOCK)) as journal:
        assert [found.id for found in journal.load().alarms] == [3, 4]


def test_file_of_another_profile_is_not_ours(
    journal: Journal, tmp_path: Path, runtime: Path
) -> None:
    SpillFile(tmp_path / "other").save(batch(3))
    assert journal.load().alarms == []
    assert len(files(runtime)) == 1


def test_nowhere_to_put_it_is_said_with_all_reasons(profile: Path, runtime: Path) -> None:
    profile.rmdir()
    runtime.rmdir()
    with pytest.raises(OSError, match=r"profile: No such file.*runtime: No such file"):
        SpillFile(profile).save(batch(3))


def test_half_written_file_is_removed(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_handle: int) -> None:
        raise OSError("disk error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="disk error"):
        SpillFile(profile).save(batch(3))
    assert list(profile.iterdir()) == []


def test_disk_that_is_still_full_has_the_alarms_in_memory(journal: Journal, profile: Path) -> None:
    SpillFile(profile).save(batch(3, 4))
    journal.write(batch(1))
    (pages,) = journal.database.execute("PRAGMA page_count").fetchone()
    journal.database.execute(f"PRAGMA max_page_count = {pages}")
    padding = alarm(2, note="x" * 50_000)
    full = JournalBatch()
    full.alarms[2] = padding
    with pytest.raises(JournalError, match="disk is full"):
        journal.write(full)
    closed = batch(5)
    closed.alarms[6] = alarm(6, closed_ms=NOW)
    closed.alarms[3] = alarm(3, note="x" * 50_000)
    closed.alarms[4] = padding
    SpillFile(profile).save(closed)
    left = journal.load()
    assert left.unsaved is not None
    assert {3, 4, 5} <= {found.id for found in left.alarms}
    assert left.closed[-1].id == 6
    assert left.next_id == 7
    assert files(profile)


def test_what_is_no_spill_file_is_left_where_it_is(
    journal: Journal, profile: Path, caplog: pytest.LogCaptureFixture
) -> None:
    SpillFile(profile).save(batch(3))
    (made,) = files(profile)
    made.write_bytes(made.read_bytes()[:-20])
    made.with_name(made.name.replace(".json", "f.json")).symlink_to(made)
    assert journal.load().alarms == []
    assert caplog.text.count("cannot be read") == 2
    assert made.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="users are POSIX")
def test_file_of_another_user_is_not_read(
    journal: Journal, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SpillFile(profile).save(batch(3))
    monkeypatch.setattr(os, "getuid", lambda: 12_345)
    assert journal.load().alarms == []


def test_text_that_no_file_can_hold_costs_no_other(journal: Journal, profile: Path) -> None:
    made = batch(3)
    made.alarms[4] = alarm(4, note="\ud800")
    made.entries.append((RAISED, made.alarms[4]))
    SpillFile(profile).save(made)
    assert [found.id for found in journal.load().alarms] == [3]
    assert kinds(journal) == ["raised", "step_failed"]


def test_folder_that_cannot_be_listed_has_nothing(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _pattern: str) -> list[Path]:
        raise PermissionError

    SpillFile(profile).save(batch(3))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "glob", refuse)
        assert list(found_spills(profile, set())) == []


def test_file_that_vanishes_meanwhile_is_passed_over(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = profile / "gone.json"
    monkeypatch.setattr(
        spill, "_files_in", lambda folder, _profile: [gone] if folder == profile else []
    )
    assert list(found_spills(profile, set())) == []


def test_of_too_many_alarms_only_closed_ones_are_given_up() -> None:
    made = JournalBatch()
    made.alarms = {number: alarm(number) for number in range(ALARMS_KEPT)}
    made.alarms |= {number: alarm(number, closed_ms=NOW) for number in range(20_000, 20_007)}
    made.merge(JournalBatch())
    assert len(made.alarms) == ALARMS_KEPT
    assert made.dropped == 7
    made.alarms[-1] = alarm(30_000)
    made.merge(JournalBatch())
    assert len(made.alarms) == ALARMS_KEPT + 1


class TestPlaces:
    """Where such files lie."""

    @pytest.fixture(autouse=True)
    def runtime(self) -> None:
        """The real ones."""

    def test_profile_comes_first_and_tmpdir_does_not_matter(
        self, profile: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
        before = spill.places(profile)
        monkeypatch.setenv("TMPDIR", "/elsewhere")
        assert spill.places(profile) == before
        assert before[:2] == [profile, Path("/run/user/1")]
