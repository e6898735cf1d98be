"""What later versions of the questionnaires ask besides: an answered version stays as it was."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_noop as _

from quenotte.care.questionnaires.questions import Definition, Question, Section, line

_ASTHMA_MORE: Final = line("asthme_quoi", _("Ce qui le déclenche (aspirine, sulfites…)"))
_OF_ADULT: Final = (
    _("Avez-vous une insuffisance cardiaque ?"),
    _("Avez-vous un trouble du rythme ou de la conduction du cœur ?"),
    _("Avez-vous eu un ulcère de l’estomac ou un saignement digestif ?"),
)
_OF_CHILD: Final = (
    _("L’enfant a-t-il une insuffisance cardiaque ?"),
    _("L’enfant a-t-il un trouble du rythme ou de la conduction du cœur ?"),
    _("L’enfant a-t-il eu un ulcère de l’estomac ou un saignement digestif ?"),
)


def with_sulphites(former: Definition) -> Definition:
    """Return the next version of a questionnaire, whose allergies offer sulphites."""
    return _next(former, _sulphites)


def with_heart_and_stomach(former: Definition, *, of_child: bool = False) -> Definition:
    """Return the next version, which asks what changes an anaesthetic or an NSAID.

    Heart failure, conduction disorders, ulcer; and what sets off an asthma.
    """
    texts = _OF_CHILD if of_child else _OF_ADULT
    return _next(former, lambda section: _heart_and_stomach(section, texts))


def _next(former: Definition, change: Callable[[Section], Section]) -> Definition:
    sections = tuple(change(one) for one in former.sections)
    return replace(former, version=former.version + 1, sections=sections)


def _sulphites(section: Section) -> Section:
    """Return the screen of the allergies with sulphites to tick, any other as it is."""
    if section.key != "allergies":
        return section
    first, *others = section.questions
    at = next(place for place, (value, _words) in enumerate(first.choices) if value == "aucune")
    more = ("sulphites", _("Sulfites (vin, fruits secs, certains médicaments)"))
    choices = (*first.choices[:at], more, *first.choices[at:])
    return replace(section, questions=(replace(first, choices=choices), *others))


def _heart_and_stomach(section: Section, texts: tuple[str, str, str]) -> Section:
    failure, conduction, ulcer = texts
    if section.key == "coeur":
        more = (
            Question(
                "insuffisance_cardiaque",
                failure,
                hint=_("Essoufflement au repos ou à l’effort, chevilles gonflées."),
                follow_ups=(line("insuffisance_suivi", _("Est-elle équilibrée ? Traitement ?")),),
            ),
            Question(
                "conduction",
                conduction,
                hint=_("Bloc, pertes de connaissance, arythmie."),
                follow_ups=(line("conduction_quoi", _("Lequel, et comment est-il soigné ?")),),
            ),
        )
        return _after(section, "stimulateur", more)
    if section.key == "sante":
        asthma = tuple(
            replace(one, follow_ups=(_ASTHMA_MORE,)) if one.key == "asthme" else one
            for one in section.questions
        )
        when = line("ulcere_quand", _("Quand, et après quel médicament ?"))
        stomach = Question("ulcere", ulcer, follow_ups=(when,))
        return _after(replace(section, questions=asthma), "foie", (stomach,))
    return section


def _after(section: Section, key: str, more: tuple[Question, ...]) -> Section:
    """Return a screen with more questions after the one of that key."""
    at = next(place for place, one in enumerate(section.questions, 1) if one.key == key)
    return replace(section, questions=(*section.questions[:at], *more, *section.questions[at:]))
