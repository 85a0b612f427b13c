"""What the plots show, as a table of text."""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from tftmonitor.model.fields.field import Field
from tftmonitor.model.fields.plot import Lane
from tftmonitor.model.fields.units import shown_digits, shown_number, unit_text
from tftmonitor.model.fleet.series import Samples

_SHORTENED = (
    "shortened: of each pixel the first, lowest, highest and last sample; all of them by a"
    " shorter window or by tftmonitor export"
)


@dataclass(frozen=True)
class SeenTable:
    """Copies of what is seen, to be written on any thread.

    ``samples`` are those of the window, ``before`` the one in front of it where its lines reach
    in, or none. ``curves`` are the channels that are drawn, each with its field. ``is_thinned``
    where of what was recorded only that is there which shows.
    """

    samples: Samples
    before: Samples
    curves: Sequence[tuple[int, Field]]
    lanes: Sequence[Lane]
    zone: tzinfo
    is_thinned: bool = False

    def text(self, unknown: Iterable[tuple[float, float, str]] = ()) -> str:
        """CSV: ISO times with the offset of their date, units in the header, blank = unknown.

        Remarks follow: what was held from before the window, and each ``unknown`` stretch (from,
        to, cause), in seconds since 1970.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        heads = [_head(field) for _, field in self.curves]
        zone = zone_name(self.zone)
        writer.writerow([f"time ({zone})", *heads, *(lane.title for lane in self.lanes)])
        for place, time_s in enumerate(self.samples.times.tolist()):
            texts = [self._value(self.samples, place, *curve) for curve in self.curves]
            flags = [_level(self.samples, place, lane) for lane in self.lanes]
            writer.writerow([iso_in(time_s, self.zone), *texts, *flags])
        out.writelines(f"# {remark}\n" for remark in self._held_before())
        if self.is_thinned:
            out.write(f"# {_SHORTENED}\n")
        for start_s, end_s, cause in unknown:
            start, end = iso_in(start_s, self.zone), iso_in(end_s, self.zone)
            out.write(f"# not known: {start} to {end}, {cause}\n")
        return out.getvalue()

    def _held_before(self) -> Iterator[str]:
        for place, time_s in enumerate(self.before.times.tolist()):
            when = iso_in(time_s, self.zone)
            for channel, field in self.curves:
                if text := self._value(self.before, place, channel, field):
                    unit = unit_text(field.spec)
                    yield f"held since {when}: {field.spec.label} {text} {unit}".rstrip()
            for lane in self.lanes:
                if level := _level(self.before, place, lane):
                    yield f"held since {when}: {lane.title} {level}"

    @staticmethod
    def _value(samples: Samples, place: int, channel: int, field: Field) -> str:
        value = float(samples.values[channel, place])
        if not math.isfinite(value):
            return ""
        return f"{shown_number(field.spec, value):.{shown_digits(field.spec)}f}"


def _head(field: Field) -> str:
    unit = unit_text(field.spec)
    return f"{field.spec.label} ({unit})" if unit else field.spec.label


def _level(samples: Samples, place: int, lane: Lane) -> str:
    states, known = int(samples.states[place]), int(samples.known[place])
    return str(states >> lane.bit & 1) if known >> lane.bit & 1 else ""


def iso_in(time_s: float, zone: tzinfo) -> str:
    """ISO 8601 with milliseconds and the offset that the zone had then, "Z" for UTC."""
    moment = datetime.fromtimestamp(round(time_s * 1000) / 1000, UTC).astimezone(zone)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def zone_name(zone: tzinfo) -> str:
    """Like "Europe/Berlin"; "local" for one without a name."""
    return "UTC" if zone is UTC else str(getattr(zone, "key", None) or "local").removeprefix("Etc/")
