"""Qt's system libraries: which of them are missing, and the line that installs them.

Imports nothing of Qt, because it is asked when that cannot be loaded.
"""

import ctypes
import shutil

# Shared library -> Debian package. PySide6's wheels leave them to the system.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libbrotlidec.so.1": "libbrotli1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
EXIT_NO_QT = 7


def explain(reason: str) -> str:
    """Words for a person whose computer cannot load Qt, with the line to run."""
    head = f"tftmonitor: Qt, which draws the window, cannot be loaded: {reason}"
    missing = [name for name in LIBRARIES if not _loads(name)]
    if not missing:
        return head
    packages = " ".join(dict.fromkeys(LIBRARIES[name] for name in missing))
    if shutil.which("apt-get"):
        advice = f"Run: sudo apt-get update && sudo apt-get install {packages}"
    else:
        advice = f"Install what holds them; in Debian the packages are {packages}"
    return f"{head}\nMissing system libraries: {', '.join(missing)}.\n{advice}"


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
