"""Builds the executable for this platform and starts what was built with ``--smoke``.

Run it through ``python3 dev.py build``, which makes the environment with PyInstaller in it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from string import Template

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


def smoke() -> int:
    """Start what was built: it must sign in, receive, paint and end by itself with 0."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [str(executable()), "--smoke"], env=environment, timeout=SMOKE_LIMIT_S, check=False
    )
    return done.returncode


def main() -> int:
    """Build, then smoke; the exit code of the latter."""
    build()
    code = smoke()
    print(f"smoke test of {executable().relative_to(ROOT)}: exit code {code}")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
