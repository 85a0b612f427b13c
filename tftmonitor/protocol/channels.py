"""The two push channels: their addresses, sign-in frames and keep-alive, exactly as documented.

The asymmetry is the vendor's: the devices channel speaks of ``event`` and ``token``, the
messages channel of ``type`` and ``user_id``.
"""

import enum
import hashlib
from dataclasses import dataclass

import msgspec
from typing_extensions import override

# Recommended by the vendor on both channels; whatever answers it is ignored.
PING_TEXT = "ping"
PING_INTERVAL_S = 60.0


class Channel(enum.Enum):
    """One of the two push feeds."""

    DEVICES = "devices"
    MESSAGES = "messages"


DEFAULT_URLS = {
    Channel.DEVICES: "wss://openapi.tftiot.com:8443/websocket",
    Channel.MESSAGES: "wss://openapi.tftiot.com",
}


@dataclass(frozen=True, slots=True)
class Credential:
    """A user and the lower-case hex MD5 of the password, which is as good as the password."""

    user: str
    password_md5: str

    @classmethod
    def from_password(cls, user: str, password: str) -> "Credential":
        """Hash the UTF-8 password as the server expects it."""
        digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
        return cls(user, digest)

    @override
    def __repr__(self) -> str:
        """Without the hash, so that no log carries it."""
        return f"Credential(user={self.user!r})"


def sign_in_frame(channel: Channel, credential: Credential) -> str:
    """The one text frame that starts a session on this channel."""
    if channel is Channel.DEVICES:
        frame = {
            "token": credential.user,
            "md5-password": credential.password_md5,
            "event": "signin",
        }
    else:
        frame = {
            "user_id": credential.user,
            "md5-password": credential.password_md5,
            "type": "registUserMessage",
        }
    return msgspec.json.encode(frame).decode()
