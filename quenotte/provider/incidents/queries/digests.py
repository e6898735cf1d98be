"""Digests of a practice: their letters, what was answered, who asked to be called."""

from uuid import UUID

from quenotte.provider.incidents.models import Digest, Outgoing, Reply, Subject
from quenotte.provider.incidents.rules import Answer


def calls() -> list[Reply]:
    """Return the practices that asked to be called and were not, the longest waiting first."""
    found = Reply.objects.filter(
        answer=Answer.CALL, done_at=None, subject__digest__customer__is_active=True
    )
    return list(found.select_related("subject__digest__customer").order_by("at"))


def digests_of(
    customer_id: UUID, *, count: int = 8
) -> list[tuple[Digest, list[Subject], list[Outgoing]]]:
    """Return the digests of a practice, the newest first, with their subjects and letters."""
    found = Digest.objects.filter(customer_id=customer_id)
    return [
        (one, list(one.subjects.all()), list(one.outgoing.all()))
        for one in found.prefetch_related("subjects", "outgoing")[:count]
    ]


def subject(subject_id: UUID) -> Subject:
    """Return one subject of a digest, with its practice. Raises: LookupError."""
    rows = Subject.objects.select_related("digest__customer", "incident")
    found = rows.filter(pk=subject_id).first()
    if found is None:
        raise LookupError("no such subject")
    return found


def reply_of(subject_id: UUID, answer: Answer) -> Reply | None:
    """Return an answer that was given; None before."""
    return Reply.objects.filter(subject_id=subject_id, answer=answer).first()
