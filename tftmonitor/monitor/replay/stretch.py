"""What is replayed: from when to when, and where in it nothing was recorded."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from tftmonitor.base.clock import DAY_MS, HOUR_MS
from tftmonitor.history.link_changes import link_changes
from tftmonitor.history.samples.reader import HistoryReader
from tftmonitor.history.samples.store import NOT_RECORDED
from tftmonitor.history.samples.stored import DeviceSpan, HistoryError, LinkChange
from tftmonitor.model.coverage import BlindInterval
from tftmonitor.protocol.channels import Channel

LEAD_MS: Final = HOUR_MS
"""So long before the first moment that is shown pushes are taken in, as they were then."""

_BLIND_BACK_MS: Final = 7 * DAY_MS


class Stretch(msgspec.Struct, frozen=True):
    """Times are ms since 1970 UTC. ``gaps`` are stretches (from, to) in which the program or the
    channel of devices could record nothing; ``blind`` and ``links`` go back further than it.
    """

    start_ms: int
    end_ms: int
    devices: list[DeviceSpan]
    gaps: list[tuple[int, int]]
    blind: list[BlindInterval]
    links: list[LinkChange]


def open_stretch(profile: Path, start_ms: int | None, end_ms: int | None) -> Stretch:
    """What is to be replayed; by default the last hour that was recorded. Raises HistoryError.

    It reads the file: for a thread, or where nobody waits.
    """
    reader = HistoryReader(profile)
    try:
        devices = reader.devices()
        if not devices:
            raise HistoryError(f"Nothing is recorded in {profile} yet.")
        first_ms, last_ms = min(d.first_ms for d in devices), max(d.last_ms for d in devices)
        if end_ms is None:
            end_ms = last_ms if start_ms is None or start_ms > last_ms else start_ms + HOUR_MS
        end_ms = min(end_ms, last_ms)
        start_ms = max(end_ms - HOUR_MS if start_ms is None else start_ms, first_ms)
        if start_ms >= end_ms:
            raise HistoryError("Nothing is recorded of the time that was named.")
        blind = reader.blind(start_ms - LEAD_MS - _BLIND_BACK_MS, end_ms)
    finally:
        reader.close()
    links = link_changes(profile, start_ms - LEAD_MS, end_ms)
    gaps = _gaps(blind, start_ms, end_ms)
    return Stretch(start_ms, end_ms, devices, gaps, blind, links)


def _gaps(blind: Iterable[BlindInterval], start_ms: int, end_ms: int) -> list[tuple[int, int]]:
    """Where nothing is recorded of devices, by start, each once."""
    found: list[tuple[int, int]] = []
    for each in blind:
        if each.scope not in {NOT_RECORDED, Channel.DEVICES.value}:
            continue
        from_ms = max(each.start_ms, start_ms)
        to_ms = min(end_ms if each.end_ms is None else each.end_ms, end_ms)
        if from_ms >= to_ms:
            continue
        if found and from_ms <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], to_ms))
        else:
            found.append((from_ms, to_ms))
    return found
