import errno
import socket
import ssl

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import (
    ConnectionClosedError,
    ConnectionClosedOK,
    InvalidHandshake,
    InvalidStatus,
    InvalidURI,
)
from websockets.frames import Close
from websockets.http11 import Response

from tftmonitor.link.error_text import describe, is_too_large


def certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] verify failed")
    error.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ConnectionClosedOK(Close(1000, ""), None), "closed by the server (without a reason)"),
        (
            ConnectionClosedError(Close(1012, "service restart"), None),
            "closed by the server (service restart)",
        ),
        (ConnectionClosedError(None, None), "connection broke"),
        (
            ConnectionClosedError(None, Close(1011, "keepalive ping timeout")),
            "silent: no answer to keep-alive",
        ),
        (ConnectionClosedError(None, Close(1009, "")), "a frame was too large"),
        (certificate_error(), "certificate not trusted (certificate has expired)"),
        (ssl.SSLError(1, "wrong version"), "secure connection failed"),
        (socket.gaierror(-2, "Name unknown"), "server name not found, or no network"),
        (TimeoutError("timed out"), "server does not answer"),
        (InvalidStatus(Response(503, "busy", Headers())), "server answers with HTTP 503"),
        (InvalidURI("http://x", "scheme"), "address is not a websocket address"),
        (InvalidHandshake("no"), "server does not speak websocket"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "no network"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "no network"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "connection refused"),
        (OSError(10061, "actively refused"), "connection refused"),
        (OSError("Multiple exceptions: [Errno 111] Connect call failed"), "connection refused"),
        (OSError(errno.ENOSPC, "No space"), "connection failed (No space)"),
        (OSError("odd"), "connection failed (odd)"),
        (ValueError("odd"), "ValueError: odd"),
        (ExceptionGroup("both", [TimeoutError()]), "server does not answer"),
    ],
)
def test_error_is_described_in_plain_text(error: BaseException, text: str) -> None:
    assert describe(error) == text


def test_reason_from_the_server_is_shortened() -> None:
    assert len(describe(ConnectionClosedError(Close(1008, "x" * 5_000), None))) < 200


def test_frame_beyond_the_limit_is_told_from_other_ends() -> None:
    too_large = ConnectionClosedError(None, Close(1009, ""))
    assert is_too_large(too_large)
    assert is_too_large(ExceptionGroup("both", [too_large]))
    assert not is_too_large(ConnectionClosedError(Close(1009, ""), None))
    assert not is_too_large(TimeoutError())
