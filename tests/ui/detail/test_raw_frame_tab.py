"""Raw frames: bounded, foldable, compared with the frame before, searched, copied."""

import json
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.ui.detail.bench import DetailBench
from tests.ui.harness import checked
from tftmonitor.ui.detail.frame_model import FrameModel
from tftmonitor.ui.detail.frame_tree import DEPTH_LIMIT, NODE_LIMIT, FrameTree
from tftmonitor.ui.detail.tabs.raw_frame import RawPage


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
    "frame", [b"pong", b"\xff\xfe", b"", b"[" * 300_000, b'"{\\"a\\": 1}"', b"7"]
)
def test_any_bytes_make_a_tree(qtbot: QtBot, frame: bytes) -> None:
    model = checked(FrameModel())
    model.set_tree(FrameTree(frame, None))
    assert model.tree is not None


def test_equal_shapes_change_in_place(qtbot: QtBot) -> None:
    model = checked(FrameModel())
    model.set_tree(tree_of({"a": 1, "b": {"c": 2}}))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.set_tree(tree_of({"a": 1, "b": {"c": 3}}, {"a": 1, "b": {"c": 2}}))
    with qtbot.waitSignal(model.modelReset):
        model.set_tree(tree_of({"a": 1}))
    model.set_tree(None)
    assert model.rowCount() == 0


class RawBench:
    """The tab of raw frames on top."""

    def __init__(self, bench: DetailBench) -> None:
        self.pane = bench.pane
        self._bench = bench
        bench.pane.show_tab("Raw")

    def send(self, kind: str, **data: Any) -> None:
        self.pane.show_device(self._bench.send(kind, **data).key)

    @property
    def page(self) -> RawPage:
        page = self.pane.tabs.pages[-1]
        assert isinstance(page, RawPage)
        return page


@pytest.fixture
def raw(bench: DetailBench) -> RawBench:
    return RawBench(bench)


def test_each_kind_has_its_last_frame_and_the_one_before(raw: RawBench) -> None:
    raw.send("snapshot", status={"speed": 1})
    assert "no earlier frame" in raw.page.facts.text()
    raw.send("driver", driver_id="7")
    raw.send("snapshot", status={"speed": 2})
    assert [raw.page.kind.itemText(number) for number in range(2)] == ["snapshot", "driver"]
    assert "1 changed since the previous frame" in raw.page.facts.text()
    raw.page.kind.setCurrentIndex(1)
    tree = raw.page.model.tree
    assert tree is not None
    assert texts(tree)["driver_id"] == '"7"'


def test_frames_that_came_while_the_tab_was_hidden_are_compared(raw: RawBench) -> None:
    raw.send("snapshot", status={"speed": 1})
    raw.pane.show_tab("Overview")
    raw.send("snapshot", status={"speed": 2})
    raw.send("snapshot", status={"speed": 3})
    raw.pane.show_tab("Raw")
    tree = raw.page.model.tree
    assert tree is not None
    assert [node.before for node in tree.nodes if node.changed] == ["2"]


def test_search_goes_round(raw: RawBench) -> None:
    raw.send("snapshot", status={"speed": 1, "spare": 2})
    raw.page.search.setText("sp")
    assert raw.page.hits.text() == "1 of 2"
    raw.page.find_next()
    assert raw.page.hits.text() == "2 of 2"
    raw.page.find_next()
    assert raw.page.hits.text() == "1 of 2"
    raw.page.search.setText("nowhere")
    assert raw.page.hits.text() == "not found"


def test_copy_takes_the_whole_frame(raw: RawBench) -> None:
    raw.send("snapshot", status={"speed": 1, "text": "x" * 900})
    raw.page.copy_frame()
    copied = json.loads(QGuiApplication.clipboard().text())
    assert len(copied["data"]["status"]["text"]) == 900


def test_what_was_closed_by_hand_stays_closed(raw: RawBench) -> None:
    raw.send("snapshot", status={"speed": 1})
    view, model = raw.page.view, raw.page.model
    data = model.index(1, 0)
    assert view.isExpanded(data)
    view.collapse(data)
    raw.send("snapshot", status={"speed": 1, "more": 2})
    assert not view.isExpanded(model.index(1, 0))
