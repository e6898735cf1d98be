"""What the islands say in another language than French, as data for a page."""

from functools import cache

from django.conf import settings
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog


@cache
def of_islands(language: str) -> dict[str, list[str] | str]:
    """Return the texts by their French ones; empty for French, their source."""
    if language == settings.LANGUAGE_CODE:
        return {}
    view = JavaScriptCatalog()
    view.translation = DjangoTranslation(
        language, domain="djangojs", localedirs=[str(path) for path in settings.LOCALE_PATHS]
    )
    return view.get_catalog()
