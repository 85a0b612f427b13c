"""Scripted faults as data: what happens, when, for how long, on which channel."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.server.http_faults import HTTP_FAULTS


class FaultKind(enum.Enum):
    """What can happen; the value is the kind's name in scripts and on the command line."""

    DROP = "drop"  # sockets closed without a close frame, the port stays open
    DOWN = "down"  # the same, and the port closed for FOR
    RESTART = "restart"  # closed with a close frame, port closed for FOR
    STALL = "stall"  # half-open: nothing sent, read or answered
    REFUSE = "refuse"  # sign-in refused with a reason
    REDIRECT = "redirect"  # handshakes answered with 302 and another address
    BUSY = "busy"  # handshakes answered with 503, or another status, and Retry-After
    PORTAL = "portal"  # handshakes answered with a web page
    PINGS = "pings"  # as many pings as the socket takes, and nothing read
    SLOW = "slow"  # one frame each delay
    WRAP = "wrap"  # every frame as a JSON text within JSON
    GARBAGE = "garbage"  # malformed frames
    FLOOD = "flood"  # as fast as the socket takes
    LATE = "late"  # n stored snapshots of one device, older dates
    ALARMS = "alarms"  # n alarms of many devices at once
    ALARM_PAIR = "twins"  # the same alarm on both channels
    UNKNOWN = "unknown"  # an alarm number that no table has
    CLOCK = "clock"  # device clocks in 2000 and 2080
    HTTP = "http"  # the HTTP interface answers otherwise


# How long a fault lasts if its text does not say; None is until the server stops.
_LASTS_S: dict[FaultKind, float | None] = {
    FaultKind.DOWN: 5.0,
    FaultKind.RESTART: 1.0,
    FaultKind.FLOOD: 2.0,
    FaultKind.PINGS: 60.0,
}
# The options of each kind, with their form.
_NUMBER = re.compile(r"\d+(\.\d+)?")
_TEXT = re.compile(r".+")
_HTTP_FAULT = re.compile("|".join(HTTP_FAULTS))
_OPTIONS: dict[FaultKind, dict[str, re.Pattern[str]]] = {
    FaultKind.REFUSE: {"words": _TEXT},
    FaultKind.REDIRECT: {"to": _TEXT},
    FaultKind.BUSY: {"status": _NUMBER, "after": _TEXT},
    FaultKind.SLOW: {"delay": _NUMBER},
    FaultKind.GARBAGE: {"only": _TEXT},
    FaultKind.LATE: {"n": _NUMBER},
    FaultKind.ALARMS: {"n": _NUMBER},
    FaultKind.ALARM_PAIR: {"gap": _NUMBER},
    FaultKind.HTTP: {"how": _HTTP_FAULT},
}
_Member = TypeVar("_Member", bound=enum.Enum)
# An option of every kind: again each so many seconds.
_EVERY = "every"
_FORM = re.compile(
    r"(?P<kind>[a-z]+)(@(?P<at>\d+(\.\d+)?))?(\+(?P<for>\d+(\.\d+)?))?"
    r"(/(?P<channel>[a-z]+))?(:(?P<options>.*))?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong; ``for_s`` and ``channel`` are None for endless and both."""

    kind: FaultKind
    at_s: float = 0.0
    for_s: float | None = None
    channel: Channel | None = None
    options: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, default: float) -> float:
        """An option with a number."""
        return float(self.options.get(name, default))

    @property
    def every_s(self) -> float | None:
        """Seconds after which it happens again, if it does."""
        return float(self.options[_EVERY]) if _EVERY in self.options else None


def parse_fault(text: str) -> Fault:
    """Read ``KIND[@AT][+FOR][/CHANNEL][:key=value,...]``; ValueError says what is wrong."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"fault {text!r} is not KIND[@AT][+FOR][/CHANNEL][:key=value,...]")
    kind = _member(FaultKind, match["kind"], text)
    channel = _member(Channel, match["channel"], text) if match["channel"] else None
    for_s = float(match["for"]) if match["for"] else _LASTS_S.get(kind)
    options = _parse_options(kind, match["options"], text)
    return Fault(kind, float(match["at"] or 0), for_s, channel, options)


def parse_script(lines: Iterable[str]) -> list[Fault]:
    """Read one fault a line; empty lines and comments that begin with # are skipped."""
    stripped = (line.strip() for line in lines)
    return [parse_fault(line) for line in stripped if line and not line.startswith("#")]


def _member(kinds: type[_Member], name: str, text: str) -> _Member:
    try:
        return kinds(name)
    except ValueError:
        known = ", ".join(member.value for member in kinds)
        raise ValueError(f"fault {text!r}: {name!r} is none of {known}") from None


def _parse_options(kind: FaultKind, options: str | None, text: str) -> dict[str, str]:
    known = _OPTIONS.get(kind, {}) | {_EVERY: _NUMBER}
    found: dict[str, str] = {}
    for part in (options or "").split(","):
        if not part:
            continue
        key, equals, value = part.partition("=")
        form = known.get(key.strip())
        if form is None:
            names = ", ".join(sorted(known))
            raise ValueError(f"fault {text!r}: no option {key.strip()!r}, there are {names}")
        if not equals or not form.fullmatch(value.strip()):
            raise ValueError(f"fault {text!r}: {value.strip()!r} does not fit {key.strip()}")
        found[key.strip()] = value.strip()
    return found
