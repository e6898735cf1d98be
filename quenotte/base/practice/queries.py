"""Reading the practice, its places and its workstations."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from quenotte.base.practice.models import Chair, Practice, Room, Workstation
from quenotte.base.prepared import prepared

if TYPE_CHECKING:
    from quenotte.devices.certificates.pairs import Facts


def is_installed() -> bool:
    """Tell whether a practice exists: before that, only the installation answers."""
    return Practice.objects.exists()


def practice(practice_id: UUID) -> Practice:
    """Return a practice. Raises: Practice.DoesNotExist."""
    for found in _practices(practice_id):
        return found
    raise Practice.DoesNotExist


@prepared
def _practices(practice_id: UUID) -> QuerySet[Practice]:
    return Practice.objects.filter(id=practice_id)


def first_practice() -> Practice | None:
    """Return the oldest practice of the database, or None before the installation."""
    return Practice.objects.order_by("created_at", "id").first()


def is_demo() -> bool:
    """Tell whether this database is that of a demonstration."""
    return Practice.objects.filter(is_demo=True).exists()


def practice_ids() -> list[UUID]:
    """Return every practice of the database, for what brings them all up to date."""
    return list(Practice.objects.values_list("id", flat=True))


def rooms(practice_id: UUID) -> QuerySet[Room]:
    """Return the rooms in their order."""
    return Room.objects.filter(practice_id=practice_id)


def rooms_with_chairs(practice_id: UUID) -> list[tuple[Room, list[Chair]]]:
    """Return the rooms in their order, each with its chairs in theirs."""
    by_room: dict[UUID, list[Chair]] = defaultdict(list)
    for chair in chairs(practice_id):
        by_room[chair.room_id].append(chair)
    return [(room, by_room[room.id]) for room in rooms(practice_id)]


def chairs(practice_id: UUID) -> QuerySet[Chair]:
    """Return the chairs of all rooms, in the order of the rooms."""
    return (
        Chair.objects.filter(room__practice_id=practice_id)
        .select_related("room")
        .order_by("room__position", "room__name", "position", "name")
    )


@dataclass(frozen=True)
class Network:
    """How workstations reach the practice, and what they must trust."""

    #: Addresses of the pages; the first goes by name.
    pages: tuple[str, ...]
    #: Addresses of the explanation, over plain HTTP; empty when that port is closed.
    explanations: tuple[str, ...]
    authority: "Facts"
    server: "Facts"
    #: The authority's certificate in DER.
    certificate: bytes

    @property
    def scanned(self) -> str:
        """What a telephone reads: not every one knows « .local »."""
        return (self.explanations or self.pages)[-1]


def network() -> Network | None:
    """Return how the practice is open to its network; None when it is not."""
    # Only the page that shows it pays for reading certificates.
    from quenotte.devices.certificates import names, pairs

    authority = pairs.read_certificate(settings.LAN_AUTHORITY)
    server = pairs.read_certificate(settings.LAN_CERTIFICATE)
    if not settings.LAN_NAME or authority is None or server is None:
        return None
    facts = pairs.facts(server)
    hosts = (settings.LAN_NAME, *names.typed(facts.addresses))
    plain = settings.LAN_TRUST_PORT
    return Network(
        pages=tuple(f"https://{host}:{settings.LAN_PORT}" for host in hosts),
        explanations=tuple(f"http://{host}:{plain}" for host in hosts) if plain else (),
        authority=pairs.facts(authority),
        server=facts,
        certificate=pairs.public_bytes(authority),
    )


def workstations(practice_id: UUID) -> QuerySet[Workstation]:
    """Return the workstations, the last used first."""
    return (
        Workstation.objects.filter(practice_id=practice_id)
        .select_related("room")
        .order_by("-seen_on", "name")
    )


def room_of(workstation_id: UUID | None) -> UUID | None:
    """Return the room in which a workstation stands, None when nobody said."""
    if workstation_id is None:
        return None
    found = Workstation.objects.filter(id=workstation_id)
    return found.values_list("room_id", flat=True).first()


def place_name(workstation_id: UUID | None) -> str:
    """Return where a workstation stands, in words: its room, else its own name, else ""."""
    if workstation_id is None:
        return ""
    found = Workstation.objects.filter(id=workstation_id).values_list("room__name", "name").first()
    return (found[0] or found[1]) if found else ""
