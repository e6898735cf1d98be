"""The pages of the desk: their addresses, their words, what they answer to scripts."""

import html
import json

from django.urls import reverse

FRAGMENT = {"HX-Request": "true"}
NOWHERE = "00000000-0000-0000-0000-000000000000"


def url(name, *args):
    return reverse(f"desk:{name}", args=args)


def page(response):
    return html.unescape(response.content.decode()).replace("\u00a0", " ")


def toast(response):
    return json.loads(response.headers["HX-Trigger"])["toast"]
