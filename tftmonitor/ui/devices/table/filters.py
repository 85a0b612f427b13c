"""Which devices the list shows: the filters of its chips, and the search."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from operator import contains

import numpy as np

from tftmonitor.model.fleet.activity import Activity, Staleness
from tftmonitor.ui.devices.table.facts import BoolArray, DeviceFacts


@dataclass(frozen=True, slots=True)
class DeviceFilter:
    """One chip: ``mask`` says of each fleet row whether the device is of its kind.

    A ``rare`` one is not offered while it would show nothing.
    """

    name: str
    label: str
    mask: Callable[[DeviceFacts], BoolArray]
    help: str
    rare: bool = False


def _all(facts: DeviceFacts) -> BoolArray:
    return np.ones(facts.count, np.bool_)


def _reporting(facts: DeviceFacts) -> BoolArray:
    """A silent device is not known to move, whatever it said last."""
    return np.less(facts.staleness, Staleness.OVERDUE)


def _active(activity: Activity) -> Callable[[DeviceFacts], BoolArray]:
    return lambda facts: np.equal(facts.activities, activity) & _reporting(facts)


def _overdue(facts: DeviceFacts) -> BoolArray:
    return ~_reporting(facts) & ~_no_data(facts)


def _no_data(facts: DeviceFacts) -> BoolArray:
    return np.equal(facts.activities, Activity.NO_DATA)


def _ignition(facts: DeviceFacts) -> BoolArray:
    return facts.ignition & _reporting(facts)


def _alarm(facts: DeviceFacts) -> BoolArray:
    return np.greater(facts.severities, 0)


ALL = DeviceFilter("all", "All", _all, "Every device")
FILTERS = (
    ALL,
    DeviceFilter("alarm", "Alarm", _alarm, "With an open alarm"),
    DeviceFilter("overdue", "Overdue", _overdue, "No report for more than three usual intervals"),
    DeviceFilter(
        "moving",
        "Moving",
        _active(Activity.MOVING),
        "Faster than a receiver makes up at a standstill",
    ),
    DeviceFilter("ignition", "Ignition on", _ignition, "Reporting, with the ignition on"),
    DeviceFilter(
        "no_fix",
        "No fix",
        _active(Activity.NO_FIX),
        "Reporting, but no GNSS position",
        rare=True,
    ),
    DeviceFilter("no_data", "No data", _no_data, "Nothing received yet", rare=True),
    DeviceFilter("starred", "Starred", lambda facts: facts.starred, "Marked with a star (Space)"),
)
BY_NAME = {chip.name: chip for chip in FILTERS}


def search_mask(facts: DeviceFacts, text: str) -> BoolArray | None:
    """Rows whose ids hold every word of the text; None when it has no word."""
    mask: BoolArray | None = None
    for word in text.casefold().split():
        held = map(contains, facts.searchable, repeat(word))
        found = np.fromiter(held, np.bool_, facts.count)
        mask = found if mask is None else mask & found
    return mask
