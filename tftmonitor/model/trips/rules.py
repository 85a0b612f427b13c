"""What makes a trip, a stop and a gap: the numbers, kept with each result made by them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TripRules:
    """Lengths in metres, times in seconds, speeds in km/h.

    A trip begins outside of ``start_m`` from where it stood, after ``moving_s`` above
    ``moving_kmh``, or with the ignition on and a move of ``creep_m``. It ends with the ignition
    off for ``off_s``, or ``stop_s`` within ``stop_m``. A halt below ``reopen_s`` is part of the
    trip; two stops nearer than ``merge_m``, between which nothing went beyond ``start_m``, are
    one. Between two places more than ``gap_s`` apart, and more than ``gap_cadences`` of the
    intervals around, nothing is known. Idling is the ignition on below ``idle_kmh`` for
    ``idle_s`` or more.
    """

    start_m: float = 200.0
    moving_kmh: float = 5.0
    moving_s: float = 60.0
    creep_m: float = 50.0
    off_s: float = 30.0
    stop_s: float = 180.0
    stop_m: float = 100.0
    reopen_s: float = 300.0
    merge_m: float = 100.0
    gap_s: float = 900.0
    gap_cadences: float = 3.0
    idle_kmh: float = 3.0
    idle_s: float = 60.0

    @property
    def lead_s(self) -> float:
        """So much more has to be read on both sides for a period's trips to be those of any other.

        What lasts longer is cut where the points begin or end; whoever wants it whole reads more.
        """
        return 6 * 3_600.0
