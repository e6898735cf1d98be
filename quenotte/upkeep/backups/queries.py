"""Reading where copies go, what was copied, what was proved."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils import timezone

from quenotte.devices.repository.opening import is_server
from quenotte.upkeep.backups import calendars, forecasts, places, progress, rules
from quenotte.upkeep.backups.calendars import Day
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from quenotte.upkeep.guard import queries as guard

#: What the recovery kit lacks for some places; the room of kits knows.
KitJudge = Callable[[Sequence[Destination]], rules.Reason | None]
_kit_judges: list[KitJudge] = []
#: Days of copies from which the growth is reckoned.
_GROWTH_DAYS = 30


def judge_kit_by(judge: KitJudge) -> None:
    """Name the function that says what the recovery kit lacks."""
    _kit_judges[:] = [judge]


@dataclass(frozen=True)
class Standing:
    """A destination with its last copies and proofs."""

    destination: Destination
    last_copy: Copy | None
    last_whole_copy: Copy | None
    last_proof: Proof | None
    last_good_proof: Proof | None

    @property
    def dialog_id(self) -> str:
        """Return what the dialog that retires it is called on the page."""
        return f"retirer-{self.destination.id}"

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


def address_of(one: Destination) -> str:
    """Return where its repository lies, as restic takes it after ``-r``, with the login."""
    place = places.at(one.place, one.epoch)
    return f"rest:{place}" if is_server(place) else place


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
    found = rules.reasons(facts, now, of_kit=_lack_of_kit(standings))
    if guard.is_alarmed():
        found = [rules.Reason.ANOMALY, *found]
    return Status(now, rules.light(found), tuple(found), rules.sentence(facts, now), standings)


def running() -> Iterable[Copy | Proof]:
    """Return what is under way."""
    return [
        *Copy.objects.filter(state=State.RUNNING),
        *Proof.objects.filter(state=State.RUNNING),
    ]


def under_way() -> progress.Told | None:
    """Return how far what was asked on the page has come, None when nothing is under way."""
    return progress.told()


def calendar(*, on: date, days: int = 90) -> list[Day]:
    """Return what was proved on each of the last days, the oldest first, ``on`` included."""
    since = timezone.make_aware(datetime.combine(on, datetime.min.time())) - timedelta(days=days)
    proofs = Proof.objects.filter(asked_at__gte=since).exclude(state=State.RUNNING)
    copies = Copy.objects.filter(started_at__gte=since, state=State.DONE)
    return calendars.days(
        on=on,
        count=days,
        proofs=[
            (timezone.localdate(at), state == State.DONE)
            for at, state in proofs.values_list("asked_at", "state")
        ],
        copies=[timezone.localdate(at) for at in copies.values_list("started_at", flat=True)],
    )


def history(*, limit: int = 20) -> list[Copy | Proof]:
    """Return the last copies and proofs together, newest first."""
    works: list[Copy | Proof] = [
        *Copy.objects.select_related("destination")[:limit],
        *Proof.objects.select_related("destination")[:limit],
    ]
    return sorted(works, key=_begun_at, reverse=True)[:limit]


def room_of(one: Destination) -> forecasts.Room | None:
    """Return the room left at a folder and how long it lasts, None where nobody can tell."""
    if one.kind != Destination.Kind.FOLDER:
        return None
    now = timezone.now()
    done = copies_of(one.id).filter(state=State.DONE)
    first = done.order_by("started_at").values_list("started_at", flat=True).first()
    since = now - timedelta(days=_GROWTH_DAYS)
    if first is None:
        return forecasts.room(one.place, added_bytes=0, days=0)
    # The first copy is the practice itself: it tells nothing of how it grows.
    later = done.filter(started_at__gte=since).exclude(started_at=first)
    added = later.aggregate(sum=Sum("bytes_added"))["sum"] or 0
    days = min(_GROWTH_DAYS, (now - first).total_seconds() / 86_400)
    return forecasts.room(one.place, added_bytes=added, days=days)


def _begun_at(work: Copy | Proof) -> datetime:
    return work.started_at if isinstance(work, Copy) else work.asked_at


def _lack_of_kit(standings: Sequence[Standing]) -> rules.Reason | None:
    used = [standing.destination for standing in standings]
    return next((found for judge in _kit_judges if (found := judge(used))), None)


def _is_bad(work: Copy | Proof | None) -> bool:
    return work is not None and work.state != State.DONE


def trust_of(place: str) -> dict[str, str]:
    """Return what the server of a place is believed by: ``fingerprint`` and ``ca_file``."""
    return places.trust_of(place)
