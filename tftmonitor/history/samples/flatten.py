"""A frame's JSON as a shape, which frames of one device share, and its values in a row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

Shape = tuple[tuple[str, ...], tuple[tuple[int, Any], ...]]
"""The keys of an object in their order, and by the places of those that are objects their shapes.
"""

_DEEPEST: Final = 8
_decode = msgspec.json.decode
_encode = msgspec.json.encode


def plain_values(frame: bytes) -> tuple[dict[str, Any], bytes] | None:
    """The object of a frame whose values can be kept instead of its text, and its compact text.

    None where something would be lost: a key that stands twice, a number beyond what a double
    holds, an escape that hides a quote, and what is no object.
    """
    try:
        content = _decode(frame)
        text = _encode(content)
        if type(content) is not dict:
            return None
        # No deeper than there are braces: usual frames are not walked through.
        if text.count(b"{") > _DEEPEST and not _is_shallow(content, _DEEPEST):
            return None
        if text == frame or text.count(b'"') == frame.count(b'"'):
            return content, text
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError):
        return None
    return None


def flat(content: Mapping[str, Any]) -> tuple[Shape, list[Any]]:
    """The shape, and the values that are no objects, from the outside in, each level in order."""
    inner: list[tuple[int, Shape]] = []
    values = list(content.values())
    further: list[Any] = []
    if dict in set(map(type, values)):
        leaves = []
        for place, value in enumerate(values):
            if type(value) is dict:
                shape, below = flat(value)
                inner.append((place, shape))
                further += below
            else:
                leaves.append(value)
        values = leaves
    return (tuple(content), tuple(inner)), values + further


def nested(shape: Shape, leaves: Sequence[Any]) -> dict[str, Any]:
    """The object of a shape with its ``size_of(shape)`` values."""
    return _fill(shape, iter(leaves))


def template_of(shape: Shape, leaves: Sequence[bytes | None]) -> bytes:
    """The JSON of such an object for the operator ``%``, with a gap for each leaf that is None."""
    gaps = [msgspec.Raw(b"%b" if leaf is None else _escaped(leaf)) for leaf in leaves]
    return _encode(nested(_with_escaped_keys(shape), gaps))


def size_of(shape: Shape) -> int:
    """How many values that are no objects a shape has."""
    keys, inner = shape
    return len(keys) - len(inner) + sum(size_of(below) for _, below in inner)


def to_json(shape: Shape) -> str:
    """The shape as text for the file."""
    return _encode(shape).decode()


def from_json(text: str) -> Shape:
    """What ``to_json`` made; raises ValueError and its like for other texts."""
    return _shape_of(_decode(text))


def _shape_of(content: Any) -> Shape:
    keys, inner = content
    return tuple(map(str, keys)), tuple((int(place), _shape_of(below)) for place, below in inner)


def _fill(shape: Shape, values: Iterator[Any]) -> dict[str, Any]:
    keys, inner = shape
    if not inner:
        return dict(zip(keys, values, strict=False))
    places = dict(inner)
    content = {key: None if place in places else next(values) for place, key in enumerate(keys)}
    for place, below in inner:
        content[keys[place]] = _fill(below, values)
    return content


def _escaped(text: bytes) -> bytes:
    return text.replace(b"%", b"%%")


def _with_escaped_keys(shape: Shape) -> Shape:
    keys, inner = shape
    below = tuple((place, _with_escaped_keys(deeper)) for place, deeper in inner)
    return tuple(key.replace("%", "%%") for key in keys), below


def _is_shallow(content: Any, levels: int) -> bool:
    if type(content) is not dict:
        return True
    return levels > 0 and all(_is_shallow(value, levels - 1) for value in content.values())
