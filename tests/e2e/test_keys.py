"""What one does all day, with the keyboard alone and in no more than two keys each."""

import pytest

from tests.e2e.desktop import missing_programs
from tests.e2e.fault_run import RUNS, Run, Scenario

pytestmark = [
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]

_SERVER = ("--devices", "7", "--rate", "20")
_USER = ("--user", "tester")
SCENARIOS = {
    "light": Scenario("fault_keys", _SERVER, (*_USER, "--theme", "light")),
    "dark": Scenario("fault_keys", _SERVER, (*_USER, "--theme", "dark"), scale="1.5"),
}


@pytest.fixture(scope="module")
def light(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return RUNS.result(request, tmp_path_factory, SCENARIOS)


@pytest.fixture(scope="module")
def dark(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return RUNS.result(request, tmp_path_factory, SCENARIOS)


def test_x(light: Run, dark:Run) -> None:
    import json
    for k,v in light.steps.items():
        print(json.dumps(v)[:1800])
    print(light.stderr[-3000:])
    for k,v in dark.steps.items():
        print(json.dumps(v)[:1200])
