"""Logging: one line a record on stderr, and where asked to a file that stays small."""

import logging
import logging.handlers
import sys
from pathlib import Path

from tftmonitor.base.private_files import make_private_folder, touch_private
from tftmonitor.base.redaction import redacted

_AS_LOGGED = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
_FILE_SIZE = 1_000_000
_FILES_KEPT = 3


def start_logging(level: int = logging.WARNING, file: Path | None = None) -> None:
    """Send records of this level and above to stderr, and those of INFO and above to a file."""
    root = logging.getLogger()
    root.setLevel(min(level, logging.INFO if file else level))
    stream = logging.StreamHandler(sys.stderr)
    stream.setLevel(level)
    handlers: list[logging.Handler] = [stream]
    if file is not None:
        handlers.append(_file_handler(file))
    for handler in handlers:
        handler.addFilter(_clean)
        handler.setFormatter(_AS_LOGGED)
        root.addHandler(handler)
    # Its records hold whole frames, and so the credential.
    logging.getLogger("websockets").setLevel(logging.WARNING)


def _clean(record: logging.LogRecord) -> bool:
    """Take the credential of a session out of a record and of the traceback with it."""
    try:
        record.msg, record.args = redacted(record.getMessage()), None
    except (TypeError, ValueError):
        return True  # its arguments do not fit: the handler says so
    if record.exc_info and not record.exc_text:
        # The formatter makes none where there is one.
        record.exc_text = redacted(_AS_LOGGED.formatException(record.exc_info))
    return True


def _file_handler(file: Path) -> logging.Handler:
    """Each file that it begins is its owner's alone."""
    make_private_folder(file.parent)
    touch_private(file)
    handler = logging.handlers.RotatingFileHandler(
        file, maxBytes=_FILE_SIZE, backupCount=_FILES_KEPT, encoding="utf-8"
    )

    def rotate(source: str, target: str) -> None:
        Path(source).replace(target)
        touch_private(Path(source))

    handler.rotator = rotate
    return handler
