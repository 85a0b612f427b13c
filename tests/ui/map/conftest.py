"""The map of one test."""

import pytest

from tests.ui.harness import Harness
from tests.ui.map.rig import MapBench


@pytest.fixture
def bench(harness: Harness) -> MapBench:
    return MapBench(harness)
