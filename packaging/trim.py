"""Takes debugging symbols out of the libraries of the frozen folder, where that is safe."""

import shutil
import subprocess
import sys
from pathlib import Path

# Their bundled libraries no longer load after stripping (pyinstaller #9463).
UNTOUCHED = ("numpy", "numpy.libs")


def strippable(folder: Path) -> list[Path]:
    """The shared libraries below ``folder``, each file once, without those of ``UNTOUCHED``."""
    return sorted(
        path
        for path in folder.rglob("*.so*")
        if path.is_file()
        and not path.is_symlink()
        and not set(path.relative_to(folder).parts[:-1]) & set(UNTOUCHED)
    )


def trim(folder: Path) -> int:
    """Strip debugging symbols; how many bytes that saved. Only on Linux, with binutils."""
    if sys.platform != "linux" or shutil.which("strip") is None:
        return 0
    before = size(folder)
    for path in strippable(folder):
        subprocess.run(["strip", "--strip-debug", str(path)], check=True)
    return before - size(folder)


def size(folder: Path) -> int:
    """Bytes of all files below ``folder``; a link counts nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)
