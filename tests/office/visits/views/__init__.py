"""Pages of a visit, asked as a browser asks."""

import json
import re
from html import unescape

from django.urls import reverse

FRAGMENT = {"HX-Request": "true"}


def url(name, visit, *more):
    return reverse(f"visits:{name}", args=[visit.patient_id, visit.id, *more])


def page(answer):
    return unescape(answer.content.decode())


def toast(answer):
    return json.loads(answer.headers.get("HX-Trigger", "{}")).get("toast", {}).get("text", "")


def ticked(shown):
    """Return what the box beside the alerts of a page confirms."""
    found = re.search(r'name="confirmed" value="([0-9a-f ]*)"', shown)
    return found[1] if found else ""
