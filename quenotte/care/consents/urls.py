"""Addresses of the consents: under those of a patient, of a tablet, and of the practice."""

from django.urls import path

from quenotte.care.consents.views import staff, tablet

app_name = "consents"
_PLACE = "patients/<uuid:patient_id>/consentements/"
_ONE = f"{_PLACE}<uuid:consent_id>/"
urlpatterns = [
    path(_PLACE, staff.index, name="index"),
    path(f"{_PLACE}preparer/", staff.prepare, name="prepare"),
    path(_ONE, staff.one, name="one"),
    path(f"{_ONE}repondre/", staff.answer, name="answer"),
    path(f"{_ONE}signer/", staff.countersign, name="countersign"),
    path(f"{_ONE}retirer/", staff.withdraw, name="withdraw"),
    path(f"{_ONE}tablette/", staff.hand_over, name="hand_over"),
    path(f"{_ONE}papier/", staff.paper, name="paper"),
    path("cabinet/consentements/", staff.texts, name="texts"),
    path("cabinet/consentements/<slug:act>/", staff.text, name="text"),
    # Open to the tablet that holds the link: see base.tablets.
    path("tablette/<str:token>/consentement/", tablet.read, name="on_tablet"),
]
