"""``tftmonitor export``: a stretch of the history as files for other programs."""

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

from tftmonitor.base.clock import SystemClock
from tftmonitor.cli.account import EXIT_USAGE
from tftmonitor.cli.profile import EXIT_FAILED, EXIT_UNKNOWN_ID, give_up_stdout, profile_of
from tftmonitor.cli.recorded.stretch import (
    Progress,
    UnknownDeviceError,
    add_stretch_arguments,
    devices_of,
    ended_by_signals,
)
from tftmonitor.history.export.blind_table import write_blind
from tftmonitor.history.export.export import Export, UnknownFieldError, fields_named
from tftmonitor.history.export.files import BLIND, WholeFiles, file_stems
from tftmonitor.history.export.formats import FORMATS, Format
from tftmonitor.history.export.parquet import ParquetMissingError, require_parquet
from tftmonitor.history.samples.reader import HistoryError, HistoryReader
from tftmonitor.model.fields.field import Field

_STDOUT: Final = "-"
_EXITS: Final = """\
Files are put in place when all is written; a cancel or a failure leaves none. Blind intervals,
in which nobody could have known, stand in a file beside them. csv, jsonl and parquet have what came
in in the stretch, in order of receipt; gpx, geojson and kml have where the devices were in it by
their own time, with what came in up to 7 days later. exit codes: 0 written; 1 failed or
cancelled; 2 wrong usage; 4 a device of which nothing is recorded."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.epilog = _EXITS
    add_stretch_arguments(parser)
    parser.add_argument(
        "--fields",
        metavar="A,B",
        help="only these fields, by wire name (csv, jsonl, parquet); else all",
    )
    parser.add_argument("--format", choices=sorted(FORMATS), required=True, help="what to write")
    parser.add_argument(
        "--output",
        required=True,
        metavar="FILE|DIR",
        help="a file, a folder for one file a device, or - for standard output",
    )


def run(options: argparse.Namespace) -> int:
    """Write all of it, or say why not."""
    form = FORMATS[options.format]
    try:
        chosen = _chosen(options, form)
        if options.format == "parquet":
            require_parquet()
    except (UsageError, UnknownFieldError, ParquetMissingError) as error:
        return _say(str(error), EXIT_USAGE)
    progress = Progress(SystemClock())
    try:
        with closing(HistoryReader(profile_of(options))) as reader, ended_by_signals():
            export = Export(
                reader,
                options.from_ms,
                options.to_ms,
                devices_of(options, reader),
                chosen,
                options.moments.offset(options.from_ms),
                progress.note,
            )
            try:
                words = _write(export, form, options.output)
            finally:
                progress.clear()
    except HistoryError as error:
        return _say(str(error), EXIT_FAILED)
    except UsageError as error:
        return _say(str(error), EXIT_USAGE)
    except UnknownDeviceError as error:
        return _say(str(error), EXIT_UNKNOWN_ID)
    except KeyboardInterrupt:
        return _say("cancelled; no file was written", EXIT_FAILED)
    except BrokenPipeError:
        raise
    except OSError as error:
        if options.output == _STDOUT:
            give_up_stdout()
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"it cannot be written: {where}{error.strerror}", EXIT_FAILED)
    for each in words:
        _say(each, 0)
    if reader.damaged:
        return _say(f"{reader.damaged} damaged blocks are not in it", EXIT_FAILED)
    return 0


class UsageError(ValueError):
    """Options that do not go together, in words."""


def _chosen(options: argparse.Namespace, form: Format) -> tuple[Field, ...] | None:
    if options.from_ms >= options.to_ms:
        raise UsageError("--from is not before --to")
    if options.fields is None:
        return None
    if not form.is_of_fields:
        raise UsageError(f"--fields is of csv, jsonl and parquet, not of {options.format}")
    return fields_named([name.strip() for name in options.fields.split(",") if name.strip()])


def _write(export: Export, form: Format, output: str) -> list[str]:
    """Write it; what to tell the user."""
    blind = export.blind()
    if output == _STDOUT:
        form.write(export, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        words = f"{len(blind)} blind intervals are not in it; --output FILE has them beside"
        return [*_told(export), *([words] if blind else [])]
    target = Path(output)
    if target.exists() and not target.is_file() and not target.is_dir():
        # A device would be replaced by a file.
        raise UsageError(f"{output} is neither a file nor a folder; - is standard output")
    with WholeFiles() as files:
        if target.is_dir() or output.endswith(("/", "\\")):
            target.mkdir(parents=True, exist_ok=True)
            _write_folder(export, form, target, files)
            beside = target / f"{BLIND}.csv"
        else:
            with files.open(target) as out:
                form.write(export, out)
            beside = target.with_name(f"{target.stem}.blind.csv")
        with files.open(beside) as out:
            write_blind(blind, out)
        files.commit()
    return _told(export)


def _write_folder(export: Export, form: Format, folder: Path, files: WholeFiles) -> None:
    for key, stem in file_stems(export.device_keys()).items():
        one = export.of_device(key)
        with files.open(folder / f"{stem}{form.ending}") as out:
            form.write(one, out)
        export.take_counts(one)


def _told(export: Export) -> list[str]:
    return [
        f"{export.count:,} pushes read",
        *(f"left out: {count:,} {why}" for why, count in export.skipped.items()),
    ]


def _say(words: str, code: int) -> int:
    print(f"tftmonitor export: {words}", file=sys.stderr)
    return code
