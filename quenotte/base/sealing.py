"""Text that only this server reads: sealed with a key of the data folder, for one purpose.

A stolen copy of the database, or a backup of it alone, gives nothing of what was sealed.
"""

import logging
from typing import Any

from django.conf import settings
from django.db import models

from quenotte.kernel import sealing

logger = logging.getLogger(__name__)


def seal(text: str, purpose: str) -> str:
    """Return ``text`` sealed for ``purpose`` with this folder's key, as ASCII."""
    return sealing.seal(settings.SEALING_KEY, text, purpose=purpose)


def unseal(text: str, purpose: str) -> str:
    """Return what was sealed; text that never was (older than sealing) comes back as it is.

    What cannot be opened (another key, a changed byte) is empty, and logged without its text.
    """
    if not sealing.is_sealed(text):
        return text
    try:
        return sealing.unseal(settings.SEALING_KEY, text, purpose=purpose)
    except sealing.Unreadable:
        logger.error("a sealed text (%s) does not open with this folder's key", purpose)
        return ""


class SealedTextField(models.TextField[str, str]):
    """Text that lies sealed in the database and is plain in the code."""

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose = purpose

    def deconstruct(self) -> Any:
        """Tell migrations the purpose too."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        """Seal what goes to the database."""
        text = super().get_prep_value(value)
        return text if text is None else seal(str(text), self.purpose)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Open what comes from the database."""
        return value if value is None else unseal(value, self.purpose)
