"""The word that the network is back ends the wait for the next attempt."""

from PySide6.QtNetwork import QNetworkInformation

from tftmonitor.ui.platform.network_watch import NetworkWatch

Reach = QNetworkInformation.Reachability


def test_network_that_comes_back_is_told_once(qapp: object) -> None:
    told: list[int] = []
    watch = NetworkWatch(lambda: told.append(1))
    watch.note(Reach.Online)
    assert told == []
    watch.note(Reach.Disconnected)
    watch.note(Reach.Local)
    watch.note(Reach.Online)
    assert told == [1]


def test_unknown_reachability_is_not_a_return(qapp: object) -> None:
    told: list[int] = []
    watch = NetworkWatch(lambda: told.append(1))
    watch.note(Reach.Disconnected)
    watch.note(Reach.Unknown)
    assert told == []
