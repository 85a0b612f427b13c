"""Why there is no connection: the reason, what to do about it, and when to ask again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """``reason`` is a short sentence part, ``advice`` a sentence or nothing.

    The server is not asked again before ``retry_after_s``.
    """

    reason: str
    advice: str = ""
    retry_after_s: float = 0.0
