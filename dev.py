#!/usr/bin/env python3
"""The one entry to a checkout: does the set-up that a command needs, then the command.

Needs nothing but the standard library, so that it runs on a machine which has only Python.
It parses from Python 3.8 on, to say in words that a newer one is needed.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import io
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO

USAGE = """\
usage: python3 dev.py COMMAND [arguments]

  demo   run the program on its built-in simulator (arguments go to the program)
  run    run the program (arguments go to the program)
  test   run all checks; with arguments, only pytest with these arguments
  build  build the program for this system; packages: build all, deb, tar or wheel
  bench  run the benchmarks
  pictures  take pictures of all workspaces and pages (an argument names the folder;
            --manual: those of the documents)
  soak   run the window for hours, with --faults among random faults (Linux)
  fuzz   feed made-up frames to decoder and monitor (arguments of libFuzzer; Linux, Python 3.11)
  lock   make requirements.lock again (--upgrade for newer versions)
  setup  only the set-up for demo, run and test
"""
ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "tftmonitor.stamp"
LOCK = ROOT / "requirements.lock"
OLDEST_PYTHON = (3, 11)
AGAIN = "Then run this command again."
FIELD_CASES = (
    "tests/integration/test_field_cases.py",
    "tests/integration/test_own_field_cases.py",
)

# Shared library -> Debian package. PySide6's wheels leave them to the system. The first lines are
# needed offscreen as well, those from libxcb-cursor on only on X11 and Wayland.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libbrotlidec.so.1": "libbrotli1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
# Program -> Debian package, for the tests: a display of their own, with window manager, tray and
# notifications on it.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus-daemon",
    "dunst": "dunst",
    "dunstctl": "dunst",
    "xdotool": "xdotool",
    "xwininfo": "x11-utils",
    "openbox": "openbox",
    "xrandr": "x11-xserver-utils",
    "desktop-file-validate": "desktop-file-utils",
}
# Either is a tray for the tests; no release of Debian and Ubuntu has both for sure.
TRAYS = ("trayer", "stalonetray")
BUILD_PROGRAMS = {"objdump": "binutils"}
PROGRAMS: dict[str, Mapping[str, str]] = {
    "setup": TEST_PROGRAMS,
    "test": TEST_PROGRAMS,
    "build": BUILD_PROGRAMS,
}
FONT_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


class StepError(Exception):
    """A step failed; the message says what to do."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(text, flush=True)


# Steps


def child_variables() -> dict[str, str]:
    """The variables for every program started from here.

    Without those of an active environment, and without CI, on which some tools act.
    """
    dropped = {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "CI"}
    return {key: value for key, value in os.environ.items() if key not in dropped}


def step(what: str, command: list[str], advice: str, given: str = "") -> None:
    """Do one silent step of the set-up; when it fails, print its output and raise."""
    say(what)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=child_variables(),
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        say(done.stdout.rstrip())
        raise StepError(f"Failed: {what}. {advice} {AGAIN}")


def become(arguments: list[str], folder: Path | None = None) -> int:
    """Go on as the environment's Python, so that signals and exit code need no passing on."""
    command = [str(environment_program("python")), *arguments]
    if folder is not None:
        os.chdir(folder)
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(command[0], command, child_variables())  # noqa: S606 - no shell is wanted
    return subprocess.call(command, env=child_variables())


# System packages


