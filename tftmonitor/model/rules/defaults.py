"""The rules that are there at the first start. Their ids are permanent; all can be changed."""

from typing import Final

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.rules.conditions import FieldAbove, FieldBelow, LinkDown, Overdue
from tftmonitor.model.rules.record_conditions import (
    FuelLevelBelow,
    NewTroubleCode,
    TyreTemperatureAbove,
)
from tftmonitor.model.rules.rule import Rule

_SUPPLY: Final = "external_power_voltage"

DEFAULT_RULES: Final = (
    Rule(
        id="default-link",
        name="Our own link is down",
        severity=Severity.HIGH,
        condition=LinkDown(after_s=60),
    ),
    Rule(
        id="default-overdue",
        name="Device overdue",
        severity=Severity.NOTICE,
        enabled=False,
        condition=Overdue(),
    ),
    Rule(
        id="default-supply",
        name="Vehicle supply low",
        enabled=False,
        condition=FieldBelow(field=_SUPPLY, limit=11.5, hysteresis=0.3, hold_s=60),
    ),
    Rule(
        id="default-speed",
        name="Too fast",
        enabled=False,
        condition=FieldAbove(field="speed", limit=130, hysteresis=5, hold_s=30),
    ),
    Rule(
        id="default-fuel",
        name="Little fuel",
        severity=Severity.NOTICE,
        enabled=False,
        condition=FuelLevelBelow(limit=15, hysteresis=3, hold_s=300),
    ),
    Rule(
        id="default-tyre",
        name="Hot tyre",
        severity=Severity.HIGH,
        enabled=False,
        condition=TyreTemperatureAbove(limit=90, hysteresis=5),
    ),
    Rule(
        id="default-trouble",
        name="New trouble code",
        severity=Severity.NOTICE,
        enabled=False,
        condition=NewTroubleCode(),
    ),
)
