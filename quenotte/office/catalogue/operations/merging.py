"""An official file and the catalogue brought together: compared, then written."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.dates import format_french_date
from quenotte.kernel.errors import Refusal
from quenotte.office.catalogue.models import Act, ActVersion, Catalogue
from quenotte.office.catalogue.operations import versions, writing
from quenotte.office.catalogue.rules import official, shipped, sorting
from quenotte.office.catalogue.rules.comparing import Comparison, Known
from quenotte.office.catalogue.rules.comparing import compare as compare_acts
from quenotte.office.catalogue.rules.shipped import Worth

_BATCH: Final = 200
_CCAM: Final = "ccam"


class OlderFile(Refusal):
    """The catalogue already is further than this file."""

    message = _(
        "Ce fichier est plus ancien que le catalogue. Rien n’a été modifié : prenez la dernière "
        "version."
    )


def known_codes(practice_id: UUID) -> frozenset[str]:
    """Return the codes of the nomenclature that the practice has."""
    return frozenset(_acts(practice_id))


def refuse_older(practice_id: UUID, file: official.OfficialFile) -> None:
    """Raise OlderFile, which tells both dates, when the file would turn the catalogue back."""
    catalogue = Catalogue.objects.filter(practice_id=practice_id).first()
    here = (catalogue.official_on if catalogue else None) or shipped.EFFECTIVE_ON
    if file.effective_on < here:
        days = {"file": format_french_date(file.effective_on), "here": format_french_date(here)}
        raise OlderFile(
            next_step=_("Le fichier vaut à partir du %(file)s, le catalogue est au %(here)s.")
            % days
        )


def compare(practice_id: UUID, file: official.OfficialFile) -> Comparison:
    """Return what a file would change."""
    here = Catalogue.objects.filter(practice_id=practice_id).first()
    return _compared(practice_id, here, _acts(practice_id), file)


def merge(practice_id: UUID, file: official.OfficialFile) -> Comparison:
    """Write a file into the catalogue of a practice; call inside a transaction.

    The same file once more changes nothing. What the practice chose stays: own fees and labels,
    favourites, hidden acts, ceilings; acts of its own are none of the nomenclature's.

    Raises: OlderFile when another file was applied meanwhile.
    """
    catalogue = writing.hold(practice_id)
    refuse_older(practice_id, file)
    acts = _acts(practice_id)
    found = _compared(practice_id, catalogue, acts, file)
    acts |= _create(practice_id, [file.acts[code] for code in found.new])
    _label(acts, file)
    worths = [(acts[code], file.acts[code].worth) for code in (*found.new, *found.changed)]
    worths += [(acts[code], Worth(None, "covered", is_ended=True)) for code in found.ended]
    versions.add(practice_id, worths, file.effective_on, Act.Origin.OFFICIAL)
    writing.changed(
        catalogue,
        official_version=file.version,
        official_on=file.effective_on,
        imported_at=timezone.now(),
    )
    return found


def _compared(
    practice_id: UUID, here: Catalogue | None, acts: dict[str, Act], file: official.OfficialFile
) -> Comparison:
    version = (here.official_version, here.official_on) if here else None
    found = compare_acts(_known(practice_id, acts, file.effective_on), file)
    return replace(found, is_new_version=version != (file.version, file.effective_on))


def _acts(practice_id: UUID) -> dict[str, Act]:
    """Return the practice's acts of the nomenclature, by code."""
    rows = Act.objects.filter(practice_id=practice_id, system=_CCAM)
    return {act.code: act for act in rows.exclude(origin=Act.Origin.OWN)}


def _known(practice_id: UUID, acts: dict[str, Act], day: date) -> dict[str, Known]:
    current = versions.in_force(practice_id, day)
    return {code: _known_act(act, current.get(act.id)) for code, act in acts.items()}


def _known_act(act: Act, version: ActVersion | None) -> Known:
    worth = versions.worth_of(version) if version else None
    return Known(act.own_label or act.label, worth, act.official_label, act.official_notes)


def _create(practice_id: UUID, found: list[official.OfficialAct]) -> dict[str, Act]:
    made = [
        Act(
            id=uuid.uuid4(),
            practice_id=practice_id,
            code=one.code,
            system=_CCAM,
            activity="1",
            phase="0",
            label=one.label[:200],
            family=sorting.family_of(one.label, one.worth.group),
            area="open",
            teeth="any",
            origin=Act.Origin.OFFICIAL,
        )
        for one in found
    ]
    Act.objects.bulk_create(made, batch_size=_BATCH)
    return {act.code: act for act in made}


def _label(acts: dict[str, Act], file: official.OfficialFile) -> None:
    """Write the official words beside ours; an act that only the file knows takes them."""
    moved = []
    for code, one in file.acts.items():
        act = acts[code]
        words = (one.label, one.notes)
        if (act.official_label, act.official_notes) == words:
            continue
        act.official_label, act.official_notes = words
        if act.origin == Act.Origin.OFFICIAL:
            act.label = one.label[:200]
        moved.append(act)
    Act.objects.bulk_update(moved, ["official_label", "official_notes", "label"], _BATCH)