def loads(library: str) -> bool:
    """True when the dynamic linker finds this shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    """True when there is a font that Qt can draw with."""
    places = [Path(place).expanduser() for place in FONT_PLACES]
    return any(next(place.rglob("*.[to]t[fc]"), None) for place in places if place.is_dir())


def missing_packages(command: str) -> list[str]:
    """The Debian packages that the command needs on this Linux and does not find, sorted."""
    missing: set[str] = set()
    if command != "lock":
        missing.update(package for name, package in LIBRARIES.items() if not loads(name))
        programs = PROGRAMS.get(command, {})
        missing.update(package for name, package in programs.items() if not shutil.which(name))
        if programs is TEST_PROGRAMS and not any(map(shutil.which, TRAYS)):
            missing.add(tray_package())
        if not has_font():
            missing.add("fonts-dejavu-core")
    # Debian splits the standard library and the interpreter's own shared library.
    tag = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    if not (shutil.which("uv") or importlib.util.find_spec("ensurepip") or installer()):
        missing.add(f"{tag}-venv")
    if command == "build" and sys.base_prefix == "/usr":
        library = sysconfig.get_config_var("INSTSONAME")
        if isinstance(library, str) and ".so" in library and not loads(library):
            missing.add(f"lib{tag}")
    return sorted(missing)


def tray_package() -> str:
    """The tray that this system's releases have; before its lists are read, a guess."""
    for package in TRAYS:
        with contextlib.suppress(OSError):
            command = ["apt-cache", "policy", package]
            asked = subprocess.run(command, capture_output=True, text=True, check=False)
            if "Candidate:" in asked.stdout and "Candidate: (none)" not in asked.stdout:
                return package
    return TRAYS[0]


def install_line(packages: list[str]) -> str:
    """The one line for a person who may install system packages."""
    words = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if shutil.which("sudo"):
        return f"sudo apt-get update && sudo {words}"
    return f"su - -c 'apt-get update && {words}'"


def root_prefix() -> list[str] | None:
    """What to put before a command to run it as root without a question; None when impossible."""
    if sys.platform != "win32" and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asked = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n"] if asked.returncode == 0 else None


def install_packages(packages: list[str]) -> None:
    """Install system packages, or raise with the words that tell how."""
    if not shutil.which("apt-get"):
        raise StepError(
            "System libraries or programs are missing; under their Debian names: "
            f"{' '.join(packages)}. Install them with this system's package manager. {AGAIN}"
        )
    line = install_line(packages)
    prefix = root_prefix()
    if prefix is None:
        raise StepError(
            f"System packages are missing. Run this line, then this command again:\n{line}"
        )
    # A lock held by the system's own updates is waited for.
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    apt += ["-o", "DPkg::Lock::Timeout=300"]
    # A failing source of other packages must not stop us: the installation shows what matters.
    with contextlib.suppress(StepError):
        step("reading the lists of system packages", [*prefix, *apt, "update"], "")
    # What was missing was found before the lists were read.
    packages = [tray_package() if package in TRAYS else package for package in packages]
    step(
        f"installing system packages: {' '.join(packages)}",
        [*prefix, *apt, "install", "-y", "--no-install-recommends", *packages],
        f"Read the output above, or run this line by hand: {line}",
    )


# The environment


def environment_program(name: str) -> Path:
    """Where the environment has the program of this name."""
    if os.name == "nt":
        return ENVIRONMENT / "Scripts" / f"{name}.exe"
    return ENVIRONMENT / "bin" / name


def identity(version: tuple[int, int]) -> str:
    """What an environment cannot outlive: another minor version of Python, another place."""
    return f"python {version[0]}.{version[1]} in {ROOT}"


