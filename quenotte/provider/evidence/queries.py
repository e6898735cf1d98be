"""Reading what was signed about a practice, its dossiers, and whether they are what they were."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from quenotte.base.audit.queries import detail_of, is_sealed, made
from quenotte.base.files.operations import Missing, open_blob
from quenotte.kernel.memento import canonical, comparing, verifying
from quenotte.kernel.memento.answering import Answer, Given
from quenotte.kernel.memento.dossiers import digest_of
from quenotte.kernel.memento.items import Sheet, of_sheet
from quenotte.provider.evidence import rules, wording
from quenotte.provider.evidence.models import Departure, Dossier, Draft, Making, SignedSheet

if TYPE_CHECKING:
    from quenotte.base.audit.models import Line

#: The kind of the journal's lines that say that a practice went.
GONE: Final = "customer"


@dataclass(frozen=True, slots=True)
class Filled:
    """How far a questionnaire is: its items, those signed and valid, those no longer, the last."""

    sheet: Sheet
    items: int
    valid: int
    expired: int
    last: SignedSheet | None
    has_draft: bool

    @property
    def title(self) -> str:
        """Return what it is called."""
        return str(wording.SHEETS[self.sheet])

    @property
    def missing(self) -> int:
        """Return how many items nobody ever answered."""
        return self.items - self.valid - self.expired


def answers_of(customer_id: UUID) -> dict[str, Answer]:
    """Return the last answer that was signed about each item: by the chain, and by no clock."""
    found: dict[str, Answer] = {}
    for signed in chain_of(customer_id):
        for key, one in signed.answers.items():
            found[key] = Answer(
                Given(one["given"]),
                signed.signed_at,
                signed.signer,
                signed.quality,
                signed.taken_as,
                signed.digest,
                one["note"],
            )
    return found


def sheets_of(customer_id: UUID, now: datetime) -> list[Filled]:
    """Return how far each questionnaire of a practice is."""
    answers = answers_of(customer_id)
    drafts = set(Draft.objects.filter(customer_id=customer_id).values_list("sheet", flat=True))
    last = {one.sheet: one for one in chain_of(customer_id)}
    return [_filled(sheet, answers, last.get(sheet), sheet in drafts, now) for sheet in Sheet]


def _filled(
    sheet: Sheet,
    answers: Mapping[str, Answer],
    last: SignedSheet | None,
    has_draft: bool,
    now: datetime,
) -> Filled:
    items = of_sheet(sheet)
    told = [(item, answers[item.key]) for item in items if item.key in answers]
    expired = sum(now >= answer.expires_at(item) for item, answer in told)
    return Filled(sheet, len(items), len(told) - expired, expired, last, has_draft)


def draft_of(customer_id: UUID, sheet: Sheet) -> Draft | None:
    """Return what is typed and not signed, None when nothing is."""
    return Draft.objects.filter(customer_id=customer_id, sheet=sheet).first()


def last_of(customer_id: UUID, sheet: Sheet) -> SignedSheet | None:
    """Return what was signed last of a kind, None when nothing ever was."""
    found = SignedSheet.objects.filter(customer_id=customer_id, sheet=sheet)
    return found.order_by(F("number").desc(nulls_last=True), "-signed_at", "-id").first()


def seal_now(customer_id: UUID, sheet: Sheet, answers: Mapping[str, Any]) -> str:
    """Return the seal of a page that shows these answers as the draft, now."""
    last = last_of(customer_id, sheet)
    return rules.seal_of(answers, (last.number if last else 0) or 0)


def is_signed_since(
    customer_id: UUID,
    sheet: Sheet,
    seen: str,
    answers: Mapping[str, Any],
    by: tuple[str, str, UUID],
) -> bool:
    """Tell whether these answers were signed since a page was shown, and last of their kind.

    ``seen``: the seal of that page; ``by``: signer, quality, and whose account it is.
    """
    last = last_of(customer_id, sheet)
    return (
        last is not None
        and (last.number or 0) > rules.last_in(seen)
        and last.answers == rules.answered(answers)
        and (last.signer, last.quality, last.taken_by_id) == by
    )


def dossiers_of(customer_id: UUID) -> QuerySet[Dossier]:
    """Return the dossiers of a practice, the newest first."""
    return Dossier.objects.filter(customer_id=customer_id).order_by("-number")


def dossier_of(customer_id: UUID, number: int) -> Dossier | None:
    """Return one dossier with its files, None when there is none."""
    found = dossiers_of(customer_id).filter(number=number)
    return found.select_related("json_file", "pdf_file").first()


def making_of(customer_id: UUID) -> Making | None:
    """Return the dossier that was asked for last, under way or over."""
    return Making.objects.filter(customer_id=customer_id).order_by("-asked_at").first()


def written(dossier: Dossier) -> bytes:
    """Return the file of a dossier as it was handed out. Raises: Missing."""
    with open_blob(dossier.json_file) as stream:
        return stream.read()


class NotGenuine(Exception):
    """A file is not the one that was made: nothing of it is shown, and it is not handed out."""


def genuine(dossier: Dossier, kind: str) -> bytes:
    """Return a file of a dossier once it is known to be the one that was made.

    ``kind``: pdf or json. Raises: Missing; NotGenuine.
    """
    blob = dossier.pdf_file if kind == "pdf" else dossier.json_file
    with open_blob(blob) as stream:
        found = stream.read()
    if hashlib.sha256(found).hexdigest() != blob.sha256:
        raise NotGenuine
    if kind == "json" and _digest_told(found) != dossier.digest:
        raise NotGenuine
    return found


def _digest_told(content: bytes) -> str:
    """Return the digest of what a file says. Raises: NotGenuine when it says nothing."""
    try:
        return digest_of(canonical.read(content))
    except (canonical.NotCanonical, AttributeError) as error:
        raise NotGenuine from error


def content_of(dossier: Dossier) -> dict[str, Any]:
    """Return what a dossier says. Raises: Missing; NotGenuine."""
    found: dict[str, Any] = canonical.read(genuine(dossier, "json"))
    return found


def changes_of(dossier: Dossier, content: Mapping[str, Any]) -> list[comparing.Change]:
    """Return what moved since the dossier before; nothing for the first.

    Raises: Missing; NotGenuine.
    """
    before = dossier_of(dossier.customer_id, dossier.number - 1)
    return comparing.changes(content_of(before), content) if before else []


@dataclass(frozen=True, slots=True)
class Proof:
    """A dossier, and what is wrong with it: codes of ``verifying``, and of what we keep beside.

    ``journal``: its line of the journal tells other digests, or was itself changed; ``away``: a
    file is not there; ``paper``: the PDF is not the one that was made.
    """

    dossier: Dossier
    faults: tuple[str, ...]


def proofs_of(customer_id: UUID) -> list[Proof]:
    """Check the whole chain of a practice: files, rows and journal, the newest first."""
    dossiers = list(dossiers_of(customer_id).select_related("json_file", "pdf_file"))
    contents = {str(one.number): content for one in dossiers if (content := _kept(one)) is not None}
    found = verifying.verify(contents.items())
    told = [(finding.name, finding.fault.value) for finding in found.findings]
    digests = {one.name: one.digest for one in found.files}
    return [
        Proof(
            one,
            (
                *(fault for name, fault in told if name == str(one.number)),
                *_beside(one, digests.get(str(one.number))),
            ),
        )
        for one in dossiers
    ]


def _kept(dossier: Dossier) -> bytes | None:
    try:
        return written(dossier)
    except Missing:
        return None


def _beside(dossier: Dossier, digest: str | None) -> Iterator[str]:
    """Yield what contradicts a dossier beside its own file."""
    if digest is None:
        yield "away"
    told = detail_of(dossier.journal_number, "evidence", str(dossier.id))
    wanted = {rules.grouped(dossier.digest), rules.grouped(digest or dossier.digest)}
    if wanted != {told.get("digest")}:
        yield "journal"
    # Where the journal says nothing, that is told above, and the PDF may be the one that was made.
    if not _is_paper_kept(dossier, str(told.get("file", "")) if told else None):
        yield "paper"


def _is_paper_kept(dossier: Dossier, told: str | None) -> bool:
    try:
        with open_blob(dossier.pdf_file) as stream:
            digest = hashlib.sha256(stream.read()).hexdigest()
    except Missing:
        return False
    return told in {None, rules.grouped(digest)} and digest == dossier.pdf_file_id


def chain_of(customer_id: UUID) -> list[SignedSheet]:
    """Return all that was ever signed about a practice, oldest first, as it is chained."""
    found = SignedSheet.objects.filter(customer_id=customer_id)
    return list(found.order_by(F("number").asc(nulls_first=True), "signed_at", "id"))


def gaps_of(customer_id: UUID) -> list[SignedSheet]:
    """Return the signed questionnaires before which another one was taken away or put in."""
    before, found = "", []
    for one in chain_of(customer_id):
        if one.number is not None and one.previous != before:
            found.append(one)
        before = one.digest
    return found


def altered_signatures(customer_id: UUID) -> list[SignedSheet]:
    """Return the signed questionnaires that are not what the journal says was signed."""
    found = SignedSheet.objects.filter(customer_id=customer_id)
    return [one for one in found if not _is_intact(one)]


@dataclass(frozen=True, slots=True)
class Lost:
    """What the journal says was made or signed, and is nowhere. ``number``: of its dossier."""

    at: datetime
    by: str
    number: int | None = None


def lost_of(customer_id: UUID, practice_id: UUID) -> list[Lost]:
    """Return the dossiers and signed questionnaires of a practice that were taken away.

    The last of a chain leaves no gap: the journal alone knows that it was there. ``practice_id``:
    the provider, in whose journal they stand. A line that names no practice may be anybody's.
    """
    mine = {None, rules.grouped(customer_id.hex)}
    dossiers = {str(one) for one in Dossier.objects.values_list("id", flat=True)}
    sheets = {str(one) for one in SignedSheet.objects.values_list("id", flat=True)}
    away = [
        line
        for kind, kept in (("evidence", dossiers), ("evidence_answers", sheets))
        for line in made(practice_id, kind)
        if line.detail.get("to") in mine and line.object_id not in kept
    ]
    gone = _gone() if any(line.detail.get("to") is None for line in away) else set()
    return [
        Lost(line.at, line.person_label, line.detail.get("count"))
        for line in away
        if line.detail.get("to") is not None or line.object_id not in gone
    ]


def broken_lines(practice_id: UUID) -> "list[Line]":
    """Return the lines that speak of evidence and are not as the journal wrote them.

    They may be anybody's: what such a line says, the practice it names included, proves nothing.
    """
    kinds = ("evidence", "evidence_answers")
    return [line for kind in kinds for line in made(practice_id, kind) if not is_sealed(line)]


def _gone() -> set[str]:
    """Return what went with its practice, by notes that the journal vouches for."""
    return {
        one
        for noted in Departure.objects.all()
        if is_vouched_for(noted)
        for one in noted.object_ids
    }


def is_vouched_for(noted: Departure) -> bool:
    """Tell whether the journal says the same of a practice that went."""
    told = detail_of(noted.journal_number, GONE, str(noted.id))
    return told.get("digest") == digest_of_departure(noted)


def digest_of_departure(noted: Departure) -> str:
    """Return what seals the note of a practice that went, as a journal holds it."""
    return rules.grouped(
        rules.departure_digest(
            customer_id=str(noted.id),
            ended_at=noted.ended_at,
            at=noted.at,
            dossiers=noted.dossiers,
            sheets=noted.sheets,
        )
    )


def _is_intact(one: SignedSheet) -> bool:
    told = detail_of(one.journal_number, "evidence_answers", str(one.id))
    again = rules.digest_of(
        customer_id=str(one.customer_id),
        sheet=one.sheet,
        answers=one.answers,
        signer=one.signer,
        quality=one.quality,
        taken_as=one.taken_as,
        signed_at=one.signed_at,
        number=one.number,
        previous=one.previous,
    )
    return one.digest == again and told.get("digest") == rules.grouped(again)


def is_under_way(making: Making | None) -> bool:
    """Tell whether a dossier is being made, and not given up."""
    if making is None or making.finished_at is not None:
        return False
    return not rules.is_given_up(making.asked_at, timezone.now())
