from collections.abc import Callable

import pytest

from tests.ui.devices.device_list import DeviceList, ListModel
from tests.ui.harness import Harness

NewModel = Callable[..., ListModel]


@pytest.fixture
def devices(harness: Harness) -> DeviceList:
    """The pane on a fresh profile."""
    return DeviceList(harness)


@pytest.fixture
def new_model(harness: Harness) -> NewModel:
    """Makes a model with these columns and starred devices."""

    def make(*columns: str, starred: tuple[str, ...] = ()) -> ListModel:
        return ListModel(harness, columns, starred)

    return make
