"""What is known of one notification daemon: its address, its abilities, and what it shows of us."""

from dataclasses import dataclass, field

from tftmonitor.ui.alerts.bus_connection import BusObject
from tftmonitor.ui.alerts.notification import Notification

# Far more than alarms that anybody leaves open; the oldest cannot be withdrawn any more.
SHOWN_LIMIT = 1_000


@dataclass(slots=True, eq=False)
class Shown:
    """One notification; ``id`` is the daemon's, None until it answered."""

    notification: Notification
    id: int | None = None


@dataclass(slots=True)
class NotificationDaemon:
    """The process that owned the service's name when it was asked; ``shown`` is by our keys."""

    address: BusObject
    capabilities: frozenset[str]
    shown: dict[int, Shown] = field(default_factory=dict)

    @property
    def renders_markup(self) -> bool:
        """True when the body of a notification is not shown as it is."""
        return "body-markup" in self.capabilities

    @property
    def has_actions(self) -> bool:
        """True when a click is reported; others may show a dialog for a notification with one."""
        return "actions" in self.capabilities

    def add(self, key: int, shown: Shown) -> None:
        """Remember what is about to be shown under this key."""
        self.shown[key] = shown
        while len(self.shown) > SHOWN_LIMIT:
            del self.shown[next(iter(self.shown))]

    def drop(self, key: int, shown: Shown) -> None:
        """Forget this one, unless another has its key by now."""
        if self.shown.get(key) is shown:
            del self.shown[key]

    def drop_id(self, number: int) -> Shown | None:
        """Forget and return the notification with this id of the daemon."""
        for key, shown in self.shown.items():
            if shown.id == number:
                return self.shown.pop(key)
        return None
