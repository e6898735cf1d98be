"""Filling and signing questionnaires, asking for a dossier and making it."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.files import operations as files
from quenotte.devices.paper.typesetting import CannotTypeset
from quenotte.kernel.errors import Refusal
from quenotte.kernel.memento.items import Sheet
from quenotte.provider.customers import queries as customers
from quenotte.provider.evidence import papers, queries, rules
from quenotte.provider.evidence.building import built
from quenotte.provider.evidence.models import Departure, Dossier, Draft, Making, SignedSheet

logger = logging.getLogger(__name__)

_JSON, _PDF = "application/json", "application/pdf"
#: Jobs stand above operations, which therefore name theirs.
_JOB = "quenotte.provider.evidence.jobs.make"
#: Where a making stands, in per cent: read and judged, set on paper.
_JUDGED, _SET = 40, 80


class NothingSigned(Refusal):
    """A questionnaire without a single answer."""

    message = _("Aucune réponse n’est cochée : il n’y a rien à signer.")
    next_step = _("Ce qui est saisi est gardé. Répondez à une question au moins, puis signez.")


class NoReason(Refusal):
    """« Sans objet » without a word why: nobody could check it."""

    message = _("« Sans objet » demande une précision.")
    next_step = _("Rien n’a été signé, ce qui est saisi est gardé. Écrivez pourquoi, puis signez.")


class CannotSet(Refusal):
    """The dossier could not be set on paper."""

    message = _("Le dossier n’a pas pu être mis en page. Rien n’a été gardé, rien n’est perdu.")
    next_step = _("Réessayez ; si cela se reproduit, le journal du serveur en dit la raison.")


class DraftMoved(Refusal):
    """The answers are others than those that the page showed: a colleague's, or another tab's."""

    message = _("Les réponses ont changé depuis l’ouverture de cette page. Rien n’a été écrit.")
    next_step = _(
        "Ce que vous avez saisi est encore à l’écran ; ce qui est enregistré se lit sous les"
        " questions où il diffère. Relisez, puis recommencez."
    )


def save_draft(
    *,
    customer_id: UUID,
    sheet: Sheet,
    typed: Mapping[str, tuple[str, str]],
    actor: Actor,
    seen: str | None = None,
) -> Draft:
    """Keep what is typed on a questionnaire. ``typed``: (given, note) by item.

    ``seen``: the seal of the draft that the page showed (rules.seal_of); None: whatever stands is
    replaced. Raises: DraftMoved.
    """
    with transaction.atomic():
        customers.hold(customer_id)
        answers = rules.cleaned(sheet, typed)
        if seen is not None:
            _must_stand(customer_id, sheet, answers, seen)
        draft, _made = Draft.objects.update_or_create(
            customer_id=customer_id,
            sheet=sheet,
            defaults={
                "answers": answers,
                "changed_at": timezone.now(),
                "changed_by_id": actor.own_person_id,
            },
        )
        record(
            action=Action.CHANGE,
            actor=actor,
            object_kind="evidence_draft",
            object_id=str(draft.id),
            detail={"purpose": sheet.value, "count": len(draft.answers)},
        )
    return draft


def _must_stand(customer_id: UUID, sheet: Sheet, answers: Mapping[str, Any], *seen: str) -> None:
    """Pass where a draft is what was seen of it, or what is to be kept.

    Where somebody signed since, nothing is as it was seen. Raises: DraftMoved.
    """
    known = queries.draft_of(customer_id, sheet)
    now = queries.seal_now(customer_id, sheet, known.answers if known else {})
    if now not in {*seen, queries.seal_now(customer_id, sheet, answers)}:
        raise DraftMoved


def sign(
    *,
    customer_id: UUID,
    sheet: Sheet,
    typed: Mapping[str, tuple[str, str]],
    signer: str,
    quality: str,
    actor: Actor,
    how: str = "",
    at: datetime | None = None,
) -> SignedSheet:
    """Sign a questionnaire as its signer saw it: what is answered counts from now on, for good.

    ``typed``: (given, note) by item, as they were kept just before: a draft that says anything else
    is a colleague's, and stays. ``signer`` and ``quality``: who answers for it; of the provider's
    own questionnaires that is whose account it is. ``how``: what proved that its person is there,
    "" when nothing did. ``at``: now, unless somebody invents a past.

    Raises: NothingSigned; NoReason; DraftMoved.
    """
    with transaction.atomic():
        # Who signs or types meanwhile waits: two at one place of the chain would be refused.
        customers.hold(customer_id)
        told = rules.cleaned(sheet, typed)
        # Gone: it was signed since it was kept, by another click or by somebody else.
        _must_stand(customer_id, sheet, told)
        answers = rules.answered(told)
        if not answers:
            raise NothingSigned
        if rules.unexplained(answers):
            raise NoReason
        signed_at = at or timezone.now()
        place = _place(customer_id)
        signed = _signature(customer_id, sheet, answers, signer, quality, actor, signed_at, place)
        Draft.objects.filter(customer_id=customer_id, sheet=sheet).delete()
        line = record(
            action=Action.CREATE,
            actor=actor,
            object_kind="evidence_answers",
            object_id=str(signed.id),
            detail={
                "purpose": sheet.value,
                "digest": rules.grouped(signed.digest),
                "to": rules.grouped(signed.customer_id.hex),
                **({"how": how} if how else {}),
            },
        )
        signed.journal_number = line.number
        signed.save(force_insert=True)
    return signed


def _signature(
    customer_id: UUID,
    sheet: Sheet,
    answers: dict[str, dict[str, str]],
    signer: str,
    quality: str,
    actor: Actor,
    signed_at: datetime,
    place: tuple[int, str],
) -> SignedSheet:
    number, previous = place
    digest = rules.digest_of(
        customer_id=str(customer_id),
        sheet=sheet,
        answers=answers,
        signer=signer,
        quality=quality,
        taken_as=actor.person_label,
        signed_at=signed_at,
        number=number,
        previous=previous,
    )
    return SignedSheet(
        id=uuid4(),
        customer_id=customer_id,
        sheet=sheet,
        answers=answers,
        signer=signer,
        quality=quality,
        taken_by_id=actor.own_person_id,
        taken_as=actor.person_label,
        signed_at=signed_at,
        number=number,
        previous=previous,
        digest=digest,
    )


def _place(customer_id: UUID) -> tuple[int, str]:
    """Return the place of the next one in the chain of a practice, and the digest before it."""
    chain = queries.chain_of(customer_id)
    if not chain:
        return 1, ""
    last = chain[-1]
    return max(last.number or 0, len(chain)) + 1, last.digest


def ask(*, customer_id: UUID, actor: Actor) -> Making:
    """Ask for a dossier of a practice; one that is under way is the answer itself."""
    last = queries.making_of(customer_id)
    if last is not None and queries.is_under_way(last):
        return last
    try:
        return _asked(customer_id, actor)
    except IntegrityError:
        # Somebody else asked in the same moment.
        return Making.objects.get(customer_id=customer_id, finished_at=None)


def _asked(customer_id: UUID, actor: Actor) -> Making:
    now = timezone.now()
    with transaction.atomic():
        over = Q(finished_at__isnull=False) | Q(asked_at__lt=now - rules.PATIENCE)
        Making.objects.filter(over, customer_id=customer_id).delete()
        making = Making.objects.create(
            customer_id=customer_id, asked_at=now, asked_by_id=actor.own_person_id
        )
        import_string(_JOB).enqueue(making_id=making.id)
        record(
            action=Action.CREATE,
            actor=actor,
            object_kind="evidence_making",
            object_id=str(making.id),
        )
    return making


def make(*, making_id: UUID, at: datetime | None = None) -> Dossier | None:
    """Make the dossier that was asked for; None when it was declined, and the making says why.

    A second call for the same one returns what the first made. ``at``: now, unless somebody invents
    a past.
    """
    making = Making.objects.select_related("customer", "asked_by__practice", "dossier").filter(
        pk=making_id
    )
    asked = making.first()
    if asked is None or asked.finished_at is not None:
        return asked.dossier if asked else None
    try:
        return _made(asked, at or timezone.now())
    except Refusal as refusal:
        _finish(asked, refusal=str(refusal))
        return None


def _made(making: Making, at: datetime) -> Dossier:
    """Make a dossier. Raises: CannotSet; NoRoom."""
    who, now = making.asked_by, at.replace(microsecond=0)
    before = queries.dossiers_of(making.customer_id).first()
    dossier = built(
        making.customer,
        before=before,
        provider=who.practice.name,
        made_by=who.full_name,
        now=now,
    )
    counts, written = dossier.content()["counts"], dossier.written()
    _step(making, _JUDGED)
    pdf = _set(written)
    _step(making, _SET)
    json_file = files.keep(written, media_type=_JSON)
    pdf_file = files.keep(pdf, media_type=_PDF)
    row = Dossier(
        id=uuid4(), customer_id=making.customer_id, number=dossier.number, made_at=now,
        made_by=who, made_as=who.full_name, digest=dossier.digest, previous=dossier.previous,
        ok=counts["ok"], bad=counts["bad"], unknown=counts["unknown"],
        json_file=json_file, pdf_file=pdf_file,
    )  # fmt: skip
    _keep(making, row)
    return row


def _set(written: bytes) -> bytes:
    """Return the paper of a dossier. Raises: CannotSet."""
    try:
        return papers.pdf_of(written)
    except (CannotTypeset, OSError) as error:
        logger.warning("a dossier was not set: %s", error)
        raise CannotSet from error


def _keep(making: Making, row: Dossier) -> None:
    """Write a dossier down and end its making, with the digests of both files in the journal."""
    who = making.asked_by
    with transaction.atomic():
        line = record(
            action=Action.CREATE,
            actor=Actor(who.id, who.full_name, who.practice_id, "", "worker", who.roles),
            object_kind="evidence",
            object_id=str(row.id),
            detail={
                "count": row.number,
                "digest": rules.grouped(row.digest),
                "file": rules.grouped(row.pdf_file_id),
                "to": rules.grouped(row.customer_id.hex),
            },
        )
        row.journal_number = line.number
        row.save(force_insert=True)
        _finish(making, dossier=row)


def _step(making: Making, percent: int) -> None:
    Making.objects.filter(pk=making.pk).update(percent=percent)


def _finish(making: Making, *, dossier: Dossier | None = None, refusal: str = "") -> None:
    Making.objects.filter(pk=making.pk).update(
        percent=100, finished_at=timezone.now(), dossier=dossier, refusal=refusal[:300]
    )


def note_handed_out(*, dossier: Dossier, kind: str, actor: Actor) -> None:
    """Note that a file of a dossier was taken away. ``kind``: pdf or json."""
    record(
        action=Action.EXPORT,
        actor=actor,
        object_kind="evidence",
        object_id=str(dossier.id),
        detail={"format": kind, "count": dossier.number},
    )


def forget_drafts(customer_id: UUID) -> int:
    """Forget what was typed of a practice and never signed, and who asked for a dossier.

    Returns how many drafts went.
    """
    Making.objects.filter(customer_id=customer_id).delete()
    return Draft.objects.filter(customer_id=customer_id).delete()[0]


def note_departure(
    *, customer_id: UUID, ended_at: datetime, at: datetime, fields: str
) -> Departure:
    """Note for good that a practice goes, in the journal and with the digests of both its chains.

    From here on triggers let its rows go; whoever calls removes all of them in this transaction.
    ``fields``: what goes and how many, as codes.
    """
    noted = Departure(
        id=customer_id, ended_at=ended_at, at=at,
        dossiers=[_dossier_told(one) for one in queries.dossiers_of(customer_id).reverse()],
        sheets=[{"id": str(one.id), "digest": one.digest} for one in queries.chain_of(customer_id)],
    )  # fmt: skip
    line = record(
        action=Action.CHANGE,
        actor=SYSTEM,
        object_kind=queries.GONE,
        object_id=str(customer_id),
        detail={"state": "gone", "fields": fields, "digest": queries.digest_of_departure(noted)},
    )
    noted.journal_number = line.number
    noted.save(force_insert=True)
    return noted


def _dossier_told(one: Dossier) -> dict[str, Any]:
    files_of = [one.json_file_id, one.pdf_file_id]
    return {"id": str(one.id), "number": one.number, "digest": one.digest, "files": files_of}


def let_go(noted: Departure) -> None:
    """Remove both chains of a practice that went, whole, and the files of its dossiers.

    Never a link alone: what is left of a chain would be called broken, and rightly.
    """
    Dossier.objects.filter(customer_id=noted.id).delete()
    SignedSheet.objects.filter(customer_id=noted.id).delete()
    files.let_go(noted.files)


def sweep(*, since: datetime) -> None:
    """Remove what a fall left on the disk of practices that went since an instant."""
    for noted in Departure.objects.filter(at__gte=since):
        files.remove_unnamed(noted.files)
