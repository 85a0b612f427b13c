"""Quieter copies of the sounds, because half of the players have no volume of their own.

They are in a folder of the temporary directory that belongs to this process by a lock file. A
killed process leaves its folder behind; ``remove_leftovers`` of a later one removes it.
"""

import array
import os
import shutil
import sys
import tempfile
import wave
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QLockFile

_PREFIX = "tftmonitor-sounds-"
_LOCK = "lock"
_FULL_VOLUME = 100


class ScaledSounds:
    """Makes each copy when it is needed first, and again if somebody cleaned it away."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        # Also runs when this object or the interpreter ends without ``close``.
        self._remove_folder: Callable[[], object] | None = None

    @property
    def folder(self) -> Path | None:
        """Where the copies are, None before the first one."""
        return self._folder

    def at_volume(self, file: Path, volume: int) -> Path:
        """The same sound at 0 to 100 percent. Raises OSError, wave.Error and EOFError."""
        if volume >= _FULL_VOLUME:
            return file
        # Desktops clean the temporary directory of what was not used for some days.
        if self._folder is None or not self._folder.is_dir():
            self.close()
            self._folder = self._make_folder()
        copy = self._folder / f"{file.stem}-{volume}.wav"
        if not copy.exists():
            # A full disk must not leave half a sound that is taken for a whole one.
            part = copy.with_suffix(".part")
            scale_sound(file, part, volume)
            part.replace(copy)
        return copy

    def close(self) -> None:
        """Leave nothing on disk."""
        remove, self._remove_folder, self._folder = self._remove_folder, None, None
        if remove is not None:
            remove()

    def _make_folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = _lock_of(folder)
        lock.tryLock(0)
        self._remove_folder = weakref.finalize(self, _remove, folder, lock)
        return folder


def remove_leftovers() -> None:
    """Remove the folders whose process is gone; it takes a few milliseconds."""
    for folder in list(_own_folders()):
        # Without a lock it is about to be made, or nobody can tell whose it is.
        if (folder / _LOCK).exists():
            _remove_unowned(folder)


def _own_folders() -> Iterator[Path]:
    try:
        with os.scandir(tempfile.gettempdir()) as entries:
            for entry in entries:
                if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
                    owner = entry.stat(follow_symlinks=False).st_uid
                    if sys.platform == "win32" or owner == os.getuid():
                        yield Path(entry.path)
    except OSError:
        # It changes while it is read: what is missed now is found at the next start.
        return


def _remove_unowned(folder: Path) -> None:
    lock = _lock_of(folder)
    # It succeeds only when the process that the lock names does not run.
    if lock.tryLock(0):
        _remove(folder, lock)


def _remove(folder: Path, lock: QLockFile) -> None:
    # Windows removes no file that is open, so the lock goes before its folder.
    lock.unlock()
    shutil.rmtree(folder, ignore_errors=True)


def _lock_of(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / _LOCK))
    # Age says nothing: programs run for weeks.
    lock.setStaleLockTime(0)
    return lock


def scale_sound(source: Path, target: Path, volume: int) -> None:
    """Write a 16-bit sound anew at 0 to 100 percent."""
    # Ears hear ratios: the square makes 50 % sound about half as loud.
    factor = (volume / _FULL_VOLUME) ** 2
    with wave.open(str(source), "rb") as file:
        parameters = file.getparams()
        samples = array.array("h", file.readframes(parameters.nframes))
    if sys.byteorder == "big":
        samples.byteswap()
    for index, sample in enumerate(samples):
        samples[index] = round(sample * factor)
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(target), "wb") as file:
        file.setparams(parameters)
        file.writeframes(samples.tobytes())
