"""Writing about recalls: the nightly look, attempts, what was agreed, rules and texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish
from quenotte.base.practice import queries as practices
from quenotte.care.patients import queries as patients
from quenotte.care.recalls import planning, queries, rules, sources
from quenotte.care.recalls.models import (
    Recall,
    RecallAttempt,
    RecallChoice,
    RecallRule,
    RecallText,
)
from quenotte.kernel.errors import Refusal


class AlreadyClosed(Refusal):
    """A colleague ended this recall meanwhile."""

    message = _(
        "Cette relance vient d’être terminée par une autre personne. Rien n’a été perdu : "
        "la liste est à jour."
    )


class NotClosed(Refusal):
    """There is nothing to take back."""

    message = _("Cette relance est déjà dans la liste.")


class AlreadyOnList(Refusal):
    """The same patient is on the list for the same reason."""

    message = _("Ce patient est déjà dans la liste pour ce motif. Rien n’a été ajouté.")


class LetAlone(Refusal):
    """The patient may not be contacted."""

    message = _(
        "Ce patient ne doit pas être contacté. Rien n’a été ajouté ; sa fiche dit pourquoi."
    )


class RuleChanged(Refusal):
    """Somebody else saved while the form was open."""

    message = _(
        "Cette page a changé entre-temps. Rien n’a été écrasé : relisez-la, puis recommencez."
    )


class BadWords(Refusal):
    """The text holds what no message may hold; ``problems`` says what and where."""

    message = _("Ce texte ne peut pas partir tel quel. Rien n’a été enregistré.")

    def __init__(self, found: Sequence[rules.Problem]) -> None:
        super().__init__()
        self.problems = tuple(found)


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt to reach somebody: how, how it ended, a remark."""

    channel: rules.Channel
    result: rules.Result
    note: str = ""


def count_acts_from(source: sources.Source) -> None:
    """Name who knows when an act was last done: a room above this one."""
    sources.register(rules.Trigger.ACT, source)


def plan(*, today: date | None = None) -> int:
    """Look for who is due in every practice; return how many were added."""
    day = today or timezone.localdate()
    return sum(planning.plan_practice(one, day) for one in practices.practice_ids())


def plan_now(*, actor: Actor) -> int:
    """Look for who is due in the actor's practice, without waiting for the night."""
    new = planning.plan_practice(actor.own_practice_id, timezone.localdate())
    _tell(actor, Action.CREATE, None, None, count=new)
    return new


def ensure_rules(*, actor: Actor) -> None:
    """Give the actor's practice the first rules, when it has none."""
    with transaction.atomic():
        planning.ensure_rules(actor.own_practice_id)


def ask_back(*, actor: Actor, patient_id: UUID, reason: str, due_on: date) -> Recall:
    """Put one patient on the list by hand. The record was opened by the caller.

    Raises: AlreadyOnList, LetAlone.
    """
    patient = patients.of_practice(actor.own_practice_id).get(id=patient_id)
    if not patient.may_be_contacted:
        raise LetAlone
    words = " ".join(reason.split())
    with transaction.atomic():
        open_ones = Recall.objects.select_for_update().filter(patient_id=patient_id, closed_at=None)
        if any(one.rule_id is None and one.reason == words for one in open_ones):
            raise AlreadyOnList
        recall = Recall.objects.create(
            practice_id=actor.own_practice_id, patient_id=patient_id, reason=words, due_on=due_on
        )
        _tell(actor, Action.CREATE, recall.id, patient_id)
    return recall


@transaction.atomic
def note_attempt(*, actor: Actor, recall_id: UUID, tried: Tried) -> Recall:
    """Note one attempt; « Rendez-vous pris » and « Ne souhaite pas » end the recall.

    Raises: AlreadyClosed.
    """
    recall = _open(actor, recall_id)
    _add_attempt(actor, recall, tried)
    if tried.result in rules.ENDING:
        _close(recall, rules.ENDING[tried.result])
    _tell(
        actor, Action.CHANGE, recall.id, recall.patient_id,
        channel=tried.channel.value, state=tried.result.value,
    )  # fmt: skip
    return recall


@transaction.atomic
def note_written(*, actor: Actor, recall_ids: Iterable[UUID], channel: rules.Channel) -> int:
    """Note that these patients were written to; those who were ended meanwhile are left."""
    found = Recall.objects.select_for_update().filter(
        practice_id=actor.own_practice_id, id__in=list(recall_ids), closed_at=None
    )
    count = 0
    for recall in found:
        _add_attempt(actor, recall, Tried(channel, rules.Result.WRITTEN))
        _tell(
            actor, Action.PRINT, recall.id, recall.patient_id,
            channel=channel.value, state="written",
        )  # fmt: skip
        count += 1
    return count


@transaction.atomic
def drop(*, actor: Actor, recall_id: UUID) -> Recall:
    """Take somebody off the list; ``reopen`` takes it back. Raises: AlreadyClosed."""
    recall = _open(actor, recall_id)
    _close(recall, Recall.Closed.DROPPED)
    _tell(actor, Action.CHANGE, recall.id, recall.patient_id, state="dropped")
    return recall


