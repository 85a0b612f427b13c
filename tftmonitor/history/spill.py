"""Alarms that the journal cannot take, in a file of their own until it can.

The file lies in the profile, or where that disk is full in a folder of the user's own. It is
written whole or not at all, readable by its owner only, and known by a name that the journal takes
in together with what it holds: so it is taken up once, however often it is found.
"""

import hashlib
import logging
import os
import stat
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from tftmonitor.history.batch import JournalBatch
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import Event
from tftmonitor.model.alarms.known_reports import KnownReport

FACT: Final = "spilled:"
_log = logging.getLogger(__name__)


class _Content(msgspec.Struct):
    name: str
    alarms: list[msgspec.Raw]
    entries: list[tuple[msgspec.Raw, msgspec.Raw]]
    reports: list[msgspec.Raw]
    facts: dict[str, Any]
    dropped: int = 0
    done: list[int] = []


class SpillFile:
    """One file of a run; ``save`` replaces what it held. ``path`` is None while there is none."""

    def __init__(self, profile: Path) -> None:
        self.path: Path | None = None
        self.name = uuid.uuid4().hex
        self._profile = profile

    @property
    def mark(self) -> dict[str, Any]:
        """The fact by which the journal knows that it has what the file holds."""
        return {FACT + self.name: 1}

    def save(self, batch: JournalBatch) -> None:
        """Keep the batch. Raises OSError, with the reasons of all folders, when none takes it."""
        batch.facts |= self.mark
        content = _encoded(self.name, batch)
        reasons = []
        for folder in places(self._profile):
            path = folder / _file_name(self._profile, self.name)
            try:
                _write_private(path, content)
            except OSError as error:
                reasons.append(f"{folder}: {error.strerror or error}")
                continue
            if self.path not in (None, path):
                self.discard_old()
            self.path = path
            return
        raise OSError("; ".join(reasons))

    def discard_old(self) -> None:
        """Remove the file, now that the journal or another file has what it holds."""
        if self.path is not None:
            remove(self.path)
        self.path = None

    def begin_anew(self) -> None:
        """What is saved from now on is another file, which is taken up by itself."""
        self.discard_old()
        self.name = uuid.uuid4().hex


def places(profile: Path) -> list[Path]:
    """Where such files lie, the best first."""
    named = [os.environ.get(name) for name in ("XDG_RUNTIME_DIR", "LOCALAPPDATA")]
    found = [profile, *(Path(folder) for folder in named if folder)]
    # Not what TMPDIR says: the next start may not see the same environment.
    fixed = [Path(folder) for folder in ("/var/tmp", "/tmp")]  # noqa: S108 - the owner is checked
    found += [folder for folder in fixed if folder.is_dir()] or [Path(tempfile.gettempdir())]
    return found


def found_spills(
    profile: Path, known: set[str], own: str = ""
) -> Iterator[tuple[Path, JournalBatch]]:
    """What former runs left, oldest first, but for those that the journal has ``known`` facts of.

    ``own`` is the name of the file of this run, which is in its memory as well. A file that is not
    ours, or cannot be understood, is left where it is.
    """
    paths = [path for folder in places(profile) for path in _files_in(folder, profile)]
    found = [(path, _content_of(path)) for path in sorted(paths, key=_age)]
    known = known.union(*(_contained(content) for _, content in found if content is not None))
    for path, content in found:
        if content is None:
            _log.error("alarms of a former run in %s cannot be read", path)
        elif content.name == own:
            continue
        elif FACT + content.name in known:
            remove(path)  # taken up before, by a run that was killed right after
        else:
            yield path, _batch_of(content)


def _contained(content: _Content) -> set[str]:
    """The marks of other files, whose run could not write them either: it is all in this one."""
    return {name for name in content.facts if name.startswith(FACT)} - {FACT + content.name}


def remove(path: Path) -> None:
    """Delete a file that was taken up; one that stays is known by its name."""
    with suppress(OSError):
        path.unlink()


def _file_name(profile: Path, name: str) -> str:
    place = str(profile.absolute())
    digest = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return f"tftmonitor-unsaved-{digest}-{name}.json"


def _files_in(folder: Path, profile: Path) -> list[Path]:
    try:
        return list(folder.glob(_file_name(profile, "*")))
    except OSError:
        return []


def _age(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _write_private(path: Path, content: bytes) -> None:
    """In one step; nobody else may have made the file or may read it."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError:
        remove(half)
        raise


def _content_of(path: Path) -> _Content | None:
    try:
        about = path.lstat()
        is_own = sys.platform == "win32" or about.st_uid == os.getuid()
        if not is_own or not stat.S_ISREG(about.st_mode):
            return None
        return msgspec.json.decode(path.read_bytes(), type=_Content)
    except (OSError, msgspec.DecodeError, RecursionError):
        return None


def _encoded(name: str, batch: JournalBatch) -> bytes:
    raw = _raw_or_none
    pairs = [(raw(event), raw(alarm)) for event, alarm in batch.entries]
    content = _Content(
        name,
        [alarm for alarm in map(raw, batch.alarms.values()) if alarm is not None],
        [(event, alarm) for event, alarm in pairs if event is not None and alarm is not None],
        [report for report in map(raw, batch.reports) if report is not None],
        {name: fact for name, fact in batch.facts.items() if raw(fact) is not None},
        batch.dropped,
        batch.done,
    )
    return msgspec.json.encode(content)


def _raw_or_none(item: object) -> msgspec.Raw | None:
    """As JSON; None for half a surrogate pair, which must not cost the others."""
    try:
        return msgspec.Raw(msgspec.json.encode(item))
    except ValueError:
        return None


def _batch_of(content: _Content) -> JournalBatch:
    batch = JournalBatch()
    for alarm in _read(content.alarms, Alarm):
        batch.alarms[alarm.id] = alarm
    for raw_event, raw_alarm in content.entries:
        for event in _read([raw_event], Event):
            batch.entries.append((event, next(iter(_read([raw_alarm], Alarm)), None)))
    batch.reports = _read(content.reports, KnownReport)
    batch.facts = content.facts
    batch.dropped = content.dropped
    batch.done = content.done
    return batch


def _read(raws: list[msgspec.Raw], kind: Any) -> list[Any]:
    """Those that this version understands."""
    found = []
    for raw in raws:
        with suppress(msgspec.DecodeError):
            found.append(msgspec.json.decode(raw, type=kind))
    return found
