"""Addresses of the medical questionnaires: under those of a patient, and of a tablet."""

from django.urls import path

from quenotte.care.questionnaires.views import staff, tablet

app_name = "questionnaires"
_PLACE = "patients/<uuid:patient_id>/antecedents/"
urlpatterns = [
    path(_PLACE, staff.history, name="history"),
    path(f"{_PLACE}carte/", staff.card, name="card"),
    path(f"{_PLACE}remplir/", staff.fill, name="fill"),
    path(f"{_PLACE}tablette/", staff.tablet, name="tablet"),
    path(f"{_PLACE}vierge.pdf", staff.blank, name="blank"),
    path(f"{_PLACE}<uuid:questionnaire_id>/", staff.one, name="one"),
    path(f"{_PLACE}<uuid:questionnaire_id>/relire/", staff.review, name="review"),
    path(f"{_PLACE}<uuid:questionnaire_id>/papier/", staff.paper, name="paper"),
    # Open to the tablet that holds the link: see base.tablets.
    path("tablette/<str:token>/antecedents/", tablet.fill, name="on_tablet"),
]
