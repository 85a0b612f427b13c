"""Local names of devices as a CSV file: read with tolerance, problems by line; and written."""

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

# Enough for any fleet; a file beyond it is another file.
LINE_LIMIT = 500_000
NAME_LIMIT = 80
PROBLEM_LIMIT = 50

_SEPARATORS = ("\t", ";", ",")
# Lines from which the separator is judged.
_JUDGED = 20
_ID_TITLES = {"imei", "id", "device", "device id", "device key", "device_key", "serial", "tracker"}
_NAME_TITLES = {"name", "label", "device name", "alias", "vehicle"}
_PLATE_TITLES = {"plate", "license plate", "licence plate", "registration"}

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_SPACED_DIGITS = re.compile(r"\d[\d \u00a0-]*\d")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
_DECIMAL = re.compile(r"(\d{6,})\.0+")
# What bytes that are no UTF-8 were kept as, and what no text has.
_UNREADABLE = re.compile("[\ud800-\udfff\0]")
# What single signs of other code pages come out as where they happen to be valid UTF-8, such as
# those before Chinese number plates; names have none of it, but for "m³".
_UNLIKELY = re.compile("[\u0080-\u009f\u0500-\u052f\u0700-\u07ff]|(?<!\\w)\u00b3")
_MARK = "\ufeff"
_UTF_16_MARKS = (BOM_UTF16_BE, BOM_UTF16_LE)
_HOW = "save the table as “CSV UTF-8” and import that"
_AS_FORMULA = re.compile(r'="?([^"]*)"?')


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the id, the name and the plate stand in a row."""

    ident: int = 0
    name: int | None = 1
    plate: int | None = 2


@dataclass(slots=True)
class _Reading:
    """What was read so far; ``is_marked`` when the file says itself that it is Unicode."""

    names: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    is_marked: bool = False

    def complain(self, line: int, words: str) -> None:
        self.problems.append(f"line {line}: {words}")


def parse_names_csv(text: str) -> tuple[dict[str, str], list[str]]:
    """Names by device id from ``imei,name[,plate,group]``, and what was not understood, in words.

    Commas, semicolons or tabs; with or without a line of titles, which may be in any order. The
    plate stands in for a missing name, further columns are passed over. A row with a problem
    costs only itself, but of a file in another code page nothing is taken: which one it is would
    be a guess, and a wrong one shows as rubbish in every name.
    """
    lines = re.split(r"\r\n|\r|\n", text.removeprefix(_MARK))
    reading = _Reading(is_marked=text.startswith(_MARK))
    if unreadable := _UNREADABLE.search(text):
        number = len(re.split(r"\r\n|\r|\n", text[: unreadable.start()]))
        reading.complain(number, f"this is not UTF-8: {_HOW}")
        return {}, reading.problems
    if len(lines) > LINE_LIMIT:
        # Whoever gets a part of it back does not see which.
        return {}, [f"more than {LINE_LIMIT:,} lines: no fleet has as many, nothing was taken"]
    separator = _separator(lines)
    columns: _Columns | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip(separator + " ") or line.casefold().startswith("sep="):
            continue
        cells = _cells(line, separator)
        if cells is None:
            reading.complain(number, "a quotation mark is opened and not closed")
        elif columns is None and (titled := _columns(cells)) is not None:
            columns = titled
        else:
            columns = columns or _Columns()
            _take(reading, number, cells, columns)
    return reading.names, _bounded(reading.problems)


def decode_csv(content: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16, with its mark if there is one.

    Bytes that are neither are kept as lone surrogates, which ``parse_names_csv`` complains of.
    """
    with suppress(UnicodeDecodeError):
        text = content.decode(_encoding(content))
        if "\0" not in text:
            return text
    return content.decode("utf-8", errors="surrogateescape")


def _encoding(content: bytes) -> str:
    """UTF-16 where there is its mark, or a zero to each digit of an id; else UTF-8."""
    big, little = content[::2].count(0), content[1::2].count(0)
    if not content.startswith(_UTF_16_MARKS) and 4 * (big + little) < len(content):
        return "utf-8"
    is_big = content.startswith(BOM_UTF16_BE) or (
        big > little and not content.startswith(BOM_UTF16_LE)
    )
    return "utf-16-be" if is_big else "utf-16-le"


