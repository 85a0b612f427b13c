"""What the program keeps is its owner's alone, also under a umask that would give it to all."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tftmonitor.base import private_files
from tftmonitor.base.private_files import make_private_folder, tighten_profile, touch_private

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")

# All that writes into a profile, in a process whose umask takes nothing away.
WRITERS = """
import logging, os, sys
from pathlib import Path
os.umask(0)
from tftmonitor.base.clock import SystemClock
from tftmonitor.base import logs
from tftmonitor.base.private_files import tighten_profile
from tftmonitor.history.journal import Journal
from tftmonitor.history.profile_lock import ProfileLock
from tftmonitor.model.rules.defaults import DEFAULT_RULES
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.settings.store import SettingsStore
profile = Path(sys.argv[1])
assert tighten_profile(profile) == ""
(profile / "rules.json").write_text("no rules")
(profile / "history.sqlite3").write_text("no database" * 200)
logs._FILE_SIZE = 200
logs.start_logging(file=profile / "tftmonitor.log")
assert (profile / "tftmonitor.log").stat().st_mode & 0o777 == 0o600
for number in range(20):
    logging.getLogger("x").info("line %d that makes another file of the log", number)
SettingsStore(profile).set("user", "u")
RulesFile(profile).save(DEFAULT_RULES)
lock = ProfileLock.take(profile)
journal = Journal.open(profile / "history.sqlite3", SystemClock())
os.chmod(profile / "rules.json", 0o600)  # the test's own
print("\\n".join(f"{p.stat().st_mode & 0o777:o} {p.name}" for p in profile.rglob("*")))
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_every_file_of_a_profile_is_private_under_umask_0(tmp_path: Path) -> None:
    profile = tmp_path / "deep" / "profile"
    done = subprocess.run(
        [sys.executable, "-c", WRITERS, str(profile)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    lines = (line.split(" ", 1) for line in done.stdout.splitlines())
    found = {name: rights for rights, name in lines}
    aside = next(name for name in found if name.startswith("history-damaged-"))
    found.pop(aside)  # made by the test, and tightened at the next start
    assert {"settings.json", "rules.json", "rules.unreadable.json", "running.lock"} <= found.keys()
    assert {"tftmonitor.log", "tftmonitor.log.1", "history.sqlite3"} <= found.keys()
    assert {"history.sqlite3-wal", "history.sqlite3-shm"} <= found.keys()
    assert set(found.values()) == {"600"}
    assert mode(profile) == 0o700
    assert mode(profile.parent) == 0o700


def test_what_an_older_version_left_open_is_tightened(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    profile.chmod(0o755)
    (profile / "settings.json").write_text("{}")
    (profile / "settings.json").chmod(0o644)
    (profile / "read-only.json").write_text("{}")
    (profile / "read-only.json").chmod(0o444)
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("of somebody else")
    elsewhere.chmod(0o644)
    (profile / "link.txt").symlink_to(elsewhere)
    (profile / "second name.txt").hardlink_to(elsewhere)
    assert tighten_profile(profile) == ""
    assert mode(profile) == 0o700
    assert mode(profile / "settings.json") == 0o600
    assert mode(profile / "read-only.json") == 0o400
    assert mode(elsewhere) == 0o644


def test_folder_for_all_is_left_and_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    assert "for all" in tighten_profile(tmp_path)
    assert mode(tmp_path) == 0o1777
    tmp_path.chmod(0o700)


def test_profile_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "may be readable by others" in tighten_profile(tmp_path / "file" / "profile")


def test_other_systems_have_the_rights_of_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_files, "_IS_POSIX", False)
    tmp_path.chmod(0o755)
    assert tighten_profile(tmp_path) == ""
    assert mode(tmp_path) == 0o755


def test_what_is_there_is_not_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("content")
    touch_private(file)
    assert file.read_text() == "content"
    make_private_folder(tmp_path)
    before = os.umask(0)
    try:
        touch_private(tmp_path / "new")
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == 0o600
