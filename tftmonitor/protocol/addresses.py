"""What an address of a server says: where it leads, and whether the way there is readable."""

import ipaddress
from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, urlsplit

_PORTS: Final = {"wss": 443, "ws": 80, "https": 443, "http": 80}
_PUSH: Final = ("wss", "ws")
_HTTP: Final = ("https", "http")
_ALL: Final = (*_PUSH, *_HTTP)


def origin_of(url: str) -> str:
    """Scheme, host and port, as ``wss://host:443``; "" when it is no address of a server.

    What stands in front of an @ or behind the port is no part of it. Addresses of one origin lead
    to one server.
    """
    parts = _parts(url, _ALL)
    return "" if parts is None else f"{parts.scheme}://{_place(parts)}"


def place_of(url: str) -> str:
    """Host and port as a person reads them; the address itself when it is none."""
    parts = _parts(url, _ALL)
    return url if parts is None else _place(parts)


def is_this_computer(url: str) -> bool:
    """True for an address that leads to this computer whatever the network says."""
    parts = _parts(url, _ALL)
    host = (parts.hostname or "") if parts is not None else ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_readable(url: str) -> bool:
    """True when others can read on the way what is sent there."""
    parts = _parts(url)
    return parts is not None and parts.scheme == "ws" and not is_this_computer(url)


def problem_with(urls: Iterable[str], *, allow_readable: bool) -> str:
    """Why nobody may sign in at these addresses, in words; "" when they may."""
    for url in urls:
        if _parts(url) is None:
            return f"{url!r} is no address of a server. It has to look like wss://host:port."
        if is_readable(url) and not allow_readable:
            return (
                f"{place_of(url)} would get the password without encryption (ws://), readable for "
                "everybody on the way. Use wss://, or allow it in Settings, Connection."
            )
    return ""


def http_problem(url: str) -> str:
    """Why names may not be asked for at this address, in words; "" when they may.

    There is no leave for http:// at other computers: the digest is sent, and then a token.
    """
    parts = _parts(url, _HTTP)
    if parts is None:
        return f"{url!r} is no address for names. It has to look like https://host:port."
    if parts.scheme == "http" and not is_this_computer(url):
        return f"{place_of(url)} is only asked for names with encryption: use https://."
    return ""


def http_beside(device_url: str) -> str:
    """Where the server of a devices channel has its HTTP interface; "" when that is no address.

    The vendor's has it at the same host, at the usual port; plain only on this computer.
    """
    parts = _parts(device_url)
    if parts is None:
        return ""
    scheme = "http" if parts.scheme == "ws" and is_this_computer(device_url) else "https"
    return f"{scheme}://{_place(parts).rpartition(':')[0]}"


def destination(urls: Iterable[str], http_url: str = "") -> str:
    """A sentence on where a password goes that is sent to these addresses.

    ``http_url`` is where names are asked for, "" where they are not.
    """
    urls = list(urls)
    is_bad = any(_parts(url) is None for url in urls)
    if http_url:
        is_bad = is_bad or bool(http_problem(http_url))
        urls.append(http_url)
    if is_bad:
        return "The password goes nowhere: one of these is no address of a server."
    if all(map(is_this_computer, urls)):
        ports = " and ".join(dict.fromkeys(place_of(url).rpartition(":")[2] for url in urls))
        return f"The password stays on this computer (port {ports})."
    places = " and ".join(dict.fromkeys(map(place_of, urls)))
    readable = " and ".join(dict.fromkeys(map(place_of, filter(is_readable, urls))))
    if readable:
        return f"The password goes to {places}, NOT ENCRYPTED on the way to {readable}."
    return f"The password goes to {places}, encrypted."


def _parts(url: str, schemes: tuple[str, ...] = _PUSH) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0  # reading it checks it
    except ValueError:
        return None
    if parts.scheme not in schemes or not parts.hostname or not has_port or not url.isprintable():
        return None
    return parts if not any(c.isspace() for c in url) else None


def _place(parts: SplitResult) -> str:
    """Host and port, in letters that do not look like others."""
    host = parts.hostname or ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            host = ascii(host)
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{parts.port or _PORTS[parts.scheme]}"
