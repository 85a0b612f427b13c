"""How the window leads to the manual: by its key, by "What is this?", and to its search."""

from typing import TYPE_CHECKING, Final

from tftmonitor.ui.window.shell import Shell

if TYPE_CHECKING:
    from tftmonitor.ui.help.manual import ManualPage

_MANUAL: Final = "manual"
# What it opens with for somebody who asks on a page.
_SUBJECTS: Final = {
    "rules": "rules-and-places.md",
    "places": "rules-and-places.md",
    "journal": "alarms.md",
    "statistics": "alarms.md",
    "words": "words",
}


class ManualDoor:
    """The page is imported and built when somebody asks for it."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def open(self, name: str = "") -> None:
        """Show this page of the manual, else what suits the page that the window shows."""
        subject = name or _SUBJECTS.get(self._shell.window.pages.shown, "")
        self._shell.show_pane(_MANUAL)
        if subject:
            self._page().show_page(subject)

    def _page(self) -> "ManualPage":
        from tftmonitor.ui.help.manual import ManualPage

        page = self._shell.page(_MANUAL)
        assert isinstance(page, ManualPage)
        return page
