"""What became of the links in a stretch, in order: their states, and when nothing was recorded."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

import msgspec

from tftmonitor.history.samples.store import NOT_RECORDED
from tftmonitor.history.samples.stored import LinkChange
from tftmonitor.model.coverage import BlindInterval
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.replay.replayed_link import ReplayedLink
from tftmonitor.monitor.replay.stretch import Stretch
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState

_STATES: Final = {state.value: state for state in LinkState}
_CHANNELS: Final = {channel.value: channel for channel in Channel}


class PastChange(msgspec.Struct, frozen=True):
    """Something that happened at a time, in ms since 1970 UTC: ``act`` makes it happen again."""

    at_ms: int
    act: Callable[[], None]


class PastLinks:
    """The links of the replay; ``changes`` are to be worked off as the time comes.

    What is over before ``first_ms`` is in the monitor's coverage at once.
    """

    def __init__(
        self, monitor: Monitor, links: dict[Channel, ReplayedLink], stretch: Stretch, first_ms: int
    ) -> None:
        self._monitor = monitor
        self._links = links
        before: dict[str, LinkChange] = {}
        changes: list[PastChange] = []
        for change in stretch.links:
            if change.channel not in _CHANNELS or change.state not in _STATES:
                continue
            if change.at_ms <= first_ms:
                before[change.channel] = change
            else:
                changes.append(PastChange(change.at_ms, partial(self._show, change)))
        held = [PastChange(first_ms, partial(self._show, change)) for change in before.values()]
        for interval in stretch.blind:
            if interval.end_ms is not None and interval.end_ms <= first_ms:
                self._restore(interval)
            elif interval.scope == NOT_RECORDED:
                changes += self._gap(interval, first_ms)
            elif interval.start_ms <= first_ms:
                monitor.coverage.begin(
                    interval.scope, interval.cause, interval.start_ms, interval.reason
                )
        self.changes = deque(sorted([*held, *changes], key=lambda change: change.at_ms))

    def _gap(self, interval: BlindInterval, first_ms: int) -> Iterator[PastChange]:
        """Nothing was recorded: neither channel says anything of that time."""
        yield PastChange(max(interval.start_ms, first_ms), partial(self._lose, interval))
        if interval.end_ms is not None:
            yield PastChange(interval.end_ms, partial(self._find_again, interval.end_ms))

    def _restore(self, interval: BlindInterval) -> None:
        is_all = interval.scope == NOT_RECORDED
        for scope in _CHANNELS if is_all else (interval.scope,):
            self._monitor.coverage.restore(replace(interval, scope=scope))

    def _show(self, change: LinkChange) -> None:
        self._links[_CHANNELS[change.channel]].show(
            _STATES[change.state], change.reason, change.at_ms
        )

    def _lose(self, interval: BlindInterval) -> None:
        reason = interval.reason or f"not recorded: {interval.cause.value}"
        for channel, link in self._links.items():
            # In front of the link's own words, so that it is hatched for this cause.
            self._monitor.coverage.begin(
                channel.value, interval.cause, interval.start_ms, interval.reason
            )
            link.show(LinkState.WAITING, reason, interval.start_ms)

    def _find_again(self, at_ms: int) -> None:
        for link in self._links.values():
            link.show(LinkState.CONNECTING, "", at_ms)
