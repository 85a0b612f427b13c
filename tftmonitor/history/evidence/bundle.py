"""Makes a file of evidence: all that is kept of a device and a stretch, in one zip."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from tftmonitor import __version__
from tftmonitor.base.clock import SECOND_MS, to_iso
from tftmonitor.history.evidence import verifier
from tftmonitor.history.evidence.acts import act_lines, act_rows, acts_of
from tftmonitor.history.evidence.archive import EvidenceArchive
from tftmonitor.history.evidence.frames import FrameCount, write_frames
from tftmonitor.history.evidence.page import page
from tftmonitor.history.evidence.plot_picture import Curves, picture
from tftmonitor.history.evidence.quality import Quality
from tftmonitor.history.evidence.request import EvidenceRequest
from tftmonitor.history.evidence.texts import CERTIFICATE
from tftmonitor.history.export.blind_table import write_blind
from tftmonitor.history.export.export import Export
from tftmonitor.history.export.files import WholeFiles
from tftmonitor.history.export.formats import FORMATS
from tftmonitor.history.rows import JournalEntry
from tftmonitor.history.samples.reader import HistoryError, HistoryReader
from tftmonitor.model.coverage import BlindInterval

FORMAT: Final = 1
"""The version of the layout of a file of evidence; docs/evidence.md says what it is."""
_TABLES: Final = {"fields.csv": "csv", "values.jsonl": "jsonl", "track.gpx": "gpx"}

Progress = Callable[[int], object]
"""Called with how many pushes were read; what it raises ends the work, and leaves no file."""


def write_evidence(
    request: EvidenceRequest, target: Path, progress: Progress = lambda _count: None
) -> dict[str, Any]:
    """Write the zip in place of ``target``, whole or not at all; its manifest.

    Without a recorded history it has what the journal knows, and says so. Raises HistoryError,
    OSError.
    """
    with WholeFiles() as files:
        with files.open(target) as out, EvidenceArchive(out, request.made_ms) as archive:
            manifest = _Bundle(request, archive, progress).write()
        files.commit()
    return manifest


class _Bundle:
    """One file in the making."""

    def __init__(
        self, request: EvidenceRequest, archive: EvidenceArchive, progress: Progress
    ) -> None:
        self._request, self._archive, self._progress = request, archive, progress
        self._count = FrameCount()
        self._curves = Curves()
        self._quality = Quality()
        self._blind: list[BlindInterval] = []
        self._left_out: list[str] = []
        if request.start_ms < request.made_ms < request.end_ms:
            self._request = replace(request, end_ms=request.made_ms)
            self._left_out.append("what came later: the stretch was not over when this was made")

    def write(self) -> dict[str, Any]:
        request = self._request
        self._write_recorded()
        acts, why = acts_of(request.profile, request.device, request.start_ms, request.end_ms)
        self._left_out += [why] if why else []
        with self._archive.adding("acts.jsonl") as out:
            out.writelines(act_lines(acts))
        with self._archive.adding("blind.csv") as out:
            write_blind(self._blind, out)
        if request.alarm is not None:
            self._archive.add("alarm.json", msgspec.json.format(msgspec.json.encode(request.alarm)))
        self._archive.add("plot.svg", self._picture(acts))
        # Of a frozen program the source lies beside, see packaging/tftmonitor.spec.
        script = Path(verifier.__file__).with_suffix(".py")
        self._archive.add("verify.py", script.read_bytes())
        manifest = self._manifest()
        self._archive.add("index.html", self._page(manifest, acts))
        manifest["sha256"] = dict(sorted(self._archive.sums.items()))
        self._archive.add("manifest.json", msgspec.json.format(msgspec.json.encode(manifest)))
        self._archive.add("certificate.txt", self._certificate(manifest))
        self._archive.finish()
        return manifest

    def _write_recorded(self) -> None:
        """What the history has: frames, tables, and the sums that they hang on."""
        request = self._request
        try:
            reader = HistoryReader(request.profile)
        except HistoryError as error:
            self._left_out.append(f"all recorded pushes ({error})")
            return
        with closing(reader):
            start_ms, end_ms = request.start_ms, request.end_ms
            # Before the frames: what is sealed meanwhile is then in no block, and not missing.
            self._write_blocks(reader)
            stored = reader.numbered(start_ms, end_ms, (request.device,))
            with self._archive.adding("frames.jsonl") as out:
                for count in write_frames(stored, out, self._count):
                    self._progress(count)
            export = Export(reader, start_ms, end_ms + 1, (request.device,), zone=str(request.zone))
            for name, form in _TABLES.items():
                with self._archive.adding(name) as out:
                    FORMATS[form].write(export, out)
                self._progress(self._count.count)
            for row in export.rows():
                self._curves.add(row)
                self._quality.add(row)
            self._blind = export.blind()
            if reader.damaged:
                self._left_out.append(f"{reader.damaged} damaged blocks of the history")
        if not self._count.count:
            self._left_out.append("nothing is recorded of this device in the stretch")

    def _write_blocks(self, reader: HistoryReader) -> None:
        """The recorder's blocks as they are, and the sums that they hang on."""
        request = self._request
        with self._archive.adding(verifier.BLOCKS) as out:

            def keep(body: bytes) -> None:
                out.write(body)
                self._progress(self._count.count)

            chain = reader.chain(request.device, request.start_ms, request.end_ms, keep)
        self._archive.add(verifier.CHAIN, msgspec.json.format(msgspec.json.encode(chain)))
        wrong = [*verifier.chain_problems(chain)]
        wrong += [
            f"Batch {batch['first']} of the store has another sum."
            for batch in chain["batches"]
            if not batch["is_right"]
        ]
        self._left_out += [f"sums of the history that hold ({each})" for each in wrong]
        if not chain["is_whole"]:
            self._left_out.append("the newer sums of the history, which are too many")

    def _manifest(self) -> dict[str, Any]:
        request = self._request
        alarm = request.alarm
        return {
            "kind": "tftmonitor evidence",
            "format": FORMAT,
            "program": f"tftmonitor {__version__}",
            "made": to_iso(request.made_ms),
            "made_ms": request.made_ms,
            "who": request.who,
            "why": request.why,
            "device": request.device,
            "from": to_iso(request.start_ms),
            "from_ms": request.start_ms,
            "to": to_iso(request.end_ms),
            "to_ms": request.end_ms,
            "local": {
                "zone": str(request.zone),
                "from": self._local(request.start_ms),
                "to": self._local(request.end_ms),
                "made": self._local(request.made_ms),
            },
            "alarm": "" if alarm is None else f"{alarm.name}, {alarm.severity.word}, {alarm.id}",
            "frames": self._count.facts(),
            "quality": self._quality.facts(),
            "left_out": self._left_out,
        }

    def _local(self, time_ms: int) -> str:
        moment = datetime.fromtimestamp(time_ms / SECOND_MS, self._request.zone)
        return moment.isoformat(timespec="seconds")

    def _picture(self, acts: list[JournalEntry]) -> bytes:
        request = self._request
        marks = [
            (entry.event_ms, entry.alarm.name)
            for entry in acts
            if entry.kind == "raised" and entry.alarm is not None
        ]
        span = (request.start_ms, request.end_ms)
        if self._curves.left_out:
            self._left_out.append(f"{self._curves.left_out} pushes in the picture alone")
        return picture(self._curves, *span, self._blind, marks, request.zone)

    def _page(self, manifest: dict[str, Any], acts: list[JournalEntry]) -> bytes:
        blind = [
            [
                each.scope,
                each.cause.value,
                to_iso(each.start_ms),
                "" if each.end_ms is None else to_iso(each.end_ms),
                each.reason,
            ]
            for each in self._blind
        ]
        return page(manifest, act_rows(acts), blind, self._archive.sums)

    def _certificate(self, manifest: dict[str, Any]) -> bytes:
        return CERTIFICATE.format(
            program=manifest["program"],
            made=manifest["made"],
            device=manifest["device"],
            start=manifest["from"],
            end=manifest["to"],
            count=manifest["frames"]["count"],
        ).encode()
