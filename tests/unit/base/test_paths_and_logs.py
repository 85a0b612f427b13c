import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tftmonitor.base import logs, paths
from tftmonitor.base.logs import start_logging
from tftmonitor.base.paths import resource


@pytest.fixture
def own_root_logger() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_resources_are_found_from_the_checkout() -> None:
    assert resource("icons").is_dir()
    assert resource("no", "such.file") == resource() / "no" / "such.file"


def test_missing_resources_say_where_they_were_sought(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths._first.cache_clear()
    monkeypatch.setattr(paths, "_CANDIDATES", (tmp_path / "a", tmp_path / "b"))
    try:
        with pytest.raises(FileNotFoundError, match="a or "):
            resource("icons")
    finally:
        paths._first.cache_clear()


def test_file_gets_what_stderr_is_spared(
    own_root_logger: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deep" / "log.txt"
    start_logging(logging.WARNING, file)
    logging.getLogger("x").info("quiet")
    logging.getLogger("x").warning("loud")
    err = capsys.readouterr().err
    assert "loud" in err
    assert "quiet" not in err
    text = file.read_text("utf-8")
    assert "quiet" in text
    assert "loud" in text


def test_log_begins_anew_when_it_is_large(
    own_root_logger: logging.Logger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_FILE_SIZE", 100)
    file = tmp_path / "log.txt"
    start_logging(logging.ERROR, file)
    for number in range(3):
        logging.getLogger("x").info("line %d of a log that is too large by now", number)
    assert "line 2" in file.read_text("utf-8")
    assert "line 1" in (tmp_path / "log.txt.1").read_text("utf-8")


def test_frames_and_with_them_the_credential_are_never_logged(
    own_root_logger: logging.Logger,
) -> None:
    start_logging(logging.DEBUG)
    assert not logging.getLogger("websockets.client").isEnabledFor(logging.DEBUG)
    assert logging.getLogger("tftmonitor").isEnabledFor(logging.DEBUG)


def test_pages_of_the_manual_are_found() -> None:
    assert paths.guide("alarms.md").is_file()
