"""What the plots show of the past."""

from dataclasses import dataclass

from tftmonitor.model.fleet.samples.joining import PastPart


@dataclass(frozen=True, slots=True)
class PastShown:
    """Samples that were recorded, and when that began, in seconds since 1970; None: unknown.

    ``is_thinned`` where of the samples only those came that show.
    """

    part: PastPart | None = None
    since_s: float | None = None
    is_thinned: bool = False


NO_PAST = PastShown()
