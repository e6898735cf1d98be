"""What is typed about the mouth."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.chart import rules
from quenotte.care.chart.rules.findings import Finding, Kind, Status
from quenotte.care.chart.rules.places import is_front


class NoteForm(forms.Form):
    """The text of a note."""

    text = forms.CharField(
        label=_("Note de la séance"),
        max_length=rules.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("Ce qui a été fait, vu, prévu")}),
        error_messages={
            "required": _("La note est vide : écrivez quelques mots, puis signez."),
            "max_length": _("Cette note est trop longue : %(limit_value)d caractères au plus."),
        },
    )


class EntryForm(forms.Form):
    """Something charted: a typed line, or what a tool touched.

    ``key`` is that of the entry; ``again``: it was sent before, and nobody knows what became of it.
    """

    line = forms.CharField(required=False, max_length=1000)
    findings = forms.JSONField(required=False)
    key = forms.UUIDField(required=False)
    again = forms.BooleanField(required=False)

    def clean_findings(self) -> list[Finding]:
        """Return what was touched as findings; what is wrong in the mouth is refused later."""
        given = self.cleaned_data["findings"] or []
        try:
            return [_finding(one) for one in given[:_MOST]]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise forms.ValidationError(_("La demande n’a pas été comprise.")) from error


class StepForm(forms.Form):
    """The step that the screen showed as the last one; ``confirmed``: the one that was asked."""

    seen = forms.UUIDField()
    confirmed = forms.UUIDField(required=False)


class WithdrawForm(forms.Form):
    """The mark that is taken back."""

    mark = forms.UUIDField()
    tooth = forms.IntegerField()


#: More than a mouth has places for.
_MOST = 200


def _finding(given: dict[str, Any]) -> Finding:
    """Return one finding of a tool. An edge is touched where other teeth chew."""
    teeth = tuple(map(int, given["teeth"]))
    surfaces = str(given.get("surfaces", ""))
    if teeth and is_front(teeth[0]):
        surfaces = surfaces.replace("O", "I")
    return Finding(
        kind=Kind(given["kind"]),
        teeth=teeth,
        surfaces=surfaces,
        status=Status(given["status"]),
        material=str(given.get("material", "")),
        depth=str(given.get("depth", "")),
    )
