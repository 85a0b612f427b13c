"""The pages of the manual: the files of its folder, in the order of its table of contents."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tftmonitor.base.paths import guide
from tftmonitor.base.text_search import folded
from tftmonitor.ui.help.words import WORDS

CONTENTS: Final = "README.md"
WORDS_PAGE: Final = "words"
# What a link of the manual may name: a page and a heading of it, or a picture.
PAGE_LINK: Final = re.compile(r"\[([^\]]+)\]\(([a-z-]+\.md)(#[a-z0-9-]+)?\)")
_MARKS: Final = re.compile(r"[*`#|]|\]\([^)]*\)|!?\[")
_SPECIAL: Final = re.compile(r"([\\`*_#<>\[\]|])")


@dataclass(frozen=True)
class GuidePage:
    """``name`` is that of its file, ``text`` is Markdown."""

    name: str
    title: str
    text: str

    @cached_property
    def searched(self) -> str:
        """What its readers see, as it is compared."""
        return folded(f"{self.title}\n{_MARKS.sub(' ', self.text)}")

    def has(self, words: list[str]) -> bool:
        """True when all of these folded words stand in it."""
        return all(word in self.searched for word in words)


def guide_pages() -> list[GuidePage]:
    """All pages, and last that of the words of the window; raises OSError without the folder."""
    contents = guide(CONTENTS).read_text("utf-8")
    pages = [
        GuidePage(name, title, guide(name).read_text("utf-8"))
        for title, name, _ in PAGE_LINK.findall(contents)
    ]
    return [*pages, GuidePage(WORDS_PAGE, "Words and signs", _words_text(pages))]


def slug(title: str) -> str:
    """How a link names a heading, as the usual readers of Markdown do."""
    return re.sub(r"[^\w-]", "", title.strip().lower().replace(" ", "-"))


def _words_text(pages: list[GuidePage]) -> str:
    titles = {page.name: page.title for page in pages}
    lines = ["# Words and signs", ""]
    for each in WORDS:
        more = f" See [{titles[each.page]}]({each.page})." if each.page in titles else ""
        lines += [f"**{_plain(each.word)}**: {_plain(each.meaning)}{more}", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
