"""The packages for Linux, made of a small folder in place of the frozen one."""

import hashlib
import importlib
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tftmonitor.app.program import EXIT_ALARMS_LOST
from tftmonitor.app.run import EXIT_IN_USE
from tftmonitor.cli import COMMANDS
from tftmonitor.cli.account import EXIT_REFUSED, EXIT_USAGE
from tftmonitor.cli.profile import EXIT_FAILED, EXIT_UNKNOWN_ID
from tftmonitor.ui.platform.qt_libraries import EXIT_NO_QT

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
LINUX = PACKAGING / "linux"


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def script(name: str) -> Any:
    return importlib.import_module(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As PyInstaller makes it: the program, and libraries beside it."""
    program = tmp_path / "frozen" / "tftmonitor"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho started\n")
    program.chmod(0o755)
    inside = program.parent / "_internal" / "numpy.libs"
    inside.mkdir(parents=True)
    (inside / "liba.so.1").write_bytes(b"GLIBC_2.31 GLIBC_2.4")
    (program.parent / "_internal" / "libb.so.2").write_bytes(b"GLIBC_2.35")
    (program.parent / "_internal" / "libc.so").symlink_to("libb.so.2")
    return program.parent


def test_libraries_of_numpy_and_links_are_not_stripped(folder: Path) -> None:
    found = script("trim").strippable(folder)
    assert [path.name for path in found] == ["libb.so.2"]


def test_oldest_c_library_is_read_from_what_is_bundled(folder: Path) -> None:
    assert script("make_deb").newest_libc(folder) == "2.35"


def test_manual_page_has_every_command_and_exit_code() -> None:
    module = script("man_page")
    text = module.man_page(0)
    for name in COMMANDS:
        assert f"\n.SS {name}\n" in text
    known = {EXIT_FAILED, EXIT_USAGE, EXIT_REFUSED, EXIT_UNKNOWN_ID, EXIT_ALARMS_LOST}
    assert {0, EXIT_IN_USE, EXIT_NO_QT} | known == set(module.EXIT_CODES)
    assert '"1970-01-01"' in text


def test_a_word_is_never_a_command_of_troff() -> None:
    assert script("man_page").troff(".so\n a\\b-c") == "\\&.so a\\eb\\-c"


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_manual_page_has_no_warning_of_groff() -> None:
    page = script("man_page").man_page(0)
    words = ["groff", "-man", "-Tutf8", "-ww", "-z"]
    done = subprocess.run(words, input=page, capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="needs appstream")
def test_metainfo_is_valid() -> None:
    words = ["appstreamcli", "validate", "--no-net", str(LINUX / "tftmonitor.metainfo.xml")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_sums_are_those_that_sha256sum_reads(tmp_path: Path) -> None:
    one, two = tmp_path / "b.deb", tmp_path / "a.tar"
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    sums = script("sums").write_sums([one, two])
    assert sums.read_text() == "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (two, one)
    )


def test_notices_name_qt_our_data_and_each_library() -> None:
    text = script("notices").notices()
    assert "GNU Lesser General Public License, version 3" in text
    for name in (*script("files").bundled(), "resources/fonts/"):
        assert re.search(rf"^{re.escape(name)}", text, re.MULTILINE), name


@pytest.fixture
def archive(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    module = script("make_tar")
    monkeypatch.setattr(module, "FOLDER", folder)
    monkeypatch.setattr(module, "DIST", tmp_path)
    return Path(module.make_tar())


def test_equal_folders_give_equal_archives(archive: Path) -> None:
    first = archive.read_bytes()
    script("make_tar").make_tar()
    assert archive.read_bytes() == first


def test_archive_installs_for_one_user_and_goes_away_again(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    top = next(path.parent for path in tmp_path.glob("*/install.sh"))
    home = tmp_path / "a home"
    home.mkdir()
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    run = ["sh", str(top / "install.sh")]
    for _ in range(2):  # the second is an update
        subprocess.run(run, env=environment, check=True, capture_output=True)
    program = home / ".local" / "bin" / "tftmonitor"
    assert subprocess.run([program], check=True, capture_output=True).stdout == b"started\n"
    assert (home / ".local/share/icons/hicolor/48x48/apps/tftmonitor.png").is_file()
    own = home / ".local" / "lib" / "tftmonitor" / "install.sh"
    command = ["sh", str(own), "--uninstall"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert [path for path in home.rglob("*") if not path.is_dir()] == []


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_deb_has_what_a_desktop_looks_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = script("make_deb")
    monkeypatch.setattr(module, "FOLDER", folder)
    monkeypatch.setattr(module, "DIST", tmp_path)
    package = module.make_deb()
    listed = subprocess.run(["dpkg-deb", "-c", package], check=True, capture_output=True, text=True)
    for name in (
        "usr/bin/tftmonitor -> ../lib/tftmonitor/tftmonitor",
        "usr/share/applications/tftmonitor.desktop",
        "usr/share/icons/hicolor/scalable/apps/tftmonitor.svg",
        "usr/share/man/man1/tftmonitor.1.gz",
        "usr/share/doc/tftmonitor/copyright",
        "usr/share/doc/tftmonitor/changelog.gz",
        "usr/lib/systemd/user/tftmonitor-record.service",
    ):
        assert f"./{name}\n" in listed.stdout
    assert "-rwxr-xr-x root/root" in listed.stdout
    words = ["dpkg-deb", "-f", package, "Depends"]
    depends = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert depends.startswith("libc6 (>= 2.35), ")
