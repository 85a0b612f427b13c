"""Values of a hand-edited or newer file: one that cannot be costs itself and nothing else."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

_NOTHING: Final = object()
_NAMED = 5

Fits = Callable[[Any], object]


def read_values(raw: dict[str, Any], schema: type[msgspec.Struct]) -> tuple[dict[str, Any], str]:
    """What of ``raw`` the fields of ``schema`` can have, and which did not fit, in words.

    Of tables and lists only the entries that do not fit are left out.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in msgspec.structs.fields(schema):
        if field.encode_name not in raw:
            continue

        def fits(value: Any, kind: Any = field.type) -> object:
            return msgspec.convert(value, kind)

        value = _salvage(raw[field.encode_name], fits, field.encode_name, problems)
        if value is _NOTHING:
            continue
        try:
            values[field.name] = fits(value)
        except msgspec.ValidationError as error:  # each part fits, and all of them do not
            problems.append(f"{field.encode_name}: {_why(error)}")
    return values, _in_words(problems)


def _salvage(value: Any, fits: Fits, place: str, problems: list[str]) -> Any:
    """``value`` without what keeps it from fitting; ``_NOTHING`` when nothing is left."""
    try:
        fits(value)
    except msgspec.ValidationError as error:
        why = _why(error)
    else:
        return value
    if isinstance(value, dict) and _fit(fits, {}):
        kept = {
            key: _salvage(item, _within(fits, key), f"{place}.{key}", problems)
            for key, item in value.items()
        }
        return {key: item for key, item in kept.items() if item is not _NOTHING}
    if isinstance(value, list) and _fit(fits, []):
        parts = [
            _salvage(item, lambda part: fits([part]), f"{place}[{number}]", problems)
            for number, item in enumerate(value)
        ]
        return [part for part in parts if part is not _NOTHING]
    problems.append(f"{place}: {why}")
    return _NOTHING


def _within(fits: Fits, key: str) -> Fits:
    return lambda item: fits({key: item})


def _why(error: msgspec.ValidationError) -> str:
    """Without the place, which is said in a better way."""
    return str(error).partition(" - at ")[0].replace("`", "")


def _fit(fits: Fits, value: Any) -> bool:
    try:
        fits(value)
    except msgspec.ValidationError:
        return False
    return True


def _in_words(problems: list[str]) -> str:
    more = len(problems) - _NAMED
    words = "; ".join(problems[:_NAMED])
    return f"{words}; and {more} more" if more > 0 else words