def stamp(version: tuple[int, int], files: list[Path]) -> str:
    """Two lines: the identity of the environment, and a hash of what it was made from."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes() + b"\0")
    return f"{identity(version)}\n{digest.hexdigest()}\n"


def installer() -> list[str]:
    """The command that installs into the environment; empty when there is none."""
    python = environment_program("python")
    if not python.exists():
        return []
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--python", str(python)]
    if not environment_program("pip").exists():
        return []
    return [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def environment_fits(version: tuple[int, int]) -> bool:
    """True when the present environment can be brought up to date instead of made anew."""
    settings = ENVIRONMENT / "pyvenv.cfg"
    if not (installer() and settings.is_file()):
        return False
    if STAMP.is_file():
        return STAMP.read_text("utf-8").startswith(identity(version) + "\n")
    for line in settings.read_text("utf-8").splitlines():
        key, _, value = line.partition("=")
        if key.strip() in {"version", "version_info"}:
            return value.strip().split(".")[:2] == [str(part) for part in version]
    return False


def make_environment() -> None:
    """Make an empty environment with the Python that runs this file."""
    if ENVIRONMENT.is_dir():
        say(f"removing {ENVIRONMENT.name}: it is from another Python, place or tool")
        shutil.rmtree(ENVIRONMENT)
    # Started from inside an environment, that one's own interpreter is taken, not its copy.
    python = str(getattr(sys, "_base_executable", "") or sys.executable)
    uv = shutil.which("uv")
    command = [uv, "venv", "--quiet", "--python"] if uv else []
    command += [python] if uv else [python, "-m", "venv"]
    step(
        f"making {ENVIRONMENT.name}",
        [*command, str(ENVIRONMENT)],
        "See the output above: this Python must be complete and the folder writable.",
    )


def prepare_environment() -> None:
    """Bring the environment to what pyproject.toml and the lock say; at once when it is."""
    version = (sys.version_info[0], sys.version_info[1])
    wanted = stamp(version, [ROOT / "pyproject.toml", LOCK])
    python = environment_program("python")
    if python.exists() and STAMP.is_file() and STAMP.read_text("utf-8") == wanted:
        return
    if not environment_fits(version):
        make_environment()
    STAMP.unlink(missing_ok=True)
    step(
        f"installing from {LOCK.name}",
        [*installer(), "--require-hashes", "-r", str(LOCK)],
        "Check the connection to the package index.",
    )
    # The build backend comes from the lock too, so this step needs no network.
    step(
        "installing the checkout",
        [*installer(), "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
        "Read the output above.",
    )
    STAMP.write_text(wanted, "utf-8")


def set_up(command: str) -> None:
    """Everything that the command needs on a machine that has only Python."""
    if sys.platform == "linux" and (packages := missing_packages(command)):
        install_packages(packages)
    if command != "lock":
        prepare_environment()


# Commands


def test(arguments: list[str]) -> int:
    """All checks at once; with arguments only pytest."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Its idle threads would take the processors from the tests.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if arguments:
        return become(["-m", "pytest", *arguments], ROOT)
    start = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    failed = run_checks(str(environment_program("python")))
    say(f"{time.monotonic() - start:.0f} s in all")
    say(f"checks failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def run_checks(python: str) -> list[str]:
    """Run the static checks beside the tests; the names of those that failed."""

    def measured(name: str) -> list[str]:
        return [python, "-m", "coverage", "run", f"--data-file=.coverage.{name}"]

    together = {
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "mypy": [python, "-m", "mypy"],
        "lint-imports": [str(environment_program("lint-imports")), "--no-logo"],
        # Several runs, because many tests wait. Sockets are in the third, so the first and the
        # third are measured; what the third starts as processes of its own is not.
        "unit tests": [*measured("unit"), "-m", "pytest", "tests/unit"],
        "window tests": [python, "-m", "pytest", "tests/ui"],
        "socket tests": [*measured("sockets"), "-m", "pytest", "tests/integration"]
        + [f"--ignore={case}" for case in FIELD_CASES],
        "program tests": [python, "-m", "pytest", "tests/e2e"],
    }
    # Units that are told apart by their pace want a machine that keeps time.
    cases = {"field cases": [python, "-m", "pytest", *FIELD_CASES]}
    parts = [f".coverage.{name}" for name in ("unit", "sockets")]
    combined = {"coverage data": [python, "-m", "coverage", "combine", "--keep", *parts]}
    afterwards = {"coverage": [python, "-m", "coverage", "report"]}
    say(f"running {', '.join(together)}")
    with contextlib.ExitStack() as stack:
        failed = []
        for group in (together, cases, combined, afterwards):
            checks = {name: start_check(command, stack) for name, command in group.items()}
            failed += [name for name, check in checks.items() if not report(name, *check)]
    return failed


def start_check(
    command: list[str], stack: contextlib.ExitStack
) -> tuple[subprocess.Popen[bytes], TextIO]:
    """Start a check that ends with the stack at the latest; its process and what it says."""
    # A file and no pipe: a process that a test leaves behind would keep a pipe open for ever.
    folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    log = Path(folder, "log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=child_variables() | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process, stack.enter_context(log.open(encoding="utf-8", errors="replace"))


def report(name: str, process: subprocess.Popen[bytes], output: TextIO) -> bool:
    """Print what a check says as it says it; True when it passed."""
    say(f"-- {name}")
    ended = False
    while not ended:
        ended = process.poll() is not None
        print(output.read(), end="", flush=True)
        time.sleep(0 if ended else 0.1)
    say(f"-- {name}: {'FAILED' if process.returncode else 'passed'}")
    return not process.returncode


def lock(arguments: list[str]) -> int:
    """Make requirements.lock from pyproject.toml for every system and Python that it allows."""
    import tomllib  # older Pythons lack it and must get as far as the message

    uv = shutil.which("uv") or shutil.which(str(environment_program("uv")))
    if uv is None:
        if not installer():
            make_environment()
        step("installing uv", [*installer(), "uv"], "Check the connection to the package index.")
        uv = str(environment_program("uv"))
    # What builds the project is locked with the rest; editables is hatchling's for editable ones.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    builders = [*project["build-system"]["requires"], "editables"]
    words = ["pyproject.toml", "-", "--group", "dev", "--group", "build", "-o", LOCK.name]
    words += ["--all-extras", "--universal", "--python-version", ".".join(map(str, OLDEST_PYTHON))]
    words += ["--generate-hashes", "--no-header", "--no-config", "--quiet"]
    step(
        f"making {LOCK.name}",
        [uv, "pip", "compile", *words, *arguments],
        "The requirements contradict each other or the package index does not answer.",
        given="\n".join(builders),
    )
    return 0


def fuzz(arguments: list[str]) -> int:
    """Install the fuzzer, which only this command needs, and run it."""
    needs = ROOT / "tests" / "fuzz" / "requirements.txt"
    advice = "The fuzzer exists for Linux and Python 3.11 alone."
    words = [*installer(), "--no-deps", "--require-hashes", "-r", str(needs)]
    step("installing the fuzzer", words, advice)
    return become(["tests/fuzz/fuzz_frames.py", *arguments], ROOT)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": lambda arguments: become(["-m", "tftmonitor", "--demo", *arguments]),
    "run": lambda arguments: become(["-m", "tftmonitor", *arguments]),
    "test": test,
    "build": lambda arguments: become(["packaging/build.py", *arguments], ROOT),
    "pictures": lambda arguments: become(["packaging/pictures.py", *arguments], ROOT),
    "bench": lambda arguments: become(["tests/bench/run.py", *arguments], ROOT),
    "soak": lambda arguments: become(["-m", "tests.soak.soak_run", *arguments], ROOT),
    "fuzz": fuzz,
    "lock": lock,
    "setup": lambda _: 0,
}


def version_problem(version: tuple[int, int]) -> str:
    """What is wrong with this version of Python, in words; empty when nothing is."""
    if version >= OLDEST_PYTHON:
        return ""
    have, need = (".".join(map(str, pair)) for pair in (version, OLDEST_PYTHON))
    return f"This is Python {have}; Python {need} or newer is needed. {AGAIN}"


def main(arguments: list[str]) -> int:
    """Do what the words say; the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name in {"-h", "--help", "help"}:
        print(USAGE, end="")
        return 0
    if name not in COMMANDS:
        print(USAGE, end="", file=sys.stderr)
        return 2
    if problem := version_problem((sys.version_info[0], sys.version_info[1])):
        print(problem, file=sys.stderr)
        return 1
    try:
        set_up(name)
        return COMMANDS[name](rest)
    except StepError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
