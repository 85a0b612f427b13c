"""Tooltips that show any text as it is."""

import html

from tftmonitor.model.fields.formatting import clip

# Several lines, each of which can be a text of the feed.
_LIMIT = 1_000


def plain_tip(text: str) -> str:
    """A tooltip that shows any text as it is: Qt guesses whether a tooltip is HTML."""
    if not text:
        return ""
    return "<qt>" + html.escape(clip(text, _LIMIT)).replace("\n", "<br>") + "</qt>"


def text_of_tip(tip: str) -> str:
    """The text that ``plain_tip`` made a tooltip of; any other is given back as it is."""
    if not (tip.startswith("<qt>") and tip.endswith("</qt>")):
        return tip
    return html.unescape(tip[4:-5].replace("<br>", "\n"))
