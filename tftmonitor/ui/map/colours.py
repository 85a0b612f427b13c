"""The colours of what stands on the map, for the light and the dark ground.

Signs have 3:1 at least against land and sea, names 4.5:1 against their own ground; the tests of the
painted map hold them to it.
"""

from dataclasses import dataclass
from typing import Final

from tftmonitor.ui.map.ground.colours import DARK_GROUND, LIGHT_GROUND, GroundColours
from tftmonitor.ui.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class MapColours:
    """Named colours as ``#rrggbb``; ``speeds`` from standing to fast, for trails."""

    moving: str
    idling: str
    parked: str
    unknown: str
    stale: str
    sign_edge: str
    sign_hole: str
    cluster: str
    cluster_ink: str
    selection: str
    name: str
    name_ground: str
    name_edge: str
    town: str
    town_halo: str
    ground: GroundColours
    trail_edge: str
    trail_off: str
    speeds: tuple[str, ...]


LIGHT: Final = MapColours(
    moving="#157a43",
    idling="#a05a00",
    parked="#1f63ad",
    unknown="#6b4a8c",
    stale="#5b6470",
    sign_edge="#ffffff",
    sign_hole="#ffffff",
    cluster="#ffffff",
    cluster_ink="#1f2328",
    selection="#1f5fa0",
    name="#1f2328",
    name_ground="#ffffff",
    name_edge="#b4bbc5",
    town="#33393f",
    town_halo="#f7f6f2",
    ground=LIGHT_GROUND,
    trail_edge="#ffffff",
    trail_off="#5b6470",
    speeds=("#3b4cc0", "#1f78b4", "#148a6b", "#4f8f00", "#a57c00", "#c8501c", "#a80f3c"),
)
DARK: Final = MapColours(
    moving="#46c986",
    idling="#f0ad3c",
    parked="#76abea",
    unknown="#c3a3e2",
    stale="#b4bcc6",
    sign_edge="#14171b",
    sign_hole="#1b1e23",
    cluster="#262a31",
    cluster_ink="#f0f2f4",
    selection="#8bbcf0",
    name="#e6e8eb",
    name_ground="#2a2e35",
    name_edge="#4a515b",
    town="#c2c8d0",
    town_halo="#14171b",
    ground=DARK_GROUND,
    trail_edge="#0f1114",
    trail_off="#a3abb5",
    speeds=("#7f8cf0", "#5aaee8", "#3fc9a5", "#9bd03c", "#f0c93c", "#f59a55", "#ff6f91"),
)


def map_colours(theme: Theme) -> MapColours:
    """Those that belong to a theme of the window."""
    return DARK if theme.dark else LIGHT
