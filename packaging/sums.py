"""SHA256SUMS, as ``sha256sum --check`` reads it."""

import hashlib
from pathlib import Path


def write_sums(files: list[Path]) -> Path:
    """Beside the files, which are all in one folder; replaces what was there."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(files)
    ]
    target = files[0].parent / "SHA256SUMS"
    target.write_text("".join(lines), "utf-8")
    return target
