"""What the guard shows on every page while an anomaly is open."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from quenotte.upkeep.guard import queries, words
from quenotte.upkeep.guard.models import Anomaly
from quenotte.upkeep.guard.rules import Sign, Signal
from quenotte.web.remembered import ForAWhile

#: Every page asks; a new anomaly is on them within so many seconds, and at once by its event.
_SECONDS = 5


def _open(_key: None) -> Anomaly | None:
    return queries.open_anomalies().first()


_open_for_a_while = ForAWhile(_open, seconds=_SECONDS)


def notice(request: HttpRequest, _subject: object = None) -> str:
    """Draw the notice; nothing while all is calm."""
    anomaly = _open_for_a_while(None)
    if anomaly is None:
        return ""
    context = {"anomaly": anomaly, "alarm": words.ALARM}
    return render_to_string("upkeep/guard/_notice.html", context, request)


def ask_again() -> None:
    """Let the next page look at once: somebody closed an anomaly here."""
    _open_for_a_while.anew(None)


def context_of(anomaly: Anomaly) -> dict[str, Any]:
    """Return what the page of an anomaly shows."""
    signals = [
        Signal(Sign(one["sign"]), one["count"], one["total"], tuple(one["names"]))
        for one in anomaly.signals
    ]
    return {
        "anomaly": anomaly,
        "alarm": words.ALARM,
        "advice": words.ADVICE,
        "sentences": [words.sentence_of(one) for one in signals],
        "endings": Anomaly.Ending.choices,
    }
