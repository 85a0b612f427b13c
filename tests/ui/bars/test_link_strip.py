"""The strip names what is wrong with a link, and offers what helps."""

from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import SECOND_MS, ManualClock
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.bars.link_strip import LinkStrip

NOW = 1_795_000_000_000


class Links:
    """Stands in for the monitor: the state of each channel as a test wants it."""

    is_replay = False

    def __init__(self) -> None:
        self.statuses = {channel: LinkStatus(channel, LinkState.LIVE, NOW) for channel in Channel}

    def link_status(self, channel: Channel) -> LinkStatus:
        return self.statuses[channel]

    def refuse(self) -> None:
        for channel in Channel:
            self.statuses[channel] = LinkStatus(channel, LinkState.REFUSED, NOW, "wrong password")

    def lose(self, channel: Channel) -> None:
        self.statuses[channel] = LinkStatus(
            channel, LinkState.WAITING, NOW - 2 * SECOND_MS, "connection broke", NOW + SECOND_MS
        )


@pytest.fixture
def links() -> Links:
    return Links()


@pytest.fixture
def strip(qtbot: QtBot, links: Links, settings: SettingsStore) -> LinkStrip:
    made = LinkStrip(cast("Monitor", links), ManualClock(NOW), settings)
    qtbot.addWidget(made)
    return made


def offered(strip: LinkStrip) -> dict[Channel, str]:
    """The button of each part that is not hidden."""
    parts = strip._parts.items()
    return {channel: part.button.text() for channel, part in parts if not part.isHidden()}


def test_well_links_need_no_strip(strip: LinkStrip) -> None:
    assert strip.isHidden()


def test_lost_channel_is_tried_again_at_a_word(
    qtbot: QtBot, strip: LinkStrip, links: Links
) -> None:
    links.lose(Channel.MESSAGES)
    strip.tick()
    assert not strip.isHidden()
    assert offered(strip) == {Channel.MESSAGES: "Try now"}
    with qtbot.waitSignal(strip.try_now_requested):
        QTest.mouseClick(strip._parts[Channel.MESSAGES].button, Qt.MouseButton.LeftButton)


def test_sentence_drops_its_least_words_first_and_never_how_long(
    strip: LinkStrip, links: Links
) -> None:
    for channel in Channel:
        links.lose(channel)
    strip.tick()
    strip.show()
    text = strip._parts[Channel.DEVICES].text
    whole = text.text()
    assert whole.endswith("(2 s): connection broke. Next try in 1 s.")
    found = []
    for width in range(1_000, 140, -20):
        strip.resize(width, 30)
        QApplication.processEvents()
        if text.shown_text not in found:
            found.append(text.shown_text)
        assert text.fontMetrics().horizontalAdvance(text.shown_text) <= text.width()
    since = whole.partition("link ")[2].partition(" (")[0]
    assert found == [
        whole,
        f"Devices and messages: link {since} (2 s): connection broke",
        f"Devices and messages: link {since} (2 s)",
        f"Devices and messages: {since} (2 s)",
        "Devices and messages: lost 2 s",
        "lost 2 s",
    ]


def test_refused_channels_are_signed_in_again_not_tried_again(
    qtbot: QtBot, strip: LinkStrip, links: Links
) -> None:
    links.refuse()
    strip.tick()
    assert offered(strip) == {Channel.DEVICES: "Sign in again"}
    text = strip._parts[Channel.DEVICES].text.text()
    assert text.startswith("Devices and messages: sign-in refused: wrong password.")
    with (
        qtbot.assertNotEmitted(strip.try_now_requested),
        qtbot.waitSignal(strip.sign_in_requested),
    ):
        QTest.mouseClick(strip._parts[Channel.DEVICES].button, Qt.MouseButton.LeftButton)


def test_refusal_is_not_told_twice_while_the_sheet_tells_it(strip: LinkStrip, links: Links) -> None:
    links.refuse()
    strip.set_asked(True)
    assert strip.isHidden()
    links.lose(Channel.DEVICES)
    strip.tick()
    assert offered(strip) == {Channel.DEVICES: "Try now"}
    strip.set_asked(False)
    assert offered(strip) == {Channel.DEVICES: "Try now", Channel.MESSAGES: "Sign in again"}


def test_strip_of_a_replay_offers_nothing_to_be_tried(links: Links, strip: LinkStrip) -> None:
    links.is_replay = True
    links.lose(Channel.DEVICES)
    strip.tick()
    assert strip.isVisible()
    assert not any(button.isVisible() for button in strip.findChildren(QPushButton))
