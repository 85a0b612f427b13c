"""What a ``cur_event`` means, as far as that can be known.

The feed's documents do not say which numbering it uses. The rule: what the operator pinned, then
what the number itself proves, then what ``alerts`` proves, then what ``alerts`` proved before for
this model or its family, else every candidate by name. Nothing is ever dropped.
"""

from dataclasses import dataclass, replace
from typing import Final

from tftmonitor.model.alarms.codes import (
    NO_EVENT,
    WORD_MASK,
    AlarmKind,
    Family,
    Numbering,
    Severity,
    family_of,
    lookup,
)

# From here up no other numbering holds a power of two; 1 to 32 stand in others as well.
FIRST_SURE_BIT: Final = 0x40

NAMELESS: Final = "Alarm without number"
"""The name of a message that carries neither text nor number."""


@dataclass(frozen=True, slots=True)
class ResolvedCode:
    """An alarm number as understood.

    ``code`` is unsigned 32-bit. ``kind`` is None while the alarm is unresolved; ``candidates``
    then holds all that it may be. ``numbering`` is None when not known, which it also is for a
    resolved alarm that has the same number in two numberings.
    """

    code: int
    name: str
    severity: Severity
    numbering: Numbering | None
    kind: AlarmKind | None
    candidates: tuple[AlarmKind, ...]


class CodeResolver:
    """Resolves alarm numbers; keeps the operator's pins and what this run has learned, by model."""

    def __init__(self) -> None:
        self._pins: dict[str, Numbering] = {}
        self._learned: dict[str | Family, Numbering] = {}

    def pin(self, model: str | None, numbering: Numbering | None) -> None:
        """Set the numbering of a model for good, None to go back to the rule.

        The model is compared without case. None stands for devices that report no model.
        """
        if numbering is None:
            self._pins.pop(_model_key(model), None)
        else:
            self._pins[_model_key(model)] = numbering

    def resolve(self, cur_event: int, alerts: int | None, model: str | None) -> ResolvedCode | None:
        """What one ``cur_event`` means, None when it says that there is no alarm.

        ``alerts`` is the status's word of active alarms, None when unknown; both may be signed.
        """
        code = cur_event & WORD_MASK
        if code == 0:
            return None
        pinned = self._pins.get(_model_key(model))
        if pinned is not None:
            return _resolve_pinned(code, pinned)
        if code >= FIRST_SURE_BIT and (kind := lookup(Numbering.BITS, code)) is not None:
            # Not remembered: devices send bytes that stand in no table, and 0x40 may be one.
            return _resolved(code, kind, Numbering.BITS)
        family = family_of(model)
        meanings = _meanings(code, family)
        return (
            self._resolve_by_alerts(code, (alerts or 0) & WORD_MASK, meanings, model)
            or self._resolve_as_learned(code, meanings, model)
            or _unresolved(code, meanings)
        )

    def learn(self, model: str | None, numbering: Numbering) -> None:
        """Remember for this run what proved to be a model's numbering; the latest proof counts.

        Other models of its family use it until they have proof of their own. A device
        without model teaches nothing.
        """
        if key := _model_key(model):
            self._learned[key] = numbering
        if family := family_of(model):
            self._learned[family] = numbering

    def _resolve_by_alerts(
        self,
        code: int,
        alerts: int,
        meanings: dict[Numbering, AlarmKind],
        model: str | None,
    ) -> ResolvedCode | None:
        """The one alarm among the meanings that ``alerts`` confirms, None if none or several."""
        confirmed = {
            numbering: kind
            for numbering, kind in meanings.items()
            if any(alerts & mask for mask in kind.numbers(Numbering.BITS))
        }
        kinds = set(confirmed.values())
        if len(kinds) != 1:
            return None
        numbering = next(iter(confirmed)) if len(confirmed) == 1 else None
        if numbering is not None:
            self.learn(model, numbering)
        return _resolved(code, kinds.pop(), numbering)

    def _resolve_as_learned(
        self, code: int, meanings: dict[Numbering, AlarmKind], model: str | None
    ) -> ResolvedCode | None:
        """The meaning in the learned numbering, None if nothing is learned or it lacks the code."""
        for key in (_model_key(model), family_of(model)):
            numbering = self._learned.get(key) if key else None
            if numbering is not None and numbering in meanings:
                return _resolved(code, meanings[numbering], numbering)
        return None


def narrow(resolved: ResolvedCode, text: str | None) -> ResolvedCode:
    """The code narrowed to the candidate that the server's own text names, else unchanged.

    Only the letters are compared, without case. A resolved code stays as it is.
    """
    if resolved.kind is not None:
        return resolved
    wanted = _letters(text or "")
    for kind in resolved.candidates:  # no two alarms share a name
        if _letters(kind.name) == wanted:
            fitting = [n for n in Numbering if lookup(n, resolved.code) is kind]
            numbering = fitting[0] if len(fitting) == 1 else None
            return _resolved(resolved.code, kind, numbering)
    return resolved


def name_for_message(resolved: ResolvedCode | None, text: str | None) -> str:
    """The name of an alarm message: the server's own text before all, else that of its number."""
    own = (text or "").strip()
    if own:
        return own
    return NAMELESS if resolved is None else resolved.name


def _model_key(model: str | None) -> str:
    return (model or "").strip().casefold()


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())


def _meanings(code: int, family: Family | None) -> dict[Numbering, AlarmKind]:
    """What the code means in each numbering that this family can use, likeliest first."""
    bytes_of = (Numbering.VEHICLE, Numbering.ASSET) if family is None else (family.numbering,)
    found = {n: lookup(n, code) for n in (*bytes_of, Numbering.EVENT, Numbering.BITS)}
    return {numbering: kind for numbering, kind in found.items() if kind is not None}


def _resolved(code: int, kind: AlarmKind, numbering: Numbering | None) -> ResolvedCode:
    return ResolvedCode(code, kind.name, kind.severity, numbering, kind, (kind,))


def _resolve_pinned(code: int, numbering: Numbering) -> ResolvedCode | None:
    # Only the operator's pin makes the enumeration's "none" silent: what the program inferred
    # must not hide a 1, which is a cut supply in the devices' own bytes.
    if numbering is Numbering.EVENT and code == NO_EVENT:
        return None
    kind = lookup(numbering, code)
    if kind is not None:
        return _resolved(code, kind, numbering)
    name = f"Alarm {code} (not in the pinned table)"
    return replace(_unresolved(code, {}), name=name, numbering=numbering)


def _unresolved(code: int, meanings: dict[Numbering, AlarmKind]) -> ResolvedCode:
    candidates = tuple(dict.fromkeys(meanings.values()))
    severity = max((kind.severity for kind in candidates), default=Severity.WARNING)
    meaning = _alternatives(candidates) if candidates else "not in any table"
    name = f"Alarm {code} ({meaning})"
    return ResolvedCode(code, name, max(severity, Severity.WARNING), None, None, candidates)


def _alternatives(kinds: tuple[AlarmKind, ...]) -> str:
    """Names within a sentence: "ignition off, moving begins or external power recovered"."""
    *first, last = (_within_sentence(kind.name) for kind in kinds)
    return f"{', '.join(first)} or {last}" if first else last


def _within_sentence(name: str) -> str:
    # Abbreviations keep their capitals: AC, SOS, USB, POI.
    return name[0].lower() + name[1:] if name[1].islower() else name
