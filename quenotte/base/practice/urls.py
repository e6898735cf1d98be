"""Addresses of the practice's own pages."""

from django.urls import path, register_converter

from quenotte.base.practice import views


class Kind:
    """A room (``salle``) or a chair (``fauteuil``) in an address."""

    regex = "salle|fauteuil"
    _WORDS = {"salle": "room", "fauteuil": "chair"}

    def to_python(self, value: str) -> str:
        """Return the kind that operations know."""
        return self._WORDS[value]

    def to_url(self, value: str) -> str:
        """Return the word of the address."""
        return next(word for word, kind in self._WORDS.items() if kind == value)


register_converter(Kind, "place")

app_name = "practice"
_PLACE = "lieux/<place:kind>/<uuid:place_id>/"
urlpatterns = [
    path("", views.cabinet, name="cabinet"),
    path("lieux/", views.places, name="places"),
    path("lieux/salle/", views.add_room, name="add_room"),
    path("lieux/salle/<uuid:room_id>/fauteuil/", views.add_chair, name="add_chair"),
    path(f"{_PLACE}nom/", views.rename, name="rename"),
    path(f"{_PLACE}ordre/", views.move, name="move"),
    path(f"{_PLACE}retrait/", views.remove, name="remove"),
    path("postes/", views.workstations, name="workstations"),
    path("postes/relier/", views.connect, name="connect"),
    path("postes/relier/feuille/", views.connect_sheet, name="connect_sheet"),
    path("postes/relier/adresse.svg", views.connect_code, name="connect_code"),
    path("postes/relier/autorite-quenotte.crt", views.connect_file, name="connect_file"),
    path("postes/<uuid:workstation_id>/", views.change_workstation, name="workstation"),
]
