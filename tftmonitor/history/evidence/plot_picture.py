"""A small picture of a stretch as SVG: voltages, speed, ignition, alarms, and where nobody knew."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Final

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.history.export.rows import Row
from tftmonitor.history.export.xml_text import number, text
from tftmonitor.model.coverage import BlindInterval
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.protocol.messages import Snapshot

_WIDTH, _HEIGHT, _LEFT, _RIGHT = 960, 150, 70, 950
_LINES: Final = (
    ("External voltage, V", "external_power_voltage", "#1f5a96"),
    ("Battery voltage, V", "battery_voltage", "#8a4b08"),
    ("Speed, km/h", "speed", "#0d6b46"),
)
_IGNITION: Final = STATUS_FIELDS.by_name["acc"]
# As in the window: a value holds until the next, and after so long without one it is not known.
_BREAK_MS: Final = 15 * 60 * SECOND_MS
_LEAST_SPAN: Final = 1.0
_MOST_POINTS: Final = 200_000

_HEAD: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"
 font-size="12"><defs><pattern id="blind" width="6" height="6" patternUnits="userSpaceOnUse">
<path d="M0 6 6 0" stroke="#999" stroke-width="1"/></pattern></defs>"""

Point = tuple[int, float | None]
Place = Callable[[float], float]
"""From a time in ms, or a value, to a place on the picture."""


@dataclass(slots=True)
class Curves:
    """Collects the values of snapshots, bounded; ``left_out`` counts those beyond the bound."""

    points: dict[str, list[Point]] = field(
        default_factory=lambda: {name: [] for _, name, _ in _LINES}
    )
    ignition: list[tuple[int, bool]] = field(default_factory=list)
    left_out: int = 0

    def add(self, row: Row) -> None:
        """Take what the picture shows out of a push."""
        if not isinstance(row.push, Snapshot):
            return
        status, now_ms = row.push.status, row.frame.received_ms
        time_ms = now_ms if row.time_ms is None else row.time_ms
        if len(self.ignition) >= _MOST_POINTS:
            self.left_out += 1
            return
        for _, name, _ in _LINES:
            field = STATUS_FIELDS.by_name[name]
            value = field.read(status, now_ms)
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            shown = float(value) * field.spec.scale if is_number and value is not None else None
            self.points[name].append((time_ms, shown))
        self.ignition.append((time_ms, _IGNITION.read(status, now_ms) is True))


def picture(
    curves: Curves,
    start_ms: int,
    end_ms: int,
    blind: Sequence[BlindInterval],
    marks: Iterable[tuple[int, str]],
    zone: tzinfo,
) -> bytes:
    """The SVG; ``marks`` are times in ms since 1970 UTC and names of alarms."""

    def x(time_ms: float) -> float:
        share = (min(max(time_ms, start_ms), end_ms) - start_ms) / max(1, end_ms - start_ms)
        return _LEFT + share * (_RIGHT - _LEFT)

    height = len(_LINES) * _HEIGHT + 60
    parts = [
        _HEAD.format(width=_WIDTH, height=height),
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for interval in blind:
        begin, end = x(interval.start_ms), x(end_ms if interval.end_ms is None else interval.end_ms)
        parts.append(
            f'<rect x="{number(begin, 1)}" y="20" width="{number(max(1, end - begin), 1)}" '
            f'height="{height - 60}" fill="url(#blind)"/>'
        )
    for place, (title, name, colour) in enumerate(_LINES):
        top = 20 + place * _HEIGHT
        parts += _curve(curves.points[name], title, colour, top, x)
    parts += _lane(curves.ignition, 20 + len(_LINES) * _HEIGHT, x)
    for at_ms, name in marks:
        left = number(x(at_ms), 1)
        line = f"M{left} 16V{height - 40}"
        parts.append(f'<path d="{line}" stroke="#c8102e" stroke-dasharray="2 2"/>')
        parts.append(f'<text x="{left}" y="12" fill="#c8102e">{text(name)}</text>')
    for share, anchor in enumerate(("start", "middle", "middle", "middle", "end")):
        at_ms = start_ms + (end_ms - start_ms) * share // 4
        moment = datetime.fromtimestamp(at_ms / SECOND_MS, zone)
        parts.append(
            f'<text x="{number(x(at_ms), 1)}" y="{height - 8}" text-anchor="{anchor}">'
            f"{moment:%Y-%m-%d %H:%M:%S}</text>"
        )
    return "\n".join([*parts, "</svg>\n"]).encode()


def _curve(points: Sequence[Point], title: str, colour: str, top: int, x: Place) -> list[str]:
    known = [value for _, value in points if value is not None]
    head = f'<text x="{_LEFT}" y="{top + 12}" fill="{colour}">{text(title)}</text>'
    if not known:
        return [head, f'<text x="{_LEFT + 200}" y="{top + 12}">not known</text>']
    low, high = min(known), max(known)
    if high - low < _LEAST_SPAN:
        low, high = (low + high - _LEAST_SPAN) / 2, (low + high + _LEAST_SPAN) / 2
    ground = top + _HEIGHT - 10

    def y(value: float) -> float:
        return ground - (value - low) / (high - low) * (_HEIGHT - 35)

    path: list[str] = []
    before: Point | None = None
    for at_ms, value in sorted(points, key=lambda point: point[0]):
        if value is not None and (
            before is None or before[1] is None or at_ms - before[0] > _BREAK_MS
        ):
            path.append(f"M{number(x(at_ms), 1)} {number(y(value), 1)}h1")
        elif value is not None:
            path.append(f"H{number(x(at_ms), 1)}V{number(y(value), 1)}")
        before = (at_ms, value)
    return [
        head,
        _label(y(high) + 4, number(high, 2)),
        _label(ground, number(low, 2)),
        f'<path d="{"".join(path)}" fill="none" stroke="{colour}"/>',
    ]


def _lane(states: Sequence[tuple[int, bool]], top: int, x: Place) -> list[str]:
    spans: list[list[int]] = []
    for (at_ms, on), (until_ms, _) in pairwise(sorted(states)):
        if not on or until_ms - at_ms > _BREAK_MS:
            continue
        if spans and spans[-1][1] == at_ms:
            spans[-1][1] = until_ms
        else:
            spans.append([at_ms, until_ms])
    parts = [_label(top + 12, "Ignition")]
    for begin_ms, end_ms in spans:
        width = number(max(0.5, x(end_ms) - x(begin_ms)), 1)
        box = f'x="{number(x(begin_ms), 1)}" y="{top}" width="{width}" height="14"'
        parts.append(f'<rect {box} fill="#8fa9c9"/>')
    return parts


def _label(top: float, words: str) -> str:
    return f'<text x="{_LEFT - 6}" y="{number(top, 1)}" text-anchor="end">{words}</text>'
