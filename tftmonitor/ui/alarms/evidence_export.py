"""Saves the evidence of an alarm to a file that the user names, on a thread."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from tftmonitor.base.clock import Clock
from tftmonitor.base.tasks import TaskScope
from tftmonitor.history.evidence.access_log import note_access
from tftmonitor.history.evidence.bundle import write_evidence
from tftmonitor.history.evidence.request import EvidenceRequest, stretch_of
from tftmonitor.history.samples.reader import HistoryError
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.widgets.alarm_text import device_text, name_text
from tftmonitor.ui.widgets.save_dialog import SaveDialog


class EvidenceExport:
    """``save`` asks for a file; nothing waits for the writing, and the program's end ends it."""

    def __init__(
        self,
        owner: QWidget,
        profile: Path,
        clock: Clock,
        settings: SettingsStore,
        report: Callable[[str], object],
        scope: TaskScope,
    ) -> None:
        self._profile = profile
        self._clock, self._settings = clock, settings
        self._report, self._scope = report, scope
        self._dialog = SaveDialog(owner, "Save the evidence of an alarm", "Zip (*.zip)", "zip")

    def save(self, alarm: Alarm) -> None:
        """Ten minutes before and after an alarm: all that was recorded, and what operators did."""
        stem = "".join(
            sign if sign.isalnum() or sign in "-_" else "-"
            for sign in f"evidence-{device_text(alarm)}-{name_text(alarm)}"
        )
        self._dialog.ask(stem[:80], lambda file: self.write(alarm, file))

    def write(self, alarm: Alarm, file: Path) -> None:
        """Write the file; how it went is reported in words."""
        self._report(f"Saving the evidence of {name_text(alarm)} in {file.name}…")
        self._scope.start("evidence", self._write(self._request(alarm), file))

    def _request(self, alarm: Alarm) -> EvidenceRequest:
        start_ms, end_ms = stretch_of(alarm)
        return EvidenceRequest(
            self._profile,
            alarm.device or "",
            start_ms,
            end_ms,
            self._clock.now_ms(),
            alarm,
            zone=zone_of(self._settings.values),
        )

    async def _write(self, request: EvidenceRequest, file: Path) -> None:
        ended = threading.Event()

        def note(_count: int) -> None:
            if ended.is_set():
                raise InterruptedError

        def work() -> dict[str, Any]:
            manifest = write_evidence(request, file, note)
            note_access(request.profile, file, manifest)
            return manifest

        try:
            manifest = await asyncio.to_thread(work)
        except (OSError, HistoryError) as error:
            why = getattr(error, "strerror", None) or str(error)
            self._report(f"The evidence could not be written to {file.name}: {why}.")
        else:
            count = manifest["frames"]["count"]
            missing = "".join(f" Not in it: {each}." for each in manifest["left_out"])
            self._report(f"Saved {file.name} with {count} pushes.{missing}")
        finally:
            # A thread cannot be cancelled: it ends with its next push.
            ended.set()
