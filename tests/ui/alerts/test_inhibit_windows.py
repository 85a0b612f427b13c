import ctypes
import sys
from types import SimpleNamespace

import pytest

from tftmonitor.ui.alerts.inhibit_windows import WindowsInhibitor

CONTINUOUS, SYSTEM, DISPLAY = 0x8000_0000, 1, 2


@pytest.mark.parametrize(
    ("answer", "report"), [(CONTINUOUS, (True, "")), (0, (False, "Windows refused it"))]
)
def test_state_of_the_thread_is_set_and_withdrawn(
    monkeypatch: pytest.MonkeyPatch, answer: int, report: tuple[bool, str]
) -> None:
    calls: list[int] = []

    def set_state(flags: ctypes.c_uint) -> int:
        calls.append(flags.value)
        return answer

    kernel = SimpleNamespace(SetThreadExecutionState=set_state)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    reports: list[tuple[bool, str]] = []
    inhibitor = WindowsInhibitor()
    inhibitor.inhibit(lambda inhibited, reason: reports.append((inhibited, reason)))
    inhibitor.release()
    assert calls == [CONTINUOUS | SYSTEM | DISPLAY, CONTINUOUS]
    assert reports == [report]


@pytest.mark.skipif(sys.platform == "win32", reason="it is Windows")
def test_elsewhere_it_says_no() -> None:
    reports: list[bool] = []
    WindowsInhibitor().inhibit(lambda inhibited, _: reports.append(inhibited))
    assert reports == [False]
