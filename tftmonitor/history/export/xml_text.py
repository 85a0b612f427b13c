"""Text and numbers as XML has them."""

import math
import re
from xml.sax.saxutils import escape

# What XML 1.0 has no way to write, however it is escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: str) -> str:
    """A text between two tags; what XML cannot hold is a replacement character."""
    return escape(_FORBIDDEN.sub("\ufffd", value))


def number(value: float, digits: int) -> str:
    """A decimal without exponent and without needless zeros; "" for unknown."""
    if not math.isfinite(value):
        return ""
    shown = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if shown in {"-0", ""} else shown
