import sys

import pytest
from PySide6.QtCore import QObject

from tftmonitor.base.tasks import TaskScope
from tftmonitor.ui.alerts.keep_awake import KeepAwake, _platform_inhibitor
from tftmonitor.ui.alerts.sleep_inhibitor import InhibitReport


class RecordingInhibitor:
    def __init__(self) -> None:
        self.report: InhibitReport | None = None
        self.calls: list[str] = []

    def inhibit(self, report: InhibitReport) -> None:
        self.calls.append("inhibit")
        self.report = report

    def release(self) -> None:
        self.calls.append("release")


def test_same_wish_twice_is_one_and_late_answers_are_ignored(qapp: object) -> None:
    inhibitor = RecordingInhibitor()
    awake = KeepAwake(TaskScope(), inhibitor)
    awake.set(False)
    awake.set(True)
    awake.set(True)
    awake.set(False)
    assert inhibitor.calls == ["inhibit", "release"]
    assert inhibitor.report is not None
    inhibitor.report(True, "")
    assert awake.state == ""


def test_outcome_is_reported_once_and_bounded(qapp: object) -> None:
    inhibitor = RecordingInhibitor()
    awake = KeepAwake(TaskScope(), inhibitor)
    states: list[str] = []
    awake.state_changed.connect(states.append)
    awake.set(True)
    assert inhibitor.report is not None
    inhibitor.report(True, "")
    inhibitor.report(True, "")
    inhibitor.report(False, "x" * 1_000)
    assert states[:2] == ["Asking the desktop…", "Kept awake"]
    assert len(states) == 3
    assert len(states[2]) < 200


@pytest.mark.parametrize(
    ("platform", "kind"),
    [
        ("win32", "WindowsInhibitor"),
        ("darwin", "ProcessInhibitor"),
        pytest.param(
            "linux",
            "DBusInhibitor",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="needs dbus-fast"),
        ),
    ],
)
def test_each_platform_has_its_means(
    qapp: object, monkeypatch: pytest.MonkeyPatch, platform: str, kind: str
) -> None:
    parent = QObject()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", platform)
        inhibitor = _platform_inhibitor(TaskScope(), parent)
    assert type(inhibitor).__name__ == kind
