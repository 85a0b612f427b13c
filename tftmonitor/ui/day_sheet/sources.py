"""What a day sheet is made of, and what is shown of a day."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.places.store import Places
from tftmonitor.monitor.days.day_record import DayRecord
from tftmonitor.monitor.days.reading import DayReading
from tftmonitor.monitor.where.zones import zone_of_device
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.day_sheet.alarms_of_day import DayAlarm, Read
from tftmonitor.ui.day_sheet.rows import SheetRow

Start = Callable[[str, Coroutine[Any, Any, Any]], None]


@dataclass(frozen=True)
class DaySources:
    """What a day sheet is made of.

    ``recording_note`` says of a profile in which nothing is recorded now what is to be done about
    it; it is empty while all is recorded.
    """

    reading: DayReading
    read_journal: Read
    start: Start
    clock: Clock
    settings: SettingsStore
    fleet: Fleet
    own_places: Places
    recording_note: Callable[[], str]

    def label(self, key: str) -> str:
        """What a device is called."""
        device = self.fleet.find(key)
        return device.label if device is not None else key

    def zone(self, key: str) -> tzinfo:
        """By which zone a device has its days."""
        values = self.settings.values
        return zone_of_device(values, self.fleet.find(key)) or zone_of(values)

    def today(self, key: str) -> date:
        """The day that a device has now."""
        return self.day_of(key, self.clock.now_ms())

    def day_of(self, key: str, time_ms: int) -> date:
        """The day that a device has at a moment, in ms since 1970."""
        return datetime.fromtimestamp(time_ms / SECOND_MS, self.zone(key)).date()


@dataclass(frozen=True, slots=True)
class ShownDay:
    """All that is shown of a day, for who saves it."""

    label: str
    record: DayRecord
    rows: Sequence[SheetRow]
    alarms: Sequence[DayAlarm]
