"""Which guessed meanings of fields somebody has checked, by model; kept in the settings."""

from tftmonitor.model.fields.field import Field, FieldKind
from tftmonitor.model.fields.formatting import one_line
from tftmonitor.model.fleet.device import Device
from tftmonitor.settings.store import SettingsStore

# The model is text of the feed; longer than any real one.
_MODEL_LIMIT = 60
_HOW_TO_CHECK = {
    FieldKind.FLAG: "switch it at the vehicle and see whether the value follows",
    FieldKind.PINS: "switch an input at the vehicle and see whether the value follows",
    FieldKind.NUMBER: "measure it at the vehicle and compare",
    FieldKind.COUNT: "count it at the vehicle and compare",
    FieldKind.TIME: "note when it happens and compare",
    FieldKind.TEXT: "compare with what the vendor's platform shows of the unit",
    FieldKind.WORD: "compare with what the vendor's platform shows of the unit",
}


class ConfirmedMeanings:
    """By model, because units of one model report alike; names of fields are permanent."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def of(self, device: Device) -> frozenset[str]:
        """The names of the fields whose meaning was checked on the model of a device."""
        return frozenset(self._settings.values.confirmed_fields.get(model_of(device), ()))

    def confirm(self, device: Device, field: str, *, confirmed: bool) -> None:
        """Keep that the meaning of a field holds on this model, or that nobody knows any more."""
        model = model_of(device)
        if not model:
            return
        kept = dict(self._settings.values.confirmed_fields)
        names = self.of(device) | {field} if confirmed else self.of(device) - {field}
        if names:
            kept[model] = tuple(sorted(names))
        else:
            kept.pop(model, None)
        self._settings.set("confirmed_fields", kept)


def model_of(device: Device) -> str:
    """The model of a device as a key of the settings; "" where it names none, or a long one."""
    model = one_line(device.model or "")
    return model if len(model) <= _MODEL_LIMIT else ""


def how_to_check(field: Field) -> str:
    """What somebody at the vehicle can do to see whether the guess is right."""
    return _HOW_TO_CHECK[field.spec.kind]
