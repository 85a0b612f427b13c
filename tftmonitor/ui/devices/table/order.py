"""Which devices the list shows and in what order: fleet rows as a numpy index array. No Qt."""

import numpy as np

from tftmonitor.model.fields.bulk_reading import FloatArray
from tftmonitor.model.fleet.activity import Activity, Staleness
from tftmonitor.ui.devices.table.columns import Column
from tftmonitor.ui.devices.table.facts import BoolArray, DeviceFacts, RowArray
from tftmonitor.ui.devices.table.filters import ALL, DeviceFilter, search_mask


def default_order(facts: DeviceFacts) -> RowArray:
    """Open alarm first (the worst on top), then overdue, then starred, then by name."""
    late = (facts.staleness >= Staleness.OVERDUE) & (facts.activities != Activity.NO_DATA)
    weight = facts.severities.astype(np.int16) * 4 + late * np.int16(2) + facts.starred
    order = facts.name_order
    # Small integers with a stable sort: numpy counts instead of comparing.
    return order[np.argsort(-weight[order], kind="stable")]


def order_by(facts: DeviceFacts, keys: FloatArray, *, descending: bool) -> RowArray:
    """By keys of shape (count,), equal ones by name, NaN last in both directions."""
    order = facts.name_order
    sorted_by = -keys[order] if descending else keys[order]
    return order[np.argsort(sorted_by, kind="stable")]


class DeviceOrder:
    """What the user asked for (sort, filter, search) and ``shown``, what the list shows.

    The two differ while the order is held; ``wanted`` is what they would be.
    """

    def __init__(self, facts: DeviceFacts) -> None:
        self.facts = facts
        self.column: Column | None = None
        self.descending = False
        self.filter: DeviceFilter = ALL
        self.search = ""
        self._places: RowArray | None = None
        # What ``_wanted`` is the answer to: a quiet fleet is not sorted each second.
        self._asked: tuple[object, ...] = ()
        self._wanted = self._shown = self.wanted()

    @property
    def shown(self) -> RowArray:
        """Fleet rows in the order of the list."""
        return self._shown

    @shown.setter
    def shown(self, rows: RowArray) -> None:
        self._shown, self._places = rows, None

    def place_of(self, fleet_row: int) -> int:
        """The row of the list that shows a fleet row, or -1."""
        if self._places is None:
            self._places = np.full(self.facts.count, -1, np.intp)
            self._places[self._shown] = np.arange(len(self._shown))
        return int(self._places[fleet_row]) if fleet_row < len(self._places) else -1

    def wanted(self) -> RowArray:
        """Fleet rows that pass filter and search, in the order asked for."""
        revision = self.facts.revision
        asked = (revision, self.column, self.descending, self.filter, self.search)
        if asked != self._asked:
            self._asked, self._wanted = asked, self._find()
        return self._wanted

    def _find(self) -> RowArray:
        if self.column is None:
            order = default_order(self.facts)
        else:
            keys = self.column.keys(self.facts)
            order = order_by(self.facts, keys, descending=self.descending)
        mask = self._mask()
        return order if mask is None else order[mask[order]]

    def joining(self, rows: RowArray) -> RowArray:
        """Those of the rows that pass filter and search."""
        mask = self._mask()
        return rows if mask is None else rows[mask[rows]]

    def is_permutation(self, wanted: RowArray) -> bool:
        """True when the list shows the same rows already, in whatever order."""
        if len(wanted) != len(self._shown):
            return False
        present = np.zeros(self.facts.count, np.bool_)
        present[self._shown] = True
        return bool(present[wanted].all())

    def _mask(self) -> BoolArray | None:
        mask = search_mask(self.facts, self.search)
        if self.filter is not ALL:
            found = self.filter.mask(self.facts)
            mask = found if mask is None else mask & found
        hidden = self.facts.hidden
        if not hidden.any():
            return mask
        return ~hidden if mask is None else mask & ~hidden
