"""The words and signs of the window, with what they mean: one row a word."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in the window, and what it means in a sentence or two.

    ``page`` is the page of the manual that says more.
    """

    word: str
    meaning: str
    page: str = ""


WORDS = (
    Word("LIVE", "The channel is connected and data or an answer came a moment ago."),
    Word(
        "blind",
        "A stretch of time in which we could not know: our link, this computer or the program was "
        "down. Plots are hatched there, and nothing is drawn across it.",
        page="troubleshooting.md",
    ),
    Word(
        "due in",
        "When the next report of a device is expected, by how often it usually reports in its "
        "present state.",
        page="list.md",
    ),
    Word(
        "place",
        "A circle or a polygon of your own, on the page Places. Within is up to its edge; outside "
        "begins a margin beyond it, 50 m where nothing else is said.",
        page="rules-and-places.md",
    ),
    Word(
        "sleeps",
        "A rule raises nothing for a device that is in one of the places in which it sleeps, by "
        "the last fix.",
        page="rules-and-places.md",
    ),
    Word(
        "overdue", "The device has not reported for three times its usual interval.", page="list.md"
    ),
    Word(
        "silent", "Overdue for so long that nothing it last said should be trusted.", page="list.md"
    ),
    Word(
        "no fix",
        "The receiver knows no position now. Position and speed are those of the past.",
        page="map.md",
    ),
    Word("Moving, Idling, Parked", "By speed and ignition; Idling is ignition on while standing."),
    Word(
        "day sheet",
        "What a device did from midnight to midnight, out of what is recorded: trips and stops, "
        "sums, events of the supply, and what of the day is unknown. In its bar the height tells "
        "the kind.",
    ),
    Word(
        "crank dip",
        "The supply falls for a moment while the engine is started. Seen where reports are at most "
        "15 s apart.",
    ),
    Word(
        "LATE",
        "The alarm happened a quarter of an hour or more before it reached us.",
        page="alarms.md",
    ),
    Word(
        "time doubtful",
        "Nothing tells whether the date is right that the alarm came with; it counts as of now.",
        page="alarms.md",
    ),
    Word(
        "clock not set",
        "The device does not know the date, so its own times mean nothing.",
        page="list.md",
    ),
    Word(
        "guessed",
        "Nothing public says what this key means. The name and the unit were concluded from values "
        "of real devices; compare them with your unit before you rely on them.",
        page="list.md",
    ),
    Word(
        "computed here",
        "No device and no server said so: the program found the nearest town in a table that it "
        "brings along (GeoNames). A bigger town goes before a smaller one that is nearly as near.",
    ),
    Word(
        "no town within",
        "The place is farther than that from every town of 1,000 people or more: at sea, perhaps.",
    ),
    Word(
        "times of",
        "The time zone of the device, which is that of the town nearest to it. Where none is near, "
        "times are those of this computer.",
    ),
    Word("active", "The condition of the alarm goes on, as far as we know."),
    Word(
        "ended, not acknowledged",
        "The condition is over, but nobody has said that it was seen. Such alarms have a hollow "
        "sign.",
        page="alarms.md",
    ),
    Word("unknown whether over", "The times do not tell whether the end came before or after."),
    Word("acknowledged", "Somebody has seen it. The alarm stays until its condition is over."),
    Word("silence", "Ends the sound. It does not acknowledge the alarm."),
    Word(
        "shelved",
        "Put aside until a time, with a reason. It is not shown as open until then.",
        page="alarms.md",
    ),
    Word("out of service", "Alarms of the device are put aside until a time.", page="alarms.md"),
    Word(
        "flood",
        "Many alarms at once, shown as one line. Critical ones always stand alone.",
        page="alarms.md",
    ),
    Word(
        "drill",
        "A marked test alarm that goes the whole way: disk, list, sound, tray. When you "
        "acknowledge it, the path is proven.",
        page="alarms.md",
    ),
    Word(
        "critical 1, high 2, warning 3, info i", "How soon somebody has to look. Info asks nobody."
    ),
    Word(
        "alarms/h",
        "Alarms of the last hour. One person bears about six (ISA-18.2).",
        page="alarms.md",
    ),
    Word("chattering", "An alarm of one device that came five times or more within an hour."),
    Word(
        "not understood",
        "Frames of the server that this version cannot read. They are listed.",
        page="troubleshooting.md",
    ),
    Word("unknown", "Nothing was reported, or the device said that it does not know."),
    Word("invalid", "What was reported cannot be: it is shown, but no rule acts on it."),
    Word("dimmed", "Too old to be trusted; the age stands beside it.", page="list.md"),
    Word(
        "Order paused",
        "Rows stay where they are while the pointer or the keyboard is in them.",
        page="list.md",
    ),
    Word(
        "NOT SAVED",
        "The disk refuses something. It holds until the program ends.",
        page="troubleshooting.md",
    ),
    Word(
        "NOT ENCRYPTED",
        "The address begins with ws://: everybody on the way can read.",
        page="privacy.md",
    ),
)
