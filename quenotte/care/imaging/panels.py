"""What imaging shows on the pages of other rooms: strip, timeline, home."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.base.audit.rules import Actor
from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.base.practice import queries as practices
from quenotte.care.imaging import queries, wording
from quenotte.care.imaging.forms import DeviceForm
from quenotte.care.imaging.models import Picture
from quenotte.care.patients import operations as patient_search
from quenotte.web.lights import Level, Light
from quenotte.web.links import link_to
from quenotte.web.thumbnails import Thumbnail
from quenotte.web.timeline import Entry

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Pictures that the strip shows; the others are one click away.
STRIP_LENGTH = 40
#: Pictures that the panel of a tooth shows.
_OF_A_TOOTH = 6
#: Rows read for one page of the timeline: a full mouth is some twenty pictures a day.
_ROWS_A_DAY = 24
#: Pictures read at most for the timeline of the patient page.
_FIRST_PICTURES = 320
#: Patients proposed while a name is typed.
_FOUND = 8
#: What may be dropped; the content is checked anyway.
ACCEPTED = "image/jpeg,image/png,image/tiff,application/dicom,.dcm"


def strip(request: HttpRequest, patient: "Patient") -> str:
    """Draw the pictures of a record, newest first."""
    if not may(actor_of(request).roles, "imaging.read"):
        return ""
    return render_to_string("care/imaging/_strip.html", strip_context(request, patient), request)


def strip_context(request: HttpRequest, patient: "Patient") -> dict[str, Any]:
    """Return what the strip shows; one query."""
    limit = None if request.GET.get("toutes") else STRIP_LENGTH
    found = _first_pictures(request, patient) if limit else list(queries.strip(patient.id))
    return {
        "patient": patient,
        "tiles": [_strip_tile(picture) for picture in found[:limit]],
        "has_more": limit is not None and len(found) > limit,
        "may_add": may(actor_of(request).roles, "imaging.write"),
        "accept": ACCEPTED,
    }


def of_tooth(request: HttpRequest, subject: Any) -> str:
    """Draw the pictures of one tooth; ``subject`` has a ``patient`` and the number ``fdi``."""
    if not may(actor_of(request).roles, "imaging.read"):
        return ""
    found = (one for one in queries.strip(subject.patient.id) if subject.fdi in one.teeth)
    tiles = [tile(picture) for picture in islice(found, _OF_A_TOOTH)]
    return render_to_string("care/imaging/_of_tooth.html", {"pictures": tiles}) if tiles else ""


def tile(picture: Picture) -> Thumbnail:
    """Return one picture as the strip and the tray show it."""
    return Thumbnail(
        id=str(picture.id),
        url=link_to("imaging:viewer", picture.id),
        src=link_to("imaging:vignette", picture.id) if picture.thumbnail_id else "",
        alt=wording.caption(picture),
        taken_at=picture.taken_at,
        teeth=wording.teeth(picture),
        is_coming=not picture.thumbnail_id and not picture.is_thumbnail_impossible,
    )


def _strip_tile(picture: Picture) -> dict[str, Any]:
    """Return a tile, and the way to correct its teeth or its record."""
    shown = tile(picture)
    return {
        "thumbnail": shown,
        "details_url": link_to("imaging:details", picture.id),
        "details_text": _("Dents et dossier : %(what)s") % {"what": shown.alt},
    }


def row(waiting: queries.Waiting) -> dict[str, Any]:
    """Return one row of the tray: what the file says, and who is proposed."""
    picture = waiting.picture
    return {
        "picture": picture,
        "tile": tile(picture),
        "device": picture.device.name if picture.device else "",
        "reasons": wording.reasons(picture),
        "sayings": wording.sayings(picture),
        "suggestions": [
            {
                "patient": each.patient,
                "words": wording.patient_line(each.patient),
                "agreements": wording.agreements(each.proposal.agreements),
                "against": wording.against(each.proposal.contradictions),
            }
            for each in waiting.suggestions
        ],
    }


def found_patients(actor: Actor, words: str) -> list[Any]:
    """Return the patients that the typed words may mean; nothing before a word is typed."""
    return patient_search.search(actor=actor, text=words[:100], limit=_FOUND) if words else []


def tray_tabs(counts: tuple[int, int], *, is_aside: bool) -> list[dict[str, Any]]:
    """Return the two views of the tray with their counts."""
    url = reverse("imaging:tray")
    return [
        {"label": _("À rattacher"), "url": url, "current": not is_aside, "count": counts[0]},
        {
            "label": _("Mises de côté"),
            "url": f"{url}?vue=ecartees",
            "current": is_aside,
            "count": counts[1],
        },
    ]


def devices_context(
    request: HttpRequest, *, wrong: DeviceForm | None = None, wrong_id: UUID | None = None
) -> dict[str, Any]:
    """Return what the devices page shows; ``wrong`` is a form to correct."""
    practice_id = actor_of(request).practice_id
    assert practice_id is not None
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    known = queries.devices(practice_id, since=midnight)
    return {
        "devices": [
            (device, wrong if device.id == wrong_id and wrong else DeviceForm(device))
            for device in known
        ],
        "ae_title": settings.DICOM_AE_TITLE,
        "port": settings.DICOM_PORT,
        "issuer": practices.practice(practice_id).dicom_issuer,
        "host": request.get_host().rsplit(":", 1)[0],
    }


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline of the pictures: one entry for each day and kind of picture.

    An entry stands at its oldest picture, so that asking for what came before it never
    cuts a day in two.
    """
    if not may(actor_of(request).roles, "imaging.read"):
        return []
    pictures: Iterable[Picture]
    if before is None:
        pictures = _newest_pictures(request, patient)
    else:
        older = queries.strip(patient.id).filter(taken_at__lt=_end_of_day(before))
        pictures = older[: limit * _ROWS_A_DAY]
    days = groupby(pictures, key=_day)
    entries = (_entry(list(group)) for _, group in days)
    return islice((each for each in entries if before is None or each.at < before), limit)


