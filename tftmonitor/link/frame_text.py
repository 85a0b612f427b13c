"""Frames that a server may not send: which it was, by what the library says when it gives up."""

from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from tftmonitor.protocol.frame_cutter import LARGEST_FRAME

# Reasons of the library's own close frames, with code 1002.
_FAULTS = {
    "incorrect masking": "masked frame, which only a client may send",
    "reserved bits must be 0": "compressed frame, which was not asked for",
    "invalid opcode": "frame of an unknown kind",
    "control frame too long": "control frame that is too long",
    "fragmented control frame": "control frame in parts",
    "expected a continuation frame": "frame in the middle of another message",
    "unexpected continuation frame": "part of a message that never began",
    "incomplete fragmented message": "message that was never finished",
    "close frame too short": "damaged close frame",
    "invalid status code": "close frame with an impossible code",
}


def frame_fault(error: BaseException) -> str:
    """What was wrong with the frame because of which we ended the connection; "" if none was."""
    sent = error.sent if isinstance(error, ConnectionClosed) else None
    if sent is None:
        return ""
    if sent.code == CloseCode.MESSAGE_TOO_BIG:
        return f"larger than {LARGEST_FRAME} bytes"
    if sent.code == CloseCode.INVALID_DATA:
        return "close frame that is not UTF-8"
    if sent.code == CloseCode.PROTOCOL_ERROR:
        return _FAULTS.get(sent.reason, f"frame against the protocol ({sent.reason})")
    return ""
