"""The weekly digest: what a practice is written in plain words, and what it answers."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.practice import queries as practices
from quenotte.provider.customers import queries as customers
from quenotte.provider.incidents import links, queries, wording
from quenotte.provider.incidents.models import Digest, Incident, Outgoing, Reply, Step, Subject
from quenotte.provider.incidents.rules import Answer, Kind, Way

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer

#: From Monday at seven; a server that was off catches up until Wednesday evening.
_FROM_HOUR: Final = 7
_LAST_WEEKDAY: Final = 2
#: Practices of one transaction, and of one run.
_BATCH: Final = 50
_MOST: Final = 2_000
#: Nobody reads more.
_MOST_SUBJECTS: Final = 6


def is_time(now: datetime) -> bool:
    """Tell whether the digests of this week are to be made."""
    local = timezone.localtime(now)
    if local.weekday() > _LAST_WEEKDAY:
        return False
    return local.weekday() > 0 or local.hour >= _FROM_HOUR


def make_due(*, now: datetime, most: int = _MOST) -> int:
    """Make the digests of this week that are not made yet; return how many.

    A practice without an address, or without anything to read, is written nothing.
    """
    sending = queries.sending()
    if sending is None or not sending.digests_are_on or not is_time(now):
        return 0
    made = 0
    while made < most:
        with transaction.atomic():
            batch = _due(_week(now))
            for customer in batch:
                make(customer, now=now)
        made += len(batch)
        if not batch:
            break
    return made


def _due(week: date) -> list["Customer"]:
    written = Digest.objects.filter(week=week).values("customer_id")
    needing = queries.needing().order_by().values("customer_id")
    found = customers.customers().filter(pk__in=needing).exclude(email="")
    return list(found.exclude(pk__in=written).order_by("id")[:_BATCH])


def make(customer: "Customer", *, now: datetime) -> Digest | None:
    """Make the digest of a practice with its letter; None when another worker just did."""
    try:
        with transaction.atomic():
            digest = Digest.objects.create(customer=customer, week=_week(now), made_at=now)
    except IntegrityError:
        return None
    subjects = Subject.objects.bulk_create(
        Subject(
            digest=digest, incident=one, cause=one.cause, machines=one.machines, since=one.since
        )
        for one in subjects_of(customer.id)
    )
    title, text = letter_of(customer, subjects, now)
    Outgoing.objects.create(
        id=uuid4(), key=f"digest:{digest.id}", channel=Way.MAIL, digest=digest,
        destination=customer.email, title=title, text=text, created_at=now, due_at=now,
    )  # fmt: skip
    return digest


def subjects_of(customer_id: UUID) -> list[Incident]:
    """Return what a practice is written about, the gravest first."""
    found = queries.needing().filter(customer_id=customer_id)
    return list(queries.gravest_first(found)[:_MOST_SUBJECTS])


def preview(customer: "Customer", *, now: datetime) -> tuple[str, str]:
    """Return the letter as it would be written now, with links that lead nowhere."""
    subjects = [
        Subject(incident=one, cause=one.cause, machines=one.machines, since=one.since)
        for one in subjects_of(customer.id)
    ]
    return letter_of(customer, subjects, now, is_real=False)


def letter_of(
    customer: "Customer", subjects: list[Subject], now: datetime, *, is_real: bool = True
) -> tuple[str, str]:
    """Return the subject and the text of a digest: plain words, three links for each subject."""
    house = practices.practice(sending.practice_id) if (sending := queries.sending()) else None
    name = house.name if house else _("votre prestataire informatique")
    parts = [_("Bonjour,"), _opening(customer, subjects)]
    parts += [_part(number, one, is_real=is_real) for number, one in enumerate(subjects, 1)]
    parts.append(_closing(name))
    return _title(len(subjects)), "\n\n".join(parts) + "\n"


def _title(count: int) -> str:
    if not count:
        return _("Votre informatique cette semaine")
    return ngettext(
        "Votre informatique cette semaine : {count} sujet",
        "Votre informatique cette semaine : {count} sujets",
        count,
    ).format(count=count)


def _opening(customer: "Customer", subjects: list[Subject]) -> str:
    if not subjects:
        return _("Rien à signaler cette semaine au {name}.").format(name=customer.name)
    return _("Voici ce que nous avons vu au {name}, et ce que vous pouvez faire.").format(
        name=customer.name
    )


def _part(number: int, one: Subject, *, is_real: bool) -> str:
    said, advice, says_when = wording.written(one)
    words = _("{number}. {said}.") if says_when else _("{number}. {said} (depuis le {since}).")
    since = date_format(timezone.localtime(one.since), "j F")
    lines = [words.format(number=number, said=said, since=since), f"   {advice}"]
    return "\n".join([*lines, *_links(one, is_real=is_real)])


def _links(one: Subject, *, is_real: bool) -> list[str]:
    if not settings.PUBLIC_URL:
        return []
    return [
        f"   {wording.ANSWER_BUTTONS[answer]} : {_address(one, answer) if is_real else '…'}"
        for answer in Answer
    ]


def _address(one: Subject, answer: Answer) -> str:
    path = reverse("incidents:reply", args=[links.token_of(one.id, answer)])
    return f"{settings.PUBLIC_URL}{path}"


def _closing(name: str) -> str:
    if settings.PUBLIC_URL:
        told = _("Un clic sur une réponse ouvre une page, où vous la confirmez. Aucun compte n’est "
                 "demandé.")  # fmt: skip
    else:
        told = _("Pour en parler, répondez à ce message ou appelez-nous.")
    return f"{told}\n{_('Bonne semaine,')}\n{name}"


def answer(*, subject_id: UUID, wanted: Answer, now: datetime) -> tuple[Reply, bool]:
    """Keep the answer of a practice, once; return it, and whether this made it.

    Raises: Subject.DoesNotExist.
    """
    with transaction.atomic():
        subject = Subject.objects.select_for_update(of=("self",)).get(pk=subject_id)
        reply, is_new = Reply.objects.get_or_create(
            subject=subject, answer=wanted, defaults={"at": now}
        )
        if is_new:
            if subject.incident_id is not None:
                Step.objects.create(
                    incident_id=subject.incident_id, at=now, kind=Kind.ANSWERED,
                    note=str(wording.ANSWERS[wanted]),
                )  # fmt: skip
            record(
                action=Action.RECEIVE,
                actor=Actor(None, "", None, "", "link"),
                object_kind="reply",
                object_id=str(reply.id),
                detail={"state": wanted.value},
            )
    return reply, is_new


def _week(now: datetime) -> date:
    day = timezone.localdate(now)
    return day - timedelta(days=day.weekday())
