"""Moments as the practice says them: the clock of a blank machine may stand in another zone."""

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def moment_words(moment: datetime) -> str:
    """Return a moment (aware) as people of the practice write it."""
    return f"{moment.astimezone(_zone()):%d/%m/%Y %H:%M}"


def typed_moment(text: str) -> datetime:
    """Return the moment that somebody of the practice typed, in UTC. Raises: ValueError."""
    text = text.strip()
    if "/" in text:
        moment = datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007 - the zone comes below
    else:
        moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone())
    return moment.astimezone(UTC)


def _zone() -> ZoneInfo:
    # The same default as in the settings, which are not read here.
    return ZoneInfo(os.environ.get("QUENOTTE_TIME_ZONE", "Europe/Paris"))
