"""Where copies will go: a folder, or a vault."""

from pathlib import PurePath
from typing import Any
from urllib.parse import quote, urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.devices.repository import trust
from quenotte.kernel import passphrases

#: Longest certificate that is taken, in bytes.
_LARGEST = 65_536
_CODE = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class _PlaceForm(forms.Form):
    """What every place is asked."""

    passphrase = forms.CharField(
        label=_("Clé de la feuille de secours"),
        required=False,
        max_length=200,
        help_text=_("Seulement si ce lieu contient déjà des copies d’un autre serveur."),
        widget=forms.TextInput(attrs=_CODE),
    )

    def clean_passphrase(self) -> str:
        """Return the key as it opens; a group that was misread is named."""
        typed = str(self.cleaned_data["passphrase"]).strip()
        if not typed:
            return ""
        try:
            return passphrases.read_passphrase(typed)
        except passphrases.MistypedPassphrase as error:
            numbers = ", ".join(str(group.number) for group in error.groups)
            if numbers:
                raise forms.ValidationError(
                    _("À relire sur la feuille : groupe %(numbers)s."),
                    params={"numbers": numbers},
                ) from None
            raise forms.ValidationError(
                _("La feuille porte huit groupes de quatre lettres : tapez-les tous.")
            ) from None

    @property
    def place(self) -> str:
        """Return the place that was described."""
        raise NotImplementedError


class FolderForm(_PlaceForm):
    """A folder of this server, of a disk or of another machine of the network."""

    field_order = ["folder", "passphrase"]
    folder = forms.CharField(
        label=_("Dossier sur le serveur"),
        max_length=400,
        help_text=_("Par exemple /mnt/copies, le dossier d’un autre disque ou d’un disque réseau."),
        widget=forms.TextInput(attrs=_CODE),
    )

    def clean_folder(self) -> str:
        """Return a whole path."""
        typed = str(self.cleaned_data["folder"]).strip()
        if not PurePath(typed).is_absolute():
            raise forms.ValidationError(
                _("Donnez le chemin entier, depuis la racine : /mnt/copies, par exemple.")
            )
        return typed

    @property
    def place(self) -> str:
        """Return the folder."""
        return str(self.cleaned_data["folder"])


class VaultForm(_PlaceForm):
    """A vault that the provider or a host of health data keeps."""

    field_order = [
        "address", "login", "password", "passphrase", "fingerprint", "authority_file", "authority",
    ]  # fmt: skip
    address = forms.CharField(
        label=_("Adresse du coffre"),
        max_length=300,
        help_text=_("Celle que le prestataire vous a donnée, https://…"),
        widget=forms.URLInput(attrs=_CODE),
    )
    login = forms.CharField(
        label=_("Identifiant"), max_length=100, required=False, widget=forms.TextInput(attrs=_CODE)
    )
    password = forms.CharField(
        label=_("Mot de passe du coffre"),
        max_length=200,
        required=False,
        # The page asks twice: to try, then to prepare.
        widget=forms.PasswordInput(attrs=_CODE, render_value=True),
    )

    fingerprint = forms.CharField(
        label=_("Empreinte de son autorité, ou de son certificat"),
        max_length=120,
        required=False,
        help_text=_("64 signes, remis par le prestataire."),
        widget=forms.TextInput(attrs=_CODE),
    )
    authority_file = forms.FileField(
        label=_("Ou le certificat de son autorité, en fichier"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pem,.crt,.cer"}),
    )
    authority = forms.CharField(
        label=_("Ou ce certificat, collé ici"),
        required=False,
        max_length=_LARGEST,
        widget=forms.Textarea(attrs=_CODE | {"rows": 3, "class": "mono"}),
    )
    #: The fingerprint that somebody compared on the page, when the vault was not known.
    compared = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and (compared := self.data.get("compared")):
            self._show("fingerprint", compared)

    def clean(self) -> None:
        """Take the certificate from the file or the box, and show it where it can be read."""
        super().clean()
        told = self.cleaned_data
        given = told.get("authority_file")
        data = given.read(_LARGEST + 1) if given else str(told.get("authority") or "").encode()
        try:
            told["authority"] = trust.authority_in(data).decode() if data.strip() else ""
        except ValueError:
            name = "authority_file" if given else "authority"
            self.add_error(name, _("Ce n’est pas un certificat : il y faut un fichier .pem."))
        else:
            # A browser gives no file twice; the page asks twice.
            self._show("authority", told["authority"])

    @property
    def authority_pem(self) -> bytes:
        """Return the certificate of its authority (PEM), empty for none."""
        return str(self.cleaned_data.get("authority") or "").encode()

    @property
    def is_trust_told(self) -> bool:
        """Tell whether something was said of whom to believe, rightly or not."""
        names = ("fingerprint", "authority", "authority_file")
        return any(self.data.get(name) or name in self.errors for name in names)

    def plain_fields(self) -> list[forms.BoundField]:
        """Return what each vault is asked."""
        return [self[name] for name in ("address", "login", "password", "passphrase")]

    def trust_fields(self) -> list[forms.BoundField]:
        """Return what is asked for a vault with a certificate of its own."""
        return [self[name] for name in ("fingerprint", "authority_file", "authority")]

    def _show(self, name: str, value: str) -> None:
        # Not a copy by « ** »: that would take lists out of what the browser sent.
        sent = {one: self.data.get(one) for one in self.data}
        self.data = sent | {self.add_prefix(name): value}

    def clean_address(self) -> str:
        """Return the address of a server, without a login in it."""
        typed = str(self.cleaned_data["address"]).strip().removeprefix("rest:")
        whole = _split(typed)
        if whole is None or whole.scheme not in {"http", "https"} or not whole.hostname:
            raise forms.ValidationError(_("Une adresse de coffre commence par https://."))
        if "@" in whole.netloc:
            raise forms.ValidationError(
                _("Mettez l’identifiant et le mot de passe dans leurs champs, pas dans l’adresse.")
            )
        return typed

    @property
    def place(self) -> str:
        """Return the address with its login."""
        told = self.cleaned_data
        whole = urlsplit(told["address"])
        if not told["login"]:
            return str(told["address"])
        login = f"{quote(told['login'], safe='')}:{quote(told['password'], safe='')}"
        return whole._replace(netloc=f"{login}@{whole.netloc}").geturl()


def _split(address: str) -> Any:
    try:
        whole = urlsplit(address)
        # A port that is no number is told only when it is asked for.
        whole.port  # noqa: B018
    except ValueError:
        return None
    return whole
