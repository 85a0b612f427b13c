"""The rules on disk: one readable JSON file in the profile, never half written."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from tftmonitor.base.listeners import Listeners
from tftmonitor.model.rules.defaults import DEFAULT_RULES
from tftmonitor.model.rules.rule import Rule, from_disk, to_disk
from tftmonitor.settings.profile_file import ProfileFile
from tftmonitor.settings.salvaged_list import SalvagedList

_NAME: Final = "rules.json"
_LIST: Final = SalvagedList(from_disk, lambda rule: rule.id, "two rules are called {}")


class RulesFile:
    """The rules and their file; ``problem`` says in words what could not be read or written.

    Without a file there are the default rules. ``on_change`` is called when others were saved.
    """

    def __init__(self, profile: Path) -> None:
        self.path = profile / _NAME
        self.file = ProfileFile(self.path, "rules")
        self.on_change: Listeners[[]] = Listeners()
        rules = _LIST.load(self.file)
        self.rules: list[Rule] = list(DEFAULT_RULES) if rules is None else rules

    @property
    def problem(self) -> str:
        """What could not be read or written, "" for nothing."""
        return self.file.problem

    def save(self, rules: Iterable[Rule]) -> bool:
        """Write all rules at once; False, with ``problem`` set, when the disk refuses.

        ``rules`` are taken over in either case.
        """
        self.rules = list(rules)
        content = msgspec.json.format(msgspec.json.encode([to_disk(rule) for rule in self.rules]))
        saved = self.file.save(content)
        self.on_change()
        return saved
