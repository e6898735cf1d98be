"""The practice, its rooms and chairs, and the workstations people sit at."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from quenotte.base.practice.rules import IDLE_LOCK_S, LONGEST_IDLE_S


class Practice(models.Model):
    """A dental practice: one legal person, one set of patients.

    Privacy: data of a legal person and of its professionals (public registers);
    legal basis: legal obligation; kept as long as the practice exists; not erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("nom du cabinet"), max_length=120)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postcode = models.CharField(_("code postal"), max_length=5, blank=True)
    town = models.CharField(_("ville"), max_length=80, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    finess = models.CharField(_("numéro FINESS"), max_length=9, blank=True)
    rpps = models.CharField(_("numéro RPPS du titulaire"), max_length=11, blank=True)
    # IssuerOfPatientID (0010,0021): says that a PatientID in a DICOM object is one of ours.
    dicom_issuer = models.CharField(_("émetteur DICOM"), max_length=64, unique=True)
    last_file_number = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    # How long a gestionnaire may work before she has a second factor, from her account's
    # first day; 0: from the first login.
    second_factor_grace_days = models.PositiveSmallIntegerField(
        _("délai avant le second facteur (jours)"), default=0
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A place of the practice: treatment room, reception, sterilisation.

    Privacy: no personal data; kept as long as the practice exists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("nom de la salle"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="room_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Chair(models.Model):
    """A dental chair: what an appointment occupies.

    Privacy: no personal data; kept as long as the practice exists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="chairs")
    name = models.CharField(_("nom du fauteuil"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["room", "name"], name="chair_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Workstation(models.Model):
    """A browser of the practice, known by a random key that it keeps in a cookie.

    Privacy: technical identifier of a machine; legal basis: legitimate interest (traces
    of access to health data); kept as long as the journal lines that name it; not erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(
        Practice, on_delete=models.PROTECT, null=True, related_name="workstations"
    )
    # Only the digest is kept: a stolen database does not give workstation cookies.
    key_digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("nom du poste"), max_length=60)
    room = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, blank=True)
    # After so many seconds without a key or a gesture, the browser is locked.
    idle_lock_s = models.PositiveIntegerField(
        _("verrouillage après (secondes)"), default=IDLE_LOCK_S
    )
    created_at = models.DateTimeField(auto_now_add=True)
    seen_on = models.DateField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            # Source: Ségur du numérique, two hours of inactivity at most.
            models.CheckConstraint(
                condition=models.Q(idle_lock_s__gte=1, idle_lock_s__lte=LONGEST_IDLE_S),
                name="workstation_locks_within_two_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.name
