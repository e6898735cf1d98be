import pytest
from django.urls import reverse

from quenotte.upkeep.guard import panels
from quenotte.upkeep.guard.models import Anomaly
from tests import factories

pytestmark = pytest.mark.django_db


def test_notice_is_on_every_page_until_it_is_closed(alice, bob, client_of):
    client = client_of(alice)
    anomaly = factories.AnomalyFactory.create()
    panels.ask_again()
    try:
        assert "Ne branchez pas le disque" in client.get("/").content.decode()
        page = client.get(reverse("guard:show", args=[anomaly.id])).content.decode()
        assert "2 fichiers témoins ont été modifiés" in page
        assert "Clore l’anomalie" in page

        address = reverse("guard:close", args=[anomaly.id])
        given = {"ending": "expected", "reason": "Reprise faite par nous"}
        assert client_of(bob).post(address, given).status_code == 403
        for wrong in ({"reason": given["reason"]}, {"ending": "expected", "reason": "ok"}):
            assert client.post(address, wrong).status_code == 422
        answer = client.post(address, given, follow=True).content.decode()
        assert "Les disques peuvent être branchés" in answer
        assert "Reprise faite par nous" in answer
        assert Anomaly.objects.get().closed_by == alice
        assert "Ne branchez pas le disque" not in client.get("/").content.decode()
    finally:
        panels.ask_again()


def test_no_such_anomaly(alice, client_of):
    missing = "00000000-0000-4000-8000-000000000000"
    assert client_of(alice).get(reverse("guard:show", args=[missing])).status_code == 404
