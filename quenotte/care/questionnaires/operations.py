"""Filling, sending and reviewing questionnaires: what was sent is never written over."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish
from quenotte.base.tablets import operations as tablets
from quenotte.base.tablets.rules import State as TabletState
from quenotte.care.patients import operations as patients
from quenotte.care.questionnaires import papers, queries, rules
from quenotte.care.questionnaires.models import Questionnaire, RaisedAlert
from quenotte.care.questionnaires.questions import Section
from quenotte.kernel import signatures
from quenotte.kernel.errors import Refusal

#: The PDF of a questionnaire, filled or to fill by hand.
blank_paper, keep_paper, paper_of = papers.blank_paper, papers.keep_paper, papers.paper_of
keep_missing_papers, try_paper = papers.keep_missing_papers, papers.try_paper


class AlreadySent(Refusal):
    """The questionnaire was sent, or given up, meanwhile."""

    message = _(
        "Ce questionnaire a déjà été envoyé ou fermé. Les premières réponses sont gardées, rien "
        "n’a été modifié. Ouvrez les antécédents pour les lire."
    )


class OnTablet(Refusal):
    """The patient answers on a tablet: the practice's page waits."""

    message = _(
        "Le patient répond en ce moment sur une tablette. Ses réponses sont gardées ; ce qui "
        "vient d’être changé sur cette page ne l’est pas. Attendez son envoi, ou préparez un "
        "autre lien pour fermer sa tablette."
    )


class FilledMeanwhile(Refusal):
    """A tablet was used since the page of the practice was opened; ``mine``: what it changed."""

    def __init__(self, mine: rules.Answers) -> None:
        self.mine = dict(mine)
        super().__init__()

    message = _(
        "Le patient a répondu sur une tablette depuis l’ouverture de cette page. Ses réponses "
        "sont gardées ; les vôtres sont mises de côté. Rechargez la page pour les comparer et "
        "choisir."
    )


class ChangedMeanwhile(FilledMeanwhile):
    """Somebody of the practice answered, or sent it, since the page was opened."""

    message = _(
        "Une autre personne a rempli ce questionnaire depuis l’ouverture de cette page. Ses "
        "réponses sont gardées ; les vôtres sont mises de côté. Rechargez la page pour les "
        "comparer et choisir."
    )


class AnswersMissing(Refusal):
    """Questions that must be answered are not; ``sections`` has where."""

    message = _(
        "Des questions n’ont pas de réponse. Ce qui est saisi est gardé. Répondez, au besoin "
        "par « je ne sais pas », puis envoyez."
    )


class NotSigned(Refusal):
    """There is neither a signature, nor a name with its tick, nor a refusal to sign."""

    message = _(
        "Il manque la signature. Ce qui est saisi est gardé. Signez dans le cadre, ou tapez le "
        "nom et cochez la case."
    )


class GuardianSigns(NotSigned):
    """A minor does not sign for herself."""

    message = _(
        "Le patient est mineur : son représentant légal signe. Ce qui est saisi est gardé. "
        "Choisissez « Le représentant légal », son nom et sa signature."
    )


class AlreadyReviewed(Refusal):
    """Somebody reviewed it first."""

    message = _("Ce questionnaire vient d’être relu. Rien n’a été modifié. Rechargez la page.")


#: What a form says of the questions of a section, asked of somebody.
Reader = Callable[[Section, rules.Facts], rules.Answers]


@dataclass(frozen=True)
class Signing:
    """Who signs, and how: drawn (an SVG), typed (a name and a tick), or refused."""

    signer: str
    name: str
    signed: str
    drawing: str = ""


@transaction.atomic
def begin(*, actor: Actor, patient_id: UUID, on_tablet: bool) -> Questionnaire:
    """Return the questionnaire that is being filled; begin one when there is none.

    The patient was opened by the caller (``patients.access``). What was answered before a tablet
    is handed over stays apart, beneath a copy: the wrong hands cannot reach it.
    """
    patients.hold(actor=actor, patient_id=patient_id)
    found = draft_for(actor=actor, patient_id=patient_id)
    if on_tablet and found.answers:
        found = _copied(actor, found)
    is_new = found._state.adding
    if is_new or (on_tablet and not found.is_on_tablet):
        found.is_on_tablet = on_tablet
        found.save()
    if is_new:
        _tell(actor, found, Action.CREATE)
    return found


def draft_for(*, actor: Actor, patient_id: UUID) -> Questionnaire:
    """Return the questionnaire that is being filled, else a new one that nobody has saved."""
    person = queries.person(patient_id, actor.own_practice_id)
    asked = rules.definition_for(person.facts)
    found = queries.begun(patient_id)
    # One that was begun in an older version stays unfinished.
    if found is not None and (found.name, found.version) == (asked.name, asked.version):
        return found
    return Questionnaire(
        patient_id=patient_id,
        name=asked.name,
        version=asked.version,
        started_at=timezone.now(),
        started_by_id=actor.own_person_id,
    )


