"""What can be gone to from the palette beside actions and devices: panes, tabs, rules,
settings, and the fields of the selected device.
"""

from collections.abc import Iterator
from functools import partial

from tftmonitor.app.core import Core
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
        yield Entry(f"Rule: {rule.title}: {rule.sentence}", "", partial(_show_rule, parts, rule.id))
    for place in core.places_file.places.items:
        yield Entry(f"Place: {place.name}", "", partial(_show_place, parts, place.key))
    for group in GROUPS:
        for row in group.rows:
            text = f"Setting: {row.label} ({group.title})"
            yield Entry(text, "", partial(_show_setting, parts, row.label))
    for field in parts.detail.context.table:
        label = field.spec.label
        yield Entry(f"Field: {label}", "", partial(_show_field, parts, label))


def _show_tab(parts: Parts, name: str) -> None:
    parts.shell.window.leave_page()
    parts.detail.show_tab(name)


def _show_field(parts: Parts, label: str) -> None:
    parts.shell.window.leave_page()
    parts.detail.show_field(label)


def _show_rule(parts: Parts, number: str) -> None:
    # Imported when somebody asks for it, as the page itself.
    from tftmonitor.ui.rules.pane import RulesPane

    parts.shell.show_pane("rules")
    page = parts.shell.page("rules")
    assert isinstance(page, RulesPane)
    page.show_rule(number)


def _show_place(parts: Parts, key: str) -> None:
    from tftmonitor.ui.places.pane import PlacesPane

    parts.shell.show_pane("places")
    page = parts.shell.page("places")
    assert isinstance(page, PlacesPane)
    page.show_place(key)


def _show_setting(parts: Parts, label: str) -> None:
    from tftmonitor.ui.settings.pane import SettingsPane

    parts.shell.show_pane("settings")
    page = parts.shell.page("settings")
    assert isinstance(page, SettingsPane)
    page.navigation.search.setText(label)
