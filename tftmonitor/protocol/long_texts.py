"""Texts that are too long to be kept - pictures, mostly - cut out of a frame.

A frame may be as large as 16 MB, and the last one of each device is kept: what is in it beside
such texts is a few kilobytes.
"""

import json
from typing import Any, Final

from tftmonitor.protocol import lenient

TEXT_LIMIT: Final = 65_536
"""The longest text that is kept; a frame that is no longer holds no longer one."""


def without_long_texts(frame: bytes) -> bytes:
    """The frame with each text above the limit replaced by a note; as it came if there is none.

    What is no JSON has no texts, and comes back as it is.
    """
    if len(frame) <= TEXT_LIMIT:
        return frame
    try:
        content = lenient.parse_json(frame.decode("utf-8-sig", "replace"))
        shorter = _shortened(content)
        return frame if shorter == content else json.dumps(shorter, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return frame


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return _shortened_text(value) if len(value) > TEXT_LIMIT else value
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if isinstance(value, dict):
        return {_shortened(key): _shortened(inner) for key, inner in value.items()}
    return value


def _shortened_text(text: str) -> str:
    """JSON within a text is looked into, because alarms come like that as well."""
    content = lenient.inner_json(text)
    if isinstance(content, str):
        content = _inner_text(text)
    if content is None:
        return _note(text)
    shorter = json.dumps(_shortened(content), ensure_ascii=False)
    return shorter if len(shorter) <= TEXT_LIMIT else _note(text)


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
