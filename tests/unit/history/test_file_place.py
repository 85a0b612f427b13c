"""A journal that is removed or replaced under the program is noticed and made anew."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.history.wounds import ALARMS, CLOCK, alarm, fill
from tftmonitor.history.batch import JournalBatch
from tftmonitor.history.file_place import FilePlace
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "profile" / FILE_NAME)
    return tmp_path / "profile" / FILE_NAME


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal.open(path, CLOCK)
    write(opened, 900)
    yield opened
    opened.close()


def write(journal: Journal, number: int) -> None:
    batch = JournalBatch()
    batch.alarms[number] = alarm(number)
    journal.write(batch)


def numbers(path: Path) -> list[int]:
    with closing(Journal.open(path, CLOCK)) as reader:
        return [found.id for found in reader.load().alarms]


def everything(extra: int) -> list[int]:
    return [*range(1, ALARMS + 1), 900, extra]


def remove(path: Path) -> None:
    path.unlink()


def remove_all(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def remove_log(path: Path) -> None:
    Path(f"{path}-wal").unlink()


def remove_profile(path: Path) -> None:
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("gone", [remove, remove_all, remove_log, remove_profile])
def test_removed_journal_is_made_anew_with_all_it_had(
    journal: Journal, path: Path, gone: Callable[[Path], None]
) -> None:
    assert journal.keep_place() == ""
    gone(path)
    assert "removed while the program runs" in journal.keep_place()
    assert journal.keep_place() == ""
    write(journal, 901)
    assert numbers(path) == everything(901)
    assert len(journal.read(1_000)) == ALARMS


def test_replaced_journal_is_set_aside_and_made_anew(journal: Journal, path: Path) -> None:
    with closing(Journal.open(path.with_name("other.sqlite3"), CLOCK)) as other:
        write(other, 5)
    os.replace(path.with_name("other.sqlite3"), path)
    assert "replaced by another file" in journal.keep_place()
    write(journal, 901)
    assert numbers(path) == everything(901)
    # Without the log of ours, which newer SQLite reads with it.
    (aside,) = path.parent.glob("history-replaced-*")
    assert numbers(aside) == [5]


def test_file_that_was_put_there_with_its_own_log_keeps_that(journal: Journal, path: Path) -> None:
    other = path.with_name("other.sqlite3")
    with closing(Journal.open(other, CLOCK)) as owner:
        write(owner, 5)
        for companion in ("", "-wal", "-shm"):
            os.replace(f"{other}{companion}", f"{path}{companion}")
        assert "replaced by another file" in journal.keep_place()
    (aside,) = path.parent.glob("history-replaced-*.sqlite3")
    assert numbers(aside) == [5]


def test_journal_that_cannot_be_made_anew_is_kept_open_and_tried_again(
    journal: Journal, path: Path
) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_text("a file where the folder was")
    with pytest.raises(JournalError, match="removed"):
        journal.keep_place()
    path.parent.unlink()
    assert "made anew" in journal.keep_place()
    write(journal, 901)
    assert numbers(path) == everything(901)


def test_what_the_open_file_cannot_give_any_more_is_begun_empty(path: Path) -> None:
    place = FilePlace(path)
    gone = sqlite3.connect(path)
    gone.close()
    path.unlink()
    database, notice = place.put_back(gone, 0)
    with closing(database):
        assert database.execute("SELECT count(*) FROM alarms").fetchone() == (0,)
    assert "made anew" in notice


def test_thread_looks_before_each_work_and_says_what_it_found(journal: Journal, path: Path) -> None:
    async def main() -> list[str]:
        thread = JournalThread(journal)
        await thread.run(lambda opened: write(opened, 901))
        remove(path)
        await thread.run(lambda opened: write(opened, 902))
        await thread.close()
        return list(thread.news)

    assert ["removed" in line for line in asyncio.run(main())] == [True]
    assert numbers(path)[-2:] == [901, 902]


def test_thread_tries_again_until_the_journal_can_be_opened(tmp_path: Path) -> None:
    profile = tmp_path / "late"
    profile.write_text("a file where the folder should be")

    async def main() -> None:
        thread = JournalThread(opener=lambda: Journal.open(profile / FILE_NAME, CLOCK))
        for _ in range(2):
            with pytest.raises(JournalError):
                await thread.run(Journal.load)
        assert not thread.news
        profile.unlink()
        await thread.run(lambda opened: write(opened, 1))
        assert await thread.run_aside(lambda: 5) == 5
        await thread.close()

    asyncio.run(main())
    assert numbers(profile / FILE_NAME) == [1]


def test_thread_that_never_had_a_journal_ends(tmp_path: Path) -> None:
    (tmp_path / "late").write_text("a file")

    async def main() -> None:
        await JournalThread(opener=lambda: Journal.open(tmp_path / "late" / "x", CLOCK)).close()

    asyncio.run(main())


def test_wound_that_is_met_is_mended_with_the_next_work(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'messages'"
        (root,) = database.execute(query).fetchone()

    async def main() -> list[str]:
        thread = JournalThread(Journal.open(path, CLOCK))
        with path.open("r+b") as file:
            file.seek((root - 1) * 4_096)
            file.write(b"\xff" * 4_096)
        query = "SELECT count(body) FROM messages"

        def count(opened: Journal) -> int:
            opened.database.execute("PRAGMA shrink_memory")
            try:
                found: int = opened.database.execute(query).fetchone()[0]
            except sqlite3.Error as error:
                raise opened.failure(error) from error
            return found

        with pytest.raises(JournalError, match="damaged"):
            await thread.run(count)
        assert await thread.run(count) == 100
        await thread.close()
        return list(thread.news)

    assert ["set aside" in line for line in asyncio.run(main())] == [True]
