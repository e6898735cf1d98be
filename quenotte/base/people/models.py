"""Personal accounts and what a person has typed but not yet saved."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from quenotte.base.people.rules import Role, may
from quenotte.base.sealing import SealedTextField


class RoleChoices(models.TextChoices):
    """The roles with their words on screen."""

    DENTIST = Role.DENTIST.value, _("Praticien")
    ASSISTANT = Role.ASSISTANT.value, _("Assistant dentaire")
    SECRETARY = Role.SECRETARY.value, _("Secrétaire")
    MANAGER = Role.MANAGER.value, _("Gestionnaire")
    ACCOUNTANT = Role.ACCOUNTANT.value, _("Comptable")
    TECHNICIAN = Role.TECHNICIAN.value, _("Technicien")


class PersonManager(BaseUserManager["Person"]):
    """Creates accounts with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """Create an account; without a password nobody can log in to it yet."""
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """A person of the practice with an account of her own; accounts are never shared.

    Privacy: identity and professional data of staff; legal basis: legal obligation (traces
    of access to health data); kept 5 years after leaving; not erasable while the journal
    names the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="people")
    username = models.CharField(_("identifiant"), max_length=60, unique=True)
    first_name = models.CharField(_("prénom"), max_length=60)
    last_name = models.CharField(_("nom"), max_length=60)
    title = models.CharField(_("titre"), max_length=10, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    role = models.CharField(_("rôle"), max_length=20, choices=RoleChoices.choices)
    # The owner of a small practice treats patients AND runs it: one account, two duties.
    is_manager = models.BooleanField(_("est aussi gestionnaire"), default=False)
    rpps = models.CharField(_("numéro RPPS"), max_length=11, blank=True)
    is_active = models.BooleanField(default=True)
    # Given by the gestionnaire: good for one login, to choose another.
    password_is_temporary = models.BooleanField(default=False, editable=False)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Raised to cut every open login of this person at once.
    login_epoch = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = PersonManager()

    class Meta:
        ordering = ["last_name", "first_name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]),
                name="person_role_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at__isnull=True) | models.Q(is_active=False),
                name="person_who_left_is_inactive",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Name as the team says it: « Dr Alice Martin »."""
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that count when a permission is asked."""
        own = {Role(self.role)}
        return frozenset(own | {Role.MANAGER} if self.is_manager else own)

    def may(self, action: str, lent: frozenset[str] = frozenset()) -> bool:
        """Tell whether the permission table allows her ``action``; ``lent``: roles of a grant."""
        return may(self.roles | lent, action)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # A login lives as long as this digest stands: raising the epoch cuts them all.
        return salted_hmac(
            "quenotte.base.people.login",
            f"{self.password}:{self.login_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Draft(models.Model):
    """What a person typed and has not saved yet; only she can read it.

    Privacy: may hold health data; legal basis: care; erased when saved, 30 days otherwise;
    erasable.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=120)
    text = SealedTextField(purpose="draft")
    # How many nights passed over it: a clock that jumps does not make a draft old.
    nights = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="draft_is_unique"),
        ]

    def __str__(self) -> str:
        return self.key
