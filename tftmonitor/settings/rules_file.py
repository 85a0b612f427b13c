"""The rules on disk: one readable JSON file in the profile, never half written."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from tftmonitor.base.files import set_aside
from tftmonitor.base.listeners import Listeners
from tftmonitor.model.rules.defaults import DEFAULT_RULES
from tftmonitor.model.rules.rule import Rule, from_disk, to_disk
from tftmonitor.settings.json_text import why_unreadable, without_mark
from tftmonitor.settings.profile_file import ProfileFile

_NAME = "rules.json"


class RulesFile:
    """The rules and their file; ``problem`` says in words what could not be read or written.

    Without a file there are the default rules. ``on_change`` is called when others were saved.
    """

    def __init__(self, profile: Path) -> None:
        self.path = profile / _NAME
        self.file = ProfileFile(self.path, "rules")
        self.on_change: Listeners[[]] = Listeners()
        self.rules: list[Rule] = self._load()

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

    def _load(self) -> list[Rule]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return list(DEFAULT_RULES)
        except OSError as error:
            self.file.problem = f"rules could not be read: {error.strerror}"
            return list(DEFAULT_RULES)
        try:
            raws = msgspec.json.decode(without_mark(content), type=list[Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            why = why_unreadable(content, error)
            self.file.problem = set_aside(self.path, f"rules were not readable ({why})")
            return list(DEFAULT_RULES)
        return self._rules_of(raws)

    def _rules_of(self, raws: list[Any]) -> list[Rule]:
        found: dict[str, Rule] = {}
        why = ""
        for raw in raws:
            try:
                rule = from_disk(raw)
            except msgspec.ValidationError as error:
                why = str(error)
                continue
            if rule.id in found:
                why = f"two rules are called {rule.id}"
            else:
                found[rule.id] = rule
        if why:
            count = len(raws) - len(found)
            words = f"{count} of {len(raws)} rules were not readable ({why})"
            self.file.problem = set_aside(self.path, words)
        return list(found.values())
