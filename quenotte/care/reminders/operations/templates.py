"""The words of messages: each saving is a new version, and no health in any of them."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import MessageTemplate
from quenotte.care.reminders.rules.states import Channel, Kind
from quenotte.care.reminders.rules.texts import Problem, problems
from quenotte.kernel.errors import Refusal


class BadWords(Refusal):
    """The template holds what no message may hold; ``problems`` says what and where."""

    message = _("Ce texte ne peut pas partir tel quel. Rien n’a été enregistré.")

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = tuple(found)


class WordsChanged(Refusal):
    """Somebody else saved these words while the form was open."""

    message = _(
        "Ce texte a changé entre-temps. Rien n’a été écrasé : relisez-le, puis recommencez."
    )


def save_template(
    *,
    actor: Actor,
    channel: Channel,
    kind: Kind,
    subject: str,
    text: str,
    is_on: bool,
    seen_version: int,
) -> MessageTemplate:
    """Save the words of a message as a new version; the same words again change nothing.

    Raises: BadWords, WordsChanged.
    """
    subject = " ".join(subject.split()) if channel is Channel.MAIL else ""
    text = text.replace("\r\n", "\n").strip()
    if found := problems(channel, kind, subject=subject, text=text):
        raise BadWords(found)
    try:
        with transaction.atomic():
            return _saved(actor, channel, kind, (subject, text, is_on), seen_version)
    except IntegrityError as error:
        raise WordsChanged from error


def _saved(
    actor: Actor, channel: Channel, kind: Kind, words: tuple[str, str, bool], seen_version: int
) -> MessageTemplate:
    now = queries.words_for(actor.own_practice_id, channel, kind)
    if now.version != seen_version:
        raise WordsChanged
    if now.template and (now.subject, now.text, now.is_on) == words:
        return now.template
    subject, text, is_on = words
    row = MessageTemplate.objects.create(
        practice_id=actor.own_practice_id,
        channel=channel,
        kind=kind,
        version=seen_version + 1,
        subject=subject,
        text=text,
        is_on=is_on,
        saved_by_id=actor.person_id,
    )
    audit.record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="message_template",
        object_id=str(row.id),
        detail={"channel": channel.value, "purpose": kind.value, "count": row.version},
    )
    return row
