"""PySide6 6.12 and newer must never stand on Python 3.11.

There it loses a reference to None in each C++ call that returns nothing, and to True in each
emit, until the interpreter aborts. Short tests pass, so the pin and the counts are tested.
"""

import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from PySide6.QtCore import QObject, Signal

ROOT = Path(__file__).resolve().parents[2]
CALLS = 1_000
# Other code moves these counts by a handful; the fault takes one in each call.
TOLERANCE = CALLS // 10


class Emitter(QObject):
    happened = Signal(int)


def allowed(python: str, version: str) -> bool:
    """True when the project's requirements take this PySide6 on this Python."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    requirements = [Requirement(line) for line in project["dependencies"]]
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    applying = [
        requirement
        for requirement in requirements
        if requirement.name.lower().startswith(("pyside6", "shiboken6"))
        and (requirement.marker is None or requirement.marker.evaluate(environment))
    ]
    assert applying, f"no PySide6 for Python {python}"
    return all(requirement.specifier.contains(version) for requirement in applying)


@pytest.mark.parametrize("version", ["6.12.0", "6.12.1", "6.12.99", "6.13.0", "7.0.0"])
def test_python_3_11_gets_no_pyside_that_loses_references(version: str) -> None:
    assert not allowed("3.11", version)


@pytest.mark.parametrize("version", ["6.10.1", "6.11.3"])
def test_python_3_11_gets_a_pyside(version: str) -> None:
    assert allowed("3.11", version)


@pytest.mark.parametrize("python", ["3.12", "3.13", "3.14"])
def test_newer_pythons_get_the_newest_pyside(python: str) -> None:
    assert allowed(python, "6.12.0")


def test_lock_holds_the_pin_for_python_3_11() -> None:
    locked = [
        Requirement(line.removesuffix("\\").strip())
        for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()
        if line.startswith(("pyside6-essentials==", "shiboken6=="))
    ]
    environment = {"python_version": "3.11", "python_full_version": "3.11.0"}
    on_3_11 = [
        requirement
        for requirement in locked
        if requirement.marker is None or requirement.marker.evaluate(environment)
    ]
    assert {requirement.name for requirement in on_3_11} == {"pyside6-essentials", "shiboken6"}
    for requirement in on_3_11:
        (pin,) = requirement.specifier
        assert pin.version.startswith(("6.10.", "6.11.")), requirement


def test_calls_that_return_nothing_keep_the_references_to_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("name")
    assert sys.getrefcount(None) > before - TOLERANCE


def test_emits_keep_the_references_to_true() -> None:
    emitter = Emitter()
    before = sys.getrefcount(True)
    for number in range(CALLS):
        emitter.happened.emit(number)
    assert sys.getrefcount(True) > before - TOLERANCE
