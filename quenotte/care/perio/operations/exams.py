"""The life of an examination: begun, closed, given up, corrected by another."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.perio import queries
from quenotte.care.perio.models import PerioExam, PerioSite, PerioTooth
from quenotte.care.perio.operations.telling import tell
from quenotte.care.perio.rules.mouths import Presence
from quenotte.kernel.errors import Refusal


class NothingMeasured(Refusal):
    """An examination without any value."""

    message = _("Aucune valeur n’a été saisie : il n’y a rien à clore. Rien n’a été modifié.")
    next_step = _("Saisissez les mesures, ou abandonnez l’examen.")


class NoSuchExaminer(Refusal):
    """The examiner is no dentist of the practice."""

    message = _("Cet examinateur ne fait pas partie des praticiens du cabinet.")
    next_step = _("Choisissez-en un dans la liste.")


class DraftElsewhere(Refusal):
    """Another examination of this patient is still being typed."""

    message = _("Un autre examen de ce patient est en cours. Rien n’est perdu.")
    next_step = _("Terminez-le ou abandonnez-le d’abord.")


def start(
    *,
    actor: Actor,
    patient_id: UUID,
    born_on: date,
    examined_on: date,
    examiner_id: UUID,
    corrects_id: UUID | None = None,
) -> PerioExam:
    """Begin an examination, or return the one that is being typed: there is one at a time.

    With ``corrects_id`` it begins with the values of a closed one, whose place it takes.

    Raises: NoSuchExaminer; DraftElsewhere when a correction is asked for during another draft;
    PerioExam.DoesNotExist when the corrected one is not a closed one of this patient.
    """
    names = {one.id: one.full_name for one in queries.examiners(actor.own_practice_id)}
    if examiner_id not in names:
        raise NoSuchExaminer
    exam = PerioExam(
        patient_id=patient_id,
        examined_on=examined_on,
        examiner_id=examiner_id,
        examined_by=names[examiner_id],
        started_at=timezone.now(),
        draft_of=patient_id,
        corrects_id=corrects_id,
    )
    try:
        with transaction.atomic():
            _begin(actor, exam, born_on)
    except IntegrityError:
        # Somebody began at the same moment, or before: the constraint says so.
        return _draft_met(patient_id, corrects_id)
    return exam


def _draft_met(patient_id: UUID, corrects_id: UUID | None) -> PerioExam:
    other = PerioExam.objects.filter(draft_of=patient_id).first()
    if other is None or other.corrects_id != corrects_id:
        raise DraftElsewhere
    return other


def _begin(actor: Actor, exam: PerioExam, born_on: date) -> None:
    if exam.corrects_id is None:
        teeth = queries.known_teeth(exam.patient_id, born_on, exam.examined_on)
        exam.save(force_insert=True)
        PerioTooth.objects.bulk_create(
            PerioTooth(exam=exam, tooth=tooth, presence=seen.value)
            for tooth, seen in sorted(teeth.items())
            if seen is not Presence.PRESENT
        )
    else:
        closed = PerioExam.Status.CLOSED
        old = PerioExam.objects.get(id=exam.corrects_id, patient_id=exam.patient_id, status=closed)
        exam.save(force_insert=True)
        _copy(old, exam)
    tell(actor, exam.patient_id, exam.id, Action.CREATE)


def _copy(old: PerioExam, exam: PerioExam) -> None:
    teeth = list(PerioTooth.objects.filter(exam=old))
    for tooth in teeth:
        tooth.pk, tooth.exam = None, exam
    PerioTooth.objects.bulk_create(teeth)
    sites = list(PerioSite.objects.filter(exam=old))
    for site in sites:
        site.pk, site.exam = None, exam
    PerioSite.objects.bulk_create(sites)


@transaction.atomic
def close(*, actor: Actor, patient_id: UUID, exam_id: UUID) -> PerioExam:
    """Close an examination: from now on the database refuses any change. Closing twice is once.

    Raises: NothingMeasured; PerioExam.DoesNotExist.
    """
    exam = _locked(patient_id, exam_id)
    if exam.status != PerioExam.Status.DRAFT:
        return exam
    if all(one.is_empty for one in queries.charting_of(exam.id).sites.values()):
        raise NothingMeasured
    exam.status, exam.closed_at = PerioExam.Status.CLOSED, timezone.now()
    exam.closed_by, exam.draft_of = actor.person_label, None
    exam.save(update_fields=["status", "closed_at", "closed_by", "draft_of"])
    tell(actor, patient_id, exam.id, Action.CHANGE)
    return exam


@transaction.atomic
def give_up(*, actor: Actor, patient_id: UUID, exam_id: UUID) -> PerioExam:
    """Put a draft aside; its values stay, and it can be taken up again.

    Raises: PerioExam.DoesNotExist.
    """
    exam = _locked(patient_id, exam_id)
    if exam.status == PerioExam.Status.DRAFT:
        _turn(actor, exam, PerioExam.Status.GIVEN_UP)
    return exam


def take_up_again(*, actor: Actor, patient_id: UUID, exam_id: UUID) -> PerioExam:
    """Go on with a draft that was put aside.

    Raises: DraftElsewhere; PerioExam.DoesNotExist.
    """
    try:
        with transaction.atomic():
            exam = _locked(patient_id, exam_id)
            if exam.status == PerioExam.Status.GIVEN_UP:
                _turn(actor, exam, PerioExam.Status.DRAFT)
            return exam
    except IntegrityError:
        raise DraftElsewhere from None


def _turn(actor: Actor, exam: PerioExam, status: PerioExam.Status) -> None:
    exam.status = status
    exam.draft_of = exam.patient_id if status == PerioExam.Status.DRAFT else None
    exam.save(update_fields=["status", "draft_of"])
    tell(actor, exam.patient_id, exam.id, Action.CHANGE)


def _locked(patient_id: UUID, exam_id: UUID) -> PerioExam:
    return PerioExam.objects.select_for_update().get(id=exam_id, patient_id=patient_id)
