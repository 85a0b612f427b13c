"""Numbers as people type them: with a point or a comma, and refused where that could be either."""

import re
import unicodedata
from typing import Final

# What stands between groups of three digits and never before decimals: blanks of all widths,
# apostrophes, the Arabic one.
_GROUPS_ONLY: Final = " \u00a0\u2009\u202f'\u2019\u066c"
_ARABIC_POINT: Final = "\u066b"
_MINUSES: Final = "\u2212\u2013"
_SHAPE: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*[.,]?|[.,]\d+)")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d*)?")


class NumberError(ValueError):
    """The text is no number, or could be two; the message says so to whoever typed it."""


def read_number(text: str) -> float:
    """The number that the text is in any language that writes 1234.5 with two marks at most.

    Raises NumberError for anything else, and for "1.000" and "1,000", which are 1 to one reader
    and 1000 to the other.
    """
    plain = _plain(text)
    is_grouped = _GROUPED.fullmatch(plain) is not None
    if is_grouped:
        plain = plain.replace(" ", "")
    if not _SHAPE.fullmatch(plain):
        raise _no_number(text)
    marks = [mark for mark in plain if mark in ".,"]
    if not marks:
        return float(plain)
    last = marks[-1]
    head, _, tail = plain.rpartition(last)
    if len(set(marks)) == 1 and len(marks) > 1:
        return float(_without_groups(text, plain, last))
    if len(set(marks)) == 2:
        if marks.count(last) > 1:
            raise _no_number(text)
        other = marks[0]
        return float(_without_groups(text, head, other) + "." + tail)
    digits = head.lstrip("+-")
    if len(tail) == 3 and 1 <= len(digits) <= 3 and not is_grouped and not digits.startswith("0"):
        one, other = f"{digits}{tail}", f"{digits}.{tail.rstrip('0') or '0'}"
        advice = "leave the mark out, or write other decimals."
        raise NumberError(f"\u201c{text.strip()}\u201d can be {one} or {other}: {advice}")
    return float(f"{head}.{tail}")


def _no_number(text: str) -> NumberError:
    return NumberError(f"\u201c{text.strip()}\u201d is no number.")


def _plain(text: str) -> str:
    """ASCII digits and marks, and blanks for what can only stand between groups."""
    made = []
    for sign in text.strip():
        digit = unicodedata.decimal(sign, None)
        if digit is not None:
            made.append(str(digit))
        elif sign == _ARABIC_POINT:
            made.append(".")
        elif sign in _MINUSES:
            made.append("-")
        else:
            made.append(" " if sign in _GROUPS_ONLY else sign)
    return "".join(made)


def _without_groups(text: str, plain: str, mark: str) -> str:
    first, *groups = plain.lstrip("+-").split(mark)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
        raise _no_number(text)
    return plain.replace(mark, "")
