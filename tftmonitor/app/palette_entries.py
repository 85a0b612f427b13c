"""What can be gone to from the palette beside actions and devices: panes, tabs, rules,
settings, and the fields of the selected device.
"""

from collections.abc import Iterator
from functools import partial

from tftmonitor.app.core import Core
from tftmonitor.app.navigation import show_place, show_rule, show_setting
from tftmonitor.app.parts import Parts
from tftmonitor.ui.settings.table import GROUPS
from tftmonitor.ui.window.palette_order import Entry


def palette_entries(core: Core, parts: Parts) -> Iterator[Entry]:
    """One entry each, as they are now."""
    for name, dock in parts.shell.window.docks.items():
        title = dock.windowTitle().partition(" (")[0]
        yield Entry(f"Pane: {title}", "", partial(parts.shell.show_pane, name))
    for name in parts.detail.tab_names():
        yield Entry(f"Tab: {name}", "", partial(_show_tab, parts, name))
    for rule in core.rules_file.rules:
        yield Entry(
            f"Rule: {rule.title}: {rule.sentence}", "", partial(show_rule, parts.shell, rule.id)
        )
    for place in core.places_file.places.items:
        yield Entry(f"Place: {place.name}", "", partial(show_place, parts.shell, place.key))
    for group in GROUPS:
        for row in group.rows:
            text = f"Setting: {row.label} ({group.title})"
            yield Entry(text, "", partial(show_setting, parts.shell, row.label))
    for field in parts.detail.context.table:
        label = field.spec.label
        yield Entry(f"Field: {label}", "", partial(_show_field, parts, label))


def _show_tab(parts: Parts, name: str) -> None:
    parts.shell.window.leave_page()
    parts.detail.show_tab(name)


def _show_field(parts: Parts, label: str) -> None:
    parts.shell.window.leave_page()
    parts.detail.show_field(label)
