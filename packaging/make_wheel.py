"""The wheel and the source archive, with the locked build backend and without a network."""

import subprocess
import sys
from pathlib import Path

from files import DIST, ROOT, version


def make_wheel() -> list[Path]:
    """Build both; equal sources give equal files (hatchling fixes times and order)."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(DIST)]
    subprocess.run(command, check=True, cwd=ROOT)
    return [
        DIST / f"tftmonitor-{version()}-py3-none-any.whl",
        DIST / f"tftmonitor-{version()}.tar.gz",
    ]
