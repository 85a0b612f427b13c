"""Asks the window of a profile through its local socket. No Qt."""

import socket
import sys
import time
from pathlib import Path

from tftmonitor.base.local_socket import SilentWindowError, is_own_socket, socket_names

_CHUNK = 65_536


def ask_window(profile: Path, line: bytes, limit_s: float) -> bytes | None:
    """The window's answer, a line; None when nobody listens. Raises SilentWindowError."""
    for name in socket_names(profile):
        try:
            found = _exchange(name, line, limit_s) if is_own_socket(name, profile) else None
        except TimeoutError:
            raise SilentWindowError from None
        except OSError:
            continue  # nobody there, or it went away meanwhile
        if found is not None:
            return found
    return None


if sys.platform == "win32":

    def _exchange(name: str, line: bytes, _limit_s: float) -> bytes | None:
        # Not tried: a pipe is a file, without a limit of time.
        with Path(rf"\\.\pipe\{name}").open("r+b", buffering=0) as pipe:
            pipe.write(line + b"\n")
            return pipe.readline().strip() or None

else:

    def _exchange(name: str, line: bytes, limit_s: float) -> bytes | None:
        end_s = time.monotonic() + limit_s
        with socket.socket(socket.AF_UNIX) as window:
            window.settimeout(limit_s)
            window.connect(name)
            window.sendall(line + b"\n")
            found = b""
            while not found.endswith(b"\n"):
                window.settimeout(max(0.01, end_s - time.monotonic()))
                part = window.recv(_CHUNK)
                if not part:
                    return None
                found += part
        return found.strip()