@transaction.atomic
def reopen(*, actor: Actor, recall_id: UUID) -> Recall:
    """Put an ended recall back on the list. Raises: NotClosed, AlreadyOnList."""
    recall = _locked(actor, recall_id)
    if recall.closed_at is None:
        raise NotClosed
    same = Recall.objects.filter(
        patient_id=recall.patient_id, rule_id=recall.rule_id, reason=recall.reason
    )
    if same.filter(closed_at=None).exists():
        raise AlreadyOnList
    recall.closed_at, recall.closed_as = None, ""
    recall.reopened_at = timezone.now()
    _save(recall)
    _tell(actor, Action.CHANGE, recall.id, recall.patient_id, state="reopened")
    return recall


@transaction.atomic
def put_off(*, actor: Actor, recall_id: UUID, due_on: date) -> Recall:
    """Ask somebody back on another day. Raises: AlreadyClosed."""
    recall = _open(actor, recall_id)
    recall.due_on = due_on
    _save(recall)
    _tell(actor, Action.CHANGE, recall.id, recall.patient_id, state="put_off")
    return recall


@transaction.atomic
def agree(*, actor: Actor, patient_id: UUID, rule_id: UUID, months: int | None) -> None:
    """Keep what was agreed with a patient under a rule: months, 0 for never, None as the rule.

    The record was opened by the caller. An open recall that she wants no more is ended.
    """
    rule = RecallRule.objects.get(id=rule_id, practice_id=actor.own_practice_id)
    if months is None:
        RecallChoice.objects.filter(patient_id=patient_id, rule=rule).delete()
    else:
        RecallChoice.objects.update_or_create(
            patient_id=patient_id,
            rule=rule,
            defaults={"months": months, "chosen_by_id": actor.own_person_id},
        )
    if months == 0:
        for recall in Recall.objects.select_for_update().filter(
            patient_id=patient_id, rule=rule, closed_at=None
        ):
            _close(recall, Recall.Closed.DECLINED)
    _tell(actor, Action.CHANGE, None, patient_id, reason="agreed")


@transaction.atomic
def save_rule(
    *, actor: Actor, rule_id: UUID | None, values: dict[str, Any], seen: int
) -> RecallRule:
    """Save a rule; ``seen`` is the version that the form was filled from, 0 for a new one.

    Raises: RuleChanged, also when another rule has the same name.
    """
    rule = RecallRule(practice_id=actor.own_practice_id, version=0)
    if rule_id is not None:
        rule = RecallRule.objects.select_for_update().get(
            id=rule_id, practice_id=actor.own_practice_id
        )
        if rule.version != seen:
            raise RuleChanged
    for name, value in values.items():
        setattr(rule, name, value)
    rule.version += 1
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise RuleChanged(_("Une règle porte déjà ce nom. Rien n’a été enregistré.")) from error
    _tell(actor, Action.CHANGE, rule.id, None, reason="rule")
    return rule


@transaction.atomic
def save_text(*, actor: Actor, channel: rules.Channel, subject: str, text: str, seen: int) -> None:
    """Save what is written to patients. Raises: BadWords, RuleChanged."""
    words = text.replace("\r\n", "\n").strip()
    title = " ".join(subject.split()) if channel != rules.Channel.SMS else ""
    if found := rules.problems(channel, title, words):
        raise BadWords(found)
    if queries.text_of(actor.own_practice_id, channel)[2] != seen:
        raise RuleChanged
    RecallText.objects.update_or_create(
        practice_id=actor.own_practice_id,
        channel=channel.value,
        defaults={"subject": title, "text": words, "version": seen + 1},
    )
    _tell(actor, Action.CHANGE, None, None, channel=channel.value, reason="text")


def _add_attempt(actor: Actor, recall: Recall, tried: Tried) -> None:
    RecallAttempt.objects.create(
        recall=recall,
        by_id=actor.own_person_id,
        channel=tried.channel.value,
        result=tried.result.value,
        note=" ".join(tried.note.split()),
    )


def _close(recall: Recall, how: str) -> None:
    recall.closed_at, recall.closed_as = timezone.now(), how
    _save(recall)


def _save(recall: Recall) -> None:
    recall.version += 1
    recall.save()


def _open(actor: Actor, recall_id: UUID) -> Recall:
    recall = _locked(actor, recall_id)
    if recall.closed_at is not None:
        raise AlreadyClosed
    return recall


def _locked(actor: Actor, recall_id: UUID) -> Recall:
    return Recall.objects.select_for_update(of=("self",)).get(
        id=recall_id, practice_id=actor.own_practice_id
    )


def _tell(
    actor: Actor, action: Action, recall_id: UUID | None, patient_id: UUID | None, **detail: Scalar
) -> None:
    publish(
        practice_id=actor.practice_id,
        name="recall",
        data={"recall": str(recall_id or "")},
        audience="recalls.use",
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind="recall",
        object_id=str(recall_id or ""),
        detail=detail,
    )
