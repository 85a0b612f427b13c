"""Values as text for people: units, digits, flags, times and ages."""

from datetime import UTC, datetime, tzinfo

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.model.fields.field import Examined, Field, FieldKind, Quality, Value, parse_pins
from tftmonitor.model.fields.units import shown_digits, shown_number, unit_text

UNKNOWN_TEXT = "—"
# Text from the server is cut before it reaches a widget.
TEXT_LIMIT = 300

_FLAG_WORDS = {True: "on", False: "off"}


def format_value(field: Field, value: Value, zone: tzinfo = UTC) -> str:
    """A canonical value in the units in force, without the unit; a dash for None."""
    if value is None:
        return UNKNOWN_TEXT
    spec = field.spec
    if spec.kind is FieldKind.TEXT:
        return clip(str(value)) or UNKNOWN_TEXT
    if spec.kind is FieldKind.PINS:
        return format_pins(str(value))
    if spec.kind is FieldKind.FLAG:
        return _FLAG_WORDS[bool(value)]
    if spec.kind is FieldKind.TIME:
        return format_time(int(value), zone)
    if spec.kind is FieldKind.WORD:
        return f"{int(value)} (0x{int(value):X})" if int(value) > 9 else str(int(value))
    return format_number(shown_number(spec, float(value)), shown_digits(spec))


def format_with_unit(field: Field, value: Value, zone: tzinfo = UTC) -> str:
    """As ``format_value``, with the unit after a known number."""
    text = format_value(field, value, zone)
    unit = unit_text(field.spec)
    return f"{text} {unit}" if unit and value is not None else text


def format_examined(field: Field, examined: Examined, zone: tzinfo = UTC) -> str:
    """As ``format_with_unit``; an unknown or invalid value says which it is, in words."""
    if examined.quality is Quality.KNOWN:
        return format_with_unit(field, examined.value, zone)
    if examined.quality is Quality.INVALID:
        if field.spec.kind is FieldKind.TIME:
            return "clock not set"
        return "invalid"
    return "unknown" if examined.quality is Quality.UNKNOWN else UNKNOWN_TEXT


def format_number(number: float, digits: int) -> str:
    """Fixed digits, no negative zero, thin spaces between thousands from five digits on."""
    text = f"{number:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    if abs(float(text)) < 10_000:
        return text
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}".replace(",", "\u2009") + dot + rest


def format_pins(text: str) -> str:
    """``"1:1|2:0|3:1"`` as the numbers that are on: "1 3"; "all off" when none is."""
    pins = parse_pins(text)
    if not pins:
        return UNKNOWN_TEXT
    return " ".join(str(number) for number, level in pins.items() if level) or "all off"


def format_time(time_ms: int, zone: tzinfo = UTC) -> str:
    """Date and time to the second in the zone given."""
    return datetime.fromtimestamp(time_ms / SECOND_MS, zone).strftime("%Y-%m-%d %H:%M:%S")


def format_clock(time_ms: int, zone: tzinfo = UTC) -> str:
    """Time of day to the second in the zone given."""
    return datetime.fromtimestamp(time_ms / SECOND_MS, zone).strftime("%H:%M:%S")


def format_age(age_ms: float) -> str:
    """An age in its two largest units: "8 s", "4 min", "2 h 10 min", "3 d"."""
    if age_ms < 0:
        return "0 s"
    if age_ms < MINUTE_MS:
        return f"{int(age_ms // SECOND_MS)} s"
    if age_ms < HOUR_MS:
        return f"{int(age_ms // MINUTE_MS)} min"
    if age_ms < DAY_MS:
        hours, rest = divmod(int(age_ms), HOUR_MS)
        return f"{hours} h {rest // MINUTE_MS} min"
    days, rest = divmod(int(age_ms), DAY_MS)
    return f"{days} d {rest // HOUR_MS} h" if days < 10 else f"{days} d"


def format_old(age_ms: float) -> str:
    """An age said of a value: "3 h old", "2 h 10 min old"."""
    return f"{format_age(age_ms).removesuffix(' 0 min').removesuffix(' 0 h')} old"


def format_countdown(left_ms: float) -> str:
    """Time left as "1:40" (minutes and seconds) or "2:05:00"."""
    seconds = max(0, int(left_ms // SECOND_MS))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def clip(text: str, limit: int = TEXT_LIMIT) -> str:
    """Text cut to a bounded length, an ellipsis in place of the rest."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_line(text: str) -> str:
    """Text from the feed without line breaks, cut to a bounded length."""
    return clip(" ".join(text.split()))
