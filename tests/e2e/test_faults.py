"""Faults of server and network against the real window: what it knows, and what it paints."""

import pytest

from tests.e2e.desktop import missing_programs
from tests.e2e.fault_run import RUNS, Run, Scenario

pytestmark = [
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]

SCENARIOS = {
    "links": Scenario("fault_links", ("--devices", "7", "--rate", "20")),
    "alarms": Scenario("fault_alarms", ("--devices", "60", "--rate", "0.01")),
    "refused": Scenario("fault_refused", ("--devices", "7", "--rate", "20"), window=()),
    "survival": Scenario(
        "fault_survival", ("--devices", "7", "--rate", "0.01", "--no-initial"), runs=2
    ),
}


@pytest.fixture(scope="module")
def links(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return RUNS.result(request, tmp_path_factory, SCENARIOS)


@pytest.fixture(scope="module")
def alarms(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return RUNS.result(request, tmp_path_factory, SCENARIOS)


@pytest.fixture(scope="module")
def refused(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return RUNS.result(request, tmp_path_factory, SCENARIOS)


@pytest.fixture(scope="module")
def survival(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return RUNS.result(request, tmp_path_factory, SCENARIOS)


def test_alarms(alarms: Run) -> None:
    import json
    print(json.dumps(alarms.steps, indent=None))
    print(alarms.stderr)

def test_ref(refused: Run) -> None:
    import json
    print(json.dumps(refused.steps, indent=None))
    print(refused.stderr)

def test_sur(survival: Run) -> None:
    import json
    print(json.dumps(survival.steps, indent=None))
    print(survival.stderr)
