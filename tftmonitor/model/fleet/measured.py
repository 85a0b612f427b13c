"""What each device is known to measure, so that its 0 is told from "no such measurement"."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Final

from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet.device import Device

_PROVEN: Final = tuple(field for field in STATUS_FIELDS if field.spec.proof)
EVERYTHING: Final = sum(field.spec.proof for field in _PROVEN)
# By the bits that are known: what may still come.
_LEFT: Final = tuple(
    tuple(f for f in _PROVEN if not f.spec.proof & known) for known in range(EVERYTHING + 1)
)
# Their raw values in a tuple; of one name alone an attrgetter makes none, so it is asked for twice.
_RAWS: Final = tuple(
    attrgetter(*(field.name for field in left), left[0].name) for left in _LEFT if left
)
# Field names are permanent, their bits are not.
_KEPT_AS: Final = {field.spec.proof: f"measures {field.name}" for field in _PROVEN}


def note_measured(device: Device, status: DeviceStatus) -> None:
    """Add to ``device.measured`` what this status shows another value of than 0.

    Asked of every frame of a device that does not measure all of it, which are most: what stays
    away, or says nothing, is the same in nearly all of its frames.
    """
    raws = _RAWS[device.measured](status)
    if raws != device.unproven:
        device.unproven = raws
        device.measured = measured_in(status, device.measured)


def measured_in(status: DeviceStatus, known: int) -> int:
    """The bits that are known, and those of what this status shows another value of than 0."""
    for field in _LEFT[known]:
        if field.read(status, 0):
            known |= field.spec.proof
    return known


def export_measured(known: int) -> dict[str, list[int]]:
    """The bits by name, to be kept across restarts beside the learned intervals."""
    return {name: [1] for proof, name in _KEPT_AS.items() if known & proof}


def restore_measured(exported: Mapping[str, Iterable[int]]) -> int:
    """The bits of what ``export_measured`` gave; anything else in there is ignored."""
    return sum(proof for proof, name in _KEPT_AS.items() if name in exported)
