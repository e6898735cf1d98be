"""Addresses of the periodontal chart, under those of a patient."""

from django.urls import path

from quenotte.care.perio.views import changes, keying, pages

app_name = "perio"

_EXAM = "<uuid:patient_id>/parodonte/<uuid:exam_id>/"

urlpatterns = [
    path("<uuid:patient_id>/parodonte/", pages.home, name="home"),
    path("<uuid:patient_id>/parodonte/nouveau/", changes.begin, name="begin"),
    path(_EXAM, pages.exam, name="exam"),
    path(f"{_EXAM}valeurs/", keying.values, name="values"),
    path(f"{_EXAM}donnees/", keying.state, name="state"),
    path(f"{_EXAM}schema/", keying.chart, name="chart"),
    path(f"{_EXAM}marge/", changes.margin, name="margin"),
    path(f"{_EXAM}chemin/", changes.habit, name="habit"),
    path(f"{_EXAM}clore/", changes.close, name="close"),
    path(f"{_EXAM}abandonner/", changes.give_up, name="give_up"),
    path(f"{_EXAM}reprendre/", changes.take_up, name="take_up"),
    path(f"{_EXAM}conclure/", changes.conclude, name="conclude"),
    path(f"{_EXAM}completer/", changes.add, name="add"),
    path(f"{_EXAM}imprimer/", pages.print_exam, name="print"),
    path(f"{_EXAM}comparer/<uuid:before_id>/", pages.compare_exams, name="compare"),
]
