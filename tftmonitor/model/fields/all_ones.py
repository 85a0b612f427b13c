"""Numbers that are no numbers: registers with all bits set, or at the end of their range.

Converters, probes and codecs send them in place of a reading. They come as whole numbers and with
the decimals of their unit: 65535, 6553.5 and 65.535 are one register. What is beyond a field's
limits is invalid anyway; these lie within the limits of some.
"""

import struct
from collections.abc import Iterable
from typing import Final

_SINGLE: Final = struct.Struct("<f")


def all_ones(bits: int, decimals: Iterable[int] = (0,)) -> frozenset[float]:
    """What a register of this width sends in place of a reading, with so many decimals each.

    All bits set, the one below (which stands for an error), and both ends of a signed one; each
    also as a 32-bit float writes it.
    """
    half = 1 << (bits - 1)
    ends = (2 * half - 1, 2 * half - 2, half - 1, -half)
    exact = [end / 10**places for end in ends for places in decimals]
    return frozenset(exact).union(*(_SINGLE.unpack(_SINGLE.pack(number)) for number in exact))


IN_COUNTERS: Final = all_ones(16, (1, 2, 3)) | all_ones(32, (0, 1, 2, 3)) | all_ones(64)
"""In what counts up, and so comes by the end of a small register on its way."""

IN_READINGS: Final = IN_COUNTERS | all_ones(16)
"""In everything else."""

IN_BYTES: Final = IN_READINGS | {255.0}
"""Where 8 bits hold all that can be, and the limits leave room for more."""

IN_VOLTS: Final = IN_READINGS | {25.5}
"""Where 8 bits hold tenths."""

IN_TEMPERATURES: Final = IN_BYTES | {-127.0, -128.0}
"""A one-wire probe that is not connected reads -127."""

IN_ENGINE_SPEED: Final = IN_READINGS | {8_191.875, 8_191.0, 8_192.0}
"""16 bits hold eighths."""
