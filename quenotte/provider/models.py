"""The tables of the rooms of ``provider``, gathered for Django."""

from quenotte.provider.asking.models import Asked, Question
from quenotte.provider.charter.models import Signature
from quenotte.provider.console.models import SavedSearch
from quenotte.provider.customers.models import Customer, Opening
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.evidence.models import Departure, Dossier, Draft, Making, SignedSheet
from quenotte.provider.finder.models import Indexed, Mention, Phrase
from quenotte.provider.fleet.models import (
    Change,
    Finding,
    Inventory,
    Listening,
    PastDay,
    Posture,
    Pulsed,
    State,
    Stumble,
    Unsettled,
)
from quenotte.provider.incidents.models import (
    Blown,
    Channel,
    Digest,
    Duty,
    Exemption,
    Incident,
    Muted,
    Outgoing,
    Reply,
    Sending,
    Step,
    Subject,
    Subscription,
    Window,
)
from quenotte.provider.licences.models import Licence
from quenotte.provider.traces.models import Look

__all__ = [
    "Asked",
    "Blown",
    "Change",
    "Channel",
    "Customer",
    "Departure",
    "Digest",
    "Dossier",
    "Draft",
    "Duty",
    "Exemption",
    "Finding",
    "Incident",
    "Indexed",
    "Inventory",
    "Licence",
    "Listening",
    "Look",
    "Machine",
    "Making",
    "Mention",
    "Muted",
    "Opening",
    "Outgoing",
    "PastDay",
    "Phrase",
    "Posture",
    "Pulsed",
    "Question",
    "Reply",
    "SavedSearch",
    "Sending",
    "Signature",
    "SignedSheet",
    "State",
    "Step",
    "Stumble",
    "Subject",
    "Subscription",
    "Token",
    "Unsettled",
    "Window",
]
