"""The words that records have for their numbers, by the device codec."""

from typing import Final

TYRE_STATUS: Final = {
    0: "normal",
    1: "leak",
    2: "inflating",
    3: "start-up",
    4: "power on",
    5: "wake-up",
}
FUEL_ALARM: Final = {0: "none", 1: "filling", 2: "leak"}
DRIVER_ALERT: Final = {0: "driver", 1: "tag battery low"}
TYRE_KINDS: Final = ("bleTire", "rs232Tire")
FUEL_KINDS: Final = ("rs232Fuel",)
DRIVER_KINDS: Final = ("driver",)

PART_LIMIT: Final = 40
"""Names of parts are the server's text and become part of an alarm's key."""


def part_text(name: object) -> str:
    """The name of a part (a tyre, a probe, a tag) as one bounded line."""
    text = " ".join(str(name).split())
    return text if len(text) <= PART_LIMIT else text[: PART_LIMIT - 1] + "…"
