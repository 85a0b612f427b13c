"""Who made which file of evidence and when: lines that are only ever added to a file."""

import os
from pathlib import Path
from typing import Any, Final

import msgspec

from tftmonitor.base.private_files import make_private_folder
from tftmonitor.history.evidence.verifier import sum_of_file

FILE_NAME: Final = "evidence-log.jsonl"


def note_access(profile: Path, target: Path, manifest: dict[str, Any]) -> None:
    """Add a line to the log of a profile, on the disk when this returns. Raises OSError.

    It has the sum of the whole file, by which a later one is told from that which was made.
    """
    names = ("made", "program", "who", "why", "device", "from", "to", "alarm", "left_out")
    facts = {name: manifest[name] for name in names}
    line = {"file": target.name, "sha256": sum_of_file(str(target)), **facts}
    make_private_folder(profile)
    descriptor = os.open(profile / FILE_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as log:
        log.write(msgspec.json.encode(line) + b"\n")
        log.flush()
        os.fsync(log.fileno())
