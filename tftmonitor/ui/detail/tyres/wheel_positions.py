"""On which wheel each tyre sensor sits, as the user entered it; kept in the settings."""

from collections.abc import Mapping

from tftmonitor.model.fields.formatting import one_line
from tftmonitor.model.fleet.device import Device
from tftmonitor.settings.store import SettingsStore

_WHEEL_LIMIT = 40
# Longer than any real id; a broken unit must not fill the settings.
_SENSOR_LIMIT = 64


class WheelPositions:
    """By device and sensor id, so that it holds wherever the sensor stands in a table."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def of(self, device: Device) -> Mapping[str, str]:
        """The wheels of a device by sensor id, entered under any of its ids."""
        kept = self._settings.values.wheels
        wheels: dict[str, str] = {}
        for ident in _ids_of(device):
            wheels |= kept.get(ident, {})
        return {sensor: one_line(wheel)[:_WHEEL_LIMIT] for sensor, wheel in wheels.items()}

    def set_wheel(self, device: Device, sensor: str, wheel: str, *, is_sole: bool = False) -> None:
        """Keep this as the wheel of a sensor; an empty text takes it away.

        ``is_sole`` takes it from the sensor that was there before. Words of the user may be of
        several tyres.
        """
        if not is_sensor_id(sensor):
            return
        text = _plain(wheel)
        known = self.of(device).items()
        wheels = {other: place for other, place in known if not is_sole or place != text}
        if text:
            wheels[sensor] = text
        else:
            wheels.pop(sensor, None)
        kept = dict(self._settings.values.wheels)
        for ident in _ids_of(device):
            kept.pop(ident, None)
        if wheels:
            kept[device.key] = wheels
        self._settings.set("wheels", kept)

    def layout_of(self, device: Device) -> str:
        """The axles that were chosen for a device, as ``2-4``; "" for none."""
        kept = self._settings.values.axles
        return next((kept[ident] for ident in device.names if ident in kept), "")

    def set_layout(self, device: Device, layout: str) -> None:
        """Keep these as the axles of a device."""
        kept = dict(self._settings.values.axles)
        for ident in device.names:
            kept.pop(ident, None)
        self._settings.set("axles", kept | {device.key: layout})


def is_sensor_id(sensor: object) -> bool:
    """True for an id that a wheel can be kept for."""
    return isinstance(sensor, str) and 0 < len(sensor) <= _SENSOR_LIMIT


def _ids_of(device: Device) -> tuple[str, ...]:
    """All ids, the key last, because what was entered under it outweighs the others.

    Which of the ids is the key depends on the first frame of a run.
    """
    return tuple(reversed(device.names))


def _plain(text: str) -> str:
    return one_line("".join(c if c.isprintable() else " " for c in text))[:_WHEEL_LIMIT]
