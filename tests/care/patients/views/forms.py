"""The pages of patients: their addresses, what is typed, what they leave in the journal."""

import html

from django.urls import reverse

from quenotte.base.audit.models import Line

FRAGMENT = {"HX-Request": "true"}
NIR = "279035121518989"
NIR_OID, TEST_OID = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.10"
TYPED = {
    "birth_name": "DURAND",
    "birth_first_names": "Marie Anne",
    "born_on": "3 avril 1985",
    "sex": "F",
}


def page(response):
    return html.unescape(response.content.decode())


def patient_lines():
    return list(Line.objects.filter(patient_id__isnull=False).values_list("action", "result"))


def url(name, *args):
    return reverse(f"patients:{name}", args=args)


def as_opened(client, patient):
    """Return what a browser would send back from the identity page, untouched."""
    form = client.get(url("identity", patient.id)).context["form"]
    data = {}
    for field in form:
        value = field.value()
        shown = field.field.prepare_value(value)
        sent = "" if shown is None or shown is False else "on" if shown is True else str(shown)
        if sent or shown == "":
            data[field.html_name] = sent
        data[field.html_initial_name] = str(shown) if shown is not None else ""
    return data


def confirmation(answer):
    return answer.context["form"].fields["ins_confirmed"].widget.attrs["value"]
