"""Plays a short sound file with what the platform has, without Qt's multimedia add-on."""

import shutil
import sys
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from tftmonitor.model.fields.formatting import clip
from tftmonitor.ui.alerts.scaled_sounds import ScaledSounds, remove_leftovers
from tftmonitor.ui.platform.child_process import make_process

LINUX_PLAYERS = ("pw-play", "paplay", "aplay", "canberra-gtk-play")
_QUIET = {"aplay": "-q"}
_DEVICE = {"pw-play": "--target", "paplay": "--device", "aplay": "-D"}
# The longest sound takes a second; a player that hangs keeps the next alarm silent.
_PLAY_LIMIT_MS = 5_000
_KILL_WAIT_MS = 300
# Once the window stands. Not in a thread, where Python might collect objects of Qt as garbage.
_CLEAN_DELAY_MS = 2_000


class SoundPlayer(QObject):
    """One sound at a time. ``finished`` carries what went wrong as a text, "" when it played.

    ``programs`` are tried in this order; one that fails makes way for the next.
    """

    finished = Signal(str)

    def __init__(
        self, programs: Sequence[str] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        wanted = _programs() if programs is None else programs
        self._programs = [path for path in map(shutil.which, wanted) if path]
        self._wanted = wanted
        self._process: QProcess | None = None
        self._file: Path | None = None
        self._device = ""
        self._tried = 0
        self._sounds = ScaledSounds()
        self._limit = self._single_shot(_PLAY_LIMIT_MS, self._on_limit)
        self._single_shot(_CLEAN_DELAY_MS, remove_leftovers).start()

    @property
    def busy(self) -> bool:
        """True while a sound is being played."""
        return self._process is not None

    def play(self, file: Path, volume: int, device: str = "") -> None:
        """Play a sound at 0 to 100 percent in place of any other; ``finished`` follows, perhaps
        at once.

        ``device`` is named as the sound system does; only players of Linux can choose one.
        """
        self.stop()
        self._tried = 0
        self._device = device
        try:
            self._file = self._sounds.at_volume(file, volume)
        except (OSError, wave.Error, EOFError) as error:
            self.finished.emit(f"sound file cannot be used: {clip(str(error))}")
            return
        if sys.platform == "win32":
            self.finished.emit(_play_on_windows(self._file))
        elif not self._programs:
            *first, last = self._wanted
            names = f"{', '.join(first)} or {last}" if first else last
            self.finished.emit(f"no sound player found ({names})")
        else:
            self._start()

    def stop(self) -> None:
        """End what is being played; ``finished`` does not follow."""
        self._limit.stop()
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(_KILL_WAIT_MS)
            process.deleteLater()

    def close(self) -> None:
        """Stop, and leave nothing on disk."""
        self.stop()
        self._sounds.close()

    def _single_shot(self, delay_ms: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(delay_ms)
        timer.timeout.connect(act)
        return timer

    def _start(self) -> None:
        process = make_process(self)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        self._limit.start()
        program = self._programs[0]
        process.start(program, _arguments(Path(program).name, str(self._file), self._device))

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._process is None:
            return
        if code == 0 and status is QProcess.ExitStatus.NormalExit:
            self._done()
            return
        output = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip()
        self._try_next_program(output.splitlines()[-1] if output else f"failed with code {code}")

    def _on_error(self, error: QProcess.ProcessError) -> None:
        # A crash is followed by ``finished``, a failed start is not.
        if self._process is not None and error is QProcess.ProcessError.FailedToStart:
            self._try_next_program(self._process.errorString())

    def _on_limit(self) -> None:
        self._try_next_program("did not finish")

    def _try_next_program(self, problem: str) -> None:
        name = Path(self._programs[0]).name
        self.stop()
        # The next sound begins with the one that worked last.
        self._programs.append(self._programs.pop(0))
        self._tried += 1
        if self._tried < len(self._programs):
            self._start()
        else:
            self._tried = 0
            self.finished.emit(f"no sound device works ({name}: {clip(problem, 120)})")

    def _done(self) -> None:
        self._limit.stop()
        self._tried = 0
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self.finished.emit("")


def _programs() -> tuple[str, ...]:
    return ("afplay",) if sys.platform == "darwin" else LINUX_PLAYERS


def _arguments(program: str, file: str, device: str) -> list[str]:
    options = [_QUIET[program]] if program in _QUIET else []
    if device and program in _DEVICE:
        options += [_DEVICE[program], device]
    return [*options, file] if program != "canberra-gtk-play" else ["-f", file]


def _play_on_windows(file: Path) -> str:
    if sys.platform == "win32":
        import winsound

        try:
            flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
            winsound.PlaySound(str(file), flags)
        except RuntimeError as error:
            return f"no sound device works ({clip(str(error), 120)})"
    return ""
