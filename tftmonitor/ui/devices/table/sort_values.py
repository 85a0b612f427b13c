"""What a list sorts by that is text: the texts of many devices at once, and their natural order."""

import re
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET

from tftmonitor.base.text_search import folded
from tftmonitor.model.fields.field import Field, FieldKind

_TEXTS = frozenset({FieldKind.TEXT, FieldKind.PINS})
_DIGITS = re.compile(r"\d+")
# Longer than any IMEI, so that numbers inside of names sort by value.
_DIGITS_WIDE = 20


def read_texts(field: Field, statuses: Sequence[Any]) -> list[str | None]:
    """The values of a text field; empty text is as good as none."""
    return [value or None if value is not UNSET else None for value in map(field.raw, statuses)]


def is_text(field: Field) -> bool:
    """True when the field sorts as text."""
    return field.spec.kind in _TEXTS


def natural_key(text: str) -> str:
    """A text that sorts VAN-2 before VAN-12, and capitals with the small letters."""
    return _DIGITS.sub(lambda found: found.group().zfill(_DIGITS_WIDE), folded(text))
