"""What every test needs: nothing of one test is in force in the next."""

from collections.abc import Iterator

import pytest

from tftmonitor.model.fields.units import use_units


@pytest.fixture(autouse=True)
def units_of_the_table() -> Iterator[None]:
    yield
    use_units({})
