"""A raw frame as a bounded tree of nodes, with what differs from the frame before."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

from tftmonitor.model.fields.formatting import clip

DEPTH_LIMIT = 20
# A usual frame has a hundred; all of them are compared with each frame that comes.
NODE_LIMIT = 1_000
# As in the codec: a text that holds JSON is opened so many times.
_NESTING_LIMIT = 3
_MISSING = object()
_TEXT_LIMIT = 2_000
_MOST_GONE = 100


class Node:
    """One key or item; ``before`` is the former text of a value that has changed."""

    __slots__ = ("before", "changed", "children", "key", "number", "parent", "row", "text")

    def __init__(self, key: str, text: str, parent: "Node | None", number: int) -> None:
        self.key = key
        self.text = text
        self.parent = parent
        self.number = number
        self.row = len(parent.children) if parent else 0
        self.children: list[Node] = []
        self.changed = False
        self.before = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The keys from the root on."""
        return (*self.parent.path, self.key) if self.parent else ()


class FrameTree:
    """The nodes of one frame in order, the root first; ``gone`` names keys no longer there."""

    def __init__(self, frame: bytes, previous: bytes | None) -> None:
        self.nodes: list[Node] = []
        self.gone: list[str] = []
        self.changed = 0
        content = parse(frame)
        former = parse(previous) if previous is not None else _MISSING
        self.root = self._add("", content, None, former, 0)
        # What must be equal for two frames to fill the same rows.
        self.shape = [(node.key, node.parent.number if node.parent else -1) for node in self.nodes]

    @property
    def cut(self) -> bool:
        """True when not all of the frame is here."""
        return len(self.nodes) >= NODE_LIMIT

    def find(self, text: str) -> list[Node]:
        """The nodes whose key or value holds the text, case apart."""
        text = text.lower()
        return [
            node for node in self.nodes[1:] if text in node.key.lower() or text in node.text.lower()
        ]

    def _add(self, key: str, value: Any, parent: Node | None, former: Any, depth: int) -> Node:
        node = Node(clip(key), _text_of(value), parent, len(self.nodes))
        self.nodes.append(node)
        if parent is not None:
            parent.children.append(node)
        items = list(itertools.islice(_items(value), NODE_LIMIT))
        if items and depth >= DEPTH_LIMIT:
            node.text = f"{node.text}, nested too deeply to show"
            items = []
        self._compare(node, value, former)
        known = dict(_items(former))
        for name, item in items:
            if len(self.nodes) >= NODE_LIMIT:
                break
            self._add(name, item, node, _former(known, name, former), depth + 1)
        if isinstance(value, dict) and isinstance(former, dict):
            gone = (clip(str(name)) for name in former if name not in value)
            self.gone += itertools.islice(gone, _MOST_GONE)
        return node

    def _compare(self, node: Node, value: Any, former: Any) -> None:
        if former is _MISSING:
            return
        if former is _NEW:
            node.changed, node.before = True, "new"
        elif not isinstance(value, dict | list) and _differ(value, former):
            node.changed, node.before = True, _text_of(former)
        self.changed += node.changed


_NEW = object()


def parse(frame: bytes) -> Any:
    """The content of a frame, opened while it is a text that holds JSON; else its text."""
    try:
        content: Any = json.loads(frame)
        for _ in range(_NESTING_LIMIT):
            if not isinstance(content, str):
                break
            content = json.loads(content)
    except (ValueError, RecursionError):
        return frame[:_TEXT_LIMIT].decode("utf-8", "replace")
    return content


def _former(known: dict[str, Any], name: str, former: Any) -> Any:
    if former is _MISSING or former is _NEW:
        return _MISSING
    return known.get(name, _NEW)


def _differ(value: Any, former: Any) -> bool:
    """By their texts, which distinguish 1 from true, and by their values, which are not cut."""
    return bool(value != former) or _text_of(value) != _text_of(former)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(number), item) for number, item in enumerate(value))


def _text_of(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{_counted(len(value), 'key')}}}"
    if isinstance(value, list):
        return f"[{_counted(len(value), 'item')}]"
    if isinstance(value, str):
        return clip(f'"{" ".join(value.split())}"')
    return clip(json.dumps(value))


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
