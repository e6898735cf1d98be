"""Addresses of the stock, of what is traced of a patient, and of the code reader."""

from django.urls import path

from quenotte.care.stock.views import inventory, recalling, shelves, tracing

app_name = "stock"
_PART = "patients/<uuid:patient_id>/tracabilite/"
_STOCK = "materiel/stock/"

urlpatterns = [
    path("materiel/code/", tracing.scan, name="scan"),
    path(_STOCK, shelves.stock, name="stock"),
    path(f"{_STOCK}commande/", shelves.order_list, name="order_list"),
    path(f"{_STOCK}inventaire/", inventory.inventory, name="inventory"),
    path(f"{_STOCK}articles/nouveau/", shelves.new_article, name="new_article"),
    path(f"{_STOCK}articles/<uuid:article_id>/", shelves.article, name="article"),
    path(f"{_STOCK}articles/<uuid:article_id>/entree/", shelves.receive, name="receive"),
    path(
        f"{_STOCK}articles/<uuid:article_id>/rappel/",
        recalling.recall_number,
        name="recall_number",
    ),
    path(f"{_STOCK}lots/<uuid:lot_id>/", shelves.lot, name="lot"),
    path(f"{_STOCK}lots/<uuid:lot_id>/peremption/", shelves.expiry, name="expiry"),
    path(f"{_STOCK}lots/<uuid:lot_id>/rappel/", recalling.recall, name="recall"),
    path(f"{_STOCK}mouvements/<uuid:movement_id>/annulation/", shelves.take_back, name="take_back"),
    path(_PART, tracing.traceability, name="traceability"),
    path(f"{_PART}lots/<uuid:lot_id>/rappel/", recalling.note_told, name="note_told"),
    path(f"{_PART}code/", tracing.scan_for, name="scan_for"),
    path(
        f"{_PART}produits/<uuid:movement_id>/annulation/",
        tracing.take_back_for,
        name="take_back_for",
    ),
]
