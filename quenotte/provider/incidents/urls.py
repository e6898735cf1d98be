"""Addresses of incidents, of what quiets them, of alerts and digests."""

from django.urls import path

from quenotte.provider.incidents.views import (
    alerts,
    digests,
    incidents,
    monitor,
    morning,
    quiet,
)

#: Pages of the fleet that are drawn from incidents: they have their names there.
fleet_patterns = [
    path("parc/", morning.morning, name="morning"),
    path("parc/cabinets/<uuid:customer_id>/", morning.practice, name="practice"),
]

app_name = "incidents"
_ONE = "parc/incidents/<uuid:incident_id>/"
urlpatterns = [
    path("parc/incidents/", incidents.listed, name="list"),
    path(_ONE, incidents.one, name="one"),
    path(f"{_ONE}prendre/", incidents.take, name="take"),
    path(f"{_ONE}rendre/", incidents.release, name="release"),
    path(f"{_ONE}note/", incidents.write, name="write"),
    path("parc/rappels/<uuid:reply_id>/fait/", incidents.called, name="called"),
    path("parc/cabinets/<uuid:customer_id>/maintenance/", quiet.plan, name="plan"),
    path("parc/maintenances/<uuid:window_id>/finir/", quiet.end, name="end"),
    path("parc/constats/<uuid:finding_id>/exception/", quiet.grant, name="grant"),
    path("parc/exceptions/<uuid:exemption_id>/retirer/", quiet.withdraw, name="withdraw"),
    path("parc/cabinets/<uuid:customer_id>/bilan/", digests.preview, name="digest"),
    path("parc/alertes/", alerts.alerts, name="alerts"),
    path("parc/alertes/navigateur/", alerts.subscribe, name="subscribe"),
    path(
        "parc/alertes/navigateurs/<uuid:subscription_id>/retirer/",
        alerts.unsubscribe,
        name="unsubscribe",
    ),
    path("parc/alertes/essai/", alerts.trial, name="trial"),
    path("parc/envois/", alerts.sending, name="sending"),
    # Open to whoever asks: it says nothing of anybody.
    path("surveillance/", monitor.monitor, name="monitor"),
    # Open to whoever holds the address: see config/public_door.py.
    path("r/<str:token>/", digests.reply, name="reply"),
]
