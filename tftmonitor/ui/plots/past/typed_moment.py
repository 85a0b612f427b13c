"""A time as it is typed: "3:12", "yesterday 3:12", "18 Nov 3:12", "2026-11-18 03:12"."""

import re
from typing import Final

from PySide6.QtCore import QDate, QTime

_TIME: Final = re.compile(r"^(?P<day>.*?)[ ,]*(?P<hour>\d{1,2})[:.](?P<minute>\d\d)$")
_ISO: Final = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_NAMED: Final = re.compile(r"^(\d{1,2})\.? *([a-z]{3})[a-z]*\.?(?: +(\d{4}))?$")
_YEAR: Final = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTHS: Final = [_YEAR[at : at + 3] for at in range(0, len(_YEAR), 3)]
_DAYS_AGO: Final = {"today": 0, "yesterday": 1}


def read_moment(text: str, today: QDate) -> tuple[QDate | None, QTime] | None:
    """The day, None where none was typed, and the time of day; None for what is no time.

    A day without a year is the last one that was.
    """
    found = _TIME.match(text.strip().lower())
    if found is None:
        return None
    time = QTime(int(found["hour"]), int(found["minute"]))
    if not time.isValid():
        return None
    if not found["day"]:
        return None, time
    day = _day(found["day"].strip(), today)
    return (day, time) if day is not None and day.isValid() else None


def _day(text: str, today: QDate) -> QDate | None:
    if text in _DAYS_AGO:
        return today.addDays(-_DAYS_AGO[text])
    if found := _ISO.match(text):
        return QDate(*map(int, found.groups()))
    found = _NAMED.match(text)
    if found is None or found[2] not in _MONTHS:
        return None
    month, year = _MONTHS.index(found[2]) + 1, found[3]
    day = QDate(int(year) if year else today.year(), month, int(found[1]))
    return day if year or day <= today else day.addYears(-1)
