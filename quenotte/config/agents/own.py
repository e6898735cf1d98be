"""The practice's own books: its machines tell its own server, whether it has a provider or not."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.utils import timezone

from quenotte.config.agents.batching import Batches
from quenotte.config.agents.keeping import Keeping
from quenotte.config.agents.ours import Ours
from quenotte.kernel.enrolment import Enrolled, Told
from quenotte.kernel.posture.contacts import Answer, Contact
from quenotte.upkeep.workstations import operations, queries
from quenotte.upkeep.workstations.operations.refusals import UnknownMachineToken
from quenotte.wire.openings import Openings, OpeningsAsked

#: Tens of machines: more than that at once is no morning, but somebody who tries.
_MOST_WAITING = 500
#: Of them so many are no strangers.
_KEPT_PLACES = 250
#: Some tens of inventories, or all the reports that may wait: about 20 MB.
_MOST_WEIGHT = 30_000


def keep(contacts: Sequence[Contact]) -> list[Answer]:
    """Keep some contacts, together."""
    return operations.take(contacts, at=timezone.now())


def _let_in(token: str, told: Told, key: str) -> Enrolled | None:
    try:
        return operations.enrol(token=token, told=told, key=key)
    except UnknownMachineToken:
        return None


class OwnBooks(Keeping):
    """The practice's books, as the door of the agents uses them."""

    def __init__(self) -> None:
        batches: Batches[Contact, Answer] = Batches(
            keep,
            most_waiting=_MOST_WAITING,
            kept_places=_KEPT_PLACES,
            weigh=attrgetter("weight"),
            most_weight=_MOST_WEIGHT,
        )
        ours = Ours(queries.held, beside=batches)
        super().__init__(
            batches,
            ours,
            is_made=operations.is_made,
            let_in=_let_in,
            may_return=queries.may_return,
        )

    async def asked(self, _key_digest: bytes, _catalogue: str) -> Mapping[str, str]:
        """Return nothing: a practice asks its machines no questions by hand."""
        return {}

    async def subjects(self, _key_digest: bytes, _names: Sequence[str]) -> Mapping[str, str]:
        """Return nothing: nothing was asked."""
        return {}

    async def answered(
        self, _name: str, _facts: Mapping[str, Mapping[str, Any]], *, is_failed: bool
    ) -> None:
        """Keep nothing: nothing was asked."""

    async def opened(self, key_digest: bytes, asked: OpeningsAsked) -> Openings | None:
        """Nobody looks at a practice from here: it is its own."""
        return None
