"""Who made which file of evidence and when: lines that are only ever added to a file."""

import os
from pathlib import Path
from typing import Any, Final

import msgspec

from tftmonitor.base.private_files import make_private_folder

FILE_NAME: Final = "evidence-log.jsonl"


def note_access(profile: Path, target: Path, manifest: dict[str, Any]) -> None:
    """Add a line to the log of a profile, on the disk when this returns. Raises OSError."""
    names = ("made", "program", "who", "why", "device", "from", "to", "alarm", "left_out")
    line = {"file": target.name, **{name: manifest[name] for name in names}}
    make_private_folder(profile)
    descriptor = os.open(profile / FILE_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as log:
        log.write(msgspec.json.encode(line) + b"\n")
        log.flush()
        os.fsync(log.fileno())
