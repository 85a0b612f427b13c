"""What an occurrence is called: its key, its name and how severe it is."""

from dataclasses import dataclass

from tftmonitor.model.alarms.alarm import NAME_LIMIT
from tftmonitor.model.alarms.codes import ALARMS, AlarmKind, Numbering, Severity
from tftmonitor.model.alarms.numbering import ResolvedCode, name_for_message, narrow
from tftmonitor.model.alarms.wording import kinds_in, text_key
from tftmonitor.model.fields.formatting import clip


@dataclass(frozen=True, slots=True)
class AlarmIdentity:
    """What an occurrence is called; the fields mean what they mean in ``Alarm``."""

    key: str
    name: str
    severity: Severity
    code: int | None = None
    numbering: str | None = None
    candidates: tuple[str, ...] = ()


def of_code(resolved: ResolvedCode) -> AlarmIdentity:
    """Of a ``cur_event``, as far as it is resolved."""
    return AlarmIdentity(
        resolved.kind.key if resolved.kind else _code_key(resolved),
        resolved.name,
        resolved.severity,
        resolved.code,
        _numbering_of(resolved),
        _candidates_of(resolved),
    )


def of_bit(mask: int, kind: AlarmKind | None) -> AlarmIdentity:
    """Of one bit of ``alerts``, also of one that the vendor's list leaves undefined."""
    numbering = Numbering.BITS.value
    if kind is None:
        name = f"Alarm of unknown form: alert bit {mask:#x}"
        return AlarmIdentity(f"bit:{mask:#x}", name, Severity.HIGH, numbering=numbering)
    return AlarmIdentity(kind.key, kind.name, kind.severity, numbering=numbering)


def of_message(
    resolved: ResolvedCode | None, name: str | None, text: str, sender: str = ""
) -> AlarmIdentity:
    """Of an alarm message: by its number, else by a name that is in the table, else by its text.

    ``name`` is the alarm's in the message, ``text`` the message's, ``sender`` who wrote it.
    """
    own = own_text(name, text)
    kind = (resolved and resolved.kind) or _kind_named(name) or _kind_named(text)
    shown = clip(name_for_message(resolved, own), NAME_LIMIT)
    if resolved is None:
        if kind is not None:
            return AlarmIdentity(kind.key, shown, kind.severity)
        named = (meant.severity for meant in kinds_in(own))
        return AlarmIdentity(text_key(sender, own), shown, max([Severity.WARNING, *named]))
    code, numbering = resolved.code, _numbering_of(resolved)
    if kind is not None:
        return AlarmIdentity(kind.key, shown, kind.severity, code, numbering)
    key, candidates = _code_key(resolved), _candidates_of(resolved)
    return AlarmIdentity(key, shown, resolved.severity, code, numbering, candidates)


def own_text(name: str | None, text: str) -> str:
    """What the server itself writes about the alarm; empty when it sends nothing but a number."""
    return text.strip() or (name or "").strip()


def _code_key(resolved: ResolvedCode) -> str:
    return f"code:{resolved.code}"


def _candidates_of(resolved: ResolvedCode) -> tuple[str, ...]:
    return () if resolved.kind else tuple(kind.key for kind in resolved.candidates)


def _numbering_of(resolved: ResolvedCode) -> str | None:
    return resolved.numbering.value if resolved.numbering else None


def _kind_named(text: str | None) -> AlarmKind | None:
    """The kind whose name this is; only letters count, as in ``narrow``."""
    every = ResolvedCode(0, "", Severity.WARNING, None, None, ALARMS)
    return narrow(every, text).kind if text else None
