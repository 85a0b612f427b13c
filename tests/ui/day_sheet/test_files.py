"""Day sheets as files: what is in the tables, and on how many pages the paper is."""

import csv
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QUrl
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter
from PySide6.QtWidgets import QFileDialog

from tests.ui.day_sheet.sheet_bench import SheetBench
from tests.ui.harness import Harness
from tests.unit.monitor.days.journey import HOUR_S, Journey, record
from tftmonitor.base.paths import resource
from tftmonitor.ui.day_sheet.files import saving as saving_module
from tftmonitor.ui.day_sheet.files.pdf import _Paper, _Sheet, make_pdf
from tftmonitor.ui.day_sheet.files.tables import sheet_csv
from tftmonitor.ui.day_sheet.sources import ShownDay
from tftmonitor.ui.theme.fonts import FAMILY
from tftmonitor.ui.theme.theme import DARK, LIGHT, install_theme

MADE = "2026-11-19 12:00:00"


def shown_day(bench: SheetBench, device: str = "350") -> ShownDay:
    shown = bench.show(device).sheet.shown
    assert shown is not None
    return shown


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def images_of(shown: ShownDay) -> list[QImage]:
    """The pages, painted in place of being written."""
    images: list[QImage] = []
    painter = QPainter()

    def begin() -> None:
        if painter.isActive():
            painter.end()
        image = QImage(516, 762, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        images.append(image)
        painter.begin(image)

    begin()
    _Sheet(_Paper(painter, QRectF(0, 0, 516, 762), begin), shown, MADE).draw()
    painter.end()
    return images


@pytest.fixture
def busy(harness: Harness, tmp_path: Path) -> Iterator[SheetBench]:
    """A day of some eighty trips and stops."""
    car = Journey("350", HOUR_S)
    car.report()
    for _ in range(40):
        car.park(600, 60)
        car.go(600)
    record(tmp_path, [car])
    bench = SheetBench(harness, tmp_path)
    yield bench
    bench.close()


def test_table_has_what_the_sheet_shows_in_units_of_the_wire(bench: SheetBench) -> None:
    text = sheet_csv(shown_day(bench)).decode()
    remarks = [line for line in text.splitlines() if line.startswith("#")]
    assert any("a trip begins 200 m away" in line for line in remarks)
    assert any("Times of UTC" in line for line in remarks)
    assert any("Crank dip: 12.60 V to 9.60 V" in line for line in remarks)
    assert any("16 h 9 min unknown" in line for line in remarks)
    table = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["what"] for row in rows] == [
        "stop",
        "trip",
        "stop",
        "no data",
        "stop",
        "trip",
        "no data",
        "stop",
    ]
    trip = rows[1]
    assert trip["from"] == "2026-11-18T07:05:10.000Z"
    assert float(trip["track_m"]) == pytest.approx(36_000, rel=1e-6)
    assert (trip["odometer_m"], trip["top_kmh"], trip["part_of_day_s"]) == ("36000", "72", "1810")
    assert trip["open"] == "false"
    assert rows[-1]["open"] == "true"
    places = [value for name, value in trip.items() if name.startswith("from_place")]
    assert places == ["in Potsdam"]


def test_no_name_is_taken_for_a_formula(harness: Harness, tmp_path: Path) -> None:
    car = Journey("=cmd|' /C calc'!A0", 8 * HOUR_S)
    car.report()
    car.park(HOUR_S)
    record(tmp_path, [car])
    bench = SheetBench(harness, tmp_path)
    bench.harness.settings.set("names", {car.device: "Van\n=1+1"})
    bench.harness.snapshot(car.device, speed=0)
    shown = shown_day(bench, car.device)
    text = sheet_csv(shown).decode()
    row = next(csv.reader(io.StringIO(text.splitlines()[-1])))
    assert row[0] == f"'{car.device}"
    assert not any(line.startswith("=") for line in text.splitlines())
    bench.close()


def test_paper_is_a_pdf_of_one_page_for_a_usual_day(bench: SheetBench) -> None:
    made = make_pdf(shown_day(bench), MADE)
    assert made.startswith(b"%PDF-")
    assert pages_of(made) == 1
    # A4 in points.
    box = re.search(rb"/MediaBox\s*\[0 0 (\d+)[.\d]* (\d+)", made)
    assert box is not None
    assert (int(box[1]), int(box[2])) in {(595, 842), (595, 841)}


