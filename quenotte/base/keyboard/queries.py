"""Reading logins, PINs, grants and hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from quenotte.base.keyboard import rules
from quenotte.base.keyboard.looking import Login, look, open_grant
from quenotte.base.keyboard.models import Grant, Hours, Pin, Sitting
from quenotte.base.keyboard.rules import (
    LOGIN_LENGTH_S,
    PIN_TRIES,
    Slot,
    State,
    initials,
    is_over,
    is_within,
)

__all__ = [
    "Factors",
    "Login",
    "Tile",
    "all_hours",
    "code_now",
    "demo_code",
    "factor_due_on",
    "factors",
    "grants_to_review",
    "has_day_ended",
    "is_factor_due",
    "is_off_hours",
    "is_spent",
    "last_seen",
    "look",
    "off_hours_logins",
    "open_grant",
    "open_logins",
    "pin_here",
    "pins_of",
    "protected",
    "slots",
    "tiles",
]


@dataclass(frozen=True)
class Tile:
    """Somebody who may take the keyboard with her PIN: no name, a screen is locked."""

    id: UUID
    key: int
    initials: str
    role: str
    is_here: bool
    has_pin: bool


def tiles(login: Login) -> list[Tile]:
    """Return who may take the keyboard of this workstation now, who sits there first."""
    here = list(Sitting.objects.filter(id=login.id).select_related("person"))
    waiting: list[Sitting] = []
    with_pin: set[UUID] = set()
    if login.workstation_id is not None:
        waiting = list(_waiting(login.workstation_id))
        pins = Pin.objects.filter(workstation_id=login.workstation_id)
        with_pin = set(pins.values_list("person_id", flat=True))
    return [
        Tile(
            id=sitting.id,
            key=key,
            initials=initials(sitting.person.full_name),
            role=str(sitting.person.get_role_display()),
            is_here=sitting.id == login.id,
            has_pin=sitting.person_id in with_pin,
        )
        for key, sitting in enumerate([*here, *waiting], start=1)
    ]


def _waiting(workstation_id: UUID) -> QuerySet[Sitting]:
    """Return the logins of today that wait for their PIN at a workstation."""
    since = timezone.now() - timedelta(seconds=LOGIN_LENGTH_S)
    others = Sitting.objects.filter(
        workstation_id=workstation_id,
        state=State.SWAPPED.value,
        opened_at__gt=since,
        person__is_active=True,
        person__pins__workstation_id=workstation_id,
    )
    return others.select_related("person").order_by("opened_at", "id")


def pin_here(person_id: UUID, workstation_id: UUID | None) -> Pin | None:
    """Return the PIN of a person at a workstation; none before the browser told its key."""
    if workstation_id is None:
        return None
    return Pin.objects.filter(person_id=person_id, workstation_id=workstation_id).first()


def is_spent(person_id: UUID, workstation_id: UUID | None) -> bool:
    """Tell whether this PIN was tried too often: a full login is needed."""
    pin = pin_here(person_id, workstation_id)
    return pin is not None and pin.failures >= PIN_TRIES


def pins_of(person_id: UUID) -> QuerySet[Pin]:
    """Return the workstations at which a person has a PIN."""
    return Pin.objects.filter(person_id=person_id).select_related("workstation")


@dataclass(frozen=True)
class Factors:
    """The second factors of a person: application, passkeys, recovery codes left."""

    application: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int | None

    @property
    def is_protected(self) -> bool:
        """Whether a login asks for more than the password."""
        return self.application is not None or bool(self.passkeys)


def factors(person_id: UUID) -> Factors:
    """Return the second factors of a person."""
    kinds = Authenticator.Type
    found = list(Authenticator.objects.filter(user_id=person_id).order_by("created_at", "id"))
    codes = next((one for one in found if one.type == kinds.RECOVERY_CODES), None)
    return Factors(
        application=next((one for one in found if one.type == kinds.TOTP), None),
        passkeys=[one for one in found if one.type == kinds.WEBAUTHN],
        codes_left=None if codes is None else len(codes.wrap().get_unused_codes()),
    )


def protected(people: Iterable[UUID]) -> set[UUID]:
    """Return which of these people have a second factor."""
    found = Authenticator.objects.filter(user_id__in=list(people))
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return set(found.filter(type__in=kinds).values_list("user_id", flat=True))


def is_factor_due(person: Any) -> bool:
    """Tell whether a person must set a second factor up before anything else.

    Where everybody needs one, nobody is given time.
    """
    for_all = settings.SECOND_FACTOR_FOR_ALL
    if not (for_all or person.may("people.manage")):
        return False
    return rules.is_factor_due(
        runs_practice=True,
        has_factor=bool(protected([person.pk])),
        since_days=(timezone.now() - person.created_at).days,
        grace_days=0 if for_all else person.practice.second_factor_grace_days,
    )


def factor_due_on(person: Any) -> date | None:
    """Return the day from which a second factor is asked of a person who has none; else None."""
    if not person.may("people.manage") or protected([person.pk]):
        return None
    grace = timedelta(days=person.practice.second_factor_grace_days)
    return timezone.localdate(person.created_at + grace)


def demo_code(person: Any) -> str:
    """Return what the telephone of a person of the demo practice shows now; "" elsewhere.

    Nobody who tries the demo needs a telephone: its people are invented, its password public.
    """
    if not person.practice.is_demo:
        return ""
    kept = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.TOTP).first()
    return code_now(decrypt(kept.data["secret"])) if kept else ""


def code_now(secret: str) -> str:
    """Return the code of six digits that a secret gives now (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def last_seen(people: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when each person last touched a keyboard; who never did is left out."""
    seen = Sitting.objects.filter(person_id__in=list(people)).values("person_id")
    return {row["person_id"]: row["at"] for row in seen.annotate(at=Max("last_input_at"))}


def open_logins(person_id: UUID) -> QuerySet[Sitting]:
    """Return the logins of a person that are not over, the latest first."""
    return (
        Sitting.objects.filter(person_id=person_id)
        .exclude(state=State.CLOSED.value)
        .select_related("workstation")
        .order_by("-last_input_at")
    )


def slots(practice_id: UUID, role: str) -> list[Slot]:
    """Return the hours of a role; empty when it has none."""
    rows = Hours.objects.filter(practice_id=practice_id, role=role)
    return [Slot(row.weekday, row.opens_at, row.closes_at) for row in rows]


def all_hours(practice_id: UUID) -> dict[tuple[str, int], Hours]:
    """Return the hours of every role, by role and weekday."""
    found = Hours.objects.filter(practice_id=practice_id)
    return {(row.role, row.weekday): row for row in found}


def is_off_hours(practice_id: UUID, role: str) -> bool:
    """Tell whether a role does not work now."""
    return not is_within(slots(practice_id, role), timezone.localtime())


def has_day_ended(practice_id: UUID, role: str) -> bool:
    """Tell whether what is locked now must be opened by a full login."""
    return is_over(slots(practice_id, role), timezone.localtime())


def grants_to_review(practice_id: UUID) -> QuerySet[Grant]:
    """Return the grants that no gestionnaire has looked at yet, the latest first."""
    found = Grant.objects.filter(practice_id=practice_id, reviewed_at__isnull=True)
    return found.select_related("person")


def off_hours_logins(practice_id: UUID, *, days: int) -> QuerySet[Sitting]:
    """Return the logins of the last days that gave a reason, the latest first."""
    since = timezone.now() - timedelta(days=days)
    found = Sitting.objects.filter(person__practice_id=practice_id, opened_at__gte=since)
    return found.exclude(reason="").select_related("person", "workstation").order_by("-opened_at")
