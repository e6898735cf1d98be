"""Addresses of the questions to machines."""

from django.urls import path

from quenotte.provider.asking import views

app_name = "asking"
urlpatterns = [
    path("parc/questions/", views.questions, name="questions"),
    path("parc/questions/nouvelle/", views.ask, name="ask"),
    path("parc/questions/<uuid:question_id>/", views.question, name="question"),
    path("parc/questions/<uuid:question_id>/reponses/", views.progress, name="progress"),
]
