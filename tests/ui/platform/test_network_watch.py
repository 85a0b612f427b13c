"""A network that comes back ends the wait for the next attempt."""

import pytest
from PySide6.QtNetwork import QNetworkInformation

from tftmonitor.ui.platform.network_watch import NetworkWatch

Reach = QNetworkInformation.Reachability


@pytest.mark.parametrize(
    ("states", "returns"),
    [
        ([Reach.Online], 0),
        ([Reach.Disconnected], 0),
        ([Reach.Disconnected, Reach.Local, Reach.Online], 1),
        ([Reach.Disconnected, Reach.Site], 1),
        ([Reach.Disconnected, Reach.Unknown], 0),
        ([Reach.Disconnected, Reach.Unknown, Reach.Online], 1),
        ([Reach.Disconnected, Reach.Online, Reach.Disconnected, Reach.Online], 2),
    ],
)
def test_return_is_reported_once_each(qapp: object, states: list[Reach], returns: int) -> None:
    calls: list[int] = []
    watch = NetworkWatch(lambda: calls.append(1))
    for state in states:
        watch.update_reachability(state)
    assert len(calls) == returns


def test_system_that_says_nothing_hinders_nothing(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QNetworkInformation, "loadDefaultBackend", lambda: False)
    monkeypatch.setattr(QNetworkInformation, "instance", lambda: None)
    calls: list[int] = []
    NetworkWatch(lambda: calls.append(1))
    assert calls == []
