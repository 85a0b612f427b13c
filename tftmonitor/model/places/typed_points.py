"""Points as people type and paste them: decimal or in degrees, minutes and seconds, either mark.

The latitude comes first, as everywhere in the program; letters of the directions may stand before
or behind a number, and then either may come first.
"""

import re
from typing import Final

from tftmonitor.model.fields.formatting import clip
from tftmonitor.model.places.shapes import Point, point_problem

_NUMBER: Final = r"\d+(?:[.,]\d+)?"
_DEGREES: Final = (
    rf"([+-]?)\s*({_NUMBER})\s*°?"
    rf"(?:\s*({_NUMBER})\s*['′’])?(?:\s*({_NUMBER})\s*(?:\"|″|”|''))?"
)
_PAIRS: Final = (
    re.compile(rf"()?{_DEGREES}\s*([NSEW])?\s*(?<![\d.])()?{_DEGREES}\s*([NSEW])?", re.IGNORECASE),
    re.compile(rf"([NSEW])\s*{_DEGREES}()?\s*([NSEW])\s*{_DEGREES}()?", re.IGNORECASE),
)
_HOW: Final = "Write it as latitude, longitude: 52.52, 13.405"


def read_point(text: str) -> Point:
    """Latitude and longitude; raises ValueError, with words, for anything else."""
    plain = _with_points(text.replace("−", "-").strip())
    found = next(filter(None, (pair.fullmatch(plain) for pair in _PAIRS)), None)
    if found is None:
        raise ValueError(f"“{clip(text.strip(), 40)}” is no place. {_HOW}.")
    groups = [group or "" for group in found.groups()]
    one, other = _directed(*groups[:6]), _directed(*groups[6:])
    if one[1] in {"E", "W"} and other[1] in {"N", "S", ""}:
        one, other = other, one
    if one[1] in {"E", "W"} or other[1] in {"N", "S"}:
        raise ValueError(f"“{clip(text.strip(), 40)}” has two latitudes or two longitudes.")
    point = one[0], other[0]
    problem = point_problem(point)
    if problem:
        raise ValueError(problem)
    return point


def read_points(text: str) -> list[Point]:
    """A point a line, blank lines left out; raises ValueError, with the number of the line."""
    points: list[Point] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            points.append(read_point(line))
        except ValueError as error:
            raise ValueError(f"Line {number}: {error}") from None
    return points


def _with_points(text: str) -> str:
    """Blanks between the two, and points for decimals."""
    text = re.sub(r"[;\t]", " ", text)
    if "." in text:
        return text.replace(",", " ")
    text = re.sub(r",\s", " ", text)
    if text.count(",") == 1 and not re.search(r"\d\s+[-+\d]", text):
        return text.replace(",", " ")
    return re.sub(r"(?<=\d),(?=\d)", ".", text)


def _directed(
    before: str, sign: str, degrees: str, minutes: str, seconds: str, behind: str
) -> tuple[float, str]:
    """Degrees, and the letter of the direction or "" without one."""
    value = float(degrees) + float(minutes or "0") / 60.0 + float(seconds or "0") / 3_600.0
    letter = (before or behind).upper()
    is_negative = (sign == "-") != (letter in {"S", "W"})
    return (-value if is_negative else value), letter
