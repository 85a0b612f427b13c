"""The table of what can be set: one row a setting; ``editors.py`` derives the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A line of ``settings/schema.py`` on the screen.

    The type there decides the editor. ``words`` gives the words of a choice, where its values
    are not words themselves; ``suffix`` stands after a number. What can hold a password
    is secret: it is legible only while it is written. A text that ``has_list`` can also be chosen
    from what the computer has.
    """

    name: str
    label: str
    help: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""
    is_secret: bool = False
    has_list: bool = False


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Rows under one title."""

    title: str
    rows: tuple[SettingRow, ...]


LOOK = SettingGroup(
    "Look",
    (
        SettingRow(
            "theme",
            "Colours",
            words={"system": "As the system", "light": "Light", "dark": "Dark"},
        ),
        SettingRow(
            "zone",
            "Times",
            "A device's own zone is that of the town nearest to it, computed here. Its values, "
            "plots, alarms and messages are shown in that zone, all else in local time.",
            words={
                "local": "Local time",
                "utc": "UTC",
                "device": "Each device's own",
            },
        ),
    ),
)
ALARMS = SettingGroup(
    "Alarms",
    (
        SettingRow("sound", "Alarm sound"),
        SettingRow("volume", "Volume", suffix=" %"),
        SettingRow(
            "sound_device",
            "Sound device",
            "Empty: the system's own. Only on Linux another one can be chosen here.",
            has_list=True,
        ),
        SettingRow("notifications", "Desktop notifications"),
        SettingRow(
            "keep_awake",
            "Keep the computer awake",
            "While you are signed in: a computer that sleeps hears no alarm.",
        ),
        SettingRow(
            "drill_hours",
            "Drill due again after",
            "A drill proves that an alarm reaches you.",
            suffix=" h",
        ),
        SettingRow(
            "close_to_tray",
            "Close into the tray",
            "Closing the window goes on watching. Without a tray it ends the program.",
        ),
    ),
)
UNITS = SettingGroup(
    "Units",
    (
        SettingRow("speed_unit", "Speed"),
        SettingRow("distance_unit", "Distance", "Altitudes follow: in feet beside miles."),
        SettingRow("temperature_unit", "Temperature"),
        SettingRow("pressure_unit", "Pressure"),
        SettingRow("volume_unit", "Fuel"),
    ),
)
MAP = SettingGroup(
    "Map",
    (
        SettingRow(
            "map_link",
            "Place in the browser",
            "The address that “Open in the browser” opens: {lat} and {lon} stand for the place. "
            "It is opened when you choose it and never by itself; its server then knows the place.",
        ),
        SettingRow(
            "streets",
            "Streets",
            "Tiles of a source of your own, over the ground that the program brings along. That "
            "ground needs no network, and asks nobody.",
            words={"none": "None", "file": "From a file", "address": "From a server"},
        ),
        SettingRow(
            "streets_file",
            "File",
            "MBTiles or PMTiles with pictures (PNG, JPEG, WebP). It is only read, and nothing "
            "goes over the network.",
        ),
        SettingRow(
            "streets_address",
            "Address of the tiles",
            "As https://tiles.example.org/{z}/{x}/{y}.png; {-y} counts rows from the south. The "
            "server sees which areas you look at, and your address in the network. Only what is "
            "in sight is asked for. Names and reports of devices are never sent.",
            is_secret=True,
        ),
        SettingRow(
            "streets_credit",
            "Credit",
            "Stands on the map, as most sources want it. Empty: what the file says, else the "
            "name of the file or of the server.",
        ),
        SettingRow(
            "streets_largest_zoom",
            "Largest zoom",
            "Of the tiles of the server. Beyond it they are enlarged.",
        ),
        SettingRow(
            "streets_contact",
            "Contact",
            "An e-mail or web address. The server gets it beside the name and version of the "
            "program: some want to know whom to write to. Empty: it gets none.",
        ),
        SettingRow(
            "streets_cache_mb",
            "Keep tiles up to",
            "Tiles of a server are kept in the profile, on this computer, so that it is asked less "
            "often. They tell which areas were looked at.",
            suffix=" MB",
        ),
        SettingRow(
            "streets_dim",
            "Darken the tiles in the dark colours",
        ),
    ),
)
CONNECTION = SettingGroup(
    "Connection",
    (
        SettingRow(
            "proxy",
            "Proxy",
            "http://host:port or socks5h://host:port, with user:password@ before the host if it "
            "wants them. Empty: the environment's (HTTPS_PROXY, ALL_PROXY). none: no proxy.",
            is_secret=True,
        ),
        SettingRow(
            "ca_file",
            "Certificates",
            "A file with those of your own authority (PEM), trusted beside the system's. Servers "
            "are always verified.",
        ),
        SettingRow(
            "allow_readable",
            "Sign in without encryption",
            "Allows ws:// addresses of other computers. Everybody on the way can read what signs "
            "in.",
        ),
    ),
)
HISTORY = SettingGroup(
    "History",
    (
        SettingRow(
            "record",
            "Record all that comes in",
            "Kept in the profile on this computer, whole and as it came. What the demo makes up is "
            "not kept beside it.",
        ),
        SettingRow("record_days", "Keep for", suffix=" days"),
        SettingRow(
            "record_gb",
            "Up to",
            "Whichever comes first; the oldest is deleted. Alarms and messages are kept for two "
            "years, however much is recorded.",
            suffix=" GB",
        ),
    ),
)
GROUPS = (LOOK, ALARMS, UNITS, HISTORY, MAP, CONNECTION)
