"""Rules follow their places: a name that changes, a shape that is drawn anew, one that is gone."""

from tftmonitor.model.places.store import Places
from tftmonitor.model.rules.rule import to_disk
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.settings.rules_file import RulesFile


def follow_places(places: Places, rules_file: RulesFile, engine: RuleEngine) -> None:
    """Let file and engine have the places as they are, now and after each change of them."""

    def follow() -> None:
        before = rules_file.rules
        rules = [rule.among(places) for rule in before]
        engine.set_rules(rules)
        # Equal rules may differ in the names that stand in them.
        if list(map(to_disk, rules)) != list(map(to_disk, before)):
            rules_file.save(rules)

    follow()
    places.on_change.add(follow)
