"""The line of the preview goes on with what is recorded, while the rule stays the same."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from tests.ui.harness import Harness
from tftmonitor.base.tasks import TaskScope
from tftmonitor.model.rules.backtest.preview import Preview
from tftmonitor.monitor.past.rule_preview import RecordedPreview
from tftmonitor.ui.rules.preview_line import PreviewLine
from tftmonitor.ui.rules.recorded_line import RecordedLine

MEMORY = Preview(2, 1, "In memory: the last 5 min of 1 device.")


def test_what_is_recorded_stands_behind_what_is_in_memory(harness: Harness) -> None:
    seen: list[str] = []
    gates: list[asyncio.Event] = []

    def slices() -> Iterator[Preview]:
        yield MEMORY

    async def answers() -> AsyncIterator[RecordedPreview]:
        gate = asyncio.Event()
        gates.append(gate)
        yield RecordedPreview(1, 1, 1, 2, 60_000)
        await gate.wait()
        yield RecordedPreview(4, 2, 2, 2, 120_000)

    async def look() -> None:
        async with TaskScope() as scope:
            line = harness.show(PreviewLine(slices), 600, 40)
            RecordedLine(line, answers, scope)
            line._begin()
            await asyncio.sleep(0.01)
            seen.append(line.text())
            line.begin()  # another rule
            await asyncio.sleep(0.01)
            assert not scope.names
            line._begin()
            await asyncio.sleep(0.01)
            gates[-1].set()
            await asyncio.sleep(0.01)
            seen.append(line.text())

    asyncio.run(look())
    first, last = seen
    assert first.startswith(f"{MEMORY.text} Recorded: once on 1 device, in the last 1 min of 1 of ")
    assert first.endswith("2 devices. Still reading what is recorded…")
    assert last == f"{MEMORY.text} Recorded: 4 times on 2 devices, in the last 2 min of 2 devices."
