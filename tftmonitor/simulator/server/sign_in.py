"""Checks the sign-in frame of a client exactly as documented, and builds the refusal."""

import hmac
import re
from dataclasses import dataclass

import msgspec

from tftmonitor.protocol.channels import Channel, Credential

# The documented keys of each channel's frame: (user, what names the frame, its only value).
_SHAPES = {
    Channel.DEVICES: ("token", "event", "signin"),
    Channel.MESSAGES: ("user_id", "type", "registUserMessage"),
}
_PASSWORD_KEY = "md5-password"  # noqa: S105 - the name of a key, not a secret
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class SignInResult:
    """The user who signed in, or the reason of the refusal."""

    user: str = ""
    refusal: str = ""


def check_sign_in(
    channel: Channel, text: str | bytes, users: dict[str, str] | None
) -> SignInResult:
    """Check one frame; ``users`` maps user to clear password, None accepts any."""
    try:
        frame = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return SignInResult(refusal="sign-in frame is not JSON")
    if isinstance(text, bytes):
        return SignInResult(refusal="sign-in frame must be text")
    user_key, name_key, name = _SHAPES[channel]
    expected = {user_key, name_key, _PASSWORD_KEY}
    if not isinstance(frame, dict) or set(frame) != expected:
        return SignInResult(
            refusal=f"sign-in frame must have the keys {', '.join(sorted(expected))}"
        )
    if frame[name_key] != name:
        return SignInResult(refusal=f"{name_key} must be {name}")
    user, digest = frame[user_key], frame[_PASSWORD_KEY]
    if not isinstance(user, str) or not user:
        return SignInResult(refusal=f"{user_key} must be a text")
    if not isinstance(digest, str) or not _MD5.fullmatch(digest):
        return SignInResult(refusal=f"{_PASSWORD_KEY} must be 32 lower-case hex digits")
    if users is not None and not _password_matches(users, user, digest):
        return SignInResult(refusal="user or password is wrong")
    return SignInResult(user=user)


def refusal_frame(channel: Channel, reason: str) -> bytes:
    """The JSON answer to a refused sign-in; its form is a guess, nothing is documented."""
    key = "error" if channel is Channel.DEVICES else "code"
    return msgspec.json.encode({key: 1, "msg": reason})


def _password_matches(users: dict[str, str], user: str, digest: str) -> bool:
    password = users.get(user)
    if password is None:
        return False
    return hmac.compare_digest(Credential.from_password(user, password).password_md5, digest)
