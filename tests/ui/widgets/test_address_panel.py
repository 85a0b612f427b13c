import pytest

from tftmonitor.ui.widgets.address_panel import address_host, address_problem


@pytest.mark.parametrize(
    "address",
    ["https://files.example.com/a?b=c", "HTTP://example.com", "https://user@example.com:8443/x"],
)
def test_web_addresses_may_be_opened(address: str) -> None:
    assert address_problem(address) == ""


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("javascript:alert(1)", "http"),
        ("file:///etc/passwd", "http"),
        ("ftp://example.com/x", "http"),
        ("example.com/x", "http"),
        ("https://", "http"),
        ("https://example.com/a b", "invisible"),
        ("https://example.com/\u202egpj.exe", "invisible"),
        ("https://example.com/\x00", "invisible"),
        ("https://[::1", "not a web address"),
        ("https://example.com/" + "a" * 50 + "…", "cut"),
        ("", "http"),
    ],
)
def test_everything_else_is_refused_with_a_reason(address: str, reason: str) -> None:
    assert reason in address_problem(address)


def test_host_is_where_it_really_leads() -> None:
    assert address_host("https://bank.example@evil.example/login") == "evil.example"
    assert address_host("https://ex\u0430mple.com/") == "xn--exmple-4nf.com"
