"""Incidents of practices: what is wrong, what is borne, who is told, what is answered."""

from quenotte.provider.incidents.models.digests import Digest, Reply, Subject
from quenotte.provider.incidents.models.incidents import Blown, Incident, Step
from quenotte.provider.incidents.models.quieting import Exemption, Muted, Window
from quenotte.provider.incidents.models.sending import (
    Channel,
    Duty,
    Outgoing,
    Sending,
    Subscription,
)

__all__ = [
    "Blown",
    "Channel",
    "Digest",
    "Duty",
    "Exemption",
    "Incident",
    "Muted",
    "Outgoing",
    "Reply",
    "Sending",
    "Step",
    "Subject",
    "Subscription",
    "Window",
]
