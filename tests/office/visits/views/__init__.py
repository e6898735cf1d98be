"""Pages of a visit, asked as a browser asks."""

import json
from html import unescape

from django.urls import reverse

FRAGMENT = {"HX-Request": "true"}


def url(name, visit, *more):
    return reverse(f"visits:{name}", args=[visit.patient_id, visit.id, *more])


def page(answer):
    return unescape(answer.content.decode())


def toast(answer):
    return json.loads(answer.headers.get("HX-Trigger", "{}")).get("toast", {}).get("text", "")
