"""The standing words of the top bar are in it, and only while they hold."""

from PySide6.QtWidgets import QApplication, QLabel, QMenuBar, QToolButton

from tests.ui.harness import Harness
from tests.unit.monitor.test_fleet_full import Full
from tftmonitor.model.alarm_statistics import AlarmRate
from tftmonitor.monitor.replay.replayed_link import ReplayedLink
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState
from tftmonitor.ui.bars.top_bar import TopBar
from tftmonitor.ui.theme.theme import LIGHT, install_theme

# Pixels of a sign that somebody sees.
_LEAST_SIGN = 10


def made(harness: Harness, rig: Full) -> TopBar:
    bar = TopBar(rig.monitor, rig.clock, harness.settings, QMenuBar(), AlarmRate())
    return harness.show(bar, width=1_280, height=30)


def test_every_label_is_in_the_bar(harness: Harness) -> None:
    bar = made(harness, Full())
    labels = [name for name, part in vars(bar).items() if isinstance(part, QLabel)]
    assert len(labels) > 5
    assert [name for name in labels if not bar.isAncestorOf(getattr(bar, name))] == []


def test_devices_beyond_the_budget_are_counted_in_the_bar(harness: Harness) -> None:
    rig = Full()
    bar = made(harness, rig)
    assert not bar.beyond.isVisible()
    rig.snapshot("2000", speed=1)
    bar.tick()
    assert bar.beyond.isVisible()
    assert bar.beyond.text() == "1 DEVICE NOT SHOWN"
    assert bar.rect().contains(bar.beyond.geometry())


def test_what_the_disk_refuses_stands_until_it_takes_it(harness: Harness) -> None:
    bar = made(harness, Full())
    bar.show_unsaved(["settings could not be saved: No space left"])
    assert bar.unsaved.isVisible()
    assert bar.unsaved.toolTip() == "settings could not be saved: No space left"
    bar.show_unsaved([])
    assert not bar.unsaved.isVisible()


def test_menus_without_room_can_be_seen_to_be_there(harness: Harness, qapp: QApplication) -> None:
    install_theme(qapp, LIGHT)
    menus = QMenuBar()
    for title in ("Account", "Device", "Alarms", "View", "Help"):
        menus.addMenu(title)
    bar = TopBar(Full().monitor, Full().clock, harness.settings, menus, AlarmRate())
    harness.show(bar, width=700, height=30)
    more = menus.findChild(QToolButton, "qt_menubar_ext_button")
    assert more is not None
    assert more.isVisible()
    image = more.grab().toImage()
    points = [image.pixel(x, y) for x in range(image.width()) for y in range(image.height())]
    ground = max(set(points), key=points.count)
    assert len(points) - points.count(ground) >= _LEAST_SIGN


def test_bar_of_a_replay_says_so_and_has_no_drill(harness: Harness) -> None:
    rig = Full()
    bar = made(harness, rig)
    assert bar.drill.isVisible()
    links = {
        channel: ReplayedLink(channel, lambda *_: None, rig.monitor.note_link, rig.clock.now_ms)
        for channel in Channel
    }
    rig.monitor.show_replay("Replay", links)
    for link in links.values():
        link.show(LinkState.LIVE, "", rig.clock.now_ms())
    bar.tick()
    assert not bar.drill.isVisible()
    assert not bar.time.isVisible()
    assert bar.account.text() == "Replay"
    assert [chip.text.text() for chip in bar.chips.values()] == [
        "Devices REPLAY",
        "Messages REPLAY",
    ]


def test_whether_it_is_recorded_stands_in_the_bar_and_trouble_is_an_error(
    harness: Harness,
) -> None:
    bar = made(harness, Full())
    assert bar.recording.isHidden()
    bar.show_recording("Recording", "Every push is kept.", False)
    assert not bar.recording.isHidden()
    assert (bar.recording.text(), bar.recording.objectName()) == ("Recording", "")
    bar.show_recording("Not recording since 14:02: the disk is full", "It is tried again.", True)
    assert bar.recording.objectName() == "error"
    assert bar.recording.toolTip() == "It is tried again."
    bar.show_recording("", "", False)
    assert bar.recording.isHidden()
