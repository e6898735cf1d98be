"""The demo practice itself: its people, rooms, chairs and devices."""

from typing import Final

from quenotte.base.people.models import Person
from quenotte.base.people.rules import DEMO_PASSWORD, Role
from quenotte.base.practice.models import Chair, Practice, Room
from quenotte.care.imaging.models import Device

#: Everybody's password; the login page says so, on the demo practice alone.
PASSWORD: Final = DEMO_PASSWORD

#: The rule of every practice holds: a gestionnaire has so long to add a second factor.
GRACE_DAYS: Final = 7

ISSUER: Final = "CABINET-DES-QUENOTTES"

#: (username, title, first name, last name, role, also manager, RPPS)
PEOPLE: Final = (
    ("alice", "Dr", "Alice", "Kermarec", Role.DENTIST, True, "10999900011"),
    ("hugo", "Dr", "Hugo", "Delaroche", Role.DENTIST, False, "10999900029"),
    ("bob", "", "Bob", "Lantier", Role.ASSISTANT, False, ""),
    ("sarah", "", "Sarah", "Aubin", Role.SECRETARY, False, ""),
    ("carole", "", "Carole", "Verne", Role.ACCOUNTANT, False, ""),
)

#: (AE title, name, chair) of what sends pictures; STORESCU is dcmtk's own title.
DEVICES: Final = (
    ("CAPTEUR1", "Capteur intra-oral, salle 1", 0),
    ("CAPTEUR2", "Capteur intra-oral, salle 2", 1),
    ("PANO", "Panoramique", None),
    ("QUENOTTE-CLI", "Envoi en ligne de commande", None),
    ("STORESCU", "Envoi d’essai (dcmtk)", None),
)


def make_practice() -> Practice:
    """Create the practice with its rooms, chairs, people and devices."""
    practice = Practice.objects.create(
        name="Cabinet des Quenottes",
        address="12 quai des Tanneurs",
        postcode="44000",
        town="Nantes",
        phone="+33199001234",
        email="accueil@quenottes.example",
        dicom_issuer=ISSUER,
        is_demo=True,
        second_factor_grace_days=GRACE_DAYS,
    )
    chairs = _make_chairs(practice)
    for username, title, first, last, role, is_manager, rpps in PEOPLE:
        Person.objects.create_user(
            username,
            PASSWORD,
            practice=practice,
            title=title,
            first_name=first,
            last_name=last,
            role=role.value,
            is_manager=is_manager,
            rpps=rpps,
        )
    for ae_title, name, chair in DEVICES:
        Device.objects.create(
            practice=practice,
            ae_title=ae_title,
            name=name,
            chair=None if chair is None else chairs[chair],
            is_recognised=True,
        )
    return practice


def _make_chairs(practice: Practice) -> list[Chair]:
    rooms = [
        Room.objects.create(practice=practice, name=name, position=position)
        for position, name in enumerate(("Salle 1", "Salle 2", "Salle 3"))
    ]
    return [
        Chair.objects.create(room=room, name=f"Fauteuil {position}", position=position)
        for position, room in enumerate(rooms, start=1)
    ]
