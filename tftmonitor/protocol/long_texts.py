"""Texts that are too long to be kept - pictures, mostly - cut out of a frame.

A frame may be as large as 16 MB, and the last one of each device is kept: what is in it beside
such texts is a few kilobytes. They are cut out of the bytes before anything is decoded, so that
a frame costs no more than one look at each of its bytes.
"""

import json
import re
from typing import Final

TEXT_LIMIT: Final = 65_536
"""The longest stretch without a quote that is kept in a text; shorter frames hold no longer one."""

KEPT_LIMIT: Final = 131_072
"""Bytes of the longest frame that is kept whole; usual ones have less than two thousand."""

_BEGIN: Final = 4_096
# Pictures are few and hold no quotes; what holds more of them is looked at as it came.
_MOST_QUOTES: Final = 200_000
# Possessive, so that what has no quote at its end is looked at once.
_BETWEEN_QUOTES: Final = re.compile(rb'"([^"]{%d,}+)"' % (TEXT_LIMIT + 1))
# What stands before a text: also the backslash of one in JSON that is a text itself. Between the
# end of a text and the next one stands something else.
_BEFORE_TEXT: Final = frozenset(b":,[{\\ \t\r\n")


def kept_frame(frame: bytes) -> bytes:
    """What is kept of a frame to be shown: all of it, or the beginning of one that is too large."""
    if len(frame) <= KEPT_LIMIT:
        return frame
    begin = frame[:_BEGIN].decode("utf-8", "replace")
    note = f"a frame of {len(frame):,} bytes, of which only the beginning is kept"
    return json.dumps({"note": note, "beginning": begin}, ensure_ascii=False).encode()


def without_long_texts(frame: bytes) -> bytes:
    """The frame with each text above the limit replaced by a note; as it came if there is none.

    Texts in JSON that is a text itself are cut out as well, however deep, and what is around them
    stays JSON.
    """
    if len(frame) <= TEXT_LIMIT or frame.count(b'"') > _MOST_QUOTES:
        return frame
    return _BETWEEN_QUOTES.sub(_note, frame)


def _note(match: re.Match[bytes]) -> bytes:
    begin = match.start()
    if begin and match.string[begin - 1] not in _BEFORE_TEXT:
        return match[0]
    text = match[1]
    inner = text.rstrip(b"\\")
    # Those at its end belong to the quote behind them.
    return b'"(a text of %d bytes was cut out)%s"' % (len(inner), text[len(inner) :])
