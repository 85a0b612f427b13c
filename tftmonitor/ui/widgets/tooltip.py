"""Tooltips that show any text as it is."""

import html

from tftmonitor.model.fields.formatting import clip


def plain_tip(text: str) -> str:
    """A tooltip that shows any text as it is: Qt guesses whether a tooltip is HTML."""
    return "<qt>" + html.escape(clip(text)).replace("\n", "<br>") + "</qt>"
