"""Devices: seen for the first time, recognised, named."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live import operations as live
from quenotte.base.practice import queries as practices
from quenotte.care.imaging.models import Device
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.base.practice.models import Practice

DEVICES_EVENT = "devices"


class UnknownDevice(Refusal):
    """This practice has no such device or no such chair."""

    message = gettext_lazy("Cet appareil ou ce fauteuil n’existe pas dans ce cabinet.")


def device_seen(practice: "Practice", ae_title: str, *, address: str, at: datetime) -> Device:
    """Return the device of this title, locked until the caller's transaction ends.

    A title never seen gets a row that nobody recognised yet: its pictures wait in the tray.
    The lock puts the objects of one device in order: two of one study cannot be filed to
    two patients at the same moment.
    """
    title = clean_title(ae_title)
    device, is_new = Device.objects.get_or_create(
        practice=practice,
        ae_title=title,
        defaults={
            "name": _("Appareil « %(title)s »") % {"title": title or "?"},
            "first_seen_at": at,
        },
    )
    device = Device.objects.select_for_update().get(id=device.id)
    device.first_seen_at = device.first_seen_at or at
    device.last_seen_at = at
    device.last_address = address[:45] or device.last_address
    device.save(update_fields=["first_seen_at", "last_seen_at", "last_address"])
    if is_new:
        _tell_new(device)
    return device


def clean_title(ae_title: str) -> str:
    """Return an application entity title fit for a row (16 characters, no control)."""
    return "".join(each for each in ae_title if each.isprintable()).strip()[:16]


@transaction.atomic
def recognise_device(
    *, device_id: UUID, name: str, chair_id: UUID | None, is_recognised: bool, by: Actor
) -> Device:
    """Say what a device is; its next pictures may then be filed by themselves.

    Pictures already waiting stay in the tray: nothing leaves it by itself.

    Raises: UnknownDevice.
    """
    device = (
        Device.objects.select_for_update()
        .filter(id=device_id, practice_id=by.own_practice_id)
        .first()
    )
    if device is None or by.practice_id is None:
        raise UnknownDevice
    if chair_id and not practices.chairs(by.practice_id).filter(id=chair_id).exists():
        raise UnknownDevice
    device.name = name.strip()[:80] or device.name
    device.chair_id = chair_id
    device.is_recognised = is_recognised
    device.save(update_fields=["name", "chair", "is_recognised"])
    audit.record(
        action=Action.CHANGE,
        actor=by,
        object_kind="device",
        object_id=str(device.id),
        detail={"state": "recognised" if is_recognised else "unknown"},
    )
    _publish(device)
    return device


def _tell_new(device: Device) -> None:
    audit.record(
        action=Action.CREATE,
        actor=Actor(None, device.name, device.practice_id, device.ae_title, "dicom"),
        object_kind="device",
        object_id=str(device.id),
        detail={"state": "unknown"},
    )
    _publish(device)


def _publish(device: Device) -> None:
    live.publish(
        practice_id=device.practice_id,
        name=DEVICES_EVENT,
        data={"device": str(device.id)},
        audience="devices.manage",
    )
