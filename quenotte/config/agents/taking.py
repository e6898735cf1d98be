"""What the door does with the database: contacts in batches, and machines that come anew."""

import time
from collections.abc import Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, Final

from django.utils import timezone

from quenotte.config.agents.batching import MOST_WAITING, Batches
from quenotte.config.agents.keeping import Keeping
from quenotte.config.agents.ours import Ours
from quenotte.kernel.enrolment import Enrolled, Told
from quenotte.kernel.posture.contacts import Answer, Contact
from quenotte.provider.asking import operations as asking
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment import queries as known
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.traces import queries as traces
from quenotte.wire.openings import MOST, Openings, OpeningsAsked
from quenotte.wire.openings import Opened as Seen

#: How often it is looked whether anybody has a question, in seconds: nearly always nobody has.
_LOOKED_S: Final = 2.0
#: Of those that may wait at once, so many are no strangers.
_KEPT_PLACES: Final = MOST_WAITING // 2


def keep(contacts: Sequence[Contact]) -> list[Answer]:
    """Keep a batch of contacts."""
    return fleet.take(contacts, at=timezone.now())


def _let_in(token: str, told: Told, key: str) -> Enrolled | None:
    try:
        return enrolment.enrol(token=token, told=told, key=key)
    except enrolment.UnknownToken:
        return None


class ProviderBooks(Keeping):
    """The provider's books, as the door of the agents uses them."""

    def __init__(self) -> None:
        batches: Batches[Contact, Answer] = Batches(
            keep, kept_places=_KEPT_PLACES, weigh=attrgetter("weight")
        )
        ours = Ours(known.held, beside=batches)
        super().__init__(
            batches,
            ours,
            is_made=enrolment.is_made,
            let_in=_let_in,
            may_return=known.may_return,
        )
        self._waiting: frozenset[bytes] = frozenset()
        self._look_at = 0.0

    async def attends(self) -> None:
        """Write down that the door listens, by the way that reports are kept. Raises: Busy."""
        await self.batches.run(lambda: fleet.attend(now=timezone.now()))

    async def asked(self, key_digest: bytes, catalogue: str) -> Mapping[str, str]:
        """Return what a machine shall be asked now. Raises: Busy."""
        now = time.monotonic()
        if now >= self._look_at:
            # Before the question: others that come meanwhile take what was known.
            self._look_at = now + _LOOKED_S
            look = partial(asking.waiting_keys, timezone.now())
            self._waiting = await self.batches.run(look)
        if key_digest not in self._waiting:
            return {}
        hand = partial(
            asking.hand_over, key_digest=key_digest, catalogue=catalogue, now=timezone.now()
        )
        return {one.name: one.subject for one in await self.batches.run(hand)}

    async def subjects(self, key_digest: bytes, names: Sequence[str]) -> Mapping[str, str]:
        """Return which of these names this very machine was asked, and what. Raises: Busy."""
        now = timezone.now()
        look = partial(asking.subjects_of, key_digest=key_digest, names=names, now=now)
        return await self.batches.run(look)

    async def answered(
        self, name: str, facts: Mapping[str, Mapping[str, Any]], *, is_failed: bool
    ) -> None:
        """Keep what a machine answered to a question. Raises: Busy."""
        at = timezone.now()
        keep = partial(asking.keep_answer, name=name, facts=facts, is_failed=is_failed, at=at)
        await self.batches.run(keep)

    async def opened(self, key_digest: bytes, asked: OpeningsAsked) -> Openings | None:
        """Return who opened what of the practice whose server asks; None when it may not ask.

        Raises: Busy.
        """
        return await self.batches.run(lambda: _opened(key_digest, asked))


def _opened(key_digest: bytes, asked: OpeningsAsked) -> Openings | None:
    customer_id = known.spoken_for(key_digest)
    if customer_id is None:
        return None
    rows = traces.looks_asked(customer_id, asked.after, asked.since, limit=MOST)
    return Openings(
        tuple(
            Seen(one.pk, one.at, one.person_label, one.what, one.about, one.machines)
            for one in rows
        )
    )
