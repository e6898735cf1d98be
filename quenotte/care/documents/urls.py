"""Addresses of documents: those of a record, and each by itself."""

from django.urls import path

from quenotte.care.documents import views

app_name = "documents"

urlpatterns = [
    path("patients/<uuid:patient_id>/documents/", views.index, name="index"),
    path("patients/<uuid:patient_id>/documents/carte/", views.card, name="card"),
    path("patients/<uuid:patient_id>/documents/deposer/", views.upload, name="upload"),
    path("documents/<uuid:document_id>/", views.show, name="show"),
    path("documents/<uuid:document_id>/page/<int:number>.png", views.page, name="page"),
    path("documents/<uuid:document_id>/telecharger/", views.download, name="download"),
    path("documents/<uuid:document_id>/imprimer/", views.printed, name="print"),
    path("documents/<uuid:document_id>/imprime/", views.note_printed, name="printed"),
    path("documents/<uuid:document_id>/decrire/", views.describe, name="describe"),
    path("documents/<uuid:document_id>/remplacer/", views.replace, name="replace"),
    path("documents/<uuid:document_id>/annuler-le-remplacement/", views.take_back, name="undo"),
    path("documents/<uuid:document_id>/retirer/", views.withdraw, name="withdraw"),
    path("documents/<uuid:document_id>/remettre/", views.restore, name="restore"),
    path("documents/<uuid:document_id>/choisir/", views.choose, name="choose"),
    path("documents/<uuid:document_id>/ranger/", views.move, name="move"),
]
