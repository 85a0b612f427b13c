"""Builds the executable for this platform and starts what was built with ``--smoke``.

Run it through ``python3 dev.py build``, which makes the environment with PyInstaller in it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from string import Template

from sums import write_sums
from trim import size, trim

from tftmonitor import __version__

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "packaging" / "tftmonitor.spec"
WORK = ROOT / "build"
WINDOWS_VERSION = ROOT / "packaging" / "windows-version.template"
SMOKE_LIMIT_S = 120


def executable() -> Path:
    """The program inside of the folder that PyInstaller makes."""
    name = "tftmonitor.exe" if sys.platform == "win32" else "tftmonitor"
    return ROOT / "dist" / "tftmonitor" / name


def windows_version(version: str) -> str:
    """What Windows shows of the program: the version as text, and as its four numbers."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    if numbers is None:
        raise ValueError(f"{version!r} does not begin with numbers")
    four = [*numbers[0].split("."), "0", "0", "0"][:4]
    template = Template(WINDOWS_VERSION.read_text("utf-8"))
    return template.substitute(version=version, numbers=", ".join(four))


def build() -> None:
    """Freeze the program into dist/tftmonitor."""
    WORK.mkdir(exist_ok=True)
    (WORK / "windows-version.txt").write_text(windows_version(__version__), "utf-8")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", str(SPEC)]
    command += ["--distpath", str(ROOT / "dist"), "--workpath", str(WORK)]
    subprocess.run(command, check=True, cwd=ROOT)
    saved = trim(executable().parent)
    print(f"{size(executable().parent) / 1e6:.0f} MB, {saved / 1e6:.0f} MB less by stripping")


def smoke() -> int:
    """Start what was built: it must sign in, receive, paint and end by itself with 0."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [str(executable()), "--smoke"], env=environment, timeout=SMOKE_LIMIT_S, check=False
    )
    return done.returncode


def _deb() -> list[Path]:
    from make_deb import make_deb

    return [make_deb()]


def _tar() -> list[Path]:
    from make_tar import make_tar

    return [make_tar()]


def _wheel() -> list[Path]:
    from make_wheel import make_wheel

    return make_wheel()


# Each needs the folder, but the wheel.
PACKAGES: dict[str, Callable[[], list[Path]]] = {"deb": _deb, "tar": _tar, "wheel": _wheel}
NEEDS_FOLDER = {"deb", "tar"}


def main(words: Sequence[str] = ()) -> int:
    """Build and smoke the folder, then the packages asked for; the exit code of the smoke test."""
    kind = words[0] if words else "folder"
    if len(words) > 1 or kind not in {"folder", "all", *PACKAGES}:
        print(f"usage: dev.py build [{'|'.join(('folder', 'all', *PACKAGES))}]", file=sys.stderr)
        return 2
    if kind == "folder" or kind == "all" or kind in NEEDS_FOLDER:
        build()
        code = smoke()
        print(f"smoke test of {executable().relative_to(ROOT)}: exit code {code}")
        if code or kind == "folder":
            return code
    made = [path for name in PACKAGES if kind in {"all", name} for path in PACKAGES[name]()]
    for path in made:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")
    print(write_sums(made).relative_to(ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
