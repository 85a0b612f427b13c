"""A process with the real window in the hands of a test; ``driven_program`` is its other end."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.e2e.desktop import wait_until

ROOT = Path(__file__).resolve().parents[2]
_LIMIT_S = 30.0


class Driven:
    """The window of one profile; ``errors`` is what it said on standard error."""

    def __init__(self, env: Mapping[str, str], profile: Path, *options: str) -> None:
        command = [sys.executable, "-m", "tests.e2e.driven_program", "--profile", str(profile)]
        self.process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**env, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.profile = profile
        self.errors = ""
        self._answers: list[dict[str, Any]] = []
        self._readers = [
            threading.Thread(target=self._read_answers),
            threading.Thread(target=self._read_errors),
        ]
        for reader in self._readers:
            reader.start()
        self._taken = 0
        assert self._next() == "ready"

    def ask(self, line: str) -> Any:
        """The value of an expression within the program; AssertionError when it fails."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._next()

    def do(self, *statements: str) -> None:
        """Run statements within the program."""
        for statement in statements:
            self.ask(f"do {statement}")

    def wait_for(self, line: str, limit_s: float = _LIMIT_S) -> None:
        """Ask until it is true."""
        wait_until(lambda: bool(self.ask(line)), line, limit_s)

    def settings(self) -> dict[str, Any]:
        """What is on disk now."""
        file = self.profile / "settings.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else {}

    def wait_for_settings(self, limit_s: float = 1.0, **wanted: Any) -> None:
        """Until the file says so."""

        def there() -> bool:
            found = self.settings()
            return all(found.get(name) == value for name, value in wanted.items())

        wait_until(there, f"{wanted} on disk", limit_s)

    def end(self) -> int:
        """End it in order; its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(_LIMIT_S)

    def close(self) -> None:
        """Leave no process and no thread behind."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()

    def _next(self) -> Any:
        place = self._taken

        def there() -> bool:
            return len(self._answers) > place or self.process.poll() is not None

        wait_until(there, "an answer of the program", _LIMIT_S)
        assert len(self._answers) > place, f"the program ended: {self.errors}"
        self._taken += 1
        answer = self._answers[place]
        assert "failed" not in answer, answer
        return answer["value"]

    def _read_answers(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._answers.append(json.loads(line))

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors += line


@contextlib.contextmanager
def driven(env: Mapping[str, str], profile: Path, *options: str) -> Iterator[Driven]:
    """The window for the time of the block; the demo's where nothing else is said."""
    program = Driven(env, profile, *(options or ("--demo", "--demo-devices", "3")))
    try:
        yield program
    finally:
        program.close()
