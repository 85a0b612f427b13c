"""Which proxy leads to a server: by the settings, else by the environment."""

import re
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from tftmonitor.link.network import DIRECT
from tftmonitor.protocol.addresses import is_this_computer

# In this order, as curl does: the most particular first.
_SECURE = ("wss", "socks", "https", "all")
_PLAIN = ("ws", "socks", "http", "all")
_NAMES = {"wss": _SECURE, "ws": _PLAIN, "https": _SECURE[1:], "http": _PLAIN[1:]}
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
# The system's own settings call a SOCKS proxy so; a name is then resolved by the proxy.
_SOCKS_NAMES = {"socks": "socks5h", "socks5a": "socks5h"}


def proxy_for(url: str, setting: str) -> str | None:
    """The address of the proxy for this URL, with its scheme; None for a direct connection.

    This computer itself is never reached through a proxy.
    """
    setting = setting.strip()
    if setting.lower() == DIRECT or is_this_computer(url):
        return None
    if setting:
        return _complete(setting, "http")
    parts = urlsplit(url)
    if proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    proxies = getproxies()
    for name in _NAMES.get(parts.scheme, _PLAIN):
        if proxies.get(name):
            return _complete(proxies[name], "socks" if name == "socks" else "http")
    return None


def place_of(address: str) -> str:
    """Host and port of an address, without user and password; "" if there is none to see."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{port}" if port else host


def _complete(address: str, scheme: str) -> str:
    if not _HAS_SCHEME.match(address):
        address = f"{scheme}://{address}"
    scheme, _, rest = address.partition("://")
    # The system can name a SOCKS proxy as if it spoke HTTP.
    scheme = _SOCKS_NAMES.get(scheme.lower(), scheme.lower())
    user, at, place = rest.rpartition("@")
    if at and ":" not in user:
        user += ":"  # no password
    return f"{scheme}://{user}{at}{place}"
