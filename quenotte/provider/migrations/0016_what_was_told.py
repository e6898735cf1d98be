"""Of open incidents it is known what somebody was told of, and when their silences ripen.

A release that did not write it down told each that is urgent: an upgrade tells none a second time.
"""

from datetime import timedelta
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max, Q

#: As in this release: so long a sudden silence may still be one of many.
_PATIENCE = timedelta(minutes=10)
#: With these steps somebody was told.
_TELLING = ("opened", "reopened", "worsened", "joined", "unstable")


def fill(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Fill both from what stands: what came after the last message stays news."""
    incidents = apps.get_model("provider", "Incident").objects.filter(closed_at=None)
    for one in incidents.filter(standing="waiting").iterator():
        one.ripens_at = one.since + _PATIENCE
        one.save(update_fields=["ripens_at"])
    findings = apps.get_model("provider", "Finding").objects.filter(is_open=True)
    told = incidents.filter(standing="told", told_severity="critical", customer__isnull=False)
    last = Max("steps__at", filter=Q(steps__kind__in=_TELLING))
    for one in told.annotate(last=last).iterator():
        if not one.told_of and one.told_at is not None:
            one.told_of = _told_of(one, findings)
            one.save(update_fields=["told_of"])


def _told_of(incident: Any, findings: Any) -> list[str]:
    at = max(one for one in (incident.told_at, incident.last) if one)
    known = findings.filter(
        customer_id=incident.customer_id, cause=incident.cause, severity="critical"
    )
    rows = known.filter(Q(opened_at=None) | Q(opened_at__lte=at)).values_list("machine_id", "rule")
    return sorted(f"{machine or ''}:{rule}" for machine, rule in rows)


class Migration(migrations.Migration):
    dependencies = [("provider", "0015_stumbles")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
