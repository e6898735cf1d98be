"""Second factors: the telephone's application, passkeys, recovery codes (django-allauth)."""

from typing import Any, Final
from uuid import UUID

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.keyboard.operations.sittings import require_factor
from quenotte.base.keyboard.queries import is_factor_due
from quenotte.kernel.errors import Refusal

#: What a line of the journal calls each kind.
_KINDS: Final = {"totp": "application", "webauthn": "passkey", "recovery_codes": "codes"}
_NAME_LENGTH: Final = 60
#: What the libraries raise for an answer that is none: anybody may send anything.
MALFORMED: Final = (ValidationError, ValueError, TypeError, KeyError, AttributeError)


class WrongCode(Refusal):
    """The code of the telephone is not the one expected now."""

    message = _(
        "Ce code n’est pas celui attendu. Rien n’a été modifié : vérifiez l’heure du téléphone, "
        "attendez le code suivant, réessayez."
    )


class WrongKey(Refusal):
    """The answer of the passkey is not one of this login."""

    message = _("Cette clé d’accès n’a pas été reconnue. Rien n’a été modifié : réessayez.")


class LastFactor(Refusal):
    """A gestionnaire keeps one second factor."""

    message = _(
        "Un gestionnaire garde au moins un second facteur. Rien n’a été modifié : "
        "ajoutez-en d’abord un autre."
    )


def new_secret() -> str:
    """Return a fresh secret for a telephone: 160 bits, base32 (RFC 4226, section 4)."""
    return generate_totp_secret()


def address_of(*, person: Any, secret: str) -> str:
    """Return the ``otpauth://`` address that a telephone reads."""
    return get_adapter().build_totp_url(person, secret)


def registration(*, person: Any) -> dict[str, Any]:
    """Return what a browser needs to make a passkey; the session keeps the challenge."""
    return webauthn.begin_registration(person, passwordless=True)


def challenge(*, person: Any) -> dict[str, Any]:
    """Return what a browser needs to use one of her passkeys; the session keeps the challenge."""
    return webauthn.begin_authentication(person)


@transaction.atomic
def add_application(*, actor: Actor, person: Any, secret: str, code: str) -> list[str]:
    """Keep the secret of a telephone that has shown ``code``; return new recovery codes, if any.

    Raises: WrongCode.
    """
    if not validate_totp_code(secret, code.replace(" ", "")):
        raise WrongCode
    try:
        with transaction.atomic():
            TOTP.activate(person, secret)
    except IntegrityError as error:
        # Another tab was faster: the telephone of that one counts.
        raise WrongCode from error
    return _added(actor, person, "application")


@transaction.atomic
def add_passkey(*, actor: Actor, person: Any, name: str, credential: Any) -> list[str]:
    """Keep a passkey that answered the challenge of this session; return new recovery codes.

    Source: W3C Web Authentication level 2, section 7.1. Raises: WrongKey.
    """
    try:
        webauthn.parse_registration_response(credential)
        proof = webauthn.complete_registration(credential)
    except MALFORMED as error:
        raise WrongKey from error
    if not proof.is_user_verified():
        raise WrongKey
    chosen = name.strip()[:_NAME_LENGTH] or str(_("Clé d’accès"))
    webauthn.WebAuthn.add(person, chosen, credential)
    return _added(actor, person, "passkey")


def use_passkey(*, credential: Any, person: Any = None) -> Any:
    """Return the person whose passkey answered the challenge of this session.

    ``person`` is who is expected; None takes whoever the key names. Source: W3C Web
    Authentication level 2, section 7.2. Raises: WrongKey.
    """
    try:
        webauthn.parse_authentication_response(credential)
        owner = person or webauthn.extract_user_from_response(credential)
        authenticator = webauthn.complete_authentication(owner, credential)
    except MALFORMED as error:
        raise WrongKey from error
    authenticator.record_usage()
    return owner


def check_code(*, person: Any, code: str) -> bool:
    """Tell whether ``code`` is one of the telephone's, or a recovery code (used up by this)."""
    kept = Authenticator.objects.filter(user_id=person.pk)
    typed = code.replace(" ", "")
    for one in kept.exclude(type=Authenticator.Type.WEBAUTHN).order_by("-type"):
        if typed and one.wrap().validate_code(typed):
            one.record_usage()
            return True
    return False


@transaction.atomic
def renew_codes(*, actor: Actor, person: Any) -> list[str]:
    """Replace the recovery codes; return the new ones, to be shown once.

    Raises: WrongKey when there is no other factor to recover.
    """
    others = Authenticator.objects.filter(user_id=person.pk)
    if not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        raise WrongKey
    others.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    codes = list(RecoveryCodes.activate(person).get_unused_codes())
    _traced(actor, person.pk, "chosen", "codes")
    return codes


@transaction.atomic
def remove_factor(*, actor: Actor, person: Any, factor_id: int) -> None:
    """Take one of one's own factors away; the codes go with the last one.

    Raises: LastFactor when the person must keep one.
    """
    mine = Authenticator.objects.select_for_update().filter(user_id=person.pk)
    factor = mine.filter(id=factor_id).exclude(type=Authenticator.Type.RECOVERY_CODES).first()
    if factor is None:
        return
    kind = _KINDS[factor.type]
    factor.delete()
    if not mine.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        if is_factor_due(person):
            transaction.set_rollback(True)
            raise LastFactor
        mine.delete()
    _traced(actor, person.pk, "removed", kind)


def reset_factors(*, person_id: UUID) -> int:
    """Take every factor of a person away; return how many. The caller writes the line."""
    return Authenticator.objects.filter(user_id=person_id).delete()[0]


def _added(actor: Actor, person: Any, kind: str) -> list[str]:
    has_codes = Authenticator.objects.filter(
        user_id=person.pk, type=Authenticator.Type.RECOVERY_CODES
    ).exists()
    codes = [] if has_codes else list(RecoveryCodes.activate(person).get_unused_codes())
    require_factor(person_id=person.pk, is_required=False)
    _traced(actor, person.pk, "chosen", kind)
    return codes


def _traced(actor: Actor, person_id: UUID, state: str, kind: str) -> None:
    record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="factor",
        object_id=str(person_id),
        detail={"state": state, "how": kind},
    )
