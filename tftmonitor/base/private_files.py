"""Folders and files that only their owner may read, whatever the umask says.

POSIX only: on Windows a profile has the rights of the user's own folder, and nothing is done here.
"""

import contextlib
import os
import stat
import sys
from pathlib import Path
from typing import Final

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
_IS_POSIX: Final = sys.platform != "win32"


def make_private_folder(folder: Path) -> None:
    """Make a folder, and each one above it that is missing, for its owner alone.

    One that is there stays as it is. Raises OSError.
    """
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    with contextlib.suppress(FileExistsError):  # another process was faster
        folder.mkdir(mode=FOLDER_MODE)
        _tighten(folder, FOLDER_MODE)


def touch_private(file: Path) -> None:
    """Make an empty file for its owner alone where there is none; raises OSError.

    For files that a library opens, which would give them what the umask leaves.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    with contextlib.suppress(FileExistsError):
        os.close(os.open(file, flags, FILE_MODE))


def tighten_profile(profile: Path) -> str:
    """Make the profile if it is missing, and take from others what an older version left them.

    Folder and files in it are touched where they are the user's own and no links. Returns in
    words what could not be done, or "".
    """
    try:
        make_private_folder(profile)
        if not _IS_POSIX:
            return ""
        if profile.stat().st_mode & stat.S_ISVTX:
            return f"{profile} is a folder for all: others may see that a profile is in it."
        _tighten(profile, FOLDER_MODE)
        for file in profile.iterdir():
            if stat.S_ISREG(file.lstat().st_mode):
                _tighten(file, FILE_MODE)
    except OSError as error:
        return f"{profile} may be readable by others: {error.strerror}."
    return ""


def _tighten(path: Path, mode: int) -> None:
    """Take away what is beyond ``mode``; a file with several names may be known elsewhere."""
    found = path.lstat()
    extra = stat.S_IMODE(found.st_mode) & ~mode
    is_shared_file = stat.S_ISREG(found.st_mode) and found.st_nlink > 1
    if extra and not is_shared_file:
        path.chmod(stat.S_IMODE(found.st_mode) & mode)
