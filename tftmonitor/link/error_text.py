"""Why a connection failed or ended, as a text for the user."""

import socket
import ssl

from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    InvalidURI,
)
from websockets.frames import CloseCode

_KEEPALIVE_REASON = "keepalive ping timeout"
_NO_ROUTE = frozenset({101, 113, 10051, 10065})  # ENETUNREACH, EHOSTUNREACH; Windows' numbers
# The close codes of RFC 6455 that a server may send, for when it gives no reason.
_CLOSE_TEXTS = {
    1000: "without a reason",
    1001: "it goes away",
    1008: "policy violation",
    1011: "an error of its own",
    1012: "it restarts",
    1013: "too busy",
}
_REFUSED = frozenset({111, 61, 10061})  # ECONNREFUSED on Linux, macOS, Windows


def describe(error: BaseException) -> str:
    """One short sentence part on why there is no connection."""
    if isinstance(error, ExceptionGroup):
        return describe(error.exceptions[0])
    if isinstance(error, ConnectionClosed):
        return _describe_close(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not trusted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "secure connection failed"
    if isinstance(error, socket.gaierror):
        return "server name not found, or no network"
    if isinstance(error, TimeoutError):
        return "server does not answer"
    if isinstance(error, InvalidStatus):
        return f"server answers with HTTP {error.response.status_code}"
    if isinstance(error, InvalidURI):
        return "address is not a websocket address"
    if isinstance(error, InvalidHandshake):
        return "server does not speak websocket"
    if isinstance(error, OSError):
        return _describe_os_error(error)
    return f"{type(error).__name__}: {error}"


def is_too_large(error: BaseException) -> bool:
    """True when we ended the connection because of a frame beyond what is taken."""
    if isinstance(error, ExceptionGroup):
        return is_too_large(error.exceptions[0])
    sent = error.sent if isinstance(error, ConnectionClosed) else None
    return sent is not None and sent.code == CloseCode.MESSAGE_TOO_BIG


def _describe_close(error: ConnectionClosed) -> str:
    if is_too_large(error):
        return "a frame was too large"
    if error.sent is not None and error.sent.reason == _KEEPALIVE_REASON:
        return "silent: no answer to keep-alive"
    if error.rcvd is not None:
        code, reason = error.rcvd.code, error.rcvd.reason[:120]
        return f"closed by the server ({reason or _CLOSE_TEXTS.get(code, f'code {code}')})"
    return "connection broke"


def _describe_os_error(error: OSError) -> str:
    # Several addresses tried in vain come as one error with the numbers in its text.
    text = str(error)
    if error.errno in _NO_ROUTE or "unreachable" in text:
        return "no network"
    if error.errno in _REFUSED or "Connect call failed" in text or "refused" in text:
        return "connection refused"
    return f"connection failed ({error.strerror or text})"
