"""The two numbers of a trouble code of J1939: what fails (SPN), and in which way (FMI).

How the feed writes such a code is not documented, so all usual forms are read. The ways are those
of SAE J1939-73, appendix A, in our words.
"""

import re
from typing import Final, NamedTuple

FAILURES: Final = (
    "far above its normal range",
    "far below its normal range",
    "erratic, intermittent or incorrect",
    "voltage too high, or shorted to a higher voltage",
    "voltage too low, or shorted to a lower voltage",
    "current too low, or circuit open",
    "current too high, or circuit shorted to ground",
    "mechanics do not respond, or are out of adjustment",
    "frequency, pulse width or period is abnormal",
    "its messages come at an abnormal rate",
    "changes at an abnormal rate",
    "cause not known",
    "unit or component is faulty",
    "out of calibration",
    "special instructions of the maker apply",
    "slightly above its normal range",
    "well above its normal range",
    "slightly below its normal range",
    "well below its normal range",
    "received data is wrong",
    "drifts high",
    "drifts low",
    *("reserved by the standard",) * 9,
    "the condition exists",
)
"""By FMI, 0 to 31: five bits have no more."""

# Nineteen bits of a code are the SPN.
_MOST_SPN = (1 << 19) - 1
_TWO_NUMBERS = re.compile(
    r"(?:SPN)?[\s:=]*(\d{1,6})\s*[-/:._]\s*(?:FMI)?[\s:=]*(\d{1,2})", re.ASCII
)
_FOUR_BYTES = re.compile(r"[0-9A-F]{8}")
# The highest bit of the fourth byte: an older order of the bits, which had several variants.
_OLD_ORDER = 0x80


class TruckCode(NamedTuple):
    """A trouble code of J1939; ``spn`` is within 19 bits and ``fmi`` within 5."""

    spn: int
    fmi: int

    @property
    def text(self) -> str:
        """Both numbers, and what the second of them means."""
        return f"SPN {self.spn}, FMI {self.fmi}: {FAILURES[self.fmi]}"


def truck_code(code: str) -> TruckCode | None:
    """The numbers of a code as ``100-1``, ``SPN100/FMI1`` or four bytes in hex; None otherwise."""
    text = code.strip().upper()
    if found := _TWO_NUMBERS.fullmatch(text):
        spn, fmi = int(found[1]), int(found[2])
        return TruckCode(spn, fmi) if spn <= _MOST_SPN and fmi < len(FAILURES) else None
    if not _FOUR_BYTES.fullmatch(text):
        return None
    low, middle, mixed, count = bytes.fromhex(text)
    if count & _OLD_ORDER:
        return None
    return TruckCode(low | middle << 8 | mixed >> 5 << 16, mixed & 0x1F)
