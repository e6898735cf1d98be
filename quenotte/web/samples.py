"""Invented content of the kit page; no record of anybody looks like this."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.web.odontograms import Mark, Tooth
from quenotte.web.thumbnails import Thumbnail
from quenotte.web.timeline import Entry

PEOPLE: list[dict[str, str]] = [
    {"title": "LEBRETON Camille", "text": "née le 12/03/1984, 42 ans · dossier 1042", "url": "#"},
    {"title": "LE BRAS Yann", "text": "né le 02/11/1959, 66 ans · dossier 0087", "url": "#"},
    {"title": "MOREAU Léa", "text": "née le 30/06/2017, 8 ans · dossier 1871", "url": "#"},
]
WRONG_INPUT = {"birth_name": "", "born_on": "31/02/1984", "sex": "F", "note": "Vu avec sa mère."}


class SampleForm(forms.Form):
    """One field of each kind."""

    birth_name = forms.CharField(label=gettext_lazy("Nom de naissance"), max_length=60)
    born_on = forms.DateField(
        label=gettext_lazy("Date de naissance"),
        help_text=gettext_lazy("Par exemple 12/03/1984 ou 120384"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "jj/mm/aaaa"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Rôle"),
        choices=[
            ("praticien", gettext_lazy("Praticien")),
            ("secretaire", gettext_lazy("Secrétaire")),
        ],
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sexe"),
        choices=[("F", gettext_lazy("Féminin")), ("M", gettext_lazy("Masculin"))],
        widget=forms.RadioSelect,
    )
    reminder = forms.BooleanField(
        label=gettext_lazy("Accepte les rappels de rendez-vous"), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note de séance"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file_number = forms.CharField(
        label=gettext_lazy("Numéro de dossier"), disabled=True, required=False, initial="1042"
    )


def content() -> dict[str, Any]:
    """Return what the kit page shows."""
    return {
        "crumbs": [(_("Patients"), "#"), ("LEBRETON Camille", "#"), (_("Images"), "")],
        "tabs": [
            {"label": _("Dossier"), "url": "#", "current": True},
            {"label": _("Images"), "url": "#", "count": 12},
            {"label": _("Documents"), "url": "#"},
        ],
        "people": PEOPLE,
        "pictures": _pictures(),
        "no_pictures": [],
        "page": Paginator(range(340), 50).page(2),
        "entries": _entries(),
        "adult": adult_mouth(),
        "child": child_mouth(),
        "icons": [
            "search",
            "calendar",
            "users",
            "images",
            "mail",
            "wallet",
            "shield",
            "building-2",
        ],
    }


def _pictures() -> list[Thumbnail]:
    at = datetime(2026, 3, 17, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
    return [
        Thumbnail("1", "#", "", _("Rétroalvéolaire"), at, "16, 17", is_coming=True),
        Thumbnail("2", "#", "", _("Document"), at),
    ]


def _entries() -> list[Entry]:
    paris = ZoneInfo("Europe/Paris")
    return [
        Entry(
            datetime(2026, 3, 17, 9, 30, tzinfo=paris), "picture", "image",
            _("Rétroalvéolaire reçue"), _("Dent 16"), "#", "Capteur fauteuil 1",
        ),
        Entry(
            datetime(2026, 3, 17, 9, 10, tzinfo=paris), "note", "sticky-note", _("Note de séance"),
            _("Douleur au froid secteur 1. Test de vitalité positif sur 16."),
            "", "Dr Alice Martin",
        ),
        Entry(
            datetime(2025, 9, 2, 14, 0, tzinfo=paris), "visit", "calendar", _("Contrôle annuel"),
            "", "#", "Dr Alice Martin",
        ),
    ]  # fmt: skip


def adult_mouth() -> list[Tooth]:
    """Return an adult's 32 teeth with a bit of everything."""
    charted: dict[int, tuple[str, str, tuple[Mark, ...]]] = {
        16: ("present", _("soignée"), (Mark("filling", "existing", "MOD", "amalgam"),)),
        26: ("present", _("soin prévu"), (Mark("crown", "planned", "", "ceramic"),)),
        36: ("missing", _("absente"), ()),
        38: ("impacted", _("incluse"), ()),
        46: ("implant", _("implant"), (Mark("implant", "done"), Mark("crown", "done"))),
        11: ("present", _("fracture"), (Mark("fracture", "existing"),)),
        24: ("present", _("carie à surveiller"), (Mark("caries", "watch", "D"),)),
    }
    present: tuple[str, str, tuple[Mark, ...]] = ("present", _("présente"), ())
    return [
        Tooth(fdi, *charted.get(fdi, present))
        for fdi in (quadrant * 10 + place for quadrant in (1, 2, 3, 4) for place in range(1, 9))
    ]


def child_mouth() -> list[Tooth]:
    """Return a seven-year-old's mixed teeth."""
    milk = [quadrant * 10 + place for quadrant in (5, 6, 7, 8) for place in (3, 4, 5)]
    grown = [11, 12, 21, 22, 31, 32, 41, 42, 16, 26, 36, 46]
    return [Tooth(fdi, "present", _("présente")) for fdi in milk + grown]
