"""The words of the command line and the supervisor, which speak before Django is loaded."""

import gettext
import os
from pathlib import Path

_LOCALE = Path(__file__).resolve().parents[1] / "locale"

#: French is the source; English when ``QUENOTTE_LANGUAGE=en``.
_catalogue = gettext.translation(
    "django", _LOCALE, languages=[os.environ.get("QUENOTTE_LANGUAGE", "fr")], fallback=True
)
_ = _catalogue.gettext
ngettext = _catalogue.ngettext
