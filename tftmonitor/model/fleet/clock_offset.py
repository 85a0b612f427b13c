"""How far each device's clock is from ours, learned from its frames' dates and their receipt.

A wrong clock runs at the pace of ours; an upload of stored records runs faster, or backwards, and
its dates are right.
"""

import enum
from collections.abc import Iterable, Mapping

from tftmonitor.base.clock import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    is_believable,
)
from tftmonitor.model.fields.formatting import format_age

NEAR_MS = 10 * MINUTE_MS
"""A date so little behind its receipt needs no explanation: networks and servers take that long."""

AHEAD_MS = 5 * MINUTE_MS
"""So far ahead a clock is merely inaccurate, and its time counts as that of receipt."""

# All zones are whole steps of this from UTC.
_ZONE_STEP_MS = 15 * MINUTE_MS
_ZONE_SLACK_MS = 2 * MINUTE_MS
# Two zones are no farther apart; a clock that is more wrong than that is not set.
_LARGEST_ZONE_MS = 26 * HOUR_MS
# What delays of the network may add to or take from an interval.
_JITTER_MS = 15 * SECOND_MS
# No connection survives a longer stall: what has come faster than that was stored by the device.
_LONGEST_STALL_MS = 2 * MINUTE_MS
# How long dates must have kept their distance before it counts as that of the clock.
_LEAST_FRAMES = 4
_LEAST_SPAN_MS = 3 * SECOND_MS
# The same where the server says when it had each frame, and they are all but exactly a zone off:
# of stored records hardly one in forty is so by chance, and its next one is not.
_LEAST_FRAMES_BY_SERVER = 2
_LEAST_SPAN_BY_SERVER_MS = SECOND_MS
_EXACTLY_MS = 10 * SECOND_MS
# Dates are in whole seconds; a slow upload may run by little more than a tenth faster than time.
_DATE_STEP_MS = 1_500
_SAME_PACE = 0.1

# A name beside those of the learned intervals, permanent; and no zone's time is kept for longer
# than its summer.
_KEPT_AS = "clock is ahead by, seen at"
_KEPT_MS = 180 * DAY_MS


class Verdict(enum.Enum):
    """What is held of a device's clock."""

    RIGHT = "right"
    CORRECTED = "corrected"  # whole zone steps off, and its dates are taken as much later or sooner
    NOT_SET = "not set"
    DOUBTFUL = "doubtful"


