"""The local date, on which it depends whether a time is written with its date. No Qt."""

from datetime import date, datetime

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of


class Today:
    """The date in the chosen zone, as of the last question."""

    def __init__(self, clock: Clock, settings: SettingsStore) -> None:
        self._clock = clock
        self._settings = settings
        self._date = self._now()

    def is_another(self) -> bool:
        """True once after each midnight."""
        before, self._date = self._date, self._now()
        return self._date != before

    def _now(self) -> date:
        zone = zone_of(self._settings.values)
        return datetime.fromtimestamp(self._clock.now_ms() / SECOND_MS, zone).date()
