"""Addresses of implants and of the work of laboratories."""

from django.urls import path

from quenotte.care.prosthetics.views import laboratories, orders, placing

app_name = "prosthetics"
_HOME = "materiel/laboratoire/"
_PART = "patients/<uuid:patient_id>/tracabilite/"
_ORDER = "patients/<uuid:patient_id>/laboratoire/<uuid:order_id>/"

urlpatterns = [
    path(_HOME, laboratories.works, name="works"),
    path(f"{_HOME}reglages/", laboratories.settings, name="settings"),
    path(f"{_HOME}labos/<uuid:laboratory_id>/", laboratories.laboratory, name="laboratory"),
    path("patients/<uuid:patient_id>/laboratoire/nouveau/", orders.new_order, name="new_order"),
    path(_ORDER, orders.order, name="order"),
    path(f"{_ORDER}etape/", orders.step, name="step"),
    path(f"{_ORDER}refaire/", orders.remake, name="remake"),
    path(f"{_ORDER}bon.pdf", orders.sheet, name="sheet"),
    path(f"{_ORDER}conformite/", orders.conformity, name="conformity"),
    path(f"{_PART}implants/nouveau/", placing.new_placed, name="new_placed"),
    path(f"{_PART}implants/<uuid:placed_id>/", placing.placed, name="placed"),
    path(f"{_PART}passeport/", placing.passport, name="passport"),
]
