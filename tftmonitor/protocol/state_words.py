"""Words under which a push says how something is, and the words that say that all is well.

In a column that is there for states, a word that is none of these may be an alarm of a kind that
nobody here knows. In pushes that nobody knows, most states are of no concern: there only a word
that speaks of trouble is taken for one.
"""

import re
from typing import Any, Final

from tftmonitor.protocol import lenient

STATE_KEYS: Final = frozenset(
    {
        "condition",
        "event",
        "eventname",
        "events",
        "eventtype",
        "result",
        "state",
        "states",
        "status",
        "statuses",
        "statustext",
    }
)
"""Folded keys of fields that say in words how something is."""

# fmt: off
_WELL: Final = frozenset({
    "ok", "okay", "good", "fine", "normal", "healthy", "none", "null", "nil", "n/a", "na", "false",
    "no", "off", "clear", "cleared", "safe", "passed", "pass", "inactive", "unknown",
    "正常", "无", "норма", "нет", "geen", "ninguno", "keine",
})
_QUIET: Final = _WELL | frozenset({
    "true", "yes", "right",
    # What runs, and what does not.
    "on", "off", "online", "offline", "active", "inactive", "enabled", "disabled", "enable",
    "disable", "connected", "disconnected", "up", "down", "running", "stopped", "started",
    "standby", "idle", "idling", "sleep", "sleeping", "awake", "wake-up", "wakeup", "power on",
    "start-up", "startup", "ready", "busy", "waiting", "pending", "unknown", "valid", "invalid",
    # Doors, locks, batteries, trips.
    "open", "opened", "closed", "close", "locked", "unlocked", "charging", "charged",
    "discharging", "full", "moving", "driving", "stationary", "parked", "parking", "stop",
    "inflating", "filling", "driver", "login", "logout", "signed in", "signed out", "in", "out",
    # What became of a request.
    "success", "successful", "succeeded", "done", "complete", "completed", "finished", "accepted",
    "received", "sent", "delivered", "new", "update", "updated", "changed", "snapshot", "heartbeat",
    "report", "periodic", "data", "position", "location", "register", "registered", "measurement",
})
# fmt: on
_NOTHING: Final = re.compile(
    r"(no|not|without)( an?y?)? (active )?"
    r"(alarm|alert|leak|leakage|error|fault|event|warning|problem|issue|change|theft)s?"
    r"( detected| found| present)?"
)
# Where "state" is a part of a country.
_OF_PLACES: Final = frozenset({"city", "country", "street", "zip", "postcode", "county", "town"})
# Words that speak of trouble, or of an alarm of it, in the languages that the feed was seen in.
_TROUBLE: Final = re.compile(
    r"alarm|alert|sos|panic|emergenc|help|leak|theft|steal|stolen|burst|punctur|tamper|crash|"
    r"collision|impact|fire|smoke|gas|flood|forc|broke|break|cut\b|intrus|illegal|unauthori|fail|"
    r"fault|error|danger|critical|warn|low\b|high\b|hot\b|over\w*|under\w*|exceed|abnormal|lost|"
    r"missing|remov|shock|vibrat|tow|tilt|roll|jam|fatigue|drows|"
    r"警|漏|故障|异常|盗|拆|破|超|低|高|тревог|авари|утечк|неисправ",
    re.IGNORECASE,
)


def says_all_is_well(word: str) -> bool:
    """True for a word that denies an alarm, and for zero."""
    plain = _plain(word)
    return plain in {"", "0"} or plain in _WELL or _NOTHING.fullmatch(plain) is not None


def is_quiet_state(word: str) -> bool:
    """True for a word that says that nothing is wrong or what merely is, and for any number."""
    plain = _plain(word)
    has_letters = any(letter.isalpha() for letter in plain)
    return not has_letters or plain in _QUIET or says_all_is_well(plain)


def telling_states(folded: dict[str, Any], kind: str) -> dict[str, str]:
    """The states of one object, by folded keys, that may be alarms; ``kind`` is the push's name."""
    found: dict[str, str] = {}
    for key in sorted(STATE_KEYS.intersection(folded)):
        if key in {"state", "states"} and not _OF_PLACES.isdisjoint(folded):
            continue
        values = folded[key] if isinstance(folded[key], list) else [folded[key]]
        for value in values:
            word = value.strip() if isinstance(value, str) else ""
            if (
                word == kind
                or is_quiet_state(word)
                or isinstance(lenient.inner_json(word), dict | list)
            ):
                continue
            if _TROUBLE.search(word):
                found.setdefault(key, word)
    return found


def _plain(word: str) -> str:
    return " ".join(word.replace("_", " ").split()).casefold().strip(" .!-")
