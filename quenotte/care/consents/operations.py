"""Preparing, answering, sealing and withdrawing consents; nothing that was signed ever changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish
from quenotte.base.sent import keep_once, row_id, sent_before
from quenotte.base.tablets import operations as tablets
from quenotte.base.tablets.rules import State as TabletState
from quenotte.care.consents import papers, queries, rules
from quenotte.care.consents.models import Consent, ConsentText
from quenotte.care.documents import operations as documents
from quenotte.care.documents import queries as kept_papers
from quenotte.kernel import signatures
from quenotte.kernel.errors import Refusal


class AlreadyAnswered(Refusal):
    """The patient answered, or the consent was given up, meanwhile."""

    message = _(
        "Ce consentement a déjà reçu sa réponse. Elle est gardée, rien n’a été modifié. "
        "Rechargez la page pour la lire."
    )


class NotDecided(Refusal):
    """Neither « j’accepte » nor « je refuse », or no signature that counts."""

    message = _(
        "Il manque la décision ou la signature. Ce qui est saisi est gardé. Choisissez, signez "
        "dans le cadre, ou tapez le nom et cochez la case."
    )


class NotToBeSealed(Refusal):
    """It waits for the patient, is sealed already, or was taken back."""

    message = _(
        "Ce consentement n’attend pas la signature du praticien. Rien n’a été modifié. "
        "Rechargez la page."
    )


class NotToBeWithdrawn(Refusal):
    """Only a consent that was given and not yet withdrawn is withdrawn."""

    message = _("Ce consentement ne peut pas être retiré. Rien n’a été modifié. Rechargez la page.")


class TextChanged(Refusal):
    """Somebody wrote a version while the form was open."""

    message = _(
        "Ce texte a changé entre-temps. Rien n’a été écrasé, et ce qui est tapé est encore à "
        "l’écran. Copiez-le, rechargez la page, puis recommencez."
    )


class GuardianSigns(NotDecided):
    """A minor does not sign for herself."""

    message = _(
        "Le patient est mineur : son représentant légal signe. Ce qui est saisi est gardé. "
        "Choisissez « Le représentant légal », son nom et sa signature."
    )


class SignerUnknown(NotDecided):
    """The name is neither the patient's nor a known guardian's, and nobody said as whom."""

    message = _(
        "Ce nom n’est ni celui du patient ni celui d’un représentant légal inscrit au dossier. "
        "Ce qui est saisi est gardé, la signature aussi. Dites en quelle qualité vous signez, "
        "ou corrigez le nom."
    )


@dataclass(frozen=True)
class Answer:
    """What the patient, or who answers for her, decided and signed.

    ``signed``: drawn (an SVG), typed (a name and a tick), refused (no signature wanted).
    ``quality``: one of ``rules.Quality``, as whom a name that was not expected signs;
    ``quality_words``: hers, for another person.
    """

    decision: str
    signer: str
    name: str
    signed: str
    drawing: str = ""
    questions: str = ""
    reason: str = ""
    quality: str = ""
    quality_words: str = ""


@transaction.atomic
def save_text(
    *, actor: Actor, act: str, title: str, parts: Mapping[str, str], seen: int
) -> ConsentText:
    """Write a new version of a text; the consents that cite an older one keep it.

    ``seen`` is the version that the form was opened on.

    Raises: KeyError for an unknown act; TextChanged.
    """
    if queries.text(actor.own_practice_id, act).version != seen:
        raise TextChanged
    saved = ConsentText(
        practice_id=actor.own_practice_id,
        act=act,
        version=seen + 1,
        title=title,
        parts=dict(parts),
        created_by_id=actor.own_person_id,
        created_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            saved.save(force_insert=True)
    except IntegrityError as error:
        raise TextChanged from error
    audit.record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="consent_text",
        object_id=str(saved.id),
        detail={"purpose": act, "count": saved.version},
    )
    return saved


@transaction.atomic
def prepare(
    *,
    actor: Actor,
    patient_id: UUID,
    act: str,
    teeth: str,
    details: str,
    key: UUID | None = None,
) -> Consent:
    """Prepare the text of an act for a patient, whom the caller opened.

    ``key``, drawn when the form was shown, makes a second sending the same consent while nobody
    has answered it.

    Raises: KeyError for an unknown act.
    """
    text = queries.text(actor.own_practice_id, act)
    made_id = row_id(key, act, teeth, details)
    if known := sent_before(Consent, made_id, patient_id=patient_id):
        if known.state == rules.State.PREPARED:
            return known
        made_id = uuid4()
    consent = Consent(
        id=made_id,
        patient_id=patient_id,
        act=act,
        text_version=text.version,
        title=text.title,
        parts=text.parts,
        teeth=teeth,
        details=details,
        prepared_by_id=actor.own_person_id,
        prepared_at=timezone.now(),
    )
    kept, is_new = keep_once(consent, patient_id=patient_id)
    if is_new:
        _tell(actor, kept, Action.CREATE)
    return kept


#: What a draft of the tablet may hold: field -> its longest text.
_DRAFTED: Final = {"questions": rules.LONGEST_WORDS, "reason": 300}


@transaction.atomic
def note_words(*, consent_id: UUID, field: str, text: str) -> None:
    """Keep what the patient is typing (``questions`` or ``reason``) before she decides.

    Raises: AlreadyAnswered; KeyError for another field.
    """
    longest = _DRAFTED[field]
    consent = Consent.objects.select_for_update().get(id=consent_id)
    if consent.state != rules.State.PREPARED:
        raise AlreadyAnswered
    setattr(consent, field, text.replace("\x00", "")[:longest])
    consent.save(update_fields=[field])


@transaction.atomic
def answer(*, actor: Actor, consent_id: UUID, given: Answer, on_tablet: bool = False) -> Consent:
    """Take the patient's decision, signed; from now on her words never change.

    Raises: AlreadyAnswered; NotDecided; GuardianSigns; SignerUnknown.
    """
    consent = Consent.objects.select_for_update().get(id=consent_id)
    if consent.state != rules.State.PREPARED:
        raise AlreadyAnswered
    if given.decision not in Consent.Decision.values:
        raise NotDecided
    _sign(consent, given)
    consent.state, consent.decision = rules.State.ANSWERED, given.decision
    asked = given.questions.strip()[: rules.LONGEST_WORDS]
    # A page of the practice that knows nothing of the tablet's draft takes no question away.
    consent.questions = asked if asked or on_tablet else consent.questions.strip()
    consent.reason = given.reason.strip()[:300]
    consent.answered_at, consent.is_on_tablet = timezone.now(), on_tablet
    consent.save()
    tablets.cancel(actor=actor, purpose=queries.PURPOSE, subject_id=consent.id)
    _tell(actor, consent, Action.CHANGE)
    return consent


@transaction.atomic
def answer_from_tablet(*, link_id: UUID, consent_id: UUID, given: Answer) -> Consent:
    """Take a decision from a tablet, and end its link in the same breath.

    Raises: as ``answer``; LinkIsOver.
    """
    tablets.close(link_id=link_id, state=TabletState.SENT)
    practice_id = queries.by_id(consent_id).patient.practice_id
    return answer(
        actor=tablets.tablet_of(practice_id), consent_id=consent_id, given=given, on_tablet=True
    )


@transaction.atomic
def countersign(*, actor: Actor, consent_id: UUID, drawing: str) -> Consent:
    """Sign as the practitioner and seal: digest, PDF, and the line of the journal that holds both.

    Without a drawing the practitioner's own login is her signature.

    Raises: NotToBeSealed; NotDecided when the drawing is none.
    """
    consent = Consent.objects.select_for_update().get(id=consent_id)
    if consent.state != rules.State.ANSWERED or consent.withdrawn_at is not None:
        raise NotToBeSealed
    consent.practitioner_id, consent.practitioner_as = actor.own_person_id, actor.person_label
    consent.practitioner_signature = _drawn(drawing) if drawing else ""
    consent.state, consent.sealed_at = rules.State.SEALED, timezone.now()
    consent.digest = rules.digest_of(queries.sealed_values(consent))
    content = papers.paper(consent)
    consent.file_digest = rules.file_digest_of(content)
    documents.keep(
        actor=actor,
        patient_id=consent.patient_id,
        kind="consent",
        title=papers.title_of(consent),
        content=content,
        content_type="application/pdf",
        dated_on=timezone.localdate(consent.sealed_at),
        source=f"consent:{consent.id}",
    )
    line = _tell(
        actor,
        consent,
        Action.CHANGE,
        digest=rules.grouped(consent.digest),
        file=rules.grouped(consent.file_digest),
    )
    consent.journal_number = line
    consent.save()
    return consent


@transaction.atomic
def withdraw(*, actor: Actor, consent_id: UUID, reason: str) -> Consent:
    """Note that the patient takes her consent back; what she signed stays readable.

    Before the practitioner signed it too: it is then never sealed.

    Raises: NotToBeWithdrawn.
    """
    consent = Consent.objects.select_for_update().get(id=consent_id)
    if not rules.may_be_withdrawn(
        state=consent.state,
        decision=consent.decision,
        is_withdrawn=consent.withdrawn_at is not None,
    ):
        raise NotToBeWithdrawn
    consent.withdrawn_at, consent.withdrawn_by_id = timezone.now(), actor.own_person_id
    consent.withdrawn_reason = reason.strip()[:300]
    consent.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    if paper := kept_papers.made_by(f"consent:{consent.id}"):
        words = consent.withdrawn_reason or _("Le patient a retiré son accord.")
        documents.cancel(actor=actor, document_id=paper.id, reason=str(words))
    _tell(actor, consent, Action.CHANGE)
    return consent


def shown_paper(consent: Consent) -> bytes | None:
    """Return the PDF of a sealed consent, marked once it was taken back; None when it is nowhere.

    Raises: CannotMark.
    """
    content = queries.paper_of(consent)
    paper = kept_papers.made_by(f"consent:{consent.id}") if content else None
    if paper is None or paper.current is None:
        return content
    mention = documents.mention_of(paper, paper.current)
    return documents.marked(paper.current, mention) if mention else content


@transaction.atomic
def cancel(*, actor: Actor, consent_id: UUID) -> Consent:
    """Give up a consent that nobody has answered yet.

    Raises: AlreadyAnswered.
    """
    consent = Consent.objects.select_for_update().get(id=consent_id)
    if consent.state != rules.State.PREPARED:
        raise AlreadyAnswered
    consent.state = rules.State.CANCELLED
    consent.save(update_fields=["state"])
    tablets.cancel(actor=actor, purpose=queries.PURPOSE, subject_id=consent.id)
    _tell(actor, consent, Action.CHANGE)
    return consent


@transaction.atomic
def given_back(consent_id: UUID) -> None:
    """Hear that the tablet was in other hands: the consent waits on, what they typed goes."""
    rows = Consent.objects.select_for_update().filter(id=consent_id, state=rules.State.PREPARED)
    rows.update(questions="", reason="")


def _sign(consent: Consent, given: Answer) -> None:
    if given.signer not in {"patient", "guardian"}:
        raise NotDecided
    if given.signer == "patient" and queries.is_minor(consent):
        raise GuardianSigns
    consent.signer = given.signer
    consent.signer_name, consent.signed = given.name.strip()[:120], given.signed
    if given.signed == "refused":
        # Who refuses to sign has refused the care: nobody agrees without a signature.
        if given.decision != rules.Decision.REFUSED:
            raise NotDecided
        return
    if given.signed not in {"drawn", "typed"} or not consent.signer_name:
        raise NotDecided
    if given.signed == "drawn":
        consent.signature = _drawn(given.drawing)
    if not queries.is_expected(consent, consent.signer, consent.signer_name):
        _sign_as(consent, given)


def _sign_as(consent: Consent, given: Answer) -> None:
    """Write down as whom somebody signs whose name was not expected. Raises: as ``_sign``."""
    consent.signer_quality = rules.quality_words(given.quality, given.quality_words)
    if not consent.signer_quality:
        raise SignerUnknown
    is_self = given.quality == rules.Quality.SELF
    if is_self and queries.is_minor(consent):
        raise GuardianSigns
    consent.signer = "patient" if is_self else "guardian"


def _drawn(drawing: str) -> str:
    try:
        return signatures.cleaned(drawing)
    except signatures.NotASignature as error:
        raise NotDecided from error


def _tell(actor: Actor, consent: Consent, what: Action, **detail: str) -> int:
    publish(
        practice_id=actor.practice_id,
        name="patient.changed",
        data={"patient": str(consent.patient_id), "part": "consent"},
        audience="consents.read",
    )
    line = audit.record(
        action=what,
        actor=actor,
        patient_id=consent.patient_id,
        object_kind="consent",
        object_id=str(consent.id),
        detail={"state": str(consent.state), **detail},
    )
    return int(line.number)
