"""How long what a rule on a field reads is known: no longer than the list shows it as live."""

from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import limit_ms, value_age
from tftmonitor.model.rules.rule import Rule

_ACC = STATUS_FIELDS.by_name["acc"]


def known_for_ms(rule: Rule, device: Device, at_ms: int) -> int | None:
    """How much longer than ``at_ms`` what the rule reads is known; None when it is old already."""
    source = rule.condition.source
    names = [source] if source else []
    by_ignition = rule.while_ignition is not None or rule.condition.by_ignition
    if by_ignition and device.status is not None:
        # As ``activity.ignition`` reads it.
        names.append("iop" if _ACC.read(device.status, 0) is None else "acc")
    left_ms = limit = limit_ms(device.interval_ms)
    for name in names:
        age = value_age(device, name, at_ms)
        if age.is_old or age.since_ms is None:
            return None
        left_ms = min(left_ms, limit - (at_ms - age.since_ms))
    return left_ms
