from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.day_sheet.sheet_bench import SheetBench
from tests.ui.harness import Harness
from tests.unit.monitor.days.journey import HOUR_S, Journey, record, working_day


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working day, a vehicle that never says where it is, and one that drives over midnight."""
    folder = tmp_path_factory.mktemp("recorded")
    bare = Journey("351", 8 * HOUR_S, has_place=False, volts=0)
    bare.park(2 * HOUR_S, ignition=1)
    late = Journey("352", 22 * HOUR_S, volts=25.4)
    late.report()
    late.park(HOUR_S, 60)
    late.go(2 * HOUR_S)
    late.park(HOUR_S, 60)
    record(folder, [working_day(), bare, late])
    return folder


@pytest.fixture
def bench(harness: Harness, recorded: Path) -> Iterator[SheetBench]:
    made = SheetBench(harness, recorded)
    yield made
    made.close()
