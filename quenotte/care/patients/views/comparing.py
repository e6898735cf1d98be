"""The form on which two records of one person are compared."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.patients import unions
from quenotte.care.patients.differences import shown
from quenotte.care.patients.forms import IdentityForm

#: What a choice of several fields, or of a field that no form has, is called.
UNION_LABELS: Final = {
    "ins": _("Matricule INS"),
    "address": _("Adresse"),
    "do_not_contact": _("Ne pas contacter"),
    "mutuelle": _("Mutuelle"),
    "referring_doctor": _("Médecin traitant"),
    "signals": _("Signalements"),
    "died_on": _("Décès"),
    "photo": _("Photo"),
}
#: Shown as people read them, not as they are kept.
_PREPARED: Final = frozenset({"mobile_phone", "other_phone"})
_SIGNALS: Final = {"is_doubtful": _("identité douteuse"), "is_fictitious": _("identité fictive")}


class UnionForm(forms.Form):
    """What the record that stays keeps, for each thing that two records say differently."""

    versions = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, own: dict[str, Any], other: dict[str, Any], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices = unions.differing(own, other)
        for choice in self.choices:
            takes_other = unions.takes_other(choice, own, other)
            self.fields[choice] = forms.ChoiceField(
                choices=[("own", ""), ("other", "")],
                initial="other" if takes_other else "own",
            )
        self.own, self.other = own, other

    def clean_versions(self) -> tuple[int, int]:
        """Return the versions that were compared."""
        first, _comma, second = self.cleaned_data["versions"].partition(",")
        if not (first.isdecimal() and second.isdecimal()):
            raise forms.ValidationError(_("À remplir."))
        return int(first[:9]), int(second[:9])

    @property
    def taken(self) -> list[str]:
        """The choices kept from the other record."""
        return [choice for choice in self.choices if self.cleaned_data[choice] == "other"]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the template compares, line by line."""
        return [
            {
                "name": choice,
                "label": UNION_LABELS.get(choice) or IdentityForm.base_fields[choice].label,
                "own": _said(choice, self.own),
                "other": _said(choice, self.other),
                "takes_other": self[choice].value() == "other",
            }
            for choice in self.choices
        ]


def _said(choice: str, values: dict[str, Any]) -> str:
    """Return in words what a record says of one choice."""
    names = unions.CHOICES[choice]
    if choice == "photo":
        return str(_("une photo") if values["photo_id"] else _("aucune photo"))
    if choice == "signals":
        return ", ".join(str(_SIGNALS[name]) for name in names if values[name]) or str(_("aucun"))
    fields = IdentityForm.base_fields
    said = [
        shown(fields[name], fields[name].prepare_value(values[name]))
        if name in fields and choice in _PREPARED
        else shown(fields.get(name) or forms.CharField(), values[name])
        for name in names
        if name not in {"first_birth_first_name", "is_birth_date_fictive", "ins_oid"}
        and (values[name] or len(names) == 1)
    ]
    return " · ".join(said) or str(_("vide"))
