"""What the wording of a message says, in whatever language, about which alarm it means."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from tftmonitor.model.alarms.alarm import NAME_LIMIT, TEXT_KEY
from tftmonitor.model.alarms.codes import ALARMS, AlarmKind
from tftmonitor.model.fields.formatting import clip

_NUMBER: Final = re.compile(r"\d+(?:[.,:/\-]\d+)*")
# Words of Latin letters also where they touch others: a Chinese text has no blanks around "SOS".
_WORD: Final = re.compile(r"[a-zß-ɏ]+|[^\W\d_a-zß-ɏ]+")
# They stand in names of alarms, but say nothing about which one is meant.
_EMPTY_WORDS: Final = frozenset(
    {"a", "alarm", "alert", "detected", "device", "end", "no", "of", "off", "on", "or", "start"}
)


def is_text(key: str) -> bool:
    """True for the key of an alarm that is known by the server's text alone."""
    return key.startswith(TEXT_KEY)


def text_key(sender: str, text: str) -> str:
    """The key of a text without number: who wrote it and its wording, without the numbers in it.

    A speed or a time of day in the text is of the moment, and does not make it another alarm.
    """
    wording = _wording(text)
    who = f"{' '.join(sender.casefold().split())}:" if sender.strip() else ""
    return f"{TEXT_KEY}{clip(f'{who}{wording}', NAME_LIMIT)}"


def has_same_wording(text: str, other: str) -> bool:
    """True when two texts differ in the numbers in them at most."""
    return _wording(text) == _wording(other)


def kinds_in(text: str) -> list[AlarmKind]:
    """The alarms that a text names, each by its whole name."""
    words = f" {' '.join(_words(text))} "
    return [kind for kind, name in _plain_names() if name in words]


def may_mean(text: str, key: str, candidates: Iterable[str] = ()) -> bool:
    """True when a text can be about this alarm or one of these.

    It is when it names one of them, else when it names no other and has the most words with one of
    them in common. One that uses no word by which our table knows any alarm is in another
    language, and what came with it must tell.
    """
    meant = {key, *candidates}
    named = kinds_in(text)
    if named:
        return any(kind.key in meant for kind in named)
    words = _vocabulary().intersection(_words(text))
    if not words:
        return True
    common = {kind: len(words & own) for kind, own in _telling_words()}
    most = max(common.values())
    return any(kind.key in meant and number == most for kind, number in common.items())


def names_kind(text: str, key: str) -> bool:
    """True when a text contains the name of this alarm."""
    return any(kind.key == key for kind in kinds_in(text))


def _wording(text: str) -> str:
    return " ".join(_NUMBER.sub("#", text.casefold()).split())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


@cache
def _plain_names() -> tuple[tuple[AlarmKind, str], ...]:
    return tuple((kind, f" {' '.join(_words(kind.name))} ") for kind in ALARMS)


@cache
def _telling_words() -> tuple[tuple[AlarmKind, frozenset[str]], ...]:
    """The words by which names tell alarms apart."""
    return tuple((kind, frozenset(_words(kind.name)) - _EMPTY_WORDS) for kind in ALARMS)


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for _, words in _telling_words() for word in words)
