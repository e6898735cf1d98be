"""Addresses of pictures, the tray and the devices."""

from django.urls import path

from quenotte.care.imaging import views

app_name = "imaging"
urlpatterns = [
    path("images/", views.tray, name="tray"),
    path("images/<uuid:picture_id>/", views.viewer, name="viewer"),
    path("images/attente", views.waiting, name="waiting"),
    path("images/<uuid:picture_id>/fiche", views.details, name="details"),
    path("images/<uuid:picture_id>/meta.json", views.meta, name="meta"),
    path("images/<uuid:picture_id>/frame", views.frame, name="frame"),
    path("images/<uuid:picture_id>/vignette", views.vignette, name="vignette"),
    path("images/<uuid:picture_id>/choisir/", views.choose, name="choose"),
    path("images/<uuid:picture_id>/classer", views.file_picture, name="file"),
    path("images/<uuid:picture_id>/retirer", views.unfile, name="unfile"),
    path("images/<uuid:picture_id>/ecarter", views.set_aside, name="set_aside"),
    path("images/<uuid:picture_id>/reprendre", views.bring_back, name="bring_back"),
    path("images/<uuid:picture_id>/dents", views.teeth, name="teeth"),
    path("patients/<uuid:patient_id>/images/", views.strip, name="strip"),
    path("patients/<uuid:patient_id>/images/ajouter", views.upload, name="upload"),
    path("cabinet/appareils/", views.devices, name="devices"),
    path("cabinet/appareils/<uuid:device_id>/", views.device, name="device"),
]
