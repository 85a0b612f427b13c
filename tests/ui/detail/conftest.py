import pytest

from tests.ui.detail.bench import DetailBench
from tests.ui.harness import Harness


@pytest.fixture
def bench(harness: Harness) -> DetailBench:
    """The detail pane, shown, with a fleet without devices."""
    return DetailBench(harness)
