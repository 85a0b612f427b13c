import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CHILD = """
import inspect, sys
if sys.argv[1] == "yes":
    from tftmonitor.ui.platform.pyside_workarounds import skip_source_scan
    skip_source_scan()
read = []
getsource = inspect.getsource
inspect.getsource = lambda thing: read.append(thing.__name__) or getsource(thing)
import PySide6.QtCore
import wave
print(*read)
"""


@pytest.mark.parametrize(("applied", "read"), [("yes", False), ("no", True)])
def test_binding_reads_no_source_of_other_modules(applied: str, *, read: bool) -> None:
    """With the second case as the proof that the workaround is still needed."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, applied],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("wave" in done.stdout.split()) is read
