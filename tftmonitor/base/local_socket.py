"""Where the window of a profile listens for other processes: known to both without Qt."""

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

# The system's own limit is 104 or 108 bytes; while it is made, a socket has a longer name.
_LONGEST: Final = 80
_IN_PROFILE: Final = "window.socket"


def socket_names(profile: Path, platform: str = sys.platform) -> tuple[str, ...]:
    """Names to listen or to connect under, the best first; both ends try them in this order.

    On POSIX paths of a socket: within the profile, where only its owner gets at it, and one in
    the temporary folder for profiles whose path is too long or whose disk has no sockets. On
    Windows the name of a pipe.
    """
    place = profile.resolve()
    digest = hashlib.sha256(str(place).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    if platform == "win32":
        return (f"tftmonitor-{digest}",)
    # Not what TMPDIR says: a command of a timer does not see the desktop's environment.
    temporary = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108
    names = (place / _IN_PROFILE, temporary / f"tftmonitor-{digest}")
    return tuple(str(name) for name in names if len(os.fsencode(name)) <= _LONGEST)
