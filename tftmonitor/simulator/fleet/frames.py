"""Builds the frames of both channels around their contents, in the documented shapes."""

from typing import Any

import msgspec

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.fleet.alarms import AlarmKind
from tftmonitor.simulator.fleet.units import Unit
from tftmonitor.simulator.outgoing import Push

# The senders of a message that the protocol names; others are user ids.
SYSTEM_ID, ALARM_ID = 0, 1


def snapshot(unit: Unit, status: dict[str, Any]) -> Push:
    """The push event ``snapshot`` with this status."""
    return device_event("snapshot", unit, {"status": status})


def device_event(event: str, unit: Unit, data: dict[str, Any]) -> Push:
    """A frame of the devices channel."""
    identity = {
        "device_key": unit.identity.device_key,
        "id": unit.identity.id,
        "imei": unit.identity.imei,
        "model": unit.profile.kind.model,
    }
    return Channel.DEVICES, {"event": event, "data": identity | data, "error": 0}


def alarm_message(
    unit: Unit, alarm: AlarmKind, status: dict[str, Any], sent_ms: int, *, as_text: bool = False
) -> Push:
    """The alarm's message; ``as_text`` puts its details in as a JSON text within the JSON.

    Its details have the device's own time, the message that of the server.
    """
    details = {
        "imei": unit.identity.imei,
        "device_key": unit.identity.device_key,
        "cur_event": alarm.code,
        "date": status["date"],
        "lat": status["lat"],
        "lng": status["lng"],
        "speed": status["speed"],
        "mileage": status["mileage"],
    }
    return Channel.MESSAGES, {
        "type": "messagePass",
        "from_id": ALARM_ID,
        "from_name": "Alarm",
        "message": alarm.text,
        "alarm_msg": msgspec.json.encode(details).decode() if as_text else details,
        "date": sent_ms,
    }


def text_message(from_id: int, from_name: str, text: str, date_ms: int) -> Push:
    """A message of the system or of a user."""
    return Channel.MESSAGES, {
        "type": "messagePass",
        "from_id": from_id,
        "from_name": from_name,
        "message": text,
        "alarm_msg": {},
        "date": date_ms,
    }


def file_notice(kind: str, contents: dict[str, Any]) -> Push:
    """``getFileShake`` or ``downloadAllow``; the contents of both are not documented."""
    return Channel.MESSAGES, {"type": kind} | contents
