from collections.abc import Iterator

import pytest

from tests.unit.tiles.made_files import close_all


@pytest.fixture(autouse=True)
def _files_end_with_their_test() -> Iterator[None]:
    yield
    close_all()
