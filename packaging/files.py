"""What every kind of package is made of: the same licences, entries and times everywhere."""

import os
import re
import subprocess
from importlib import metadata
from pathlib import Path

from tftmonitor import __version__

ROOT = Path(__file__).resolve().parent.parent
LINUX = ROOT / "packaging" / "linux"
DIST = ROOT / "dist"
FOLDER = DIST / "tftmonitor"
# What is needed to build or for the second way of zstandard, and is not in the folder.
NOT_BUNDLED = {"cffi", "pycparser", "pip", "setuptools", "hatchling", "editables"}


def version() -> str:
    """The version as packages of Debian name it, too."""
    return __version__


def moment() -> int:
    """Seconds since 1970 for all files: SOURCE_DATE_EPOCH, else the time of the last commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    words = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def bundled() -> list[str]:
    """Names of the distributions that the program needs here, with all that those need."""
    found: set[str] = set()
    ahead = ["tftmonitor"]
    while ahead:
        name = re.sub(r"[-_.]+", "-", ahead.pop()).lower()
        if name in found or name in NOT_BUNDLED:
            continue
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another system or another version of Python
        found.add(name)
        ahead += [
            re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
            for line in needs
            if "extra ==" not in line
        ]
    return sorted(found - {"tftmonitor"})