def awaiting(request: HttpRequest, subject: Any = None) -> str:
    """Draw how many pictures wait for a patient, on the home page."""
    actor = actor_of(request)
    if not may(actor.roles, "imaging.tray") or actor.practice_id is None:
        return ""
    context = {"count": queries.tray_count(actor.practice_id)}
    return render_to_string("care/imaging/_waiting.html", context, request)


def light(request: HttpRequest) -> Light:
    """Say whether pictures wait for a patient since yesterday, or come from nobody knows where."""
    actor = actor_of(request)
    found = queries.standing(actor.own_practice_id, timezone.now())
    if found.strangers:
        words = ngettext(
            "%(n)s appareil inconnu a envoyé des images",
            "%(n)s appareils inconnus ont envoyé des images",
            found.strangers,
        )
        url = reverse("imaging:devices") if may(actor.roles, "devices.manage") else ""
        return Light(Level.ATTENTION, words % {"n": found.strangers}, url)
    if found.forgotten:
        words = ngettext(
            "%(n)s image attend un patient depuis hier",
            "%(n)s images attendent un patient depuis hier",
            found.forgotten,
        )
        url = reverse("imaging:tray") if may(actor.roles, "imaging.tray") else ""
        return Light(Level.ATTENTION, words % {"n": found.forgotten}, url)
    return Light(Level.OK, _("chaque image a son patient"))


def devices_part(request: HttpRequest, part: str) -> str:
    """Draw the tab that leads from the cabinet to its devices."""
    if not may(actor_of(request).roles, "devices.manage"):
        return ""
    return render_to_string("care/imaging/_devices_part.html", {"part": part})


def _first_pictures(request: HttpRequest, patient: "Patient") -> list[Picture]:
    """Read once what the strip and the timeline of one page both show, and one more."""
    kept: dict[UUID, list[Picture]] = request.__dict__.setdefault("_first_pictures", {})
    if patient.id not in kept:
        kept[patient.id] = queries.newest(patient.id, limit=STRIP_LENGTH + 1)
    return kept[patient.id]


def _newest_pictures(request: HttpRequest, patient: "Patient") -> Iterator[Picture]:
    """Yield the pictures for the timeline; those past the strip are read when it gets there."""
    first = _first_pictures(request, patient)
    yield from first
    if len(first) > STRIP_LENGTH:
        yield from queries.strip(patient.id)[len(first) : _FIRST_PICTURES]


def _day(picture: Picture) -> tuple[Any, str]:
    return timezone.localdate(picture.taken_at), wording.kind(picture)


def _end_of_day(moment: datetime) -> datetime:
    midnight = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def _entry(pictures: list[Picture]) -> Entry:
    newest, count = pictures[0], len(pictures)
    numbers = sorted({tooth for picture in pictures for tooth in picture.teeth})
    teeth = ""
    if numbers:
        teeth = ngettext("Dent %(teeth)s", "Dents %(teeth)s", len(numbers)) % {
            "teeth": ", ".join(map(str, numbers))
        }
    title = wording.kind(newest)
    if count > 1:
        title = ngettext("%(kind)s, %(count)s image", "%(kind)s, %(count)s images", count) % {
            "kind": title,
            "count": count,
        }
    return Entry(
        at=pictures[-1].taken_at,
        kind="picture",
        icon="image",
        title=title,
        text=teeth,
        url=link_to("imaging:viewer", newest.id),
        author=newest.device.name if newest.device else "",
        object_id=str(newest.id),
    )
