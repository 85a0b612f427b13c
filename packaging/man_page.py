# ruff: noqa: SLF001 - argparse has no public way to its options
"""The manual page in troff, out of the parser of the command line and the list of exit codes."""

import argparse
import time

from tftmonitor import __version__
from tftmonitor.cli import build_parser

EXIT_CODES = {
    0: "done, or stopped when told to",
    1: "failed; one line on standard error says at what",
    2: "wrong usage",
    3: "the sign-in was refused; trying again with the same password does not help",
    4: "an ID is of no alarm, or of one that cannot be read",
    5: "alarms could not be kept",
    6: "another program, or another computer, uses this profile",
    7: "a library of the system that Qt needs is missing; it is named",
}


def troff(text: str) -> str:
    """``text`` as words: nothing in it is a command or an escape of troff."""
    safe = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{safe}" if safe.startswith(".") else safe


def _options(parser: argparse.ArgumentParser) -> list[str]:
    formatter = argparse.HelpFormatter(parser.prog)
    lines: list[str] = []
    for action in parser._actions:  # argparse has no public list of them
        if isinstance(action, argparse._SubParsersAction) or action.help == argparse.SUPPRESS:
            continue
        words = formatter._format_action_invocation(action)
        text = troff(formatter._expand_help(action)) if action.help else "\\&"
        lines += [".TP", f"\\fB{troff(words)}\\fR", text]
    return lines


def man_page(moment: int) -> str:
    """tftmonitor(1), dated by ``moment`` (seconds since 1970, UTC)."""
    parser = build_parser()
    day = time.strftime("%Y-%m-%d", time.gmtime(moment))
    lines = [
        f'.TH TFTMONITOR 1 "{day}" "tftmonitor {__version__}" "User Commands"',
        ".SH NAME",
        "tftmonitor \\- desktop monitor for fleets of GPS trackers",
        ".SH SYNOPSIS",
        ".B tftmonitor",
        "[\\fIOPTION\\fR]... [\\fICOMMAND\\fR [\\fIARGUMENT\\fR]...]",
        ".SH DESCRIPTION",
        troff(parser.description or ""),
        "Without a command it opens the window.",
        ".SH OPTIONS",
        *_options(parser),
        ".SH COMMANDS",
    ]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                lines += [f".SS {troff(name)}", troff(command.description or "")]
                lines += _options(command)
    lines.append(".SH EXIT STATUS")
    for code, words in EXIT_CODES.items():
        lines += [".TP", f"\\fB{code}\\fR", troff(words)]
    return "\n".join(lines) + "\n"
