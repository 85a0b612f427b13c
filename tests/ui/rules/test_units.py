"""Limits of rules in the units in force: what is typed is meant in them, what is kept is not."""

import pytest

from tests.ui.harness import Harness
from tests.ui.rules.test_pane import FAST, Bench
from tftmonitor.model.rules.conditions import FieldAbove
from tftmonitor.model.rules.kinds import CONDITIONS
from tftmonitor.model.rules.record_conditions import TyrePressureBelow, TyreTemperatureAbove
from tftmonitor.model.rules.rule import Rule
from tftmonitor.ui.rules import table_model as rule_table
from tftmonitor.ui.rules.inputs import ConditionInputs

HOT = Rule(id="hot", condition=TyreTemperatureAbove(limit=90.0, hysteresis=5.0))


def test_editor_table_and_sentence_follow_at_once_and_the_rule_stays(harness: Harness) -> None:
    bench = Bench(harness, FAST, HOT)
    bench.edit(0)
    assert bench.spin("limit").value() == 90.25
    assert bench.spin("limit").suffix() == " km/h"
    harness.settings.set("speed_unit", "mph")
    assert bench.spin("limit").suffix() == " mph"
    assert bench.spin("limit").value() == pytest.approx(56.078750, abs=1e-6)
    assert "mph" in bench.editor.sentence.text()
    assert "Speed above 56.0788 mph" in bench.texts(rule_table.RULE)[0]
    bench.editor.save.click()
    kept = bench.stored()[0].condition
    assert isinstance(kept, FieldAbove)
    assert kept.limit == pytest.approx(90.25, abs=1e-5)


def test_a_way_back_is_a_difference(harness: Harness) -> None:
    bench = Bench(harness, HOT)
    harness.settings.set("temperature_unit", "°F")
    bench.edit(0)
    assert (bench.spin("limit").value(), bench.spin("hysteresis").value()) == (194.0, 9.0)
    bench.spin("limit").setValue(212.0)
    bench.spin("hysteresis").setValue(18.0)
    bench.editor.save.click()
    kept = bench.stored()[0].condition
    assert isinstance(kept, TyreTemperatureAbove)
    assert (kept.limit, kept.hysteresis) == pytest.approx((100.0, 10.0))


def test_suggestions_stand_in_the_unit_shown(harness: Harness) -> None:
    harness.settings.set("pressure_unit", "psi")
    inputs = ConditionInputs(next(row for row in CONDITIONS if row.kind is TyrePressureBelow))
    condition = inputs.condition()
    assert isinstance(condition, TyrePressureBelow)
    assert condition.limit == pytest.approx(600.0, abs=0.4)
    assert condition.describe().startswith("Tyre pressure below 87")


def test_a_change_of_units_is_no_change_of_a_rule(harness: Harness) -> None:
    bench = Bench(harness, FAST, HOT)
    bench.pane.resize(1_100, 500)
    bench.edit(0)
    harness.settings.set("speed_unit", "kn")
    bench.select(1)
    assert bench.pane.question.isHidden()
    assert bench.editor.rule().id == "hot"
