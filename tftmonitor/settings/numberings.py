"""Hands the operator's choice of alarm numbers to the reader of alarms."""

from tftmonitor.model.alarms.codes import Numbering
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.settings.schema import Settings


def apply_numberings(reader: CodeResolver, settings: Settings) -> None:
    """Pin what the settings say, at the start and after each change.

    A model with an empty value goes back to automatic; so does one with a value of a newer
    version, because a guess is better than a wrong table. The model "" is that of devices which
    report none.
    """
    known = {numbering.value: numbering for numbering in Numbering}
    for model, value in settings.numberings.items():
        reader.pin(model, known.get(value))
