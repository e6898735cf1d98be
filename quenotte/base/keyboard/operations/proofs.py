"""Whether what was typed proves that the person of a login is there; failures are counted."""

import re
from typing import Any, Final

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from quenotte.base.keyboard import queries
from quenotte.base.keyboard.operations.factors import check_code
from quenotte.kernel.errors import Refusal

#: What an application shows; no password is that short.
_CODE: Final = re.compile(r"\d{3} ?\d{3}", re.ASCII)


class WrongProof(Refusal):
    """The password, or the code that goes with it, is not hers."""

    message = _("Ce mot de passe ou ce code n’est pas le bon. Rien n’est perdu : réessayez.")


class TooManyProofs(Refusal):
    """Five failures: the account waits."""

    message = _("Trop d’essais ratés. Rien n’est perdu : attendez quinze minutes, puis réessayez.")


def prove_by_password(request: HttpRequest, password: str, *, code: str = "", full: bool) -> None:
    """Check the password of the person of this request; failures count as those of a login.

    ``full`` asks for the second factor too, when she has one. Raises: WrongProof, TooManyProofs.
    """
    person: Any = request.user
    _count(request)
    if authenticate(request, username=person.username, password=password) is None:
        raise WrongProof
    if not full or not queries.factors(person.pk).is_protected:
        return
    _prove_by_code(request, code)


def prove_by_either(request: HttpRequest, typed: str) -> str:
    """Check what may be the password or a code of the second factor; return which it was.

    ``"password"`` or ``"factor"``. Failures count as those of a login. Raises: WrongProof,
    TooManyProofs.
    """
    if _CODE.fullmatch(typed.strip()) is None:
        prove_by_password(request, typed, full=False)
        return "password"
    _count(request)
    _prove_by_code(request, typed.strip())
    return "factor"


def _prove_by_code(request: HttpRequest, code: str) -> None:
    person: Any = request.user
    if not check_code(person=person, code=code):
        credentials = {"username": person.username}
        user_login_failed.send(__name__, credentials=credentials, request=request)
        raise WrongProof


def _count(request: HttpRequest) -> None:
    """Let the failures of this request be this person's. Raises: TooManyProofs."""
    person: Any = request.user
    request.tried = person.username  # type: ignore[attr-defined]
    if not AxesProxyHandler.is_allowed(request, {"username": person.username}):
        raise TooManyProofs
