"""The light of the backups, on every page."""

from uuid import UUID

from django.http import HttpRequest

from quenotte.base.people.access import actor_of, may_request
from quenotte.upkeep.backups import queries, rules, wording
from quenotte.web.lights import Level, Light
from quenotte.web.links import link_to
from quenotte.web.remembered import ForAWhile

_LEVELS = {
    rules.Light.GREEN: Level.OK,
    rules.Light.AMBER: Level.ATTENTION,
    rules.Light.RED: Level.DANGER,
}


def _standing(_practice_id: UUID) -> tuple[Level, str]:
    """Return how the copies stand: level, words."""
    found = queries.status()
    why = [str(rules.REASON_WORDS[reason]) for reason in found.reasons[:1]]
    words = " ".join([found.sentence, *why]) if found.standings else why[0]
    return _LEVELS[found.light], words


_kept_standing = ForAWhile(_standing, seconds=30.0)


def asked_anew(practice_id: UUID) -> None:
    """Let the next pages say what is true now."""
    _kept_standing.anew(practice_id)


def light(request: HttpRequest) -> Light:
    """Say on every page what the copies are worth, and lead to their page who may read it."""
    level, words = _kept_standing(actor_of(request).own_practice_id)
    if may_request(request, "backups.read"):
        return Light(level, words, link_to("backups:home"))
    return Light(level, wording.LIGHT_WORDS[_light_of(level)])


def _light_of(level: Level) -> rules.Light:
    return next(light for light, known in _LEVELS.items() if known is level)
