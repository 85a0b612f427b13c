"""Makes the typeface in ``resources/fonts`` out of the published package of Inter.

Needs npm, and in the running Python fonttools and brotli; run it again for another version. What
it keeps: the scripts that Inter has and the feed can send (Latin, Greek, Cyrillic), signs and
arrows, and figures of one width. Other scripts come from the system's own fonts.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "inter-ui@4.1.1"
SHA256 = "e392e4d71f18a7c1f23dfecd833d68fa05eeab41862686584e80fd2b5d87e9c0"
FACES = ("Regular", "Bold")
# Latin with its extensions, IPA and marks, Greek, Cyrillic, punctuation, currency, arrows, signs.
RANGES = (
    (0x20, 0x36F),
    (0x370, 0x52F),
    (0x1E00, 0x1FFF),
    (0x2000, 0x22FF),
    (0x2300, 0x23FF),
    (0x2460, 0x24FF),
    (0x25A0, 0x26FF),
    (0xFB00, 0xFB06),
    (0xFFFD, 0xFFFD),
)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "tnum", "zero", "case"]
TARGET = Path(__file__).resolve().parents[1] / "resources" / "fonts"


def main() -> int:
    """Fetch, check, cut, write."""
    from fontTools import subset  # type: ignore[import-not-found]

    npm = shutil.which("npm")
    if npm is None:
        print("npm is needed to fetch the package of the typeface", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            [npm, "pack", PACKAGE, "--silent"],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        archive = Path(folder, packed.stdout.split()[-1])
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            print(f"{PACKAGE} is not what it was: {archive.name}", file=sys.stderr)
            return 1
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        TARGET.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(folder, "package", "LICENSE.txt"), TARGET / "LICENSE-Inter")
        for face in FACES:
            options = subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True)
            font = subset.load_font(f"{folder}/package/web/Inter-{face}.woff2", options)
            cutter = subset.Subsetter(options)
            cutter.populate(unicodes=[c for low, high in RANGES for c in range(low, high + 1)])
            cutter.subset(font)
            font.flavor = None
            font.save(TARGET / f"Inter-{face}.ttf")
    return 0


if __name__ == "__main__":
    sys.exit(main())
