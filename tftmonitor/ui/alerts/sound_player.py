"""Plays a short sound file with what the platform has, without Qt's multimedia add-on."""

import array
import shutil
import sys
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from tftmonitor.model.fields.formatting import clip

LINUX_PLAYERS = ("pw-play", "paplay", "aplay", "canberra-gtk-play")
_QUIET = {"aplay": "-q"}
_DEVICE = {"pw-play": "--target", "paplay": "--device", "aplay": "-D"}
# The longest sound takes a second; a player that hangs keeps the next alarm silent.
_LIMIT_MS = 5_000
_KILL_WAIT_MS = 300


class SoundPlayer(QObject):
    """One sound at a time. ``finished`` tells what went wrong in words, "" when it was heard.

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
        self._scaled: dict[tuple[Path, int], Path] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="tftmonitor-sounds-")
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(_LIMIT_MS)
        self._limit.timeout.connect(self._too_long)

    @property
    def busy(self) -> bool:
        """True while a sound is being played."""
        return self._process is not None

    def play(self, file: Path, volume: int, device: str = "") -> None:
        """Play a sound at 0 to 100 percent; ``finished`` follows, perhaps at once.

        ``device`` is named as the sound system does; only players of Linux can choose one.
        """
        self._device = device
        try:
            self._file = self._at_volume(file, volume)
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
        """End what is being played; ``finished`` is not told."""
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
        self._folder.cleanup()

    def _start(self) -> None:
        process = QProcess(self)
        process.setStandardInputFile(QProcess.nullDevice())
        process.setStandardOutputFile(QProcess.nullDevice())
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._failed)
        self._process = process
        self._limit.start()
        program = self._programs[0]
        process.start(program, _arguments(Path(program).name, str(self._file), self._device))

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._process is None:
            return
        if code == 0 and status is QProcess.ExitStatus.NormalExit:
            self._done("")
            return
        said = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip()
        self._next_program(said.splitlines()[-1] if said else f"ended with {code}")

    def _failed(self, error: QProcess.ProcessError) -> None:
        # A crash is followed by ``finished``, a failed start is not.
        if self._process is not None and error is QProcess.ProcessError.FailedToStart:
            self._next_program(self._process.errorString())

    def _too_long(self) -> None:
        self._next_program("does not end")

    def _next_program(self, problem: str) -> None:
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

    def _done(self, words: str) -> None:
        self._limit.stop()
        self._tried = 0
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self.finished.emit(words)

    def _at_volume(self, file: Path, volume: int) -> Path:
        """The same sound, quieter: half of the players have no volume of their own."""
        if volume >= 100:
            return file
        made = self._scaled.get((file, volume))
        if made is None:
            made = Path(self._folder.name) / f"{file.stem}-{volume}.wav"
            scale_sound(file, made, volume)
            self._scaled[file, volume] = made
        return made


def scale_sound(source: Path, target: Path, volume: int) -> None:
    """Write a 16-bit sound anew at 0 to 100 percent."""
    # Ears hear ratios: the square makes 50 % sound about half as loud.
    factor = (volume / 100) ** 2
    with wave.open(str(source), "rb") as file:
        facts = file.getparams()
        samples = array.array("h", file.readframes(facts.nframes))
    if sys.byteorder == "big":
        samples.byteswap()
    for place, sample in enumerate(samples):
        samples[place] = round(sample * factor)
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(target), "wb") as file:
        file.setparams(facts)
        file.writeframes(samples.tobytes())


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
