"""Texts out of files and settings as one plain, short line."""

import re
from html import unescape
from typing import Final

_TAG: Final = re.compile(r"<[^<>]{0,400}>")
_LONGEST: Final = 160
# More than this is not looked through.
_READ: Final = 4_000


def plain_line(text: str) -> str:
    """Without tags, entities and line ends, cut where it is longer than a credit is."""
    text = unescape(_TAG.sub("", text[:_READ]))
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
