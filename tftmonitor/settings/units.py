"""The units that the user chose are in force, from now on and after each change."""

from tftmonitor.model.fields.units import CHOICES, use_units
from tftmonitor.settings.store import SettingsStore


def follow_units(settings: SettingsStore) -> None:
    """Put the choices in force, now and with each change.

    To be called before anything that shows numbers listens, which then hears of a change later.
    """

    def apply() -> None:
        use_units({name: getattr(settings.values, name) for name in CHOICES})

    apply()
    settings.on_change(apply, *CHOICES)
