"""Addresses of the agenda, of the appointments of a patient, and of the agenda's settings."""

from django.urls import path

from quenotte.care.agenda.views import (
    booking,
    changes,
    details,
    pages,
    searches,
    settings,
)

app_name = "agenda"

_ONE = "agenda/rendez-vous/<uuid:appointment_id>/"
_WAITING = "agenda/liste-courte/"
_SETTINGS = "cabinet/agenda/"

urlpatterns = [
    path("patients/<uuid:patient_id>/rendez-vous/", pages.of_patient, name="of_patient"),
    path("agenda/", pages.page, name="page"),
    path("agenda/donnees/", pages.feed, name="feed"),
    path("agenda/imprimer/", pages.print_day, name="print"),
    path("agenda/salle-d-attente/", pages.waiting_room, name="waiting_room"),
    path("agenda/panneau/", pages.pinboard, name="pinboard"),
    path("agenda/creneaux/", searches.slots, name="slots"),
    path("agenda/patients/", booking.known, name="known"),
    path("agenda/rendez-vous/nouveau/", booking.book, name="book"),
    path(_ONE, details.detail, name="detail"),
    path(f"{_ONE}faits/", details.facts, name="facts"),
    path(f"{_ONE}modifier/", changes.change, name="change"),
    path(f"{_ONE}deplacer/", changes.move, name="move"),
    path(f"{_ONE}duree/", changes.resize, name="resize"),
    path(f"{_ONE}statut/", changes.set_status, name="set_status"),
    path(f"{_ONE}annuler/", changes.cancel, name="cancel"),
    path(f"{_ONE}reprendre/", changes.take_back, name="take_back"),
    path(f"{_ONE}retour/", changes.undo_status, name="undo_status"),
    path(f"{_ONE}epingler/", changes.pin, name="pin"),
    path(f"{_ONE}detacher/", changes.unpin, name="unpin"),
    path(_WAITING, searches.short_notice, name="short_notice"),
    path(f"{_WAITING}ajouter/", searches.wait, name="wait"),
    path(f"{_WAITING}<uuid:entry_id>/retirer/", searches.withdraw, name="withdraw"),
    path(f"{_WAITING}<uuid:entry_id>/placer/", searches.place, name="place"),
    path(_SETTINGS, settings.types, name="types"),
    path(f"{_SETTINGS}type/<uuid:type_id>/", settings.change_type, name="change_type"),
    path(f"{_SETTINGS}type/<uuid:type_id>/ordre/", settings.move_type, name="move_type"),
    path(f"{_SETTINGS}horaires/", settings.hours, name="hours"),
    path(f"{_SETTINGS}reglages/", settings.settings, name="settings"),
    path(f"{_SETTINGS}absences/", settings.leave, name="leave"),
    path(
        f"{_SETTINGS}absences/<uuid:leave_id>/retirer/", settings.remove_leave, name="remove_leave"
    ),
]
