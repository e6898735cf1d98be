"""Addresses of messages, of their settings, of calendars, and of the pages of patients."""

from django.urls import path

from quenotte.care.reminders.views import feeds, messages, public, settings

app_name = "reminders"
_WORDS = "cabinet/rappels/textes/"
urlpatterns = [
    path("rappels/", messages.listed, name="messages"),
    path("rappels/<uuid:message_id>/renvoyer/", messages.again, name="again"),
    path("rappels/<uuid:message_id>/fait/", messages.seen, name="seen"),
    path("cabinet/rappels/", settings.sending, name="settings"),
    path("cabinet/rappels/essai/", settings.trial, name="trial"),
    path(_WORDS, settings.words, name="words"),
    path(f"{_WORDS}<slug:channel>/<slug:kind>/", settings.template, name="template"),
    path(f"{_WORDS}<slug:channel>/<slug:kind>/apercu/", settings.preview, name="preview"),
    path("cabinet/calendriers/", feeds.feeds, name="feeds"),
    path("cabinet/calendriers/<uuid:feed_id>/fermer/", feeds.close, name="close_feed"),
    # Open to whoever holds the address: see config/public_door.py.
    path("r/<str:token>/", public.invitation, name="invitation"),
    path("r/<str:token>/arret/", public.way_out, name="way_out"),
    path("flux/<str:token>.ics", feeds.calendar, name="calendar"),
]
