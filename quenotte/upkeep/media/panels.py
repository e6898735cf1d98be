"""The disks on the page of the backups."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from quenotte.devices.media.disks.rotation import RED
from quenotte.upkeep.media import queries, wording


def card(request: HttpRequest, _subject: object = None) -> str:
    """Draw which disk is next, where each was seen last; nothing where there are no disks.

    That nobody can read what is known of them is drawn too.
    """
    try:
        found = queries.situation()
    except (OSError, ValueError, KeyError, TypeError):
        return render_to_string("upkeep/media/_card.html", {"is_unread": True}, request)
    alarms = [(wording.ALARMS[one], one in RED) for one in found.alarms]
    if not found.disks:
        return ""
    context = {"situation": found, "alarms": alarms}
    return render_to_string("upkeep/media/_card.html", context, request)