class DeviceClock:
    """What the dates that were far from their receipt say about one device's clock.

    ``offset_ms`` is how far it is ahead of ours (behind: negative), 0 while not learned.
    It was last seen to be so at ``learned_ms``. ``is_proven`` once a date was near its receipt,
    ``is_upload`` while dates run faster than time. ``expected_ms`` is the offset that a former run
    has learned; the first date confirms it, or drops it.
    """

    __slots__ = (
        "_expected_ms",
        "_first_ms",
        "_first_received_ms",
        "_first_server_ms",
        "_frames",
        "_gained_ms",
        "_last_received_ms",
        "is_proven",
        "is_upload",
        "learned_ms",
        "offset_ms",
        "verdict",
    )

    def __init__(
        self,
        verdict: Verdict = Verdict.RIGHT,
        *,
        is_proven: bool = False,
        is_upload: bool = False,
        expected_ms: int = 0,
        learned_ms: int = 0,
    ) -> None:
        self._expected_ms, self.learned_ms = expected_ms, learned_ms
        self.is_proven = is_proven
        self.is_upload = is_upload
        self.offset_ms = 0
        self.verdict = verdict
        self._frames = self._gained_ms = 0
        self._first_ms = self._first_received_ms = self._last_received_ms = 0
        self._first_server_ms: int | None = None

    def learn(self, date_ms: int, received_ms: int, server_ms: int | None = None) -> bool:
        """Add a date that is far from its receipt; True when another offset follows from it.

        ``server_ms`` is when the server had the frame, where that was just now. Many come in at
        once after the network or this program stalled, and then that alone has the pace.
        """
        if self._expected_ms and self._is_as_expected(date_ms, received_ms, server_ms):
            self._begin(date_ms, received_ms, server_ms)
            return self._take(date_ms - (server_ms or received_ms), received_ms)
        ran_ms, passed_ms = date_ms - self._first_ms, received_ms - self._first_received_ms
        served_ms = passed_ms
        is_served = server_ms is not None and self._first_server_ms is not None
        if server_ms is not None and self._first_server_ms is not None:
            served_ms = server_ms - self._first_server_ms
        longest_ms = max(passed_ms, served_ms)
        gain_ms = ran_ms - longest_ms
        if not self._frames or gain_ms > _DATE_STEP_MS or ran_ms < -_JITTER_MS:
            # By what the first of a run was late, the next gain on it, and by no more than that.
            gained_ms = self._gained_ms + gain_ms if self._frames else 0
            is_too_much = gained_ms > (_JITTER_MS if is_served else _LONGEST_STALL_MS)
            self.is_upload = self.is_upload or is_too_much or gained_ms < -_JITTER_MS
            self._begin(date_ms, received_ms, server_ms, gained_ms)
            return False
        slack_ms = min(max(_JITTER_MS, longest_ms / 2), _ZONE_SLACK_MS)
        if min(passed_ms, served_ms) - ran_ms > slack_ms:
            # A connection that stalls makes dates run slower, but only until it has caught up.
            if received_ms - self._last_received_ms >= NEAR_MS:
                self._begin(date_ms, received_ms, server_ms)
            return False
        self._frames += 1
        self._last_received_ms = received_ms
        if server_ms is not None and is_served and _is_same_pace(ran_ms, served_ms):
            return self._keep(ran_ms, date_ms - server_ms, _is_zone(date_ms - server_ms))
        if _is_same_pace(ran_ms, passed_ms):
            return self._keep(passed_ms, date_ms - received_ms, by_server=False)
        return False

    def judge(self, date_ms: int, received_ms: int) -> tuple[int | None, Verdict]:
        """The believed time of a date far from its receipt, None where none is, and why."""
        if self.verdict is Verdict.CORRECTED:
            believed_ms = date_ms - self.offset_ms
            if believed_ms - received_ms <= AHEAD_MS:
                return min(believed_ms, received_ms), Verdict.CORRECTED
        elif self.verdict is Verdict.DOUBTFUL and self.offset_ms:
            return None, Verdict.DOUBTFUL
        if date_ms <= received_ms and self.is_upload:
            return date_ms, Verdict.RIGHT
        return None, Verdict.DOUBTFUL

    @property
    def shows_zone(self) -> bool:
        """True when its first date was all but exactly that of another zone."""
        heard_ms = self._first_server_ms or self._first_received_ms
        return _is_zone(self._first_ms - heard_ms)

    def text(self) -> str:
        """What is known of a clock that is set: "clock 5 h 30 behind"; empty while it is right."""
        if abs(self.offset_ms) > _LARGEST_ZONE_MS:
            return "clock not set"
        if self.offset_ms:
            side = "ahead" if self.offset_ms > 0 else "behind"
            return f"clock {offset_text(self.offset_ms)} {side}"
        return "time doubtful" if self.verdict is Verdict.DOUBTFUL else ""

    def _is_as_expected(self, date_ms: int, received_ms: int, server_ms: int | None) -> bool:
        """True when the first date has the offset of a former run; it is asked of no other one."""
        expected_ms, self._expected_ms = self._expected_ms, 0
        ahead_ms = date_ms - (server_ms or received_ms)
        is_recent = received_ms - self.learned_ms <= _KEPT_MS
        return is_recent and abs(ahead_ms - expected_ms) <= _ZONE_SLACK_MS

    def _begin(
        self, date_ms: int, received_ms: int, server_ms: int | None, gained_ms: int = 0
    ) -> None:
        """Another run of dates begins with this one."""
        self._gained_ms = gained_ms
        self._frames, self._first_ms, self._first_server_ms = 1, date_ms, server_ms
        self._first_received_ms = self._last_received_ms = received_ms

    def _keep(self, passed_ms: int, ahead_ms: int, by_server: bool) -> bool:
        """Dates have kept this distance; True when another offset follows from it."""
        least, span_ms = _LEAST_FRAMES, _LEAST_SPAN_MS
        if by_server:
            least, span_ms = _LEAST_FRAMES_BY_SERVER, _LEAST_SPAN_BY_SERVER_MS
        if self._frames < least + self.is_proven or passed_ms < span_ms:
            return False
        return self._take(ahead_ms, self._last_received_ms)

    def _take(self, ahead_ms: int, received_ms: int) -> bool:
        """The clock is so far ahead; True when another offset follows from it."""
        self.is_upload, self.learned_ms = False, received_ms
        if self.offset_ms and abs(ahead_ms - self.offset_ms) <= _ZONE_SLACK_MS:
            return False
        is_zone = _is_zone(ahead_ms, _ZONE_SLACK_MS)
        self.offset_ms = _zone_of(ahead_ms) if is_zone else ahead_ms
        self.verdict = Verdict.CORRECTED if is_zone else Verdict.DOUBTFUL
        return True


def export_clock(clock: DeviceClock | None) -> dict[str, list[int]]:
    """A learned offset and when it was last seen, to be kept across restarts."""
    if clock is None or not clock.offset_ms:
        return {}
    return {_KEPT_AS: [clock.offset_ms, clock.learned_ms]}