def names_to_csv(names: Mapping[str, str]) -> bytes:
    """A file that ``parse_names_csv`` reads back, marked as UTF-8 for spreadsheets."""
    rows = ["imei,name"]
    rows += [f"{_quoted(ident)},{_quoted(name)}" for ident, name in names.items()]
    return "\r\n".join([*rows, ""]).encode("utf-8-sig")


def _take(reading: _Reading, number: int, cells: list[str], columns: _Columns) -> None:
    """One row into the names, or its problem."""
    written = _cell(cells, columns.ident)
    ident, problem = _ident(written)
    name = _one_line(_cell(cells, columns.name)) or _one_line(_cell(cells, columns.plate))
    if not problem and not name:
        problem = f"no name for {ident}"
    if not problem and "\ufffd" in name:
        problem = f"“{_short(name)}” was damaged when the file was written: {_HOW}"
    if not problem and not reading.is_marked and _UNLIKELY.search(name):
        problem = f"“{_short(name)}” seems to be of another code page: {_HOW}"
    if problem:
        reading.complain(number, problem)
        return
    if len(name) > NAME_LIMIT:
        reading.complain(number, f"the name of {ident} is cut to {NAME_LIMIT} characters")
        name = name[:NAME_LIMIT].rstrip()
    if reading.names.get(ident, name) != name:
        reading.complain(number, f"{ident} is on line {reading.lines[ident]} too; this one counts")
    reading.names[ident] = name
    reading.lines[ident] = number


def _ident(written: str) -> tuple[str, str]:
    """The id as text, and a problem in words."""
    text = written.strip().lstrip("'")
    if formula := _AS_FORMULA.fullmatch(text):
        text = formula[1].strip()
    if not text:
        return "", "no id"
    if _SCIENTIFIC.fullmatch(text):
        return "", (
            f"{text} is a number that a spreadsheet has rounded: make the column of ids text there"
        )
    if _SPACED_DIGITS.fullmatch(text):
        text = re.sub(r"[ \u00a0-]", "", text)
    if decimal := _DECIMAL.fullmatch(text):
        text = decimal[1]
    if not _ID.fullmatch(text):
        return "", f"“{_short(text)}” is no id of a device"
    return text, ""


def _columns(cells: list[str]) -> _Columns | None:
    """The columns of a line of titles, None when it is none."""
    titles = [_one_line(cell).casefold() for cell in cells]
    ident = _place(titles, _ID_TITLES)
    name = _place(titles, _NAME_TITLES)
    plate = _place(titles, _PLATE_TITLES)
    if ident is None or (name is None and plate is None):
        return None
    return _Columns(ident, name, plate)


def _place(titles: list[str], wanted: set[str]) -> int | None:
    return next((place for place, title in enumerate(titles) if title in wanted), None)


def _separator(lines: list[str]) -> str:
    """The separator with which the most lines begin with an id and have more than one cell."""
    judged = [line for line in lines if line.strip()][:_JUDGED]

    def fitting(separator: str) -> int:
        rows = (_cells(line, separator) or [] for line in judged)
        return sum(len(row) > 1 and not _ident(row[0])[1] for row in rows)

    best = max(_SEPARATORS, key=fitting)
    # Where no line is good, the separator that is there explains the problems best.
    return best if fitting(best) else max(_SEPARATORS, key="".join(judged).count)


def _cells(line: str, separator: str) -> list[str] | None:
    """The cells of one line; None when it cannot be taken apart.

    Line by line, so that an open quotation mark costs one row instead of the rest of the file.
    """
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _short(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= 24 else line[:23] + "…"


def _quoted(text: str) -> str:
    plain = _one_line(text)
    return '"' + plain.replace('"', '""') + '"' if re.search('[",;\t]', plain) else plain


def _bounded(problems: list[str]) -> list[str]:
    if len(problems) <= PROBLEM_LIMIT:
        return problems
    return [*problems[:PROBLEM_LIMIT], f"and {len(problems) - PROBLEM_LIMIT} more"]
