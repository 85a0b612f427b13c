"""Texts that are too long to be kept - pictures, mostly - cut out of a frame.

A frame may be as large as 16 MB, and the last one of each device is kept: what is in it beside
such texts is a few kilobytes.
"""

import json
import re
from typing import Any, Final

from tftmonitor.protocol import lenient

TEXT_LIMIT: Final = 65_536
"""The longest text that is kept; a frame that is no longer holds no longer one."""

KEPT_LIMIT: Final = 131_072
"""Bytes of the longest frame that is kept whole; usual ones have less than two thousand."""

_BEGIN: Final = 4_096
_PLAIN: Final = frozenset({int, float, bool, type(None)})
_LONG: Final = re.compile(rb'"[^"]{%d}' % TEXT_LIMIT)


def kept_frame(frame: bytes) -> bytes:
    """What is kept of a frame to be shown: all of it, or the beginning of one that is too large."""
    if len(frame) <= KEPT_LIMIT:
        return frame
    begin = frame[:_BEGIN].decode("utf-8", "replace")
    note = f"a frame of {len(frame):,} bytes, of which only the beginning is kept"
    return json.dumps({"note": note, "beginning": begin}, ensure_ascii=False).encode()


def without_long_texts(frame: bytes) -> bytes:
    """The frame with each text above the limit replaced by a note; as it came if there is none.

    What is no JSON has no texts, and comes back as it is.
    """
    if len(frame) <= TEXT_LIMIT or not _may_have_long_text(frame):
        return frame
    try:
        content = lenient.parse_json(frame.decode("utf-8-sig", "replace"))
        shorter = _shortened(content)
        return frame if shorter == content else json.dumps(shorter, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return frame


def _may_have_long_text(frame: bytes) -> bool:
    """False where all quotes are near each other, and so is what stands between two of them."""
    return rb"\"" in frame or _LONG.search(frame) is not None


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return _shortened_text(value) if len(value) > TEXT_LIMIT else value
    # Whoever sends a hundred thousand numbers is not called for each.
    if isinstance(value, list):
        return [item if type(item) in _PLAIN else _shortened(item) for item in value]
    # What has a long text in it and is no list is an object.
    return {
        _shortened_text(key) if len(key) > TEXT_LIMIT else key: (
            inner if type(inner) in _PLAIN else _shortened(inner)
        )
        for key, inner in value.items()
    }


def _shortened_text(text: str) -> str:
    """JSON within a text is looked into, because alarms come like that as well."""
    if _stays_long(text):
        return _note(text)
    content = lenient.inner_json(text)
    if isinstance(content, str):
        content = _inner_text(text)
    if content is None:
        return _note(text)
    shorter = json.dumps(_shortened(content), ensure_ascii=False)
    return shorter if len(shorter) <= TEXT_LIMIT else _note(text)


def _stays_long(text: str) -> bool:
    """True where nothing that could be cut out or written shorter is in it: most long JSON."""
    blanks = sum(map(text.count, " \n\r\t"))
    if len(text) - blanks <= TEXT_LIMIT or "\\" in text:
        return False
    return _LONG.search(text.encode("utf-8", "replace")) is None


def _inner_text(text: str) -> str | None:
    """The text that a JSON text within a text is."""
    if not text.startswith('"'):
        return None
    try:
        content = lenient.parse_json(text)
    except ValueError:
        return None
    return content if isinstance(content, str) else None


def _note(text: str) -> str:
    return f"(a text of {len(text)} characters was cut out)"
