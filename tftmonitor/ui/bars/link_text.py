"""The state of a channel in words: as short as the bar, and as a sentence."""

from datetime import tzinfo

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.model.fields.formatting import format_age, format_clock
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

CHANNEL_NAMES = {Channel.DEVICES: "Devices", Channel.MESSAGES: "Messages"}


def link_text(
    status: LinkStatus, last_frame_ms: int | None, now_ms: int, live: str = "LIVE"
) -> str:
    """The state in as few words as the bar has room for; ``live`` is the one for being live."""
    if status.state is LinkState.LIVE:
        age = format_age(now_ms - last_frame_ms) if last_frame_ms else ""
        return f"{live} {age}".rstrip()
    if status.state is LinkState.WAITING or is_retrying(status):
        return f"LOST {format_age(now_ms - status.since_ms)}"
    return {
        LinkState.OFF: "off",
        LinkState.CONNECTING: "connecting",
        LinkState.SIGNING_IN: "signing in",
        LinkState.QUIET: "connected, no data",
        LinkState.REFUSED: "REFUSED",
    }[status.state]


def link_sentence(status: LinkStatus, now_ms: int, zone: tzinfo) -> str:
    """The state as a sentence: since when, why, and when the next try is."""
    since = format_clock(status.since_ms, zone)
    lost = f"link lost since {since} ({format_age(now_ms - status.since_ms)}): {status.reason}."
    if status.state is LinkState.REFUSED:
        return f"sign-in refused: {status.reason}. {_next_try_text(status, now_ms)}"
    if status.state is LinkState.WAITING:
        # What to do stands last: it is the first to be cut, and whole in the tooltip.
        advice = f" {status.advice}" if status.advice else ""
        if status.next_try_ms is None:
            return f"{lost}{advice}"
        left_s = max(0, (status.next_try_ms - now_ms) // SECOND_MS)
        return f"{lost} Next try in {left_s} s.{advice}"
    if is_retrying(status):
        return f"{lost} Trying again now."
    return f"{status.state.value} since {since}"


def shorter_sentences(status: LinkStatus, now_ms: int, zone: tzinfo) -> tuple[str, ...]:
    """The sentence about a link that is lost in fewer and fewer words: how long stays in all."""
    if status.state is LinkState.REFUSED:
        return f"sign-in refused: {status.reason}", "sign-in refused", "refused"
    age = format_age(now_ms - status.since_ms)
    lost = f"lost since {format_clock(status.since_ms, zone)} ({age})"
    return f"link {lost}: {status.reason}", f"link {lost}", lost, f"lost {age}"


def is_retrying(status: LinkStatus) -> bool:
    """True while a channel that was lost is tried again."""
    return status.state is LinkState.CONNECTING and bool(status.reason)


def _next_try_text(status: LinkStatus, now_ms: int) -> str:
    if status.next_try_ms is None:
        return "Nothing is tried until you sign in again."
    return f"Next try in {max(0, status.next_try_ms - now_ms) // SECOND_MS} s."
