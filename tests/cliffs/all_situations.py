"""All situations that may become cliffs."""

from tests.cliffs import alarms, detail_tabs, fleet, palette, plots, rules

SITUATIONS = (
    *detail_tabs.SITUATIONS,
    *rules.SITUATIONS,
    *palette.SITUATIONS,
    *alarms.SITUATIONS,
    *fleet.SITUATIONS,
    *plots.SITUATIONS,
)
