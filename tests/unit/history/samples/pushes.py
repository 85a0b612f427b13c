"""Made-up pushes of the store's tests."""

from collections.abc import Iterable, Sequence
from functools import cache

from tftmonitor.history.samples.stored import Pending, Recorded
from tftmonitor.simulator.feeds.snapshot_templates import SnapshotTemplates
from tftmonitor.simulator.fleet.world import World

T0 = 1_795_000_000_000


@cache
def simulated(devices: int, rounds: int, step_ms: int = 10_000) -> tuple[Recorded, ...]:
    """Snapshots of the simulator's fleet, ``rounds`` of each device, in order of receipt."""
    mill = SnapshotTemplates(World(devices, 1, T0, routine=False).roster)
    return tuple(
        (f"{number}", "devices", T0 + turn * step_ms + number, T0 + turn * step_ms, False, out.data)
        for turn in range(rounds)
        for number, out in enumerate(mill.make(T0 + turn * step_ms, devices))
    )


def push(device: str, at: int, frame: bytes = b'{"event":"x"}', **more: object) -> Recorded:
    """One push that came ``at`` ms after the beginning."""
    return (device, str(more.get("channel", "devices")), T0 + at, T0 + at, False, frame)


def pending(rows: Iterable[Recorded]) -> Pending:
    """What goes to disk in one transaction."""
    return Pending(rows=list(rows))


def frames(rows: Sequence[Recorded]) -> list[bytes]:
    """The frames of rows."""
    return [row[5] for row in rows]
