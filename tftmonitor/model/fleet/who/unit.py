"""The ids of one unit, as text, and how two sets of them compare."""

import hashlib
from collections.abc import Iterator
from typing import ClassVar, Final, NamedTuple

from tftmonitor.base.clock import DAY_MS, HOUR_MS
from tftmonitor.base.redaction import redacted_value
from tftmonitor.model.coverage import OVERDUE_FACTOR
from tftmonitor.model.fleet.identity import Ident, Identified

KINDS: Final = ("imei", "device_key", "id")
"""From the strongest to the weakest; each is a namespace of its own."""

ID_LIMIT: Final = 64
_KEPT_OF_LONG: Final = 40
_DIGEST_BYTES: Final = 8
_NO_ID: Final = frozenset(
    {"-", "false", "n/a", "na", "nan", "none", "null", "true", "undefined", "unknown"}
)
_LEAST_OF_MEMORY: Final = 8


class Ids(NamedTuple):
    """The ids of a frame or of a unit, None for those that are not known."""

    imei: str | None = None
    device_key: str | None = None
    id: str | None = None

    @property
    def best(self) -> str | None:
        """The strongest of them."""
        return self.imei or self.device_key or self.id

    def known(self) -> Iterator[tuple[int, str]]:
        """Those that are known, each behind its place in ``KINDS``."""
        return ((place, ident) for place, ident in enumerate(self) if ident is not None)

    def over(self, other: "Ids") -> "Ids":
        """These, and where one is not known that of the other."""
        return Ids(*(mine or theirs for mine, theirs in zip(self, other, strict=True)))

    def are_among(self, other: "Ids") -> bool:
        """True when the other has all of these, and there is at least one."""
        return self != NO_IDS and self.over(other) == other

    def differ(self, other: "Ids") -> bool:
        """True when no one unit can have both.

        A server that registers a unit anew gives it another ``id``: where both of the stronger ids
        agree, that says nothing.
        """
        imei, key, number = (
            None if not (mine and theirs) else mine == theirs
            for mine, theirs in zip(self, other, strict=True)
        )
        if imei is False or key is False:
            return True
        return number is False and not (imei and key)


NO_IDS: Final = Ids()


class Unit:
    """One unit as far as its ids tell; with a row in the fleet it is a ``Device``.

    ``key`` is what it is filed under for good, ``former`` the keys of what joined it, ``names``
    everything that leads to it; ``age`` is the order in which units became known. ``named_ms`` is
    when a frame or message last named it, as far as that was looked at. ``is_unclear`` for what
    answers in place of several units where a frame does not tell which of them it is of.
    ``trouble`` says in words that others answer to one of its ids as well, empty while none does.
    """

    __slots__ = (
        "age",
        "device_key",
        "former",
        "id",
        "imei",
        "is_unclear",
        "key",
        "model",
        "named_ms",
        "trouble",
    )

    has_row: ClassVar[bool] = False

    def __init__(self, key: str) -> None:
        self.key = key
        self.age = 0
        self.imei: str | None = None
        self.device_key: str | None = None
        self.id: str | None = None
        self.model: str | None = None
        self.former: tuple[str, ...] = ()
        self.named_ms = 0
        self.is_unclear = False
        self.trouble = ""

    @property
    def ids(self) -> Ids:
        """What is known of its ids."""
        return Ids(self.imei, self.device_key, self.id)

    @property
    def names(self) -> tuple[str, ...]:
        """Its key, its ids and the keys that it had, each once."""
        found = (self.key, self.imei, self.device_key, self.id, *self.former)
        return tuple(dict.fromkeys(name for name in found if name))

    @property
    def label(self) -> str:
        """What people call it."""
        return self.key

    @property
    def doubt(self) -> str:
        """Why nobody knows which unit this is; empty where that is known."""
        return self.trouble if self.is_unclear else ""

    @property
    def heard_ms(self) -> int:
        """When it was last heard of, ms since 1970; 0 for never in this run."""
        return self.named_ms

    @property
    def usual_ms(self) -> int:
        """How often it reports."""
        return 0

    def is_alive(self, now_ms: int) -> bool:
        """True while it is not quiet for so long that it may have been replaced."""
        quiet_ms = now_ms - self.heard_ms
        return quiet_ms <= min(DAY_MS, max(HOUR_MS, OVERDUE_FACTOR * self.usual_ms))


def ids_of(data: Identified) -> Ids:
    """The ids that a frame carries.

    Empty and blank ones, zeros and words for nothing name nothing, unless there is nothing else.
    """
    raw = (data.imei, data.device_key, data.id)
    texts = tuple(_text(ident) for ident in raw)
    found = Ids(*(None if text is None or _is_placeholder(text) else text for text in texts))
    return found if found != NO_IDS else Ids(*texts)


def _is_placeholder(text: str) -> bool:
    """True for what many units have in place of an id that was never set."""
    folded = text.casefold()
    is_empty_memory = len(folded) >= _LEAST_OF_MEMORY and not folded.strip("f")
    return not folded.strip("0") or is_empty_memory or folded in _NO_ID


def _text(ident: Ident) -> str | None:
    if ident is None:
        return None
    text = redacted_value(str(ident).strip())
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()  # half characters fit into no file
    if len(text) > ID_LIMIT:
        # Bounded, and still another one than what begins in the same way.
        digest = hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES)
        text = f"{text[:_KEPT_OF_LONG]}…{digest.hexdigest()}"
    return text or None
