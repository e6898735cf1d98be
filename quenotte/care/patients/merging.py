"""Uniting two records of one person, and parting them again.

The absorbed record stays as a row that leads to the other one: its file number and its address
keep finding her. What belonged to it changes hands, and the merge remembers each row.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish
from quenotte.base.masses import Mass, declare
from quenotte.care.patients import holdings, unions
from quenotte.care.patients.models import Merge, Patient
from quenotte.care.patients.operations import (
    DuplicateIns,
    ImpossibleDeath,
    rebuild_search_keys,
)
from quenotte.kernel.errors import Refusal


class SameRecord(Refusal):
    """A record cannot be united with itself."""

    message = _("C’est le même dossier. Choisissez l’autre dossier à réunir.")


class NoLongerApart(Refusal):
    """One of the two records was united with another meanwhile."""

    message = _(
        "L’un de ces dossiers vient d’être réuni avec un autre. Rien n’a été modifié : "
        "cherchez de nouveau le patient."
    )


class TwoProvedIdentities(Refusal):
    """Two qualified INS are two people, whatever their names."""

    message = _(
        "Ces deux dossiers ont chacun une identité qualifiée, avec deux matricules INS "
        "différents : ce sont deux personnes. Rien n’a été modifié."
    )


class ComparedMeanwhile(Refusal):
    """A record changed after the two were shown side by side."""

    message = _(
        "L’une des deux fiches a été modifiée pendant votre lecture. Rien n’a été réuni : "
        "relisez les différences ci-dessous, puis confirmez."
    )


class AlreadyParted(Refusal):
    """Somebody undid this merge already."""

    message = _("Cette réunion a déjà été défaite. Rien n’a été modifié.")


class NewerMergeFirst(Refusal):
    """What this merge gave has moved on with a later merge."""

    message = _(
        "Ce dossier a été réuni depuis avec un autre. Défaites d’abord la réunion la plus récente."
    )


@transaction.atomic
def merge_patients(
    *,
    actor: Actor,
    survivor_id: UUID,
    absorbed_id: UUID,
    taken: Iterable[str],
    versions: tuple[int, int] | None = None,
) -> Merge:
    """Unite two records; ``taken`` are the choices of ``unions.CHOICES`` kept from the absorbed.

    ``versions`` are those that were shown, the survivor's first.

    Raises: SameRecord; Patient.DoesNotExist; NoLongerApart; TwoProvedIdentities;
    ComparedMeanwhile; ImpossibleDeath; DuplicateIns.
    """
    survivor, absorbed = _both(actor, survivor_id, absorbed_id)
    if versions and versions != (survivor.version, absorbed.version):
        raise ComparedMeanwhile
    own, other = facts_of(survivor), facts_of(absorbed)
    if unions.have_two_proved_ins(own, other):
        raise TwoProvedIdentities
    values = unions.united(own, other, taken=frozenset(taken))
    if values["died_on"] and values["died_on"] < values["born_on"]:
        raise ImpossibleDeath
    changed = [name for name, value in values.items() if own[name] != value]
    merge = Merge.objects.create(
        practice_id=survivor.practice_id,
        survivor=survivor,
        absorbed=absorbed,
        survivor_before=_plain({name: own[name] for name in changed}),
        survivor_after=_plain({name: values[name] for name in changed}),
        absorbed_before=_plain({name: other[name] for name in ("ins_matricule", "ins_oid")}),
        merged_at=timezone.now(),
        merged_by_id=actor.own_person_id,
    )
    # First the INS of the absorbed record is free, then the survivor may carry it.
    _write(absorbed, {"ins_matricule": "", "ins_oid": "", "merged_into_id": survivor.id})
    _write(survivor, {name: values[name] for name in changed})
    _hand_over(merge)
    _told(actor, merge, state="united", fields=changed)
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, merge_id: UUID) -> Merge:
    """Part two records again: everything goes back where it was.

    What was added since the union stays with the survivor, and so does what was typed in her
    form since.

    Raises: Merge.DoesNotExist; AlreadyParted; NewerMergeFirst; DuplicateIns when the INS of the
    absorbed record was given to another one meanwhile.
    """
    merge = Merge.objects.select_for_update().get(id=merge_id, practice_id=actor.own_practice_id)
    if merge.undone_at:
        raise AlreadyParted
    rows = Patient.objects.select_for_update().order_by("id")
    found = {row.id: row for row in rows.filter(id__in=[merge.survivor_id, merge.absorbed_id])}
    survivor, absorbed = found[merge.survivor_id], found[merge.absorbed_id]
    if survivor.merged_into_id:
        raise NewerMergeFirst
    before, after = _values(merge.survivor_before), _values(merge.survivor_after)
    _write(survivor, {n: before[n] for n in before if getattr(survivor, n) == after[n]})
    _write(absorbed, _values(merge.absorbed_before) | {"merged_into_id": None})
    for holding in holdings.registered():
        ids = merge.moved.get(holding.key, ())
        holding.move(old_id=survivor.id, new_id=absorbed.id, ids=ids)
    merge.undone_at, merge.undone_by_id = timezone.now(), actor.own_person_id
    merge.save(update_fields=["undone_at", "undone_by"])
    _told(actor, merge, state="parted", fields=list(before))
    return merge


def gather_strays() -> int:
    """Hand over what was written to an absorbed record at the very moment of its union.

    Who books while another unites may still write the old id. Returns the number of rows.
    """
    gathered = 0
    for merge_id in Merge.objects.filter(undone_at=None).values_list("id", flat=True):
        with transaction.atomic():
            merge = Merge.objects.select_for_update().get(id=merge_id)
            if merge.undone_at is None and (count := _hand_over(merge)):
                _declare(count)
                gathered += count
    return gathered


def are_two_people(one: Patient, other: Patient) -> bool:
    """Tell whether two qualified INS forbid to unite these records."""
    return unions.have_two_proved_ins(facts_of(one), facts_of(other))


def facts_of(patient: Patient) -> dict[str, Any]:
    """Return the values of a record that a union compares."""
    return {name: getattr(patient, name) for name in (*unions.FIELDS, "identity_status")}


def _both(actor: Actor, survivor_id: UUID, absorbed_id: UUID) -> tuple[Patient, Patient]:
    """Return the two rows, locked in the order of their ids: two merges never wait in a ring."""
    if survivor_id == absorbed_id:
        raise SameRecord
    rows = Patient.objects.select_for_update().filter(practice_id=actor.own_practice_id)
    found = {row.id: row for row in rows.filter(id__in=[survivor_id, absorbed_id]).order_by("id")}
    if len(found) != 2:
        raise Patient.DoesNotExist
    survivor, absorbed = found[survivor_id], found[absorbed_id]
    if survivor.merged_into_id or absorbed.merged_into_id:
        raise NoLongerApart
    return survivor, absorbed


def _hand_over(merge: Merge) -> int:
    """Move what belongs to the absorbed record, and remember each row."""
    moved = {
        holding.key: holding.move(old_id=merge.absorbed_id, new_id=merge.survivor_id)
        for holding in holdings.registered()
    }
    count = sum(len(ids) for ids in moved.values())
    if count:
        for key, ids in moved.items():
            merge.moved[key] = [*merge.moved.get(key, ()), *ids]
        merge.save(update_fields=["moved"])
    return count


def _write(patient: Patient, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(patient, name, value)
    patient.version += 1
    names = [name.removesuffix("_id") for name in values]
    try:
        with transaction.atomic():
            patient.save(update_fields=[*names, "version", "updated_at"])
    except IntegrityError as error:
        raise DuplicateIns from error


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, bool) else str(value)
        for name, value in values.items()
    }


def _values(kept: dict[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in Patient._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in kept.items()}


def _declare(rows: int) -> None:
    """Say that so many rows changed hands, and two records with them."""
    models = {holding.model for holding in holdings.registered()}
    declare(Mass.UNION, "care.Patient", *sorted(models), rows=rows + 2)


def _told(actor: Actor, merge: Merge, *, state: str, fields: list[str]) -> None:
    """Write a line in each of the two records, and warn the open pages."""
    _declare(sum(len(ids) for ids in merge.moved.values()))
    for patient in (merge.survivor, merge.absorbed):
        patient.refresh_from_db()
        rebuild_search_keys(patient)
        publish(
            practice_id=merge.practice_id,
            name="patient.changed",
            data={"patient": str(patient.id)},
            audience="patients.read",
        )
    for patient_id, role in ((merge.survivor_id, "survivor"), (merge.absorbed_id, "absorbed")):
        audit.record(
            action=Action.CHANGE,
            actor=actor,
            patient_id=patient_id,
            object_kind="merge",
            object_id=str(merge.id),
            detail={
                "state": state,
                "role": role,
                "fields": ",".join(fields)[:120],
                "count": sum(len(ids) for ids in merge.moved.values()),
            },
        )
