"""Where the window of a profile listens for other processes: known to both without Qt."""

import contextlib
import hashlib
import os
import stat
import sys
from pathlib import Path
from typing import Final

# The system's own limit is 104 or 108 bytes; while it is made, a socket has a longer name.
_LONGEST: Final = 80
_IN_PROFILE: Final = "window.socket"
# Made by the system for each user who is logged in; not what XDG_RUNTIME_DIR says, because a
# command of a timer does not see the desktop's environment. The same holds for TMPDIR.
_RUNTIME: Final = Path("/run/user")
_TEMPORARY: Final = Path("/tmp")  # noqa: S108 - the folder in it is checked


class SilentWindowError(Exception):
    """A window of this profile runs, and did not answer in time."""


def socket_names(profile: Path, platform: str = sys.platform) -> tuple[str, ...]:
    """Names to listen or to connect under, the best first; both ends try them in this order.

    On POSIX paths of a socket: within the profile, where only its owner gets at it, and one in
    a folder of the user for profiles whose path is too long or whose disk has no sockets. On
    Windows the name of a pipe.
    """
    place = profile.resolve()
    digest = hashlib.sha256(str(place).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    if platform == "win32":
        return (f"tftmonitor-{digest}",)
    names = (place / _IN_PROFILE, _folder_of_user() / f"tftmonitor-{digest}")
    return tuple(str(name) for name in names if len(os.fsencode(name)) <= _LONGEST)


def is_own_socket(name: str, profile: Path) -> bool:
    """True for a socket of the profile's owner: nobody else can have put it there.

    A name of Windows is always one's own: the system looks after pipes.
    """
    if sys.platform == "win32":
        return True
    try:
        found = Path(name).lstat()
        return stat.S_ISSOCK(found.st_mode) and found.st_uid == profile.stat().st_uid
    except OSError:
        return False


def is_own_place(name: str) -> bool:
    """True where a socket of this name can be made and others cannot replace it.

    The user's folder in the temporary one is made where it is missing.
    """
    if sys.platform == "win32":
        return True
    folder = Path(name).parent
    with contextlib.suppress(OSError):
        if folder.parent == _TEMPORARY:
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
        found = folder.lstat()
        is_mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        return is_mine and not found.st_mode & 0o022
    return False


def _folder_of_user() -> Path:
    """The system's for this user, else one of ours in the folder for all."""
    user = os.geteuid() if sys.platform != "win32" else 0
    runtime = _RUNTIME / str(user)
    with contextlib.suppress(OSError):
        if runtime.stat().st_uid == user:
            return runtime
    return _TEMPORARY / f"tftmonitor-{user}"
