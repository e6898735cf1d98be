"""The fields in which people write what was agreed: the same on both sites."""

import re
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.posture.agreeing import LONGEST_NAME, MOST, Agreed
from quenotte.kernel.posture.take_over import PRODUCTS, product_of

#: The products that agents tell by one name, as people look them up.
NAMES: Final = sorted((name for name, _heads in PRODUCTS), key=str.casefold)
_HIGHEST_PORT: Final = 65_535


class AgreedForm(forms.Form):
    """By what machines may be driven from elsewhere, and which ports may be open."""

    remote_tools = forms.MultipleChoiceField(
        label=_("Prise en main convenue"),
        choices=[(name, name) for name in NAMES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    other_tools = forms.CharField(
        label=_("Autres programmes de prise en main"),
        required=False,
        max_length=MOST * LONGEST_NAME,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=_("Un par ligne, écrit comme le défaut le nomme."),
    )
    ports = forms.CharField(
        label=_("Ports convenus"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"placeholder": "443, 8100, 11112", "autocomplete": "off"}),
        help_text=_("Des nombres séparés par des virgules. Ceux que Windows, macOS et Linux "
                       "ouvrent d’eux-mêmes sont toujours admis."),
    )  # fmt: skip

    def clean_other_tools(self) -> list[str]:
        """Return the names; one that is in the list above bears the name that it has there."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["other_tools"].splitlines())
        names = {product_of(line) or line for line in lines if line}
        if long := next((one for one in names if len(one) > LONGEST_NAME), None):
            raise ValidationError(gettext("« {name}… » est trop long.").format(name=long[:20]))
        return sorted(names, key=str.casefold)

    def clean_ports(self) -> list[int]:
        """Return the numbers in order. Raises: ValidationError that names what is none."""
        words = re.split(r"[\s,;]+", self.cleaned_data["ports"].strip())
        return sorted({_port(word) for word in words if word})

    def clean(self) -> dict[str, Any]:
        """Bring what was ticked and what was written into ``agreed``."""
        told = super().clean() or self.cleaned_data
        tools = {*told.pop("remote_tools", ()), *told.pop("other_tools", ())}
        ports = told.pop("ports", ())
        for field, things in (("other_tools", tools), ("ports", ports)):
            if len(things) > MOST and field not in self.errors:
                self.add_error(field, gettext("{count} au plus.").format(count=MOST))
        return {**told, "agreed": Agreed(frozenset(tools), frozenset(ports))}


def typed(agreed: Agreed) -> dict[str, Any]:
    """Return what the fields show of what was agreed."""
    return {
        "remote_tools": shown(agreed.remote_tools & set(NAMES)),
        "other_tools": "\n".join(shown(agreed.remote_tools - set(NAMES))),
        "ports": ", ".join(map(str, sorted(agreed.ports))),
    }


def shown(names: Iterable[str]) -> list[str]:
    """Return names as people look them up."""
    return sorted(names, key=str.casefold)


def _port(word: str) -> int:
    if re.fullmatch(r"[0-9]{1,5}", word) and 0 < int(word) <= _HIGHEST_PORT:
        return int(word)
    raise ValidationError(
        gettext("« {word} » n’est pas un port : un nombre de 1 à 65535.").format(word=word[:20])
    )
