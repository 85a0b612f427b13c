import asyncio
from collections.abc import Callable

import pytest

from tests.field_cases.look import Look
from tests.field_cases.player import Played, play_all
from tests.field_cases.script import END, case_names

LookAt = Callable[..., Look]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """All cases, played at the same time: they take as long as the longest."""
    profiles = tmp_path_factory.mktemp("field-cases")
    return asyncio.run(play_all(case_names(), profiles))


@pytest.fixture
def look_at(played: Played) -> LookAt:
    """A look of a case by its name, the last one without a name."""

    def look(case: str, name: str = END) -> Look:
        looks = played[case]
        if isinstance(looks, BaseException):
            raise looks
        return looks[name]

    return look
