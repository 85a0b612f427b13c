import errno
import socket
import ssl

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import (
    ConnectionClosedError,
    ConnectionClosedOK,
    InvalidHandshake,
    InvalidProxy,
    InvalidProxyMessage,
    InvalidProxyStatus,
    InvalidStatus,
    InvalidURI,
    ProxyError,
)
from websockets.frames import Close
from websockets.http11 import Response

from tftmonitor.link.attempt import Attempt
from tftmonitor.link.error_text import explain
from tftmonitor.link.frame_text import frame_fault
from tftmonitor.link.paced_connection import GivenUpError

PROXY = "http://user:hunter2@proxy.example:3128"


def certificate_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] verify failed")
    error.verify_code = code
    error.verify_message = "the words of the library"
    return error


def tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


def socks_error(words: str) -> ProxyError:
    error = ProxyError("failed to connect to SOCKS proxy")
    error.__cause__ = RuntimeError(words)
    return error


def given_up() -> ConnectionClosedError:
    error = ConnectionClosedError(None, None)
    error.__cause__ = GivenUpError("server does not read")
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionClosedOK(Close(1000, ""), None), "closed by the server (without a reason)"),
        (
            ConnectionClosedError(Close(1012, "service restart"), None),
            "closed by the server (service restart)",
        ),
        (ConnectionClosedError(Close(4001, ""), None), "closed by the server (code 4001)"),
        (ConnectionClosedError(None, None), "connection broke"),
        (given_up(), "server does not read"),
        (
            ConnectionClosedError(None, Close(1011, "keepalive ping timeout")),
            "silent: no answer to keep-alive",
        ),
        (
            ConnectionClosedError(None, Close(1009, "")),
            "server sent what cannot be read: larger than 16777216 bytes",
        ),
        (certificate_error(10), "certificate has expired"),
        (certificate_error(62), "certificate belongs to another server"),
        (certificate_error(20), "certificate comes from an unknown authority"),
        (certificate_error(3), "certificate not trusted (the words of the library)"),
        (tls_error("WRONG_VERSION_NUMBER"), "port does not speak TLS"),
        (tls_error("UNSUPPORTED_PROTOCOL"), "server offers only an old, unsafe TLS"),
        (tls_error("CLIENTHELLO_TLSEXT"), "secure connection failed (clienthello tlsext)"),
        (ssl.SSLError(1, "odd"), "secure connection failed (no reason given)"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "name service does not answer, or no network"),
        (InvalidURI("http://x", "scheme"), "address is not a websocket address"),
        (ValueError("Port out of range"), "address is not a websocket address"),
        (InvalidHandshake("no"), "server does not speak websocket"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "no network"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "no network"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "connection refused"),
        (OSError(10061, "actively refused"), "connection refused"),
        (OSError("Multiple exceptions: [Errno 111] Connect call failed"), "connection refused"),
        (ConnectionResetError(104, "x"), "connection was cut off before it was open"),
        (OSError(errno.ENOSPC, "No space"), "connection failed (No space)"),
        (OSError("odd"), "connection failed (OSError)"),
        (KeyError("odd"), "KeyError in this program"),
        (ExceptionGroup("both", [ConnectionRefusedError()]), "connection refused"),
        (ImportError("x"), "a SOCKS proxy needs the package python-socks"),
    ],
)
def test_error_is_explained_in_plain_text(error: BaseException, reason: str) -> None:
    assert explain(error).reason == reason


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (socket.gaierror(-2, "Name unknown"), "server name a.example not found, or no network"),
        (TimeoutError("timed out"), "server does not answer"),
        (InvalidStatus(Response(503, "busy", Headers())), "server answers with HTTP 503 (over"),
    ],
)
def test_error_of_an_attempt_is_explained_with_its_address(
    error: BaseException, reason: str
) -> None:
    attempt = Attempt("wss://a.example/websocket", is_resolved=True)
    assert explain(error, attempt).reason.startswith(reason)
    assert explain(error, attempt).advice


def test_name_that_is_still_looked_up_is_the_name_services_fault() -> None:
    assert explain(TimeoutError(), Attempt("wss://a")).reason == "name service does not answer"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            InvalidProxyStatus(Response(407, "x", Headers())),
            "proxy proxy.example:3128 wants a user and password",
        ),
        (
            InvalidProxyStatus(Response(502, "x", Headers({"Retry-After": "7"}))),
            "proxy proxy.example:3128 answers with HTTP 502 (it cannot reach the server)",
        ),
        (
            InvalidProxyStatus(Response(418, "x", Headers())),
            "proxy proxy.example:3128 answers with HTTP 418 (",
        ),
        (InvalidProxyMessage("x"), "proxy proxy.example:3128 does not speak HTTP"),
        (InvalidProxy(PROXY, "x"), "proxy address cannot be used (proxy.example:3128)"),
        (socks_error("Authentication failed"), "SOCKS proxy proxy.example:3128 lets nothing"),
        (socket.gaierror(-2, "x"), "proxy name proxy.example not found, or no network"),
        (TimeoutError(), "proxy proxy.example:3128, or the server behind it, does not answer"),
        (ConnectionRefusedError(), "proxy proxy.example:3128: connection refused"),
        (OSError(5, "I/O"), "proxy proxy.example:3128: connection failed (I/O)"),
    ],
)
def test_error_of_a_proxy_names_it_without_its_password(error: BaseException, reason: str) -> None:
    trouble = explain(error, Attempt("wss://a.example", PROXY, is_resolved=True))
    assert trouble.reason.startswith(reason)
    assert "hunter2" not in f"{trouble}"


def test_reason_from_the_server_is_shortened() -> None:
    assert len(explain(ConnectionClosedError(Close(1008, "x" * 5_000), None)).reason) < 200


def test_frame_that_may_not_be_is_told_from_other_ends() -> None:
    assert frame_fault(ConnectionClosedError(None, Close(1009, ""))) == "larger than 16777216 bytes"
    assert "masked" in frame_fault(ConnectionClosedError(None, Close(1002, "incorrect masking")))
    assert "(new)" in frame_fault(ConnectionClosedError(None, Close(1002, "new")))
    assert frame_fault(ConnectionClosedError(None, Close(1011, "keepalive ping timeout"))) == ""
    assert frame_fault(ConnectionClosedError(Close(1009, ""), None)) == ""
    assert frame_fault(TimeoutError()) == ""
