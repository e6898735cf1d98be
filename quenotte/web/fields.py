"""Form fields that read what French people type, and say in words what is wrong."""

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quenotte.kernel import dates


class FrenchDateField(forms.CharField):
    """A day, typed in any French form; browsers draw their own date input in their own language."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"placeholder": "jj/mm/aaaa", "autocomplete": "off", "inputmode": "text"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a day as 03/04/1985, and what was typed as it was typed."""
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> Any:
        """Return the date, None when nothing was typed."""
        if value is None or isinstance(value, date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return dates.parse_french_date(text, today=self.latest())
        except dates.InvalidDate as error:
            raise ValidationError(wrong_date(text, error.reason), error.reason) from None

    def latest(self) -> date:
        """Return the last day that can be meant: rights may end in thirty years."""
        return date(timezone.localdate().year + 30, 12, 31)

    def run_validators(self, value: Any) -> None:
        """A date has no length."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare days, not how they were typed."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class PastDateField(FrenchDateField):
    """A day that has come: of two digits of a year, the latest past one is meant."""

    def latest(self) -> date:
        """Return today."""
        return timezone.localdate()


def wrong_date(text: str, reason: str) -> str:
    """Return a sentence that says why this is no date; ``reason`` is that of ``InvalidDate``."""
    sentences = {
        "impossible": gettext("Le %(text)s n’existe pas dans le calendrier."),
        "future": gettext("Le %(text)s est dans le futur : vérifiez l’année."),
        "too_old": gettext("Le %(text)s est trop ancien : vérifiez l’année."),
    }
    sentence = sentences.get(reason) or gettext(
        "« %(text)s » n’est pas une date : essayez 03/04/1985."
    )
    return sentence % {"text": text}


#: What a form says when a doubtful reading of a code was not compared.
TO_COMPARE: Final = _(
    "La douchette n’a pas envoyé les séparateurs : comparez le lot, la série et la péremption "
    "avec l’étiquette, corrigez-les si besoin, puis cochez la case."
)


def compared_field() -> forms.BooleanField:
    """Return the box that a person ticks once a doubtful reading is compared with its label."""
    return forms.BooleanField(label=_("J’ai comparé avec l’étiquette"), required=False)
