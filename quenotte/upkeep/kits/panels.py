"""The recovery kit on the page of the backups."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from quenotte.upkeep.kits import queries, wording


def card(request: HttpRequest, _subject: object) -> str:
    """Draw what the sheet is worth and what to do with it."""
    situation = queries.situation()
    is_true, to_do = wording.sheet_words(situation)
    context = {
        "situation": situation,
        "is_true": is_true,
        "to_do": to_do,
        "tone": wording.TONES[situation.light],
    }
    return render_to_string("upkeep/kits/_card.html", context, request)
