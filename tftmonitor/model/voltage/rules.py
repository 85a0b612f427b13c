"""The numbers by which events of a supply voltage are told, for 12 V and for 24 V."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tftmonitor.model.geo.projection import Numbers


@dataclass(frozen=True, slots=True)
class VoltageRules:
    """Volts of a system of ``system_v``, times in seconds.

    A crank dip is at least ``dip`` below the level before it and over within ``crank_s``; reports
    must not be farther apart than ``crank_spacing_s``. The alternator works from ``charging`` on,
    at least ``rise`` above the level before it, for ``charging_s``; reports every
    ``charging_spacing_s``. Below ``cut`` the supply is cut, if it was above ``supplied`` before.
    A battery drains that falls by ``drain_per_h`` or more, and by ``drained`` in all, over
    ``drain_s`` of rest; of the rest the first ``settle_s`` do not count, in which any battery
    falls, and ``drain_count`` readings are the least.
    """

    system_v: int = 12
    dip: float = 1.5
    crank_s: float = 30.0
    crank_spacing_s: float = 15.0
    charging: float = 13.2
    rise: float = 0.5
    charging_s: float = 30.0
    charging_spacing_s: float = 60.0
    cut: float = 6.0
    supplied: float = 9.0
    drain_per_h: float = 0.03
    drained: float = 0.15
    drain_s: float = 2 * 3_600.0
    settle_s: float = 3_600.0
    drain_count: int = 6


TWELVE: Final = VoltageRules()
TWENTY_FOUR: Final = replace(
    TWELVE,
    system_v=24,
    dip=2 * TWELVE.dip,
    charging=2 * TWELVE.charging,
    rise=2 * TWELVE.rise,
    cut=2 * TWELVE.cut,
    supplied=2 * TWELVE.supplied,
    drain_per_h=2 * TWELVE.drain_per_h,
    drained=2 * TWELVE.drained,
)

# A 12 V battery is empty at 9 and charged at 15, one of 24 V at 18 and 30. What is between and
# beyond is neither: a unit on a bench, or one that measures something else.
_TWELVE: Final = (9.0, 16.5)
_TWENTY_FOUR: Final = (18.0, 33.0)


def rules_of(volts: Numbers) -> VoltageRules | None:
    """The rules of the system that these readings (n,) are of, None where they tell none.

    NaN are no readings; those near zero are of a cut supply and tell nothing either.
    """
    told = volts[volts >= _TWELVE[0]]
    if not len(told):
        return None
    middle = float(np.median(told))
    if _TWELVE[0] <= middle <= _TWELVE[1]:
        return TWELVE
    return TWENTY_FOUR if _TWENTY_FOUR[0] <= middle <= _TWENTY_FOUR[1] else None
