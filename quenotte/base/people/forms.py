"""What a person types to log in, to choose a password, to open an account."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from quenotte.base.people.models import Person
from quenotte.base.people.queries import role_choices
from quenotte.kernel.identifiers import is_valid_rpps

_USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{1,58}$",
    _("Deux signes au moins : lettres sans accent, chiffres, point ou tiret."),
)


class Adapter(DefaultAccountAdapter):
    """django-allauth in our words: no sign-up, no messages, one sentence for a refusal."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "L’identifiant ou le mot de passe ne correspond pas. Vérifiez les majuscules."
        ),
        "email_password_mismatch": _(
            "L’identifiant ou le mot de passe ne correspond pas. Vérifiez les majuscules."
        ),
        "too_many_login_attempts": _("Trop d’essais. Attendez quelques minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by the gestionnaire alone."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the page that follows says it."""


class LoginForm(AllauthLoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("Identifiant"), _("Mot de passe")
        password.help_text = ""
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)
        login.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        # Refused, the name is there again: what is to be typed anew is the password.
        first = password if self.data.get("login") else login
        first.widget.attrs["autofocus"] = True


def _password_field(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget, max_length=200, **options)


class NewPasswordMixin(forms.Form):
    """A password typed twice and checked against the rules."""

    def _new_password(self, person: Person) -> None:
        new, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if not new:
            return
        if new != again:
            self.add_error("again", _("Les deux saisies diffèrent."))
        try:
            validate_password(new, person)
        except ValidationError as error:
            self.add_error("password", error)


class PasswordForm(NewPasswordMixin):
    """The present password, then the new one twice."""

    current = _password_field(_("Mot de passe actuel"), "current-password")
    password = _password_field(
        _("Nouveau mot de passe"),
        "new-password",
        help_text=_("Douze signes au moins. Trois ou quatre mots sans lien font l’affaire."),
    )
    again = _password_field(_("Nouveau mot de passe, une seconde fois"), "new-password")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_current(self) -> str:
        """Refuse who is not the owner of the account."""
        current: str = self.cleaned_data["current"]
        if not self.person.check_password(current):
            raise ValidationError(_("Ce n’est pas le mot de passe actuel."))
        return current

    def clean(self) -> dict[str, Any]:
        """Refuse a new password that is weak, mistyped, or the old one."""
        cleaned = super().clean() or self.cleaned_data
        self._new_password(self.person)
        if cleaned.get("password") and cleaned.get("password") == cleaned.get("current"):
            self.add_error("password", _("C’est le mot de passe actuel : choisissez-en un autre."))
        return cleaned


class AccountForm(forms.ModelForm[Person]):
    """Names, role and numbers of an account."""

    # Longer than what is kept: people copy this number with its spaces.
    rpps = forms.CharField(label=_("Numéro RPPS"), required=False, max_length=20)

    class Meta:
        model = Person
        fields = ("title", "first_name", "last_name", "role", "is_manager", "email", "rpps")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # Those of this site alone.
        kept = cast("forms.ChoiceField", self.fields["role"])
        kept.choices = [("", "---------"), *role_choices()]
        if not settings.IS_A_PRACTICE:
            # A number of health professionals: no technician has one.
            del self.fields["rpps"]

    def clean_rpps(self) -> str:
        """Refuse a number whose check digit disagrees."""
        typed: str = self.cleaned_data["rpps"].replace(" ", "")
        if typed and not is_valid_rpps(typed):
            raise ValidationError(_("Ce numéro RPPS est inexact : 11 chiffres, à relire."))
        return typed


class NewAccountForm(AccountForm):
    """The same, with the name to log in with."""

    username = forms.CharField(
        label=_("Identifiant"),
        max_length=60,
        validators=[_USERNAME],
        help_text=_("Pour se connecter, par exemple « alice »."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ("username",)


class InstallationForm(NewPasswordMixin):
    """The first installation: the practice and its gestionnaire."""

    code = forms.CharField(
        label=_("Code d’installation"),
        max_length=40,
        help_text=_("Il est affiché dans la fenêtre où Quenotte a démarré sur le serveur."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    practice_name = forms.CharField(label=_("Nom du cabinet"), max_length=120)
    title = forms.CharField(label=_("Titre"), max_length=10, required=False)
    first_name = forms.CharField(label=_("Votre prénom"), max_length=60)
    last_name = forms.CharField(label=_("Votre nom"), max_length=60)
    role = forms.ChoiceField(
        label=_("Votre rôle"),
        choices=role_choices,
        help_text=_("Vous serez aussi gestionnaire."),
    )
    username = forms.CharField(
        label=_("Identifiant"),
        max_length=60,
        validators=[_USERNAME],
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = _password_field(
        _("Mot de passe"),
        "new-password",
        help_text=_("Douze signes au moins. Trois ou quatre mots sans lien font l’affaire."),
    )
    again = _password_field(_("Mot de passe, une seconde fois"), "new-password")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not settings.IS_A_PRACTICE:
            self.fields["practice_name"].label = _("Nom du prestataire")

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is weak or mistyped."""
        cleaned = super().clean() or self.cleaned_data
        names = {name: cleaned.get(name, "") for name in ("username", "first_name", "last_name")}
        self._new_password(Person(**names))
        return cleaned
