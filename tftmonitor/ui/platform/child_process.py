"""The one place that starts other programs, in an environment without what signs in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QUrl
from PySide6.QtGui import QDesktopServices

from tftmonitor.base.secret_variables import forget_secrets, is_secret

_OUTPUT_WAIT_S = 3.0


def make_process(parent: QObject) -> QProcess:
    """A process yet to be started: it reads nothing, and what it prints goes nowhere."""
    process = QProcess(parent)
    process.setProcessEnvironment(child_environment())
    process.setStandardInputFile(QProcess.nullDevice())
    process.setStandardOutputFile(QProcess.nullDevice())
    return process


def child_environment() -> QProcessEnvironment:
    """Our environment without the variables that sign in."""
    environment = QProcessEnvironment.systemEnvironment()
    for name in filter(is_secret, environment.keys()):
        environment.remove(name)
    return environment


def output_of(program: str, *arguments: str) -> str:
    """What a program prints that ends within seconds; nothing when it fails or is not there.

    It blocks: for a thread.
    """
    path = shutil.which(program)
    if path is None:
        return ""
    environment = {key: value for key, value in os.environ.items() if not is_secret(key)}
    try:
        done = subprocess.run(  # noqa: S603 - our own words, and no shell
            [path, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_OUTPUT_WAIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def start_window(*arguments: str) -> bool:
    """Another window of this program, which goes on when this one ends; False when it cannot be."""
    is_frozen = getattr(sys, "frozen", False)
    environment = child_environment()
    if not is_frozen:
        # Also where the program runs from a checkout that is not installed.
        roots = (str(Path(__file__).parents[3]), environment.value("PYTHONPATH"))
        environment.insert("PYTHONPATH", os.pathsep.join(filter(None, roots)))
    process = QProcess()
    process.setProcessEnvironment(environment)
    process.setStandardInputFile(QProcess.nullDevice())
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    process.setProgram(sys.executable)
    process.setArguments([*([] if is_frozen else ["-m", "tftmonitor"]), *arguments])
    started, _number = process.startDetached()
    return bool(started)


def start_own(*arguments: str) -> "subprocess.Popen[bytes]":
    """Another process of this program, with pipes to what it reads and says. Raises OSError.

    It has no Qt, and ends when its input does.
    """
    is_frozen = getattr(sys, "frozen", False)
    program = [sys.executable] if is_frozen else [sys.executable, "-m", "tftmonitor"]
    environment = {key: value for key, value in os.environ.items() if not is_secret(key)}
    if not is_frozen:
        # Also where the program runs from a checkout that is not installed.
        root = str(Path(__file__).parents[3])
        environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, (root, environment.get("PYTHONPATH")))
        )
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(  # noqa: S603 - our own words, and no shell
        [*program, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        creationflags=flags,
    )


def open_url(url: QUrl) -> bool:
    """Hand the address to the desktop; False when it has nothing for it."""
    # Qt starts a program of its own choice, with the environment that this process has.
    forget_secrets()
    return QDesktopServices.openUrl(url)


def open_folder(folder: Path) -> bool:
    """Show a folder of this computer in the desktop's own program; False when it has none."""
    return open_url(QUrl.fromLocalFile(str(folder)))
