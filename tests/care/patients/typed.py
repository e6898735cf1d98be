"""What is typed of a patient, and the lines that it leaves."""

from datetime import date

from quenotte.base.audit.models import Line

NIR = "279035121518989"
TEST_OID = "1.2.250.1.213.1.4.10"
VALUES = {
    "birth_name": "DURAND",
    "birth_first_names": "Marie Anne",
    "born_on": date(1985, 4, 3),
    "sex": "F",
}


def details():
    return list(Line.objects.order_by("number").values_list("action", "object_kind", "detail"))


def refused_lines():
    return list(Line.objects.filter(result="refused").values_list("action", "detail"))
