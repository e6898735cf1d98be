"""What a template of notes is filled with: what the visit knows, of one act and not of another."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format

from quenotte.office.catalogue import queries as catalogue
from quenotte.office.visits import rules
from quenotte.office.visits.models import NoteTemplate, VisitAct
from quenotte.office.visits.queries import VisitShown

#: Places that an open page fills as soon as the visit knows them, whatever the act.
_FOLLOWED: Final = ("anesthesique",)


@dataclass(frozen=True, slots=True)
class Asking:
    """A template that could speak of several acts: a person says of which one."""

    template: NoteTemplate
    acts: Sequence[VisitAct]


def meant(template: NoteTemplate, done: VisitShown) -> Sequence[VisitAct]:
    """Return the acts that a template may speak of: none, one, or those between which to choose.

    Of several acts, those whose template it is by its name (« Composite », « Extraction »); all
    of them when its name tells of none. Those that would give the same words count as one.
    """
    named = [one for one in done.acts if rules.is_about(template.name, _told(done, one))]
    found: dict[str, VisitAct] = {}
    for one in named or done.acts:
        found.setdefault(rules.filled(template.text, known_places(done, [one])), one)
    return list(found.values())


def known_places(done: VisitShown, acts: Sequence[VisitAct]) -> dict[str, str]:
    """Return what a visit fills in a template by itself; what it does not know is left out.

    ``acts`` are those of ``{dent}`` and ``{acte}``: both speak of the same.
    """
    teeth = dict.fromkeys(tooth for act in acts for tooth in act.teeth.split())
    given = [
        f"{one.product}, {rules.shown_cartridges(one.quarters)}, {one.dose_mg} mg"
        for one in done.anaesthesias
    ]
    supplies = [f"{one.name} (lot {one.lot})" if one.lot else one.name for one in done.supplies]
    found = {
        "dent": ", ".join(teeth),
        "acte": " ; ".join(map(_words, acts)),
        "actes": " ; ".join(map(_words, done.acts)),
        "anesthesique": " ; ".join(given),
        "materiaux": ", ".join(supplies),
        "date": date_format(timezone.localdate(done.visit.opened_at), "d/m/Y"),
        "praticien": done.visit.practitioner.full_name,
    }
    return {name: text for name, text in found.items() if text}


def followed(done: VisitShown) -> str:
    """Return, as JSON for the open page, the places that are filled once the visit knows them."""
    found = known_places(done, ())
    return json.dumps({name: found.get(name, "") for name in _FOLLOWED}, ensure_ascii=False)


def _words(act: VisitAct) -> str:
    return f"{act.label} {act.surfaces}".strip()


def _told(done: VisitShown, act: VisitAct) -> str:
    """Return the words by which an act is found in the catalogue."""
    day = timezone.localdate(done.visit.opened_at)
    facts = catalogue.act(done.visit.practice_id, act.code, day)
    return f"{act.label} {facts.words if facts else ''}"
