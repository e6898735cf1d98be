"""Finding the records that may be the same person's: few candidates by their keys, then rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.patients import lookups, rules
from quenotte.care.patients.likenesses import Level, Likeness, Reason, Traits, likeness, near_births
from quenotte.care.patients.models import Patient, SearchKey
from quenotte.care.patients.queries import Found, found_from, found_rows

#: Look-alikes shown at once.
SHOWN = 8
#: Records read at once: a number that both databases take in one question.
_AT_ONCE = 5_000

#: What each reason is called beside a look-alike.
WORDS = {
    Reason.SAME_NAME: _("même nom"),
    Reason.SOUNDS_ALIKE: _("nom qui se prononce pareil"),
    Reason.PART_OF_NAME: _("nom composé commun"),
    Reason.NAMES_SWAPPED: _("nom et prénom inversés"),
    Reason.SAME_FIRST_NAME: _("même prénom"),
    Reason.FIRST_NAME_ALIKE: _("prénom proche"),
    Reason.SAME_BIRTH: _("même date de naissance"),
    Reason.DAY_AND_MONTH_SWAPPED: _("jour et mois de naissance inversés"),
    Reason.BIRTH_ALIKE: _("date de naissance à un chiffre près"),
    Reason.SAME_PHONE: _("même téléphone"),
}

TRAIT_COLUMNS = (
    "id",
    "birth_name",
    "used_name",
    "first_birth_first_name",
    "birth_first_names",
    "used_first_name",
    "born_on",
    "mobile_phone",
    "other_phone",
    "sex",
)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A record that may be the same person's."""

    found: Found
    level: Level
    reasons: tuple[Reason, ...]

    @property
    def words(self) -> list[str]:
        """The reasons, as the list says them."""
        return [str(WORDS[reason]) for reason in self.reasons]

    @property
    def must_be_decided(self) -> bool:
        """Whether a record is not made without a decision: more than a shared telephone."""
        return self.level >= Level.POSSIBLE


def look_alikes(
    practice_id: UUID, wanted: Traits, *, but: UUID | None = None, limit: int = SHOWN
) -> list[LookAlike]:
    """Return the records that may be this person's, the likeliest first."""
    ids = list(set(_candidates(practice_id, wanted)) - {but})
    # Every candidate is compared: whichever were left out might be the one.
    scored = [
        (alike, patient_id)
        for first in range(0, len(ids), _AT_ONCE)
        for patient_id, traits in traits_of(practice_id, ids[first : first + _AT_ONCE])
        if (alike := likeness(wanted, traits))
    ]
    scored.sort(key=lambda pair: (-pair[0].level, -len(pair[0].reasons)))
    return _shown(scored[:limit])


def look(*, actor: Actor, wanted: Traits, but: UUID | None = None) -> list[LookAlike]:
    """Find the look-alikes of somebody for the person who types her name.

    What is shown was searched for: one line of the journal when anything is.
    """
    found = look_alikes(actor.own_practice_id, wanted, but=but)
    if found:
        audit.record(
            action=Action.SEARCH,
            actor=actor,
            object_kind="patient",
            detail={"purpose": "duplicates", "count": len(found)},
        )
    return found


def traits_of(
    practice_id: UUID, ids: Iterable[UUID] | None = None
) -> Iterator[tuple[UUID, Traits]]:
    """Yield the traits of these patients of a practice; of all of them without ``ids``."""
    rows = Patient.objects.filter(practice_id=practice_id, merged_into=None).order_by()
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    for row in rows.values_list(*TRAIT_COLUMNS).iterator(chunk_size=2_000):
        yield row[0], _traits(row)


def traits_of_patient(patient: Patient) -> Traits:
    """Return the traits of a record."""
    return _traits(tuple(getattr(patient, name) for name in TRAIT_COLUMNS))


def are_unlike(one: Patient, other: Patient) -> bool:
    """Tell whether two records look like two people's, but for a shared telephone."""
    alike = likeness(traits_of_patient(one), traits_of_patient(other))
    return alike is None or alike.level == Level.HOUSEHOLD


def _traits(row: tuple[Any, ...]) -> Traits:
    _id, birth, used, first, firsts, used_first, born_on, mobile, other, sex = row
    return Traits(
        surnames=tuple(dict.fromkeys(name for name in (birth, used) if name)),
        first_names=tuple(dict.fromkeys(name for name in (first, firsts, used_first) if name)),
        born_on=rules.known_birth(born_on),
        phones=tuple(phone for phone in (mobile, other) if phone),
        sex=sex,
    )


def _candidates(practice_id: UUID, wanted: Traits) -> Iterator[UUID]:
    keys: dict[str, set[str]] = {
        lookups.PHONETIC: {
            key
            for name in (*wanted.surnames, *wanted.first_names)
            for key in lookups.phonetic_keys(name)
        },
        lookups.PHONE: {lookups.national_digits(phone) for phone in wanted.phones},
        lookups.BIRTH: near_births(wanted.born_on) if wanted.born_on else set(),
    }
    for kind, some in keys.items():
        if some := some - {""}:
            rows = SearchKey.objects.filter(practice_id=practice_id, kind=kind, key__in=some)
            yield from rows.values_list("patient_id", flat=True)


def _shown(scored: list[tuple[Likeness, UUID]]) -> list[LookAlike]:
    today = timezone.localdate()
    rows = found_rows(Patient.objects.filter(id__in=[patient_id for _alike, patient_id in scored]))
    by_id = {row[0]: found_from(row, today) for row in rows}
    return [
        LookAlike(by_id[patient_id], alike.level, alike.reasons) for alike, patient_id in scored
    ]
