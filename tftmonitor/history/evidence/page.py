"""``index.html`` of a file of evidence: for people and for paper; no script, nothing fetched."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from tftmonitor.history.evidence.texts import CLAIMS, HOW_TO_VERIFY, LIMITS

_STYLE: Final = (
    "body{font:14px sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#1f2328}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #c8ccd1;padding:3px 6px;"
    "text-align:left;vertical-align:top;font-variant-numeric:tabular-nums}h2{margin-top:1.6em}"
    "code{word-break:break-all}img{width:100%}"
    "@media print{h2{break-after:avoid}tr{break-inside:avoid}}"
)
_MOST_ACTS: Final = 500


def page(
    facts: Mapping[str, Any],
    acts: Sequence[Sequence[str]],
    blind: Sequence[Sequence[str]],
    sums: Mapping[str, str],
) -> bytes:
    """The page; ``acts`` and ``blind`` are rows of texts, ``sums`` by the name of a file."""
    title = f"Evidence: device {facts['device']}"
    frames = facts["frames"]
    channels = ", ".join(f"{count} of {name}" for name, count in frames["channels"].items())
    told = {
        "Alarm": facts["alarm"],
        "Device": facts["device"],
        "From": f"{facts['from']} ({facts['local']['from']})",
        "To": f"{facts['to']} ({facts['local']['to']})",
        "Pushes": f"{frames['count']} ({channels or 'none'}), numbers {frames['first_number']} "
        f"to {frames['last_number']} with {frames['jumps']} jumps, {frames['late']} of them late",
        "Satellites": facts["quality"]["satellites"],
        "HDOP": facts["quality"]["hdop"],
        "Seconds between reports": facts["quality"]["interval_s"],
        "Made": f"{facts['made']} by {facts['program']}",
        "Exported by": facts["who"] or "not named",
        "Why": facts["why"] or "not said",
        "Left out": "; ".join(facts["left_out"]) or "nothing",
    }
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>",
        _table((), told.items()),
        "<h2>Picture</h2>",
        '<img src="plot.svg" alt="Voltages, speed and ignition; the numbers are in fields.csv">',
        "<h2>Alarms, and what operators did</h2>",
        _table(("time (UTC)", "event", "alarm", "details"), acts[:_MOST_ACTS]),
        _more(acts),
        "<h2>When nobody could have known</h2>",
        _table(("scope", "cause", "from (UTC)", "to (UTC)", "reason"), blind),
        "<h2>What it holds and proves</h2>",
        _list(CLAIMS),
        "<h2>What it does not prove</h2>",
        _list(LIMITS),
        "<h2>Files</h2>",
        f"<p>{escape(HOW_TO_VERIFY)}</p>",
        _table(("file", "SHA-256"), ((name, f"{total}") for name, total in sorted(sums.items()))),
        "<p>This paper never goes without the file: only that can be verified.</p></body></html>",
    ]
    return ("\n".join(parts) + "\n").encode()


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    lines = ["".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows]
    if not lines:
        return "<p>None.</p>"
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table>{f'<tr>{head}</tr>' if head else ''}\n{body}</table>"


def _more(acts: Sequence[object]) -> str:
    more = len(acts) - _MOST_ACTS
    return f"<p>{more} more are in acts.jsonl.</p>" if more > 0 else ""


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"
