"""What the people room shows on every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from quenotte.web.templatetags.ui import icon_button


def own_password(request: HttpRequest, person: Any) -> str:
    """Draw the way to one's own password, beside one's name."""
    url = reverse("account_change_password")
    return icon_button("key-round", _("Changer de mot de passe"), href=url)
