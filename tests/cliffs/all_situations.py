"""All situations that may become cliffs."""

from tests.cliffs import alarms, detail_tabs, fleet, names, palette, plots, rules, theme

SITUATIONS = (
    *detail_tabs.SITUATIONS,
    *rules.SITUATIONS,
    *palette.SITUATIONS,
    *alarms.SITUATIONS,
    *fleet.SITUATIONS,
    *names.SITUATIONS,
    *plots.SITUATIONS,
    *theme.SITUATIONS,
)
