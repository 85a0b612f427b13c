"""What an alarm is called that came as a word, as bits in a message, or in no known form."""

import re
from collections.abc import Mapping
from typing import Final

from tftmonitor.model.alarms import identity
from tftmonitor.model.alarms.alarm import NAME_LIMIT
from tftmonitor.model.alarms.codes import ALARMS, AlarmKind, Severity
from tftmonitor.model.alarms.identity import AlarmIdentity
from tftmonitor.model.fields.formatting import clip, one_line

UNKNOWN_FORM: Final = "Alarm of unknown form"
FORM_KEY: Final = "form:"
"""Begins the key of an alarm that nobody here can read."""

# Values with counters or times in them must not open an alarm each.
_LONG: Final = 24
_WORDS: Final = re.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.casefold())) - {"alarm"}


_BY_WORDS: Final[Mapping[frozenset[str], AlarmKind]] = {
    _words(spelled): kind for kind in ALARMS for spelled in (kind.key, kind.name)
}


def kind_called(text: str | None) -> AlarmKind | None:
    """The kind that these words and no others name, in any order: "ALARM_LOW_BATTERY"."""
    return _BY_WORDS.get(_words(text)) if text else None


def of_form(what: str, text: str = "") -> AlarmIdentity:
    """Of what came in place of a number; ``text`` is the server's own about it, if any."""
    for named in (what, text):
        kind = kind_called(named)
        if kind is not None:
            return AlarmIdentity(kind.key, kind.name, kind.severity)
    own = one_line(text)
    if own:
        found = identity.of_message(None, None, own)
        return AlarmIdentity(found.key, found.name, Severity.HIGH)
    name = clip(f"{UNKNOWN_FORM}: {one_line(what)}", NAME_LIMIT)
    key = one_line(what).casefold()
    if len(key) > _LONG:
        key = re.sub(r"\d+", "#", key)
    return AlarmIdentity(f"{FORM_KEY}{clip(key, NAME_LIMIT)}", name, Severity.HIGH)
