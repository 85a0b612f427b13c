"""The manual in the window: pages, search, links, pictures in the colours of the window."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage, QTextDocument, QWhatsThisClickedEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.ui.harness import Harness
from tftmonitor.ui.help.guide_pages import GuidePage
from tftmonitor.ui.help.manual import ManualPage
from tftmonitor.ui.help.whats_this import WhatsThis, explain
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme
from tftmonitor.ui.widgets.page_search import focus_page_search

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def manual(harness: Harness) -> ManualPage:
    return harness.show(ManualPage(lambda: None), 1100, 640)


def shown(manual: ManualPage) -> str:
    assert manual.browser.page is not None
    return manual.browser.page.name


def listed(manual: ManualPage) -> list[str]:
    rows = range(manual.list.count())
    return [manual.pages[row].name for row in rows if not manual.list.item(row).isHidden()]


def test_every_page_is_reached_from_the_list(manual: ManualPage) -> None:
    assert shown(manual) == "first-hour.md"
    for row, page in enumerate(manual.pages):
        manual.list.setCurrentRow(row)
        assert shown(manual) == page.name
        # Markdown is read, not shown.
        assert "**" not in manual.browser.toPlainText()
        assert manual.browser.horizontalScrollBar().maximum() == 0


def test_a_page_begins_at_its_top_when_the_keyboard_comes_to_it(manual: ManualPage) -> None:
    bar = manual.browser.verticalScrollBar()
    assert bar.maximum() > 0
    manual.resize(1000, 600)
    manual.list.setFocus()
    manual.setFocus()
    QApplication.processEvents()
    assert manual.browser.hasFocus()
    assert bar.value() == 0


def test_the_search_leaves_the_pages_that_have_all_words(manual: ManualPage) -> None:
    assert focus_page_search(manual)
    QTest.keyClicks(manual.search, "HATCHED lost")
    assert shown(manual) == "troubleshooting.md"
    assert set(listed(manual)) < {page.name for page in manual.pages}
    assert len(manual.browser.extraSelections()) >= 2
    assert manual.browser.textCursor().selectedText().lower() == "hatched"
    first = manual.browser.textCursor().position()
    QTest.keyClick(manual.search, Qt.Key.Key_Return)
    assert manual.browser.textCursor().position() != first or not manual.browser.find("hatched")
    manual.search.clear()
    assert listed(manual) == [page.name for page in manual.pages]
    assert manual.browser.extraSelections() == []


def test_nothing_found_is_said(manual: ManualPage) -> None:
    manual.search.setText("zebra crossing")
    assert manual.nothing.isVisible()
    assert listed(manual) == []
    assert shown(manual) == "first-hour.md"


def test_links_lead_to_pages_and_headings_and_back(manual: ManualPage) -> None:
    manual.browser.anchorClicked.emit(QUrl("alarms.md#taking-an-alarm"))
    assert shown(manual) == "alarms.md"
    assert manual.browser.textCursor().block().text() == "Taking an alarm"
    assert manual.browser.verticalScrollBar().value() > 0
    manual.browser.anchorClicked.emit(QUrl("map.md"))
    QTest.keyClick(manual.browser, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert shown(manual) == "alarms.md"
    QTest.keyClick(manual.browser, Qt.Key.Key_Backspace)
    assert shown(manual) == "first-hour.md"
    QTest.keyClick(manual.browser, Qt.Key.Key_Backspace)
    manual.browser.anchorClicked.emit(QUrl("no-such-page.md"))
    assert shown(manual) == "first-hour.md"


def test_an_address_outside_is_shown_whole_before_it_is_opened(manual: ManualPage) -> None:
    page = GuidePage("x.md", "X", "# X\n\n[out](https://example.org/a)")
    manual.browser.show_page(page, [])
    manual.browser.anchorClicked.emit(QUrl("https://example.org/a"))
    assert shown(manual) == "x.md"
    assert manual.address.isVisible()
    assert "example.org" in "".join(label.text() for label in manual.address.findChildren(QLabel))


@pytest.mark.parametrize(
    "name",
    [
        "https://example.org/a-light.png",
        "file:///etc/hostname",
        "../map/world-light.png",
        "pictures/../../map/all-light.png",
        "pictures/window-dark.svg",
    ],
)
def test_only_pictures_of_the_manual_are_read(manual: ManualPage, name: str) -> None:
    assert not isinstance(manual.browser.loadResource(IMAGE, QUrl(name)), QImage)


def test_pictures_have_the_colours_of_the_window_and_fit(
    manual: ManualPage, harness: Harness
) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    url = QUrl("pictures/window-light.png")

    def corner() -> int:
        image = manual.browser.document().resource(IMAGE, url)
        assert isinstance(image, QImage)
        assert image.width() <= manual.browser.viewport().width()
        return image.pixelColor(2, 2).lightness()

    try:
        install_theme(app, DARK)
        manual.browser.grab()
        assert corner() < 80
        install_theme(app, LIGHT)
        manual.resize(700, 500)
        manual.browser.grab()
        assert corner() > 200
        assert manual.browser.horizontalScrollBar().maximum() == 0
    finally:
        install_theme(app, LIGHT)


def test_the_place_on_the_page_stays_when_the_window_is_resized(manual: ManualPage) -> None:
    manual.show_page("troubleshooting.md")
    bar = manual.browser.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    manual.resize(760, 640)
    QApplication.processEvents()
    assert bar.value() == pytest.approx(bar.maximum() / 2, rel=0.1)


def test_the_sheet_of_keys_is_one_click_away(harness: Harness) -> None:
    asked: list[int] = []
    manual = harness.show(ManualPage(lambda: asked.append(1)), 1000, 600)
    (button,) = (
        each for each in manual.findChildren(QPushButton) if each.text().startswith("Sheet of keys")
    )
    button.click()
    assert asked == [1]


def test_what_is_this_leads_to_the_manual(harness: Harness) -> None:
    opened: list[str] = []
    label = harness.show(QLabel("LATE 14:02 overdue"), 200, 60)
    what = WhatsThis(label, opened.append)
    place = QPoint(2, 2)
    event = QHelpEvent(QEvent.Type.WhatsThis, place, label.mapToGlobal(place))
    text = explain(label, event)
    assert '<a href="alarms.md">' in text
    assert '<a href="list.md">' in text
    assert what.eventFilter(label, event)
    QGuiApplication.sendEvent(label, QWhatsThisClickedEvent("alarms.md"))
    assert opened == ["alarms.md"]
    # Nothing listens any longer.
    QGuiApplication.sendEvent(label, QWhatsThisClickedEvent("list.md"))
    assert opened == ["alarms.md"]
