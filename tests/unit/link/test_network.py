"""How the settings say the servers are reached."""

from pathlib import Path

from tftmonitor.link.network import Network, network_of
from tftmonitor.link.tls import ca_problem


def test_what_is_not_set_is_the_systems() -> None:
    assert network_of("", "") == Network()
    assert network_of("none", "~/ca.pem") == Network("none", Path.home() / "ca.pem")


def test_file_of_certificates_that_cannot_be_used_is_said_why(tmp_path: Path) -> None:
    assert ca_problem(None) == ""
    assert "cannot be read" in ca_problem(tmp_path / "missing.pem")
    assert "cannot be read" in ca_problem(tmp_path)
    for content in (b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nhalf"):
        (tmp_path / "ca.pem").write_bytes(content)
        assert "no certificate" in ca_problem(tmp_path / "ca.pem")
