from collections.abc import Iterator

import pytest

from tests.ui.field_cases.case_window import CaseWindow
from tests.ui.harness import Harness


@pytest.fixture
def window(harness: Harness) -> Iterator[CaseWindow]:
    made = CaseWindow(harness)
    yield made
    made.close()
