"""The processes of a benchmark and the lines of JSON by which they are told what to do."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
ROOT = _HERE.parents[1]
PASSWORD = "bench"


def environment() -> dict[str, str]:
    """No display, no thread pool of numpy's, and the package of this checkout."""
    return os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        # As after an installation, whatever this shell says of byte code.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "tftmonitor-bench-pyc")),
        "TFTMONITOR_PASSWORD": PASSWORD,
        "QT_LOGGING_RULES": "*.warning=false",
    }


class Child:
    """A process that answers each line with one."""

    def __init__(self, script: str, *arguments: str) -> None:
        command = [sys.executable, str(_HERE / script), *arguments]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        self.pid = self._process.pid
        self.hello = self.read()

    def tell(self, do: str, **more: Any) -> None:
        """Send a command; its answer is to be read."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self._process.stdin.flush()

    def read(self) -> Any:
        """The next answer."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a process of the benchmark ended: {self._process.args!r}")
        return json.loads(line)

    def ask(self, do: str, **more: Any) -> Any:
        """Command and answer."""
        self.tell(do, **more)
        return self.read()

    def end(self) -> None:
        """Close its input and wait; end it if that does not help."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Stand:
    """A sender and the subjects that are signed in to it, by name."""

    def __init__(self, devices: int) -> None:
        self.devices = devices
        self.sender = Child("bench_sender.py", str(devices))
        self.url = f"ws://127.0.0.1:{self.sender.hello['port']}/"
        self.subjects: dict[str, Child] = {}
        self.folder = tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)

    def profile(self, name: str) -> Path:
        """Where a subject keeps its files."""
        return Path(self.folder.name, name)

    def add(self, name: str, script: str, *arguments: str) -> Child:
        """Start a subject and wait until it is signed in."""
        child = Child(script, self.url, name, str(self.profile(name)), *arguments)
        self.subjects[name] = child
        self.sender.ask("wait", name=name)
        return child

    def add_idle(self, name: str, script: str, *arguments: str) -> Child:
        """Start a subject that signs in nowhere."""
        child = self.subjects[name] = Child(script, *arguments)
        return child

    def flood(self, name: str, count: int, alarms_per_s: float = 0) -> dict[str, float]:
        """Messages a second from the first sent to the last worked off, and CPU a message."""
        subject = self.subjects[name]
        subject.ask("mark")
        sent = self.sender.ask("flood", name=name, count=count, alarms_per_s=alarms_per_s)
        total = sent["sent"] + sent["alarms"]
        done = subject.ask("await", count=total)
        seconds = done["at_s"] - sent["start_s"]
        return {
            "per_s": total / seconds,
            "cpu_us": done["cpu_s"] / total * 1e6,
            "alarms": sent["alarms"],
        }

    def pace(self, name: str, per_s: float, seconds: float) -> dict[str, float]:
        """CPU and lateness of a subject while messages arrive evenly."""
        subject = self.subjects[name]
        subject.ask("mark")
        if per_s:
            sent = self.sender.ask("pace", name=name, per_s=per_s, seconds=seconds)
        else:
            sent = {"sent": 0}
            subject.ask("sleep", seconds=seconds)
        found: dict[str, float] = subject.ask("await", count=sent["sent"])
        found["sent"] = sent["sent"]
        return found

    def fill(self, name: str) -> None:
        """Each device once."""
        subject = self.subjects[name]
        subject.ask("mark")
        self.sender.ask("flood", name=name, count=self.devices)
        subject.ask("await", count=self.devices)

    def close(self) -> None:
        """End every process."""
        for child in (*self.subjects.values(), self.sender):
            child.end()
        self.folder.cleanup()


@contextlib.contextmanager
def stand(devices: int) -> Iterator[Stand]:
    """A stand that leaves nothing behind."""
    made = Stand(devices)
    try:
        yield made
    finally:
        made.close()
