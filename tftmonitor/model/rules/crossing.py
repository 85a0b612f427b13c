"""Which side of an edge each device was seen on: only who was seen outside can enter."""

from tftmonitor.model.rules.hysteresis import BETWEEN, IN, OUT


class Crossing:
    """Makes of "is in" and "is out" that a device came in.

    ``sides`` has the side, IN or OUT, on which a device, by its key, was last seen clearly.
    """

    __slots__ = ("sides",)

    def __init__(self) -> None:
        self.sides: dict[str, int] = {}

    def is_news(self, key: str, judged: int) -> bool:
        """True when a device was not seen on this side before."""
        return judged != BETWEEN and self.sides.get(key) != judged

    def judge(self, key: str, judged: int, *, counts: bool, stands: bool) -> int:
        """What a value means: IN for the report that came in and, while it ``stands``, those after.

        Coming in while the rule sleeps, or with another ignition, does not count.
        """
        if judged == BETWEEN:
            return BETWEEN
        before = self.sides.get(key)
        self.sides[key] = judged
        if judged == IN and not stands and not (before == OUT and counts):
            return OUT
        return judged

    def rename(self, former: str, key: str) -> None:
        """Two devices turned out to be one."""
        side = self.sides.pop(former, None)
        if side is not None:
            self.sides.setdefault(key, side)
