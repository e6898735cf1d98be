"""Reading where copies go, what was copied, what was proved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from quenotte.upkeep.backups import places, rules
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State


@dataclass(frozen=True)
class Standing:
    """A destination with its last copies and proofs."""

    destination: Destination
    last_copy: Copy | None
    last_whole_copy: Copy | None
    last_proof: Proof | None
    last_good_proof: Proof | None

    @property
    def facts(self) -> rules.Place:
        """Return it as the rules want it."""
        copy, proof = self.last_copy, self.last_proof
        whole, good = self.last_whole_copy, self.last_good_proof
        return rules.Place(
            kind=self.destination.kind,
            copied_to=whole.data_at if whole else None,
            proven_at=good.ended_at if good else None,
            is_failing=_is_bad(copy),
            is_proof_failing=_is_bad(proof),
        )


@dataclass(frozen=True)
class Status:
    """What the copies are worth now, for the page and for the command line."""

    at: datetime
    light: rules.Light
    reasons: tuple[rules.Reason, ...]
    sentence: str
    standings: tuple[Standing, ...]


def destinations() -> QuerySet[Destination]:
    """Return the places in use, oldest first."""
    return Destination.objects.filter(use=Destination.Use.ACTIVE)


def destination(destination_id: UUID) -> Destination:
    """Return one destination. Raises: Destination.DoesNotExist."""
    return Destination.objects.get(pk=destination_id)


def destination_at(place: str) -> Destination | None:
    """Return the destination of a place, None when nobody prepared it from here.

    An address without its login is enough: nobody has to type a password again.
    """
    known = Destination.objects.filter(place_digest=places.digest_of(place)).first()
    return known or destinations().filter(label=places.normal(place)).first()


def copies_of(destination_id: UUID) -> QuerySet[Copy]:
    """Return the copies sent to a destination, newest first."""
    return Copy.objects.filter(destination_id=destination_id)


def proofs_of(destination_id: UUID) -> QuerySet[Proof]:
    """Return the proofs of a destination, newest first."""
    return Proof.objects.filter(destination_id=destination_id)


def standing_of(one: Destination) -> Standing:
    """Return a destination with its last copies and proofs."""
    copies = copies_of(one.id).exclude(state=State.RUNNING)
    proofs = proofs_of(one.id).exclude(state=State.RUNNING)
    return Standing(
        destination=one,
        last_copy=copies.first(),
        last_whole_copy=copies.filter(state=State.DONE).first(),
        last_proof=proofs.first(),
        last_good_proof=proofs.filter(state=State.DONE).first(),
    )


def status(*, now: datetime | None = None) -> Status:
    """Return what the copies are worth at ``now`` (aware)."""
    now = timezone.localtime(now)
    standings = tuple(standing_of(one) for one in destinations())
    facts = [standing.facts for standing in standings]
    found = rules.reasons(facts, now)
    return Status(now, rules.light(found), tuple(found), rules.sentence(facts, now), standings)


def running() -> Iterable[Copy | Proof]:
    """Return what is under way."""
    return [
        *Copy.objects.filter(state=State.RUNNING),
        *Proof.objects.filter(state=State.RUNNING),
    ]


def _is_bad(work: Copy | Proof | None) -> bool:
    return work is not None and work.state != State.DONE


def trust_of(place: str) -> dict[str, str]:
    """Return what the server of a place is believed by: ``fingerprint`` and ``ca_file``."""
    return places.trust_of(place)
