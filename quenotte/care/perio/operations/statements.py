"""What is signed about a closed examination: conclusions and additions, never changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.operations import discard_draft
from quenotte.care.perio import queries
from quenotte.care.perio.models import PerioExam, PerioStatement
from quenotte.care.perio.operations.telling import tell
from quenotte.kernel.errors import Refusal


class NothingSaid(Refusal):
    """A statement without a word."""

    message = _("Il n’y a rien à signer : écrivez quelques mots, ou choisissez un stade.")


class NotClosedYet(Refusal):
    """The examination is still being typed."""

    message = _("L’examen n’est pas clos : ses valeurs peuvent encore changer.")
    next_step = _("Clôturez-le, puis signez. Votre texte est gardé.")


@transaction.atomic
def sign(
    *,
    actor: Actor,
    patient_id: UUID,
    exam_id: UUID,
    kind: str,
    text: str,
    classes: Mapping[str, str] | None = None,
    context: Mapping[str, Any] | None = None,
) -> PerioStatement:
    """Sign a conclusion (with ``classes``: stage, grade, extent) or an addition.

    ``context`` is what the help was told, kept with the conclusion.

    Raises: NothingSaid; NotClosedYet; PerioExam.DoesNotExist.
    """
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    named = {name: value for name, value in (classes or {}).items() if value}
    if not words and not named.get("stage"):
        raise NothingSaid
    exam = PerioExam.objects.get(id=exam_id, patient_id=patient_id)
    if exam.status != PerioExam.Status.CLOSED:
        raise NotClosedYet
    said = PerioStatement.objects.create(
        exam=exam,
        kind=kind,
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
        signed_at=timezone.now(),
        text=words,
        context=dict(context or {}),
        **named,
    )
    discard_draft(person_id=actor.own_person_id, key=queries.draft_key(exam.id))
    tell(actor, patient_id, exam.id, Action.CREATE)
    return said
