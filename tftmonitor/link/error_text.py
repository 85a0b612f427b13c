"""Why a connection failed or ended, in words for the user, and what to do about it."""

import re
import socket
import ssl
from collections.abc import Mapping

from websockets.datastructures import Headers
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidMessage,
    InvalidProxy,
    InvalidProxyMessage,
    InvalidProxyStatus,
    InvalidStatus,
    InvalidURI,
    NegotiationError,
    ProxyError,
)

from tftmonitor.link.attempt import Attempt
from tftmonitor.link.frame_text import frame_fault
from tftmonitor.link.http_text import explain_answer, explain_proxy_status, explain_status
from tftmonitor.link.paced_connection import GivenUpError
from tftmonitor.link.proxies import place_of
from tftmonitor.link.tls import CaFileError
from tftmonitor.link.tls_text import explain_tls
from tftmonitor.link.trouble import Trouble

_KEEPALIVE_REASON = "keepalive ping timeout"
_NO_ROUTE = frozenset({101, 113, 10051, 10065})  # ENETUNREACH, EHOSTUNREACH; Windows' numbers
_REFUSED_TEXT = re.compile(r"Connect call failed|refused|\[Errno (111|61|10061)\]")
# The close codes of RFC 6455 that a server may send, for when it gives no reason.
_CLOSE_TEXTS = {
    1000: "without a reason",
    1001: "it goes away",
    1008: "policy violation",
    1011: "an error of its own",
    1012: "it restarts",
    1013: "too busy",
}
_NOT_AN_ADDRESS = Trouble(
    "address is not a websocket address", "It has to look like wss://host:port/path."
)
_NO_NETWORK = Trouble("no network", "Check the cable, the wireless network or the VPN.")
_CUT_OFF = "Is it the right port, and a secure one for wss://? Something on the way may block it."
_TELL_OPERATOR = "Something on the way or the server is broken: tell who runs it."
_SOCKS_NEEDS = "Install it with: pip install tftmonitor[socks]"


def explain(error: BaseException, attempt: Attempt | None = None) -> Trouble:
    """Why there is no connection; ``attempt`` is what is known of the one that failed."""
    attempt = attempt or Attempt("")
    if isinstance(error, ExceptionGroup):
        return explain(error.exceptions[0], attempt)
    if isinstance(error, ConnectionClosed):
        return _explain_close(error)
    if isinstance(error, CaFileError):
        return Trouble(str(error), "Name another CA file in the settings, or none.")
    if isinstance(error, ssl.SSLError):
        return explain_tls(error)
    if isinstance(error, socket.gaierror):
        return _explain_name(error, attempt)
    if isinstance(error, TimeoutError):
        return _explain_silence(attempt)
    if isinstance(error, InvalidProxy):
        return _bad_proxy(attempt)
    if isinstance(error, InvalidURI | ValueError):
        return _NOT_AN_ADDRESS
    if isinstance(error, InvalidHandshake):
        return _explain_handshake(error, attempt)
    if isinstance(error, ImportError):
        return Trouble("a SOCKS proxy needs the package python-socks", _SOCKS_NEEDS)
    if isinstance(error, OSError):
        return _explain_os_error(error, attempt)
    return Trouble(f"{type(error).__name__} in this program")


def _explain_handshake(error: InvalidHandshake, attempt: Attempt) -> Trouble:
    proxy = place_of(attempt.proxy or "")
    if isinstance(error, InvalidProxyStatus):
        return explain_proxy_status(
            proxy, error.response.status_code, _plain(error.response.headers)
        )
    if isinstance(error, InvalidProxyMessage):
        return Trouble(f"proxy {proxy} does not speak HTTP", "Is it a SOCKS proxy (socks5h://)?")
    if isinstance(error, ProxyError):
        # The proxy's own words, which tell a wrong password from an unknown host.
        words = str(error.__cause__ or "").partition("\n")[0][:80]
        reason = f"SOCKS proxy {proxy} lets nothing through ({words or 'without a reason'})"
        return Trouble(reason, "Check the proxy in the settings, its user and its password.")
    if isinstance(error, InvalidStatus):
        response = error.response
        headers = _plain(response.headers)
        return explain_status(attempt.url, response.status_code, headers, bytes(response.body))
    if isinstance(error, InvalidMessage):
        return explain_answer(attempt.url, attempt.answer)
    if isinstance(error, NegotiationError):
        return Trouble("server insists on an extension that was not asked for", _TELL_OPERATOR)
    return Trouble("server does not speak websocket", "Check address and port.")


def _plain(headers: Headers) -> Mapping[str, str]:
    """Without the library's complaint about a header that comes twice: the last one holds."""
    return {name.title(): value for name, value in headers.raw_items()}


def _explain_close(error: ConnectionClosed) -> Trouble:
    if isinstance(error.__cause__, GivenUpError):
        return Trouble(str(error.__cause__), _TELL_OPERATOR)
    if fault := frame_fault(error):
        return Trouble(f"server sent what cannot be read: {fault}", _TELL_OPERATOR)
    if error.sent is not None and error.sent.reason == _KEEPALIVE_REASON:
        return Trouble("silent: no answer to keep-alive")
    if error.rcvd is not None:
        code, reason = error.rcvd.code, error.rcvd.reason[:120]
        words = reason or _CLOSE_TEXTS.get(code, f"code {code}")
        return Trouble(f"closed by the server ({words})")
    return Trouble("connection broke")


def _explain_name(error: socket.gaierror, attempt: Attempt) -> Trouble:
    host = attempt.host_to_reach
    if error.errno == socket.EAI_AGAIN:
        return Trouble("name service does not answer, or no network", _NO_NETWORK.advice)
    what = "proxy" if attempt.proxy else "server"
    return Trouble(f"{what} name {host} not found, or no network", "Check the address.")


def _explain_silence(attempt: Attempt) -> Trouble:
    if attempt.url and not attempt.is_resolved:
        return Trouble("name service does not answer", _NO_NETWORK.advice)
    if attempt.proxy:
        place = place_of(attempt.proxy)
        return Trouble(f"proxy {place}, or the server behind it, does not answer", "Check both.")
    return Trouble(
        "server does not answer",
        "Check address and port; a firewall may drop what is sent there.",
    )


def _bad_proxy(attempt: Attempt) -> Trouble:
    # The library's text has the whole address in it, and so the password.
    place = place_of(attempt.proxy or "")
    return Trouble(
        f"proxy address cannot be used ({place or 'no host'})",
        "It has to look like http://host:port or socks5h://host:port.",
    )


def _explain_os_error(error: OSError, attempt: Attempt) -> Trouble:
    who = f"proxy {place_of(attempt.proxy)}: " if attempt.proxy else ""
    # Several addresses tried in vain come as one error with the numbers in its text.
    text = str(error)
    if error.errno in _NO_ROUTE or "unreachable" in text:
        return _NO_NETWORK
    if isinstance(error, ConnectionRefusedError) or _REFUSED_TEXT.search(text):
        advice = "Nothing listens at the port: check the address, or the server is down."
        return Trouble(f"{who}connection refused", advice)
    if isinstance(error, ConnectionError):
        return Trouble(f"{who}connection was cut off before it was open", _CUT_OFF)
    return Trouble(f"{who}connection failed ({error.strerror or type(error).__name__})")
