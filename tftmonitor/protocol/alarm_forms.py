"""Alarm numbers and alarm words in whatever form they come: text, hex, lists, objects, true.

A number is read where there is one way to read it. Whatever else is there is kept as what it is:
something that says "alarm" and that nobody here understands.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from tftmonitor.model.alarms.codes import (
    WORD_MASK,
    Numbering,
    Severity,
    alarms_in_bits,
    lookup,
    severity_of_number,
)
from tftmonitor.model.fields.formatting import one_line
from tftmonitor.protocol import lenient

# Alarm words are 32-bit, and may be written as signed.
_LOWEST, _HIGHEST = -(1 << 31), (1 << 32) - 1
# The ways to say nothing at all, and those to say that there is no alarm, apart from a zero.
_SILENT: Final = frozenset({"", "null", "nil", "nan", "undefined", "na", "n/a", "-", "--"})
_QUIET: Final = frozenset({"none", "false", "no", "off", "no alarm", "normal", "ok"})
_WHOLE: Final = re.compile(r"[+-]?\d+(\.0*)?")
_HEX: Final = re.compile(r"0x[0-9a-f]+")
_SEPARATORS: Final = re.compile(r"[,;|\s]+")
# Below this the digits mean the same in hex.
_SAME_IN_HEX = 10
MOST_ITEMS: Final = 200
"""A longer list or object is no value of an alarm, and not worth the time to read it."""

# A text longer than this names no numbers either.
_LONGEST_LIST: Final = 2_000
NUMBER_KEYS: Final = ("curevent", "alarmcode", "alarm", "event", "code", "value", "number", "type")


@dataclass(frozen=True, slots=True)
class AlarmForm:
    """What such a value says: numbers, ``bits``, or ``unread``, the bounded text of what came.

    ``several`` says that it was a list, of whatever length.
    """

    codes: tuple[int, ...] = ()
    unread: str = ""
    several: bool = False
    bits: int = 0


def is_word(number: int) -> bool:
    """True for a number that fits into an alarm word."""
    return _LOWEST <= number <= _HIGHEST


def read_alarm(raw: Any) -> AlarmForm | None:
    """What a value says; None for zero, empty, null and false in any form: no alarm."""
    raw = lenient.inner_json(raw)
    if raw is None or raw is False or lenient.is_sentinel(raw):
        return None
    if isinstance(raw, str):
        return _read_text(raw)
    if isinstance(raw, list):
        return _joined(raw, raw)
    if isinstance(raw, dict):
        return _read_object(raw)
    return _read_number(raw)


def says_none(raw: Any) -> bool:
    """True for what says that there is no alarm; what is silent about it does not."""
    if raw is None or (isinstance(raw, str) and raw.strip().casefold() in _SILENT):
        return False
    return not lenient.is_sentinel(raw) and read_alarm(raw) is None


def read_bits(raw: Any) -> AlarmForm | None:
    """What ``alerts`` says: a word of bits as the one code, or a list of single known bits."""
    form = read_alarm(raw)
    if form is None or form.unread or not form.several:
        return form
    # A list may be of bits or of words: only single bits that have a name are sure to be bits.
    if all(lookup(Numbering.BITS, code) is not None for code in form.codes):
        return AlarmForm((sum(set(form.codes)),))
    return AlarmForm(unread=shown(raw))


def read_alarm_code(raw: Any) -> AlarmForm | None:
    """What ``alarm_code`` says: bits by the documents, but numbers where that makes no sense.

    It makes none where nobody would have to look, or where one bit ends what another begins,
    while the number is that of an alarm.
    """
    form = read_bits(raw)
    if form is None or form.unread:
        return read_alarm(raw)
    word = form.codes[0] & WORD_MASK
    kinds = [kind for _, kind in alarms_in_bits(word)]
    worst = max(Severity.WARNING if kind is None else kind.severity for kind in kinds)
    keys = {kind.key for kind in kinds if kind is not None}
    is_absurd = any(kind is not None and kind.ends in keys for kind in kinds)
    as_number = severity_of_number(word)
    if (worst is Severity.NOTICE and as_number > worst) or (is_absurd and as_number >= worst):
        return read_alarm(raw)
    return AlarmForm(bits=word)


def shown(raw: Any) -> str:
    """What came, as one bounded line of plain text."""
    if isinstance(raw, str):
        return one_line(raw)
    raw = lenient.preview(raw)
    try:
        return one_line(json.dumps(raw, ensure_ascii=False))
    except (TypeError, ValueError):
        return one_line(repr(raw))


def _read_number(raw: Any) -> AlarmForm | None:
    number = lenient.whole(raw)
    if raw == 0 or raw != raw or number == 0:
        return None
    if isinstance(raw, bool) or number is None or not is_word(number):
        return AlarmForm(unread=shown(raw))
    return AlarmForm((number,))


def _read_text(text: str) -> AlarmForm | None:
    plain = text[: _LONGEST_LIST + 1].strip().casefold()
    if plain in _SILENT or plain in _QUIET:
        return None
    number = _number_in(plain)
    if number is not None:
        form = _read_number(number)
        return form if form is None or form.codes else AlarmForm(unread=one_line(text))
    if len(plain) > _LONGEST_LIST:
        return AlarmForm(unread=one_line(text[:_LONGEST_LIST]))
    parts = [part for part in _SEPARATORS.split(plain) if part]
    if len(parts) > 1 and all(_number_in(part) is not None for part in parts):
        return _joined(parts, text)
    return AlarmForm(unread=one_line(text)) if parts else None


def _number_in(plain: str) -> int | None:
    """The whole number that a text is; None where it could be another one in hex."""
    if _HEX.fullmatch(plain):
        return lenient.whole(plain)
    if not _WHOLE.fullmatch(plain):
        return None
    number = lenient.whole(plain)
    padded = len(plain) > 1 and plain[0] == "0"
    return None if padded and (number or 0) >= _SAME_IN_HEX else number


def _joined(items: list[Any], raw: Any) -> AlarmForm | None:
    if len(items) > MOST_ITEMS:
        return AlarmForm(unread=shown(raw), several=True)
    codes: list[int] = []
    for item in items:
        form = read_alarm(item)
        if form is None:
            continue
        if form.unread:
            return AlarmForm(unread=shown(raw), several=True)
        codes += form.codes
    return AlarmForm(tuple(dict.fromkeys(codes)), several=True) if codes else None


def _read_object(content: dict[str, Any]) -> AlarmForm | None:
    if len(content) > MOST_ITEMS:
        return AlarmForm(unread=shown(content))
    named = [value for key, value in content.items() if lenient.folded(key) in NUMBER_KEYS]
    forms = [form for value in named or content.values() if (form := read_alarm(value)) is not None]
    if not forms:
        return None
    if named and len(forms) == 1 and not forms[0].unread:
        return forms[0]
    return AlarmForm(unread=shown(content))
