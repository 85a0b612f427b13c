"""Rules on disk and at work follow the places that they name."""

from pathlib import Path

from msgspec.structs import replace

from tests.unit.monitor.rules.test_place_rules import DEPOT, ENTERS, OUTSIDE, WITHIN, Ground
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.rules.places_of_rules import follow_places
from tftmonitor.settings.rules_file import RulesFile


def sentences(file: RulesFile) -> list[str]:
    return [rule.sentence for rule in RulesFile(file.path.parent).rules]


def test_rules_follow_their_places(tmp_path: Path) -> None:
    file, ground = RulesFile(tmp_path), Ground()
    file.save([ENTERS])
    told: list[int] = []
    file.on_change.add(lambda: told.append(len(file.rules)))
    follow_places(ground.places, file, ground.engine)
    assert told == []
    ground.at(OUTSIDE, WITHIN)
    ground.places.replace(replace(DEPOT, name="Yard"))
    assert (sentences(file), told) == (["Enters Yard"], [1])
    assert ground.at(WITHIN).told() == [(True, 1)]
    ground.places.replace(replace(DEPOT, name="Yard", colour="#000000"))
    assert told == [1]
    ground.places.remove("d")
    assert (file.rules[0].problem, len(told)) == ("The place “Yard” no longer exists.", 2)
    assert ground.told() == [(False, 1)]
    ground.places.add(DEPOT)
    assert file.rules[0].problem == ""
    assert ground.at(OUTSIDE, WITHIN).told()[-1] == (True, 2)


def test_names_that_changed_while_the_program_did_not_run(tmp_path: Path) -> None:
    file, ground = RulesFile(tmp_path), Ground()
    old = replace(ENTERS.condition, place=replace(ENTERS.condition.place_refs[0], name="Old"))
    file.save([Rule(id="a", condition=old)])
    follow_places(ground.places, file, ground.engine)
    assert sentences(file) == ["Enters Depot"]
    assert [rule.sentence for rule in ground.engine.rules] == ["Enters Depot"]
