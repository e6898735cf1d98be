"""What is chosen about a file of another program."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.base.people import queries as people
from quenotte.care.takeover import rules
from quenotte.care.takeover.models import Import
from quenotte.care.takeover.queries import Sample
from quenotte.care.takeover.targets import TARGETS
from quenotte.devices.sheets.encodings import ENCODINGS
from quenotte.devices.sheets.layouts import MAX_HEADER_LINES, Layout
from quenotte.web.fields import PastDateField

_DELIMITERS = [(";", _("point-virgule")), (",", _("virgule")), ("\t", _("tabulation")), ("|", "|")]


class UploadForm(forms.Form):
    """A file and what its lines are."""

    kind = forms.ChoiceField(label=_("Contenu du fichier"), choices=Import.Kind.choices)
    file = forms.FileField(
        label=_("Fichier CSV ou Excel (.xlsx, .xls)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls,text/csv"}),
        error_messages={
            "required": _("Choisissez d’abord un fichier."),
            "empty": _("Ce fichier est vide. Rien n’a été repris."),
        },
    )


class LayoutForm(forms.Form):
    """How the file is read."""

    encoding = forms.ChoiceField(
        label=_("Encodage"), choices=list(ENCODINGS.items()), required=False
    )
    delimiter = forms.ChoiceField(label=_("Séparateur"), choices=_DELIMITERS, required=False)
    sheet = forms.ChoiceField(label=_("Feuille"), required=False)
    header_lines = forms.IntegerField(
        label=_("Lignes d’en-tête"), min_value=0, max_value=MAX_HEADER_LINES
    )

    def __init__(self, layout: Layout, sample: Sample, data: Any = None) -> None:
        super().__init__(data, initial=layout.to_json())
        self._layout = layout
        sheet = self.fields["sheet"]
        assert isinstance(sheet, forms.ChoiceField)
        sheet.choices = [(name, name) for name in sample.sheets]
        for name in ("sheet",) if layout.kind == "csv" else ("encoding", "delimiter"):
            del self.fields[name]

    def layout(self) -> Layout:
        """Return the layout that was chosen."""
        typed = {name: value for name, value in self.cleaned_data.items() if value != ""}
        return Layout.from_json(self._layout.to_json() | typed)


class ColumnsForm(forms.Form):
    """What each column is, and what is decided for the whole file."""

    def __init__(self, source: Import, sample: Sample, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sample, self._kind = sample, source.kind
        choices = [("", _("ne pas reprendre")), *((t.key, t.label) for t in TARGETS[source.kind])]
        for at, header in enumerate(sample.headers):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=header or _("Colonne %(number)d") % {"number": at + 1},
                choices=[(key, str(_(str(label)))) for key, label in choices],
                required=False,
                initial=source.columns.get(str(at), ""),
            )
        options = rules.Options.from_json(source.options)
        if source.kind == Import.Kind.APPOINTMENTS:
            self.fields["practitioner"] = _practitioner(source, options)
            self.fields["minutes"] = forms.IntegerField(
                label=_("Durée quand elle manque (minutes)"),
                min_value=5,
                max_value=720,
                initial=options.minutes,
            )
        if source.kind == Import.Kind.BALANCES:
            self.fields["as_of"] = PastDateField(
                label=_("Date des soldes quand elle manque"), required=False
            )

    def clean(self) -> dict[str, Any]:
        """Refuse two columns that would be the same thing."""
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for name, key in list(cleaned.items()):
            if name.startswith("column_") and key:
                if key in seen:
                    self.add_error(name, _("Déjà choisi pour une autre colonne."))
                seen.add(key)
        return cleaned

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One line of the table for each column: its name, some cells, the choice."""
        return [
            {"field": self[f"column_{at}"], "cells": self._sample.column(at)}
            for at in range(len(self._sample.headers))
        ]

    @property
    def others(self) -> list[Any]:
        """The choices for the whole file."""
        return [self[name] for name in self.fields if not name.startswith("column_")]

    def chosen(self) -> dict[str, str]:
        """Return column -> what it is, the unused left out."""
        return {
            name.removeprefix("column_"): key
            for name, key in self.cleaned_data.items()
            if name.startswith("column_") and key
        }

    def options(self) -> rules.Options:
        """Return what was decided for the whole file."""
        day = self.cleaned_data.get("as_of")
        return rules.Options(
            practitioner_id=self.cleaned_data.get("practitioner", ""),
            minutes=self.cleaned_data.get("minutes") or rules.USUAL_MINUTES,
            as_of=day.isoformat() if day else "",
        )


def _practitioner(source: Import, options: rules.Options) -> forms.ChoiceField:
    dentists = people.accounts(source.practice_id).filter(role="praticien", is_active=True)
    choices = [(str(person.id), person.full_name) for person in dentists]
    return forms.ChoiceField(
        label=_("Praticien quand il manque"),
        choices=choices,
        initial=options.practitioner_id or (choices[0][0] if choices else ""),
    )
