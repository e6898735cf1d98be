"""django-allauth's second factors in our words, their secrets sealed."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

from quenotte.base.sealing import seal, unseal

_PURPOSE = "factor"


class Adapter(DefaultMFAAdapter):
    """Secrets are sealed with the folder's key; refusals are said in French."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Ce code n’est pas le bon. Attendez le suivant, puis réessayez."),
        "cannot_delete_authenticator": _("Ce second facteur ne peut pas être retiré."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it goes to the database."""
        return seal(text, _PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret that comes from the database."""
        return unseal(encrypted_text, _PURPOSE)

    def get_totp_label(self, user: Any) -> str:
        """Name the account in the telephone: the name to log in with, no address."""
        return str(user.username)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: the journal tells."""
