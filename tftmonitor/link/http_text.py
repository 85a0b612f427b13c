"""What a server that answers a handshake with something else means, and what to do."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from tftmonitor.link.proxies import place_of
from tftmonitor.link.retry_after import retry_after_s
from tftmonitor.link.trouble import Trouble

_REDIRECTS = frozenset({300, 301, 302, 303, 305, 307, 308})
_OK = 200
_PROXY_LOGIN = 407
_PORTAL = "If this network has a page to sign in to, open it in a browser; else check the address."
_WANTS_TLS = Trouble(
    "port wants a secure connection", "The address has to begin with wss:// instead of ws://."
)
_BUSY = "Nothing is wrong at this end."
_STATUS = {
    400: ("bad request", "Check the address and its port."),
    401: ("sign-in to the web server needed", "Check the address."),
    403: ("forbidden", "The server, or a filter on the way, does not let this computer in."),
    404: ("no such path", "Check the path at the end of the address."),
    405: ("not for websockets", "Check the address."),
    410: ("no such path any more", "Check the path at the end of the address."),
    426: ("another protocol wanted", "Check the address."),
    429: ("too many requests", "Is the account used at many places?"),
    500: ("an error of its own", _BUSY),
    502: ("the server behind it does not answer", _BUSY),
    503: ("overloaded or in maintenance", _BUSY),
    504: ("the server behind it is too slow", _BUSY),
    511: ("this network wants a sign-in", _PORTAL),
}
_PROXY_CHECK = "Check the server's address; the proxy itself works."
_PROXY_STATUS = {
    403: ("it does not allow this server", "Ask who runs the proxy to allow the address."),
    405: ("it does not let websockets through", "Ask who runs the proxy."),
    502: ("it cannot reach the server", _PROXY_CHECK),
    503: ("it cannot reach the server", _PROXY_CHECK),
    504: ("the server does not answer it", _PROXY_CHECK),
}
# Answers by how they begin: HTTP of other versions or sizes than the library takes, and others.
_HTTP = re.compile(rb"HTTP/[\d.]+ (\d{3})\b")
_OTHERS = (
    (b"SSH-", "SSH"),
    (b"220 ", "mail or file transfer (FTP)"),
    (b"220-", "mail or file transfer (FTP)"),
    (b"* OK", "mail (IMAP)"),
    (b"+OK", "mail (POP)"),
    (b"RFB ", "remote desktops (VNC)"),
)
_TLS_RECORDS = (b"\x15\x03", b"\x16\x03")
_PLAIN_TO_TLS = (b"plain HTTP request was sent to HTTPS", b"speaking plain HTTP to an SSL")
_WS = re.compile("^ws")
_LONGEST = 120


def explain_status(url: str, status: int, headers: Mapping[str, str], body: bytes = b"") -> Trouble:
    """An answer with another HTTP status than the one that opens a websocket."""
    wait_s = retry_after_s(headers.get("Retry-After", ""), headers.get("Date", ""))
    location = headers.get("Location", "")
    if status in _REDIRECTS:
        where = _elsewhere(url, location)
        return Trouble(f"the server points elsewhere: {where}", f"Not followed. {_PORTAL}", wait_s)
    if status == _PROXY_LOGIN:
        return explain_proxy_status("", status, headers)
    if any(words in body for words in _PLAIN_TO_TLS):
        return _WANTS_TLS
    if status // 100 * 100 == _OK:
        return Trouble("a web page answers instead of the server", _PORTAL, wait_s)
    words, advice = _STATUS.get(status, (_phrase(status), "Check the address."))
    return Trouble(f"server answers with HTTP {status} ({words})", advice, wait_s)


def explain_proxy_status(place: str, status: int, headers: Mapping[str, str]) -> Trouble:
    """An answer of the proxy at ``place``, instead of a way through it."""
    proxy = f"proxy {place}".strip()
    if status == _PROXY_LOGIN:
        return Trouble(
            f"{proxy} wants a user and password",
            "Give them in the proxy's address: http://user:password@host:port.",
        )
    words, advice = _PROXY_STATUS.get(status, (_phrase(status), "Check the proxy in the settings."))
    wait_s = retry_after_s(headers.get("Retry-After", ""), headers.get("Date", ""))
    return Trouble(f"{proxy} answers with HTTP {status} ({words})", advice, wait_s)


def explain_answer(url: str, answer: bytes) -> Trouble:
    """What came in place of an answer that the library can read, or nothing."""
    if answer.startswith(_TLS_RECORDS):
        return _WANTS_TLS
    if status := _HTTP.match(answer):
        head, _, body = answer.partition(b"\r\n\r\n")
        return explain_status(url, int(status[1]), _headers(head), body)
    for begin, name in _OTHERS:
        if answer.startswith(begin):
            return Trouble(f"port belongs to something else: {name}", "Check the port.")
    if not answer:
        return Trouble(
            "server hangs up without an answer",
            "Check address and port; a port for secure connections needs wss://.",
        )
    return Trouble("server does not speak websocket", "Check address and port.")


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().title(): value.strip() for name, _, value in pairs}


def _elsewhere(url: str, location: str) -> str:
    """Scheme, host, port and path, and nothing that a server could hide in the rest."""
    try:
        target = urljoin(_WS.sub("http", url), location)
        parts = urlsplit(target)
        place = f"{parts.scheme}://{place_of(target)}{parts.path}"
    except ValueError:
        place = location
    plain = "".join(char if char.isprintable() else "?" for char in place)
    return plain[:_LONGEST] or "it does not say where"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown"
