"""The words of the companion: French, English when ``QUENOTTE_LANGUAGE=en``."""

import gettext
import os
from pathlib import Path
from typing import Final

_LOCALE: Final = Path(__file__).resolve().parents[1] / "locale"

_catalogue = gettext.translation(
    "django", _LOCALE, languages=[os.environ.get("QUENOTTE_LANGUAGE", "fr")], fallback=True
)
_ = _catalogue.gettext