def test_busy_day_goes_over_pages_each_with_its_head(busy: SheetBench) -> None:
    shown = shown_day(busy)
    assert len(shown.rows) > 70
    assert pages_of(make_pdf(shown, MADE)) == 3
    first, second, _ = images_of(shown)
    # The head line is the same on all, and is no empty stripe.
    head = QRectF(0, 0, 400, 16).toRect()
    assert first.copy(head) == second.copy(head)
    assert has_ink(first.copy(head))
    # At the foot stands the number of the page.
    foot = QRectF(440, 750, 76, 12).toRect()
    assert has_ink(first.copy(foot))
    assert first.copy(foot) != second.copy(foot)


def test_paper_is_light_whatever_the_window_is(bench: SheetBench) -> None:
    from PySide6.QtWidgets import QApplication

    shown = shown_day(bench)
    light = images_of(shown)[0]
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_theme(app, DARK)
    assert images_of(shown)[0] == light
    colors = {light.pixelColor(x, y).name() for x in range(0, 516, 2) for y in range(120)}
    assert LIGHT.curves[0] in colors
    assert DARK.curves[0] not in colors


def has_ink(image: QImage) -> bool:
    white = QColor("white")
    return any(
        image.pixelColor(x, y) != white for x in range(image.width()) for y in range(image.height())
    )


def test_pdf_is_saved_with_its_table_beside_it(bench: SheetBench, tmp_path: Path) -> None:
    page = bench.show()
    assert page.saving.open.isHidden()
    page.saving.save_pdf(tmp_path / "day.pdf")
    assert (tmp_path / "day.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "day.csv").read_text().startswith("# tftmonitor")
    assert bench.said == ["Saved day.pdf and day.csv."]
    assert page.saving.open.text() == "Open PDF"
    page.saving.with_table.setChecked(False)
    page.saving.save_pdf(tmp_path / "alone.pdf")
    assert not (tmp_path / "alone.csv").exists()


def test_saved_file_is_opened_by_the_desktop(
    bench: SheetBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return len(opened) == 1

    monkeypatch.setattr(saving_module, "open_url", open_url)
    page = bench.show()
    page.saving.save_csv(tmp_path / "day.csv")
    page.saving.open.click()
    page.saving.open.click()
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "day.csv")] * 2
    assert bench.said == ["Saved day.csv.", "The desktop has nothing that shows day.csv."]


def test_file_that_cannot_be_written_is_said(bench: SheetBench, tmp_path: Path) -> None:
    page = bench.show()
    (tmp_path / "file").write_text("in the way")
    page.saving.save_pdf(tmp_path / "file" / "day.pdf")
    assert bench.said[0].startswith("day.pdf could not be written: ")
    assert page.saving.open.isHidden()


def test_dialog_names_the_device_and_the_day_and_holds_nothing_up(bench: SheetBench) -> None:
    page = bench.show("352")
    page.saving.pdf.click()
    (dialog,) = page.window().findChildren(QFileDialog)
    assert dialog.isVisible()
    assert [Path(name).name for name in dialog.selectedFiles()] == ["352-2026-11-18.pdf"]
    dialog.reject()


def unpacked(pdf: bytes) -> list[bytes]:
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return [zlib.decompress(each) if each[:1] == b"x" else each for each in streams]


@pytest.fixture
def own_typeface() -> Iterator[None]:
    """That of the program, which no other test has."""
    added = [
        QFontDatabase.addApplicationFont(str(file)) for file in resource("fonts").glob("*.ttf")
    ]
    assert FAMILY in QFontDatabase.families()
    yield
    for each in added:
        QFontDatabase.removeApplicationFont(each)


@pytest.mark.usefixtures("own_typeface")
def test_paper_can_be_searched_and_copied(bench: SheetBench) -> None:
    maps = [each for each in unpacked(make_pdf(shown_day(bench), MADE)) if b"beginbf" in each]
    told = {int(code, 16) for each in maps for code in re.findall(rb"<([0-9a-fA-F]{4})>", each)}
    # Each figure, and the signs of dates and times, is known by its letter.
    assert {ord(letter) for letter in "0123456789:-,"} <= told
