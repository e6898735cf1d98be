"""Reading where copies go, what was copied, what was proved."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from quenotte.devices.journal.status import Status as Journal
from quenotte.devices.repository import trust
from quenotte.devices.repository.opening import is_server
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import (
    broken,
    calendars,
    disks,
    following,
    forecasts,
    places,
    progress,
    retiring,
    rotten,
    rules,
    wording,
)
from quenotte.upkeep.backups.broken import Broken
from quenotte.upkeep.backups.calendars import Day
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from quenotte.upkeep.guard import queries as guard

#: What the recovery kit lacks for some places; the room of kits knows.
KitJudge = Callable[[Sequence[Destination]], rules.Reason | None]
_kit_judges: list[KitJudge] = []


@dataclass(frozen=True)
class PaperKeys:
    """Key files of the papers in force: those that open this very repository, and all of them."""

    here: frozenset[str] = frozenset()
    anywhere: frozenset[str] = frozenset()


#: Which key files the papers have; the room of kits knows.
KeysJudge = Callable[[Destination], PaperKeys]
_keys_judges: list[KeysJudge] = []
#: What is known at a moment of disks and other media; the room of media knows.
MediaJudge = Callable[[datetime], rules.Media]
_media_judges: list[MediaJudge] = []
#: Days of copies from which the growth is reckoned.
_GROWTH_DAYS = 30
#: In the summary of a copy that its place no longer holds, as the last look found.
GONE = "gone"
#: Beside a work: the last line of the journal of accesses when it began, which no clock moves.
AFTER = "after"
#: In what a proof compared: nothing, for its place was not there.
AWAY = "away"


def judge_kit_by(judge: KitJudge) -> None:
    """Name the function that says what the recovery kit lacks."""
    _kit_judges[:] = [judge]


def judge_keys_by(judge: KeysJudge) -> None:
    """Name the function that says which key files the papers in force have at a place."""
    _keys_judges[:] = [judge]


def paper_keys(one: Destination) -> PaperKeys:
    """Return the key files of the papers in force, as a place should hold them."""
    return next((judge(one) for judge in _keys_judges), PaperKeys())


def is_closed_to_papers(one: Destination) -> bool:
    """Tell whether a paper in force did not open a place at the last look."""
    return bool(rotten.closed(one.id))


def lacks_key(one: Destination, key_file: str) -> bool:
    """Tell whether a key file of a paper was no longer at a place at the last look."""
    return key_file in rotten.closed(one.id)


def judge_media_by(judge: MediaJudge) -> None:
    """Name the function that tells of the media."""
    _media_judges[:] = [judge]


@dataclass(frozen=True)
class Standing:
    """A destination with its last copies and proofs."""

    destination: Destination
    last_copy: Copy | None
    last_whole_copy: Copy | None
    #: The newest that the guard does not doubt and the place holds: what a return takes by itself.
    last_good_copy: Copy | None
    last_proof: Proof | None
    last_good_proof: Proof | None
    #: Some of it claims to be of the future: it is none of the above.
    is_ahead: bool = False
    #: Files for which stock restic refuses the repository, as the last look found.
    rotten: tuple[str, ...] = ()
    #: Rotten packs of which older copies lack something for good.
    gone: tuple[str, ...] = ()
    #: Those of them that lie in years that are over.
    past: tuple[str, ...] = ()
    #: A paper in force does not open it.
    is_closed: bool = False
    #: What the journal of the database lacks there.
    broken: Broken | None = None
    #: A name of the disk or the server that it lies on, the same for places of one.
    disk: str = ""
    #: Another place in use lies there too.
    is_beside: bool = False

    @property
    def is_recently_proven(self) -> bool:
        """Tell whether the light still believes its last proof."""
        return self.facts.is_proven(timezone.now())

    @property
    def is_behind(self) -> bool:
        """Tell whether it is always there and took no good copy for too long."""
        now = timezone.now()
        return rules.believed(self.facts, now).is_behind(now)

    @property
    def trouble(self) -> str:
        """Return what is wrong with its files and what to do, "" for nothing."""
        if self.rotten:
            return wording.unreadable(self.rotten)
        if self.is_closed:
            return wording.closed()
        if self.hole:
            return self.hole
        lost = [pack for pack in self.gone if pack not in self.past]
        words = [
            wording.lost_for_good(lost) if lost else "",
            wording.lost_in_past(self.past) if self.past else "",
        ]
        return " ".join(filter(None, words))

    @property
    def hole(self) -> str:
        """Return what the journal lacks there and what that costs now, "" for nothing."""
        copy = self.last_good_copy
        return self.broken.words(copy.data_at if copy else None) if self.broken else ""

    @property
    def dialog_id(self) -> str:
        """Return what the dialog that retires it is called on the page."""
        return f"retirer-{self.destination.id}"

    @property
    def facts(self) -> rules.Place:
        """Return it as the rules want it."""
        copy, proof = self.last_copy, self.last_proof
        whole, good = self.last_good_copy, self.last_good_proof
        return rules.Place(
            kind=self.destination.kind,
            copied_to=whole.data_at if whole else None,
            proven_at=good.ended_at if good else None,
            is_failing=_is_bad(copy),
            is_proof_failing=_is_bad(proof),
            is_ahead=self.is_ahead,
            is_rotten=bool(self.rotten),
            is_doubted=_is_bad(proof) and not _came_back(proof),
            since=self.destination.created_at,
            disk=self.disk,
            is_ours=disks.told(whole).is_ours,
        )


@dataclass(frozen=True)
class Status:
    """What the copies are worth now, for the page and for the command line."""

    at: datetime
    light: rules.Light
    reasons: tuple[rules.Reason, ...]
    sentence: str
    standings: tuple[Standing, ...]
    #: How the journal of the database stands; None when nobody follows it.
    journal: Journal | None = None


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


def kind_at(place: str) -> str:
    """Return what a place is: as it was prepared, else a folder or a vault by its address."""
    found = destination_at(place)
    return found.kind if found else places.usual_kind(place)


def address_of(one: Destination) -> str:
    """Return where its repositories lie, as restic takes it after ``-r``, with the login.

    Those of later years lie below it: a paper that names this address names them all.
    """
    return f"rest:{one.place}" if is_server(one.place) else one.place


def copies_of(destination_id: UUID) -> QuerySet[Copy]:
    """Return the copies sent to a destination, newest first."""
    return Copy.objects.filter(destination_id=destination_id)


def proofs_of(destination_id: UUID) -> QuerySet[Proof]:
    """Return the proofs of a destination, newest first."""
    return Proof.objects.filter(destination_id=destination_id)


def good_copies_of(destination_id: UUID, *, now: datetime | None = None) -> QuerySet[Copy]:
    """Return the whole copies that the guard does not doubt, newest first; none of the future."""
    limit = (now or timezone.now()) + rules.LENIENCE
    whole = copies_of(destination_id).filter(state=State.DONE, started_at__lte=limit)
    return whole.exclude(snapshot_id__in=guard.doubted(destination_id))


def copied_to(destination_id: UUID, *, now: datetime | None = None) -> datetime | None:
    """Return the moment that the last good copy of a place brings back, None when it has none."""
    copy = _last_good(destination_id, now)
    return copy.data_at if copy else None


def _last_good(destination_id: UUID, now: datetime | None) -> Copy | None:
    """Return the newest copy that the guard does not doubt and the place holds."""
    return good_copies_of(destination_id, now=now).exclude(summary__has_key=GONE).first()


def standing_of(one: Destination, *, now: datetime | None = None) -> Standing:
    """Return a destination with its last copies and proofs at ``now`` (aware).

    What was written down while a clock was ahead is passed by, or it hid all that came after.
    """
    limit = (now or timezone.now()) + rules.LENIENCE
    all_copies = copies_of(one.id).exclude(state=State.RUNNING)
    all_proofs = _tried(proofs_of(one.id))
    copies, proofs = (
        all_copies.filter(started_at__lte=limit),
        all_proofs.filter(asked_at__lte=limit),
    )
    return Standing(
        destination=one,
        last_copy=copies.first(),
        last_whole_copy=copies.filter(state=State.DONE).first(),
        last_good_copy=_last_good(one.id, now),
        last_proof=proofs.first(),
        last_good_proof=proofs.filter(state=State.DONE).first(),
        is_ahead=_is_ahead(
            all_copies.filter(started_at__gt=limit),
            all_proofs.filter(asked_at__gt=limit),
            proofs.filter(state=State.DONE).first(),
        ),
        rotten=tuple(rotten.heads(one.id)),
        gone=tuple(rotten.gone(one.id)),
        past=tuple(rotten.past(one.id)),
        is_closed=is_closed_to_papers(one),
        broken=broken.noted(one.id),
    )


def _is_ahead(copies: QuerySet[Copy], proofs: QuerySet[Proof], good: Proof | None) -> bool:
    """Tell whether something claims to be of the future and no newer copy was proved since.

    Which is the newer one, the journal of accesses tells: its numbers only grow.
    """
    orders = [*map(_order_of, copies), *map(_order_of, proofs)]
    return bool(orders) and (good is None or _order_of(good) <= max(orders))


def _came_back(proof: Proof | None) -> bool:
    """Tell whether the copy itself came back as promised, whatever else was wrong around it."""
    return proof is not None and proof.compared.get("differences") in ([], ())


def _order_of(work: Copy | Proof) -> int:
    """Return how far the journal of accesses was when a copy began, or the one that was proved."""
    if isinstance(work, Copy):
        return int(work.summary.get(AFTER) or work.summary.get("journal") or 0)
    proved = Copy.objects.filter(destination=work.destination_id, snapshot_id=work.snapshot_id)
    one = proved.first() if work.snapshot_id else None
    return _order_of(one) if one else int(work.compared.get(AFTER, 0))


def status(*, now: datetime | None = None) -> Status:
    """Return what the copies are worth at ``now`` (aware)."""
    now = timezone.localtime(now)
    standings = _told_apart([standing_of(one, now=now) for one in destinations()])
    media = next((judge(now) for judge in _media_judges), rules.Media())
    facts = [*(standing.facts for standing in standings), *media.places]
    kit = _lack_of_kit(standings)
    found = rules.reasons(
        facts,
        now,
        of_kit=kit,
        of_media=media.reasons,
        # A hole in the journal of a place costs minutes as a journal that is late does; the words
        # hold for both, and the place says which.
        is_journal_late=any(one.broken for one in standings)
        or (bool(standings) and following.is_late(now)),
    )
    if guard.is_alarmed():
        found = [rules.Reason.ANOMALY, *found]
    sentence = rules.sentence(facts, now)
    journal = following.standing() if standings else None
    return Status(now, rules.light(found), tuple(found), sentence, standings, journal)


def broken_words(place: str) -> str:
    """Return what the journal of a place lacks and what that costs, "" for nothing."""
    one = destination_at(place)
    found = broken.noted(one.id) if one else None
    return found.words(copied_to(one.id)) if one and found else ""


def _told_apart(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """Return places, each with a name of the disk or the server that it lies on."""
    names = disks.names([(one.destination, one.last_good_copy) for one in standings])
    named = zip(standings, names, strict=True)
    return tuple(replace(one, disk=it, is_beside=names.count(it) > 1) for one, it in named)


def running() -> Iterable[Copy | Proof]:
    """Return what is under way."""
    return [
        *Copy.objects.filter(state=State.RUNNING),
        *Proof.objects.filter(state=State.RUNNING),
    ]


def is_proving(*, since: datetime) -> bool:
    """Tell whether a proof is under way that was begun at a moment (aware) or later."""
    return Proof.objects.filter(state=State.RUNNING, asked_at__gte=since).exists()


def _tried(proofs: QuerySet[Proof]) -> QuerySet[Proof]:
    """Return the proofs that came to an end: a stop of the machine speaks of no copy."""
    ended = proofs.exclude(state__in=(State.RUNNING, State.INTERRUPTED))
    return ended.exclude(compared__has_key=AWAY)


def under_way() -> progress.Told | None:
    """Return how far what was asked on the page has come, None when nothing is under way."""
    return progress.told()


def calendar(*, on: date, days: int = 90) -> list[Day]:
    """Return what was proved on each of the last days, the oldest first, ``on`` included."""
    since = timezone.make_aware(datetime.combine(on, datetime.min.time())) - timedelta(days=days)
    proofs = _tried(Proof.objects.filter(asked_at__gte=since))
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
    # The first copy, and the first of each year, is the practice itself: no growth, but it returns.
    whole = done.aggregate(most=Max("bytes_added"))["most"] or 0
    later = done.filter(started_at__gte=since, bytes_added__lte=whole // 2)
    added = later.exclude(started_at=first).aggregate(sum=Sum("bytes_added"))["sum"] or 0
    return forecasts.room(
        one.place,
        added_bytes=added,
        days=min(_GROWTH_DAYS, (now - first).total_seconds() / 86_400),
        each_year=whole,
        journal_bytes=retiring.still_to_come(places.at(one.place, one.epoch)),
    )


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


def printed_fingerprint(one: Destination) -> str:
    """Return the fingerprint by which a paper names the server of a place, "" for none."""
    return places.printed_fingerprint(one.place)


def hands_out_authority(one: Destination) -> bool:
    """Tell whether its server gives anybody the certificate that a paper names (asks it)."""
    try:
        return trust.shown_by(one.place).authority == printed_fingerprint(one)
    except Refusal:
        return False
