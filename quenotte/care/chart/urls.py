"""Addresses of the chart, under those of a patient."""

from django.urls import path

from quenotte.care.chart.views import mouth, notes

app_name = "chart"

urlpatterns = [
    path("<uuid:patient_id>/bouche/", mouth.mouth, name="mouth"),
    path("<uuid:patient_id>/bouche/dessin/", mouth.drawing, name="drawing"),
    path("<uuid:patient_id>/bouche/dent/", mouth.tooth, name="tooth"),
    path("<uuid:patient_id>/bouche/imprimer/", mouth.printed, name="print"),
    path("<uuid:patient_id>/bouche/suites/", mouth.complete, name="complete"),
    path("<uuid:patient_id>/bouche/saisir/", mouth.enter, name="enter"),
    path("<uuid:patient_id>/bouche/annuler/", mouth.undo, name="undo"),
    path("<uuid:patient_id>/bouche/retablir/", mouth.redo, name="redo"),
    path("<uuid:patient_id>/bouche/retirer/", mouth.withdraw, name="withdraw"),
    path("<uuid:patient_id>/notes/", notes.notes, name="notes"),
    path("<uuid:patient_id>/notes/nouvelle/", notes.write, name="write"),
    path("<uuid:patient_id>/notes/<uuid:note_id>/corriger/", notes.correct, name="correct"),
]
