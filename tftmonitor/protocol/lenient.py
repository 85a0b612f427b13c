"""Reading loosely typed values: numbers as text, text as numbers, JSON inside of text."""

import functools
import itertools
import json
import math
import re
from typing import Any

from tftmonitor.model.fields.field import INVALID

# Times below this are taken for seconds, above for milliseconds.
_SECONDS_BELOW = 100_000_000_000
_TEXT_LIMIT = 4_000
# Deeper than anything that means something; whoever walks or writes content relies on it.
_DEPTH_LIMIT = 64
# Python refuses to read or write whole numbers far beyond the range of a float.
_LONGEST_WHOLE = 300
# No number that means something is written longer; what is takes time to read.
_LONGEST_NUMBER = 64
# Python takes some milliseconds for so many values, and a list or object costs it several.
_MOST_VALUES = 300_000
_VALUES_A_BRACKET = 4
_MOST_HALVES = 10_000
_CONTAINERS = {list, dict}
_NOT_BRACKETS = bytes(code for code in range(128) if chr(code) not in "[]{}")
# What ``preview`` shows of a list or an object, and of a text in one.
_SHOWN_ITEMS = 12
_SHOWN_DEPTH = 6
_SHOWN_TEXT = 300
_SURROGATES = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|u(?P<lone>[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


class BoundlessError(ValueError):
    """JSON that nests deeper, or holds more, than any frame that makes sense; says which."""


def parse_json(text: str) -> Any:
    """The content of a JSON text; ValueError when it is none.

    What comes out can be written again: no half characters, no bottomless nesting, no number
    without end, no more values than are decoded within milliseconds.
    """
    brackets = text.count("[") + text.count("{")
    if text.count(",") + _VALUES_A_BRACKET * brackets > _MOST_VALUES:
        raise BoundlessError("more values than any frame that makes sense")
    if halves := text.count("\\ud") + text.count("\\uD"):
        if halves > _MOST_HALVES:
            raise BoundlessError("more half characters than any frame that makes sense")
        text = _SURROGATES.sub(_replace_lone, text)
    try:
        content = _loads(text)
    except RecursionError:
        raise BoundlessError("nested too deeply") from None
    if brackets > _DEPTH_LIMIT and _may_be_too_deep(text) and _is_too_deep(content):
        raise BoundlessError("nested too deeply")
    return content


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a whole number of more digits than Python reads
        return json.loads(text, parse_int=_whole_or_float)


def _replace_lone(match: re.Match[str]) -> str:
    return "\\ufffd" if match["lone"] else match[0]


def _whole_or_float(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_WHOLE else float(digits)


def _may_be_too_deep(text: str) -> bool:
    """False where no brackets are left once the innermost pairs were taken away so often.

    It costs a part of the walk, and those within texts seldom disturb.
    """
    brackets = text.encode("ascii", "ignore").translate(None, _NOT_BRACKETS)
    for _ in range(_DEPTH_LIMIT):
        before = len(brackets)
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(brackets) in {0, before}:
            break
    return bool(brackets)


def _is_too_deep(content: Any) -> bool:
    """True for content that nests deeper than the limit; looks at each of its values once."""
    level: list[Any] = [[content]]
    for _ in range(_DEPTH_LIMIT + 1):
        level = [
            value
            for container in level
            for value in (container.values() if type(container) is dict else container)
            if type(value) in _CONTAINERS
        ]
        if not level:
            return False
    return True


def is_sentinel(value: Any) -> bool:
    """True for the mark of an invalid measurement, as a number or as text."""
    if isinstance(value, str):
        return value.strip() in {"-999", "-999.0"}
    return isinstance(value, int | float) and value == INVALID


def number(value: Any) -> float | None:
    """A finite number, or None for anything else and for the invalid mark."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > _LONGEST_NUMBER:
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) and result != INVALID else None


def whole(value: Any) -> int | None:
    """A whole number, also out of decimal or 0x text, or None."""
    if isinstance(value, str) and value[:_LONGEST_NUMBER].strip().lower().startswith("0x"):
        if len(value) > _LONGEST_NUMBER:
            return None
        try:
            return int(value.strip(), 16)
        except ValueError:
            return None
    result = number(value)
    return int(result) if result is not None and result.is_integer() else None


def text(value: Any) -> str | None:
    """Bounded text; numbers become text, an empty text None."""
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[:_TEXT_LIMIT] or None


def flag(value: Any) -> bool | None:
    """True or False out of a bool, 0, 1 or such text, else None."""
    if isinstance(value, str):
        return {"true": True, "false": False, "1": True, "0": False}.get(value.strip().lower())
    return bool(value) if value in (0, 1) else None


def time_ms(value: Any) -> int | None:
    """Milliseconds since 1970 UTC; small numbers are seconds. None when there is no time."""
    result = number(value)
    if result is None or result <= 0:
        return None
    return round(result * 1000 if result < _SECONDS_BELOW else result)


def inner_json(value: Any) -> Any:
    """What a text that holds a JSON object or list decodes to; anything else as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            return parse_json(value)
        except ValueError:
            return value
    return value


@functools.lru_cache(4_096)
def folded(key: str) -> str:
    """A key without case and separators, for comparing spellings."""
    plain = key.lower().replace("_", "")
    return plain if plain.isalnum() else "".join(filter(str.isalnum, plain))


def preview(value: Any, depth: int = 0) -> Any:
    """The beginning of what may be large, to be shown: of each list, object and text."""
    if isinstance(value, str):
        return value if len(value) <= _SHOWN_TEXT else value[:_SHOWN_TEXT] + "…"
    if not isinstance(value, list | dict):
        return value
    if depth >= _SHOWN_DEPTH:
        return "…"
    if isinstance(value, list):
        shown = [preview(item, depth + 1) for item in value[:_SHOWN_ITEMS]]
        return shown if len(value) <= _SHOWN_ITEMS else [*shown, "…"]
    items = itertools.islice(value.items(), _SHOWN_ITEMS)
    found = {preview(key): preview(inner, depth + 1) for key, inner in items}
    return found if len(value) <= _SHOWN_ITEMS else found | {"…": "…"}