def _copied(actor: Actor, found: Questionnaire) -> Questionnaire:
    tablets.cancel(actor=actor, purpose=queries.PURPOSE, subject_id=found.id)
    return Questionnaire(
        patient_id=found.patient_id,
        name=found.name,
        version=found.version,
        answers=found.answers,
        started_at=timezone.now(),
        started_by_id=actor.own_person_id,
    )


@transaction.atomic
def note_page(*, actor: Actor, patient_id: UUID, seen: rules.Seen, read: Reader) -> Questionnaire:
    """Keep what a page of the practice says of all the sections; ``read`` says it of one.

    ``seen`` is what the page knew when it was opened: what others answered since is never
    written over.

    Raises: OnTablet; FilledMeanwhile; ChangedMeanwhile; AlreadySent.
    """
    found = begin(actor=actor, patient_id=patient_id, on_tablet=False)
    facts = queries.person(patient_id, actor.own_practice_id).facts
    sections = rules.sections_for(rules.definition(found.name, found.version), facts)
    said: dict[str, rules.Answer] = {}
    for section in sections:
        said.update(read(section, facts))
    found = _open(found.id)
    asked = {one.key for section in sections for one in section.walk()}
    others = {key: one for key, one in rules.told(found.answers).items() if key not in asked}
    _check_page(found, seen, said, {**others, **said})
    found.answers = {**others, **said, **({rules.WRITER: seen.page} if seen.page else {})}
    found.save(update_fields=["answers"])
    return found


def _check_page(
    found: Questionnaire, seen: rules.Seen, said: rules.Answers, wanted: rules.Answers
) -> None:
    tablet = queries.newest_tablet(found.patient_id)
    if tablet is not None and tablet.is_alive:
        raise OnTablet
    if queries.seen_of(tablet) != seen.tablet:
        raise FilledMeanwhile(rules.changed_since(seen, said))
    last = queries.last_sent(found.patient_id)
    if queries.name_of(last) != seen.sent:
        if last is not None and last.answers == said:
            # The second click on « Enregistrer ».
            raise AlreadySent
        raise ChangedMeanwhile(rules.changed_since(seen, said))
    if rules.is_overtaken(found.answers, seen) and rules.told(found.answers) != wanted:
        raise ChangedMeanwhile(rules.changed_since(seen, said))


@transaction.atomic
def note_answers(
    *, questionnaire_id: UUID, section: Section, answers: rules.Answers
) -> Questionnaire:
    """Keep what was answered on one screen; what is typed survives a power cut.

    Raises: AlreadySent.
    """
    found = _open(questionnaire_id)
    others = {one.key for one in section.walk()}
    kept = {key: answer for key, answer in found.answers.items() if key not in others}
    found.answers = {**kept, **answers}
    found.save(update_fields=["answers"])
    return found


@transaction.atomic
def send(*, actor: Actor, questionnaire_id: UUID, signing: Signing) -> Questionnaire:
    """Sign and send: a new version beside the older ones, whose alerts are shown at once.

    Raises: AlreadySent; AnswersMissing; NotSigned; GuardianSigns.
    """
    found = _open(questionnaire_id)
    asked = rules.definition(found.name, found.version)
    person = queries.person(found.patient_id, actor.own_practice_id)
    if rules.missing(asked, person.facts, found.answers):
        raise AnswersMissing
    found.answers = rules.tidied(asked, person.facts, found.answers)
    _sign(found, signing, person.facts)
    found.state, found.sent_at = Questionnaire.State.SENT, timezone.now()
    found.save()
    _raise(actor, found)
    _put_away(found)
    tablets.cancel(actor=actor, purpose=queries.PURPOSE, subject_id=found.id)
    _tell(actor, found, Action.CREATE)
    return found


@transaction.atomic
def send_from_tablet(*, link_id: UUID, questionnaire_id: UUID, signing: Signing) -> Questionnaire:
    """Send what a patient filled on a tablet, and end its link in the same breath.

    Raises: as ``send``; LinkIsOver when it was sent, or its time is over.
    """
    tablets.close(link_id=link_id, state=TabletState.SENT)
    practice_id = queries.by_id(questionnaire_id).patient.practice_id
    return send(
        actor=tablets.tablet_of(practice_id), questionnaire_id=questionnaire_id, signing=signing
    )