def restore_clock(exported: Mapping[str, Iterable[int]]) -> DeviceClock | None:
    """The clock of what ``export_clock`` gave, whose next date has to agree; None without any."""
    offset_ms, learned_ms, *_rest = (*exported.get(_KEPT_AS, ()), 0, 0)
    return DeviceClock(expected_ms=offset_ms, learned_ms=learned_ms) if offset_ms else None


PROVEN_CLOCK = DeviceClock(is_proven=True)
"""Of all devices whose newest frame was dated right; shared, and never written to."""


class Settled(enum.Enum):
    """Whether a date that was doubtful is known by now."""

    NOT_YET = "not yet"
    AS_IT_STANDS = "stored before it was sent"
    CORRECTED = "clock corrected"
    NEVER = "never"


def settle(doubted: DeviceClock, clock: DeviceClock | None) -> Settled:
    """What became of a doubt about ``doubted``, by what is known of the device's clock now.

    That a clock which shows another zone at first sight is right now does not say that it was.
    """
    if doubted.offset_ms:
        return Settled.CORRECTED if doubted.verdict is Verdict.CORRECTED else Settled.NEVER
    if doubted.is_upload:
        return Settled.AS_IT_STANDS
    if clock is not PROVEN_CLOCK:
        return Settled.NOT_YET if clock is doubted else Settled.NEVER
    return Settled.AS_IT_STANDS if doubted.is_proven or not doubted.shows_zone else Settled.NEVER


def oldest_ms(clock: DeviceClock | None, date_ms: int | None, received_ms: int) -> int | None:
    """The time that decides about the order of values and ends; None where there is none.

    Where nothing tells they are rather too old than too young: as old as their date says.
    """
    believed_ms, is_doubtful = judge_date(clock, date_ms, received_ms)
    if not is_doubtful or date_ms is None or (clock is not None and clock.offset_ms):
        return believed_ms
    is_stored = date_ms <= received_ms and is_believable(date_ms, received_ms)
    return date_ms if is_stored else None


def judge_sent(sent_ms: int | None, received_ms: int) -> int | None:
    """The server's own date of a message, None where there is none or it cannot be right."""
    if sent_ms is None or not is_believable(sent_ms, received_ms):
        return None
    return min(sent_ms, received_ms) if sent_ms - received_ms <= AHEAD_MS else None


def judge_date(
    clock: DeviceClock | None, date_ms: int | None, received_ms: int, sent_ms: int | None = None
) -> tuple[int | None, bool]:
    """Believed time of a message or record that came in now, and whether its date is doubtful.

    ``sent_ms`` is the server's date of a message: where an alarm has no date of its own it counts
    as soon as it is old, and a date that agrees with it is right.
    """
    if date_ms is None:
        is_backlog = sent_ms is not None and is_believable(sent_ms, received_ms)
        old = is_backlog and sent_ms is not None and received_ms - sent_ms >= NEAR_MS
        return (sent_ms if old else None), False
    if not is_believable(date_ms, received_ms):
        return None, True
    if -AHEAD_MS <= received_ms - date_ms < NEAR_MS:
        return min(date_ms, received_ms), False
    if sent_ms is not None and date_ms <= received_ms and abs(date_ms - sent_ms) < NEAR_MS:
        return date_ms, False
    if clock is None:
        return None, True
    believed_ms, verdict = clock.judge(date_ms, received_ms)
    return believed_ms, verdict is Verdict.DOUBTFUL


def _zone_of(ahead_ms: int) -> int:
    """The whole zone step that is nearest."""
    return round(ahead_ms / _ZONE_STEP_MS) * _ZONE_STEP_MS


def _is_zone(ahead_ms: int, slack_ms: int = _EXACTLY_MS) -> bool:
    """True when a clock that is so far off shows the time of another zone."""
    return abs(ahead_ms) <= _LARGEST_ZONE_MS and abs(ahead_ms - _zone_of(ahead_ms)) <= slack_ms


def _is_same_pace(ran_ms: int, passed_ms: int) -> bool:
    return abs(ran_ms - passed_ms) <= min(_DATE_STEP_MS + passed_ms * _SAME_PACE, _ZONE_SLACK_MS)


def offset_text(offset_ms: int) -> str:
    """A clock's distance: "5 h 30", "8 h", "45 min", "3 d 2 h"."""
    far_ms = abs(offset_ms)
    hours, minutes = divmod(far_ms // MINUTE_MS, 60)
    if not HOUR_MS <= far_ms < DAY_MS:
        return format_age(far_ms)
    return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
