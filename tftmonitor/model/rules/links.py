"""What rules know of our own link: which channels are down, since when, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from tftmonitor.model.rules.conditions import LinkDown
from tftmonitor.model.rules.hysteresis import IN, OUT


@dataclass(frozen=True, slots=True)
class LinkJudgement:
    """A judgement of ``LinkDown``, with the reason; ``since_ms`` is 0 when nothing is down."""

    judged: int
    reason: str | None = None
    since_ms: int = 0


class ChannelStates:
    """The channels by name; one that nobody has signed in to is not known."""

    def __init__(self, channels: Sequence[str]) -> None:
        self._names = channels
        self._known: dict[str, tuple[int | None, str]] = {}

    def note_up(self, channel: str) -> bool:
        """Pushes can arrive; True when they could not before."""
        was_down = self.is_down(channel)
        self._known[channel] = (None, "")
        return was_down

    def note_down(self, channel: str, since_ms: int, reason: str) -> None:
        """No push can arrive; further attempts do not begin it anew."""
        began_ms, known_reason = self._known.get(channel, (None, ""))
        self._known[channel] = (began_ms or since_ms, reason or known_reason)

    def note_off(self, channel: str) -> None:
        """Nobody is signed in: it is neither up nor down."""
        self._known.pop(channel, None)

    def is_down(self, channel: str) -> bool:
        """True while it is our fault that nothing comes on this channel."""
        return self._known.get(channel, (None, ""))[0] is not None

    def judge(self, condition: LinkDown) -> LinkJudgement | None:
        """Down when one of the condition's channels is, up when all are; else not known."""
        names = [condition.channel] if condition.channel else self._names
        known = [(name, *self._known[name]) for name in names if name in self._known]
        down = [(name, since, why) for name, since, why in known if since is not None]
        if down:
            reason = "; ".join(f"{name} channel: {why or 'no link'}" for name, _since, why in down)
            return LinkJudgement(IN, reason, min(since for _name, since, _why in down))
        return LinkJudgement(OUT) if len(known) == len(names) else None
