"""A rule that is being written, kept for the next run of the program."""

import msgspec

from tftmonitor.model.rules.kinds import kind_of
from tftmonitor.model.rules.rule import Rule, from_disk, to_disk
from tftmonitor.ui.widgets.draft import Draft

_NAME = "rule"


class RuleDraft:
    """Puts the rule among the drafts as it would stand in the file of the rules."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def keep(self, rule: Rule) -> None:
        """Keep the rule as it stands now."""
        self._draft.keep(_NAME, msgspec.json.encode(to_disk(rule)).decode())

    def restored(self) -> Rule | None:
        """What the last run left, None when there is none that can be gone on with."""
        text = self._draft.text(_NAME)
        try:
            rule = from_disk(msgspec.json.decode(text)) if text else None
        except msgspec.MsgspecError:
            return None
        if rule is None or kind_of(rule.condition) is None:
            return None
        return rule

    def forget(self) -> None:
        """It was saved or given up."""
        self._draft.forget(_NAME)
