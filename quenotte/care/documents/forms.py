"""What people type or click about documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.documents import rules
from quenotte.care.documents.models import Document, Kind
from quenotte.web.fields import FrenchDateField


class VersionForm(forms.Form):
    """The state of the document that the person saw when she clicked."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DescriptionForm(VersionForm):
    """The title, the kind and the date of a document."""

    title = forms.CharField(label=_("Titre"), max_length=rules.LONGEST_TITLE)
    kind = forms.ChoiceField(label=_("Type"), choices=Kind.choices)
    dated_on = FrenchDateField(label=_("Date du document"))

    @classmethod
    def of(cls, document: Document) -> "DescriptionForm":
        """Return the form filled with what a document says."""
        fields = ("title", "kind", "dated_on", "version")
        return cls(initial={name: getattr(document, name) for name in fields})


class ReasonForm(VersionForm):
    """Why a document is withdrawn."""

    reason = forms.CharField(
        label=_("Pourquoi le retirer ?"),
        max_length=rules.LONGEST_REASON,
        widget=forms.TextInput(attrs={"placeholder": _("Par exemple : numérisation ratée")}),
    )


class OwnerForm(VersionForm):
    """To whom a document goes."""

    patient = forms.UUIDField(widget=forms.HiddenInput)


class WantedForm(forms.Form):
    """What is looked for among the documents of a record; all is optional."""

    q = forms.CharField(
        label=_("Chercher un mot du titre ou du document"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    type = forms.ChoiceField(label=_("Type"), required=False)

    def __init__(self, *given: Any, hidden: tuple[str, ...] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        kinds = [one for one in Kind.choices if one[0] not in hidden]
        self.fields["type"].choices = [("", _("Tous les types")), *kinds]  # type: ignore[attr-defined]
