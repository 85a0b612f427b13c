"""Raw frames: bounded, foldable, compared with the frame before, searched, copied."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Snapshot
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.detail.frame_model import FrameModel
from tftmonitor.ui.detail.frame_tree import DEPTH_LIMIT, NODE_LIMIT, FrameTree
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.detail.tabs.raw_frame import RawPage

NOW_MS = 1_795_212_060_000
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def tree_of(content: Any, previous: Any = None) -> FrameTree:
    before = None if previous is None else json.dumps(previous).encode()
    return FrameTree(json.dumps(content).encode(), before)


def texts(tree: FrameTree) -> dict[str, str]:
    return {node.key: node.text for node in tree.nodes[1:]}


def test_values_keep_their_kind() -> None:
    tree = tree_of({"a": 1, "b": "1", "c": None, "d": True, "e": [1, {"f": 2}], "g": {}})
    assert texts(tree) == {
        "a": "1",
        "b": '"1"',
        "c": "null",
        "d": "true",
        "e": "[2 items]",
        "0": "1",
        "1": "{1 key}",
        "f": "2",
        "g": "{0 keys}",
    }


def test_changes_against_the_previous_frame() -> None:
    tree = tree_of(
        {"same": 1, "moved": 2, "flag": True, "fresh": 3, "in": {"x": 1}},
        {"same": 1, "moved": 1, "flag": 1, "old": 4, "in": {"x": 0}},
    )
    changed = {node.key: node.before for node in tree.nodes if node.changed}
    assert changed == {"moved": "1", "flag": "1", "fresh": "new", "x": "0"}
    assert tree.gone == ["old"]
    assert tree.changed == 4


def test_the_first_frame_has_no_changes() -> None:
    assert tree_of({"a": 1}).changed == 0


def test_depth_number_and_length_are_bounded() -> None:
    deep: Any = 1
    for _ in range(60):
        deep = {"d": deep}
    tree = tree_of(deep)
    assert len(tree.nodes) == DEPTH_LIMIT + 1
    assert "too deeply" in tree.nodes[-1].text
    wide = tree_of({str(number): number for number in range(NODE_LIMIT * 2)})
    assert len(wide.nodes) == NODE_LIMIT
    assert wide.cut
    assert len(texts(tree_of({"long": "x" * 100_000}))["long"]) <= 300


@pytest.mark.parametrize(
    "frame", [b"pong", b"\xff\xfe", b"", b"[" * 100_000, b'"{\\"a\\": 1}"', b"7"]
)
def test_any_bytes_make_a_tree(qtbot: QtBot, frame: bytes) -> None:
    model = FrameModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.set_tree(FrameTree(frame, None))
    assert model.tree is not None
    assert tester.model() is model


def test_equal_shapes_change_in_place(qtbot: QtBot) -> None:
    model = FrameModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.set_tree(tree_of({"a": 1, "b": {"c": 2}}))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.set_tree(tree_of({"a": 1, "b": {"c": 3}}, {"a": 1, "b": {"c": 2}}))
    with qtbot.waitSignal(model.modelReset):
        model.set_tree(tree_of({"a": 1}))
    model.set_tree(None)
    assert tester.model() is model


class Bench:
    def __init__(self, qtbot: QtBot, profile: Path) -> None:
        self.fleet = Fleet()
        self.pane = DetailPane(self.fleet, ManualClock(NOW_MS), SettingsStore(profile))
        qtbot.addWidget(self.pane)
        self.pane.show()
        self.pane.show_tab("Raw")

    def send(self, kind: str, **data: Any) -> None:
        frame = json.dumps({"event": kind, "data": {"imei": "1", **data}}).encode()
        push = decode(Channel.DEVICES, frame)
        if isinstance(push, Snapshot):
            self.fleet.apply(push.data, push.status, frame, NOW_MS)
        else:
            assert isinstance(push, Records)
            self.fleet.keep_records(push, frame, NOW_MS)
        self.pane.refresh({0})
        self.pane.show_device("1")

    @property
    def page(self) -> RawPage:
        page = self.pane.tabs.pages[-1]
        assert isinstance(page, RawPage)
        return page


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    return Bench(qtbot, tmp_path)


def test_each_kind_has_its_last_frame_and_the_one_before(bench: Bench) -> None:
    bench.send("snapshot", status={"speed": 1})
    assert "no earlier frame" in bench.page.facts.text()
    bench.send("driver", driver_id="7")
    bench.send("snapshot", status={"speed": 2})
    assert [bench.page.kind.itemText(number) for number in range(2)] == ["snapshot", "driver"]
    assert "1 changed since the previous frame" in bench.page.facts.text()
    bench.page.kind.setCurrentIndex(1)
    tree = bench.page.model.tree
    assert tree is not None
    assert texts(tree)["driver_id"] == '"7"'


def test_frames_that_came_while_the_tab_was_hidden_are_compared(bench: Bench) -> None:
    bench.send("snapshot", status={"speed": 1})
    bench.pane.show_tab("Overview")
    bench.send("snapshot", status={"speed": 2})
    bench.send("snapshot", status={"speed": 3})
    bench.pane.show_tab("Raw")
    tree = bench.page.model.tree
    assert tree is not None
    assert [node.before for node in tree.nodes if node.changed] == ["2"]


def test_search_goes_round(bench: Bench) -> None:
    bench.send("snapshot", status={"speed": 1, "spare": 2})
    bench.page.search.setText("sp")
    assert bench.page.hits.text() == "1 of 2"
    bench.page.find_next()
    assert bench.page.hits.text() == "2 of 2"
    bench.page.find_next()
    assert bench.page.hits.text() == "1 of 2"
    bench.page.search.setText("nowhere")
    assert bench.page.hits.text() == "not found"


def test_copy_takes_the_whole_frame(bench: Bench) -> None:
    bench.send("snapshot", status={"speed": 1, "text": "x" * 900})
    bench.page.copy_frame()
    copied = json.loads(QGuiApplication.clipboard().text())
    assert len(copied["data"]["status"]["text"]) == 900


def test_what_was_closed_by_hand_stays_closed(bench: Bench) -> None:
    bench.send("snapshot", status={"speed": 1})
    view, model = bench.page.view, bench.page.model
    data = model.index(1, 0)
    assert view.isExpanded(data)
    view.collapse(data)
    bench.send("snapshot", status={"speed": 1, "more": 2})
    assert not view.isExpanded(model.index(1, 0))
