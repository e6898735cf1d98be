"""Reads of the links: what the reception sees of them, whose code was typed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from quenotte.base.practice.queries import network
from quenotte.base.tablets import rules
from quenotte.base.tablets.models import TabletLink


@dataclass(frozen=True, slots=True)
class Handed:
    """A link as the page of the reception shows it; ``address`` and ``code`` while it waits."""

    id: UUID
    state: rules.State
    words: str
    address: str
    code: str
    expires_at: datetime
    done: int
    steps: int

    @property
    def is_alive(self) -> bool:
        """Whether somebody may still do something with it."""
        return self.state in rules.ALIVE

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has taken it yet."""
        return self.state is rules.State.OPEN

    @property
    def is_here_only(self) -> bool:
        """Whether no tablet can open it: this server listens to its own machine alone."""
        return rules.is_here_only(self.address)


def handed(request: HttpRequest, purpose: str, subject_id: UUID) -> Handed | None:
    """Return the newest link about something, None when it was never handed over."""
    link = TabletLink.objects.filter(purpose=purpose, subject_id=subject_id).first()
    if link is None:
        return None
    state = rules.standing(link.state, link.expires_at, timezone.now())
    is_waiting = state is rules.State.OPEN
    code = rules.code_of(settings.SEALING_KEY, link.id, link.attempt)
    return Handed(
        id=link.id,
        state=state,
        words=str(TabletLink.State(state.value).label),
        address=address_of(request, link.id) if is_waiting else "",
        code=rules.shown_code(code) if is_waiting else "",
        expires_at=link.expires_at,
        done=link.done,
        steps=link.steps,
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """A link that a tablet took; ``is_alive``: it still holds the page."""

    id: UUID
    is_alive: bool


def newest_taken(purpose: str, subject_ids: Collection[UUID]) -> Taken | None:
    """Return the newest link about some things that a tablet took, None when none was taken."""
    rows = TabletLink.objects.filter(purpose=purpose, subject_id__in=subject_ids)
    link = rows.exclude(holder_digest="").order_by("-created_at").first()
    if link is None:
        return None
    state = rules.standing(link.state, link.expires_at, timezone.now())
    return Taken(link.id, state in rules.ALIVE)


def address_of(request: HttpRequest, link_id: UUID) -> str:
    """Return what a tablet opens: by the practice's network when it is open to it."""
    token = rules.token_of(settings.SEALING_KEY, link_id)
    return f"{door_of(request)}{token}/"


def door_of(request: HttpRequest) -> str:
    """Return the address at which the code is typed."""
    known = network()
    # A tablet may not know « .local »: the number comes last and always leads somewhere.
    return f"{known.pages[-1]}/tablette/" if known else request.build_absolute_uri("/tablette/")


def of_code(text: str) -> TabletLink | None:
    """Return the open link whose code was typed."""
    code = rules.typed_code(text)
    if not code:
        return None
    digest = rules.code_digest_of(settings.SEALING_KEY, code)
    rows = TabletLink.objects.filter(code_digest=digest, closed_at=None)
    return rows.filter(state=rules.State.OPEN, expires_at__gt=timezone.now()).first()
