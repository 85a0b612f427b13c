"""The arrays that the plots calculate with."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating]
Flags = npt.NDArray[np.bool_]
# Stretches (from, to) of time or of pixels, shape (n, 2).
Spans = npt.NDArray[np.float64]

# One for all gaps, or for each sample one for the gap after it; in seconds.
Limits = float | Floats

EMPTY: Floats = np.empty(0)
NO_SPANS: Spans = np.empty((0, 2))
