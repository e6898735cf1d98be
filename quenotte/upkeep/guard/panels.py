"""What the guard shows: on every page while an anomaly is open, and on that of the backups."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from quenotte.upkeep.guard import queries, weighing, words
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


def set_aside(request: HttpRequest, _subject: object = None) -> str:
    """Draw the copies that wait in quarantine, and why; nothing when there are none."""
    looks = queries.set_aside()
    if not looks:
        return ""
    rows = [(one, _sentences(one.signals)) for one in looks]
    return render_to_string("upkeep/guard/_set_aside.html", {"rows": rows}, request)


def announced(request: HttpRequest, _subject: object = None) -> str:
    """Draw what was announced to the guard, and the way to announce something."""
    context = {
        "announced": queries.announced(timezone.now()),
        "compared": words.compared(queries.compared(), weighing.MOST_BYTES),
    }
    return render_to_string("upkeep/guard/_announced.html", context, request)


def _sentences(signals: list[dict[str, Any]]) -> list[str]:
    return [
        words.sentence_of(
            Signal(Sign(one["sign"]), one["count"], one["total"], tuple(one["names"]))
        )
        for one in signals
    ]


def context_of(anomaly: Anomaly) -> dict[str, Any]:
    """Return what the page of an anomaly shows."""
    return {
        "anomaly": anomaly,
        "alarm": words.ALARM,
        "advice": words.ADVICE,
        "sentences": _sentences(anomaly.signals),
        "endings": Anomaly.Ending.choices,
    }