@transaction.atomic
def review(*, actor: Actor, patient_id: UUID, questionnaire_id: UUID) -> Questionnaire:
    """Accept what was sent: it counts, and what it says no longer is taken off the banner.

    Raises: AlreadyReviewed; Questionnaire.DoesNotExist when it is none of this patient.
    """
    rows = Questionnaire.objects.select_for_update().filter(patient_id=patient_id)
    found = rows.get(id=questionnaire_id)
    if found.state != Questionnaire.State.SENT:
        raise AlreadyReviewed
    found.state, found.reviewed_at = Questionnaire.State.REVIEWED, timezone.now()
    found.reviewed_by_id, found.reviewed_as = actor.own_person_id, actor.person_label
    found.save(update_fields=["state", "reviewed_at", "reviewed_by", "reviewed_as"])
    if found.id == queries.standing(patient_id).questionnaire_id:
        # An older one that is read late takes nothing away.
        gone = queries.alerts_of_earlier(found)
        patients.end_alerts(actor=actor, patient_id=patient_id, alert_ids=gone)
    _tell(actor, found, Action.CHANGE)
    return found


@transaction.atomic
def give_back(questionnaire_id: UUID) -> None:
    """Hear that the tablet was in somebody else's hands: what she typed never counts.

    What had been answered before the tablet was handed over is the draft again.
    """
    found = Questionnaire.objects.select_for_update().get(id=questionnaire_id)
    if found.state != Questionnaire.State.OPEN:
        return
    found.state = Questionnaire.State.ABANDONED
    found.save(update_fields=["state"])
    practice_id = queries.by_id(found.id).patient.practice_id
    _tell(tablets.tablet_of(practice_id), found, Action.CHANGE)


def _put_away(sent: Questionnaire) -> None:
    """Close the older drafts that this one went on from."""
    rows = Questionnaire.objects.filter(patient_id=sent.patient_id, started_at__lte=sent.started_at)
    rows.filter(state=Questionnaire.State.OPEN).update(state=Questionnaire.State.ABANDONED)


def _open(questionnaire_id: UUID) -> Questionnaire:
    found = Questionnaire.objects.select_for_update().get(id=questionnaire_id)
    if found.state != Questionnaire.State.OPEN:
        raise AlreadySent
    return found


def _sign(found: Questionnaire, signing: Signing, facts: rules.Facts) -> None:
    found.signer, found.signed = _signer(signing, facts), signing.signed
    found.signer_name = signing.name.strip()[:120]
    if signing.signed == Questionnaire.Signed.REFUSED:
        return
    if not found.signer_name or signing.signed not in Questionnaire.Signed.values:
        raise NotSigned
    if signing.signed == Questionnaire.Signed.DRAWN:
        try:
            found.signature = signatures.cleaned(signing.drawing)
        except signatures.NotASignature as error:
            raise NotSigned from error


def _signer(signing: Signing, facts: rules.Facts) -> str:
    own, other = Questionnaire.Signer.PATIENT, Questionnaire.Signer.GUARDIAN
    signer = signing.signer or (other if facts.is_minor else own)
    if signer not in Questionnaire.Signer.values:
        raise NotSigned
    if facts.is_minor and signer == own:
        raise GuardianSigns
    return signer


def _raise(actor: Actor, found: Questionnaire) -> None:
    """Show what the answers warn of, before anybody has read them."""
    asked = rules.definition(found.name, found.version)
    wanted = rules.wanted_alerts(asked, found.answers)
    ours = queries.raised_by_us(found.patient_id)
    shown = patients.raise_alerts(
        actor=actor,
        patient_id=found.patient_id,
        wanted=[_raised(one) for one in wanted],
        replaces=ours,
    )
    by_alert: dict[UUID, RaisedAlert] = {}
    for one in wanted:
        alert_id, is_new = shown[_key(one)]
        by_alert.setdefault(
            alert_id,
            RaisedAlert(
                questionnaire=found,
                alert_id=alert_id,
                question=one.question,
                is_ours=is_new or alert_id in ours,
            ),
        )
    RaisedAlert.objects.bulk_create(by_alert.values())


def _key(one: rules.Wanted) -> str:
    return f"{one.question}:{one.code or one.label}"


def _raised(one: rules.Wanted) -> patients.Raised:
    if one.code:
        label, details = _said(one.label), _said(one.details)
        return patients.Raised(
            _key(one), one.code, label=label, details=details, is_vague=one.is_vague
        )
    kind = "allergy" if one.question == "allergie_autre" else "precaution"
    severity = "danger" if kind == "allergy" else "attention"
    return patients.Raised(_key(one), "", kind, severity, _said(one.label), one.details)


def _said(words: str) -> str:
    return gettext(words) if words else ""


def _tell(actor: Actor, found: Questionnaire, what: Action) -> None:
    publish(
        practice_id=actor.practice_id,
        name="patient.changed",
        data={"patient": str(found.patient_id), "part": "questionnaire"},
        audience="history.fill",
    )
    audit.record(
        action=what,
        actor=actor,
        patient_id=found.patient_id,
        object_kind="questionnaire",
        object_id=str(found.id),
        detail={"state": str(found.state)},
    )
