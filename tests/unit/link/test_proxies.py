import pytest

from tftmonitor.link.network import Network
from tftmonitor.link.proxies import place_of, proxy_for

URL = "wss://feed.example:8443/websocket"
NAMES = ("wss", "ws", "socks", "https", "http", "all", "no")


@pytest.fixture(autouse=True)
def nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name.upper()}_PROXY", raising=False)


def test_no_proxy_is_used_where_none_is_named() -> None:
    assert proxy_for(URL, "") is None


@pytest.mark.parametrize(
    ("setting", "proxy"),
    [
        ("http://p:1", "http://p:1"),
        ("p:1", "http://p:1"),
        (" HTTP://p:1 ", "http://p:1"),
        ("socks5://p:1", "socks5://p:1"),
        ("socks://p:1", "socks5h://p:1"),
        ("http://u:w@p:1", "http://u:w@p:1"),
        ("http://u@p:1", "http://u:@p:1"),
        ("u:w@p:1", "http://u:w@p:1"),
        ("none", None),
        ("None", None),
    ],
)
def test_setting_is_taken_before_the_environment(
    setting: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://other:2")
    assert proxy_for(URL, setting) == proxy


@pytest.mark.parametrize(
    ("variable", "value", "url", "proxy"),
    [
        ("HTTPS_PROXY", "http://p:1", URL, "http://p:1"),
        ("https_proxy", "p:1", URL, "http://p:1"),
        ("ALL_PROXY", "socks5h://p:1", URL, "socks5h://p:1"),
        ("socks_proxy", "http://p:1", URL, "http://p:1"),
        ("SOCKS_PROXY", "p:1", URL, "socks5h://p:1"),
        ("WSS_PROXY", "http://p:1", URL, "http://p:1"),
        ("HTTP_PROXY", "http://p:1", URL, None),
        ("HTTP_PROXY", "http://p:1", "ws://feed.example", "http://p:1"),
    ],
)
def test_environment_names_a_proxy(
    variable: str, value: str, url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert proxy_for(url, "") == proxy


@pytest.mark.parametrize("exception", ["feed.example", ".example", "feed.example:8443", "*"])
def test_environment_excepts_hosts(exception: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://p:1")
    monkeypatch.setenv("NO_PROXY", exception)
    assert proxy_for(URL, "") is None


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "127.9.9.9"])
def test_this_computer_is_never_reached_through_a_proxy(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://p:1")
    assert proxy_for(f"ws://{host}:1/x", "") is None
    assert proxy_for(f"ws://{host}:1/x", "http://p:1") is None


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("http://u:secret@p.example:1", "p.example:1"),
        ("socks5h://p.example", "p.example"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("http://[::1", ""),
        ("http://p:99999", ""),
        ("", ""),
    ],
)
def test_place_shows_no_password(address: str, place: str) -> None:
    assert place_of(address) == place


def test_password_of_a_proxy_stands_in_no_text() -> None:
    assert "secret" not in repr(Network("http://u:secret@p:1"))
