"""One small file of the profile, which is written again until the disk takes it."""

from pathlib import Path

from tftmonitor.base.files import write_whole


class ProfileFile:
    """``problem`` says in words what could not be read or written, "" once it is written.

    ``name`` is what a person calls the content, in the plural.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.problem = ""
        self.name = name
        self._unsaved: bytes | None = None

    @property
    def is_unsaved(self) -> bool:
        """True while something waits for the disk."""
        return self._unsaved is not None

    def save(self, content: bytes) -> bool:
        """Write it whole; False, with ``problem`` set, when the disk refuses."""
        try:
            write_whole(self.path, content)
        except OSError as error:
            self._unsaved = content
            self.problem = f"{self.name} could not be saved: {error.strerror}"
            return False
        self._unsaved = None
        self.problem = ""
        return True

    def try_again(self) -> None:
        """Write what the disk refused, if it did."""
        if self._unsaved is not None:
            self.save(self._unsaved)
