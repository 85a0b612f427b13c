"""The settings: one line each, with its default and what it does."""

from typing import Annotated, Literal

import msgspec

Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]


class Settings(msgspec.Struct, kw_only=True, frozen=True):
    """What the user chose. Unknown keys of a newer version are ignored, missing ones default."""

    # account
    user: str = ""
    device_url: str = ""  # empty: the vendor's
    message_url: str = ""
    keep_signed_in: bool = False
    fetch_names: bool = False  # names and last reports over HTTP, once at sign-in
    http_url: str = ""  # where they are asked for; empty: the host of the devices channel
    allow_readable: bool = False  # sign in without encryption (ws://) at other computers
    ca_file: str = ""  # certificates (PEM) that are trusted beside the system's
    proxy: str = ""  # empty: the environment's; "none": a direct connection
    # look
    theme: Literal["system", "light", "dark"] = "system"
    zone: Literal["local", "utc", "device"] = "local"
    # units in which people read; the choices are those of model/fields/units.py
    speed_unit: Literal["km/h", "mph", "kn"] = "km/h"
    distance_unit: Literal["km", "mi", "nmi"] = "km"
    temperature_unit: Literal["°C", "°F"] = "°C"
    pressure_unit: Literal["kPa", "bar", "psi"] = "bar"
    volume_unit: Literal["L", "gal (US)", "gal (imp.)"] = "L"
    window_geometry: str = ""  # base64 of Qt's own format
    workspace: str = "watch"
    layouts: dict[str, str] = {}  # workspace -> where its docks are
    # device list
    columns: tuple[str, ...] = ()  # field names; empty: the table's own defaults
    sort_column: str = ""  # a column's name; empty: the list's own order
    sort_descending: bool = False
    starred: tuple[str, ...] = ()  # device keys
    names: dict[str, str] = {}  # any id of a device -> local name
    # tables with columns: table -> column -> pixels, and table -> columns as they stand
    column_widths: dict[str, dict[str, int]] = {}
    column_order: dict[str, tuple[str, ...]] = {}
    # plots
    plots: tuple[str, ...] = ()  # fields with a plot of their own, below the built-in ones
    # map
    map_view: tuple[float, ...] = ()  # latitude, longitude, zoom; empty: all devices
    map_link: str = "https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=16/{lat}/{lon}"
    map_places: bool = True  # the user's own places are drawn
    trail_minutes: Literal[-1, 0, 15, 60, 360, 1_440] = 15
    trail_colours: Literal["speed", "ignition"] = "speed"
    # streets: tiles over the map's own ground, of a source of the user's
    streets: Literal["none", "file", "address"] = "none"
    streets_file: str = ""  # MBTiles or PMTiles with pictures
    streets_address: str = ""  # of a server, with {z}, {x} and {y}; can have a key in it
    streets_credit: str = ""  # empty: what the file says
    streets_largest_zoom: Annotated[int, msgspec.Meta(ge=0, le=22)] = 19
    streets_contact: str = ""  # sent to the server beside the program's name
    streets_cache_mb: Annotated[int, msgspec.Meta(ge=10)] = 200
    streets_dim: bool = True  # darker tiles in the dark colours
    # detail
    wheels: dict[str, dict[str, str]] = {}  # any id of a device -> tyre sensor id -> wheel
    axles: dict[str, str] = {}  # any id of a device -> wheels of each axle, as "2-4"
    confirmed_fields: dict[str, tuple[str, ...]] = {}  # model -> fields whose meaning was checked
    # palette: what it says -> how often it was chosen
    palette_uses: dict[str, int] = {}
    # what was typed and not saved yet, by the name of its owner
    drafts: dict[str, str] = {}
    # being heard
    sound: bool = True
    volume: Annotated[int, msgspec.Meta(ge=0, le=100)] = 80
    sound_device: str = ""  # as the sound system names it; empty: its default
    drill_hours: Annotated[float, msgspec.Meta(gt=0)] = 24.0
    keep_awake: bool = False
    notifications: bool = True
    close_to_tray: bool = True  # where there is a tray; else closing ends the program
    tray_hint_shown: bool = False
    no_tray_hint_shown: bool = False
    # history: what comes in is recorded, and kept for so long and up to this size
    record: bool = True
    record_days: Annotated[int, msgspec.Meta(ge=1)] = 90
    record_gb: Annotated[float, msgspec.Meta(ge=0.01, le=10_000)] = 5.0
    # alarm numbers: model -> "A", "B-vehicle", "B-asset" or "C"
    numberings: dict[str, str] = {}
