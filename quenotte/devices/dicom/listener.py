"""The listener that imaging devices send to: C-ECHO and C-STORE of any storage class.

Source: DICOM PS3.4 annex B (storage), PS3.7 section 9.1.5 (echo), PS3.8 (upper layer).
"""

import enum
import logging
import re
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socketserver import BaseServer
from typing import Protocol, cast

from pynetdicom import AE, _config, evt
from pynetdicom.association import Association
from pynetdicom.dimse_messages import C_STORE_RQ
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.events import Event
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from quenotte.devices.dicom.incidents import safely
from quenotte.devices.dicom.parts import SUFFIX, PartFile, Refused, file_head, is_left_over
from quenotte.devices.dicom.reception import (
    ANNOUNCED_PDU_BYTES,
    Conversation,
    Server,
    end_all,
    is_busy,
)

logger = logging.getLogger(__name__)

# Kept lenient on purpose: many devices write components with leading zeros. What matters is
# that nothing but digits and dots ever travels further.
_HARMLESS_UID = re.compile(r"[0-9.]{1,64}")
# Result, source, reason of an A-ASSOCIATE-RJ (PS3.8 table 9-21).
_UNKNOWN = (1, 1, 3)  # permanent, service user, calling AE title not recognised
_FAILED = (2, 1, 1)  # transient, service user, no reason given: the device tries again
_FULL = (2, 3, 2)  # transient, presentation service, local limit exceeded
_POLL_S = 0.01
#: How often the listening thread looks up from its socket to see that it shall stop: twenty times
#: a second cost three per cent of a processor all day.
_LOOK_S = 0.25


@dataclass(frozen=True)
class Sender:
    """Who is at the other end; an AE title is a name, not a secret."""

    calling_ae: str
    called_ae: str
    address: str
    port: int


@dataclass(frozen=True)
class Received:
    """One whole object on disk. The file is the handler's to move away during the call."""

    path: Path
    sender: Sender
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    received_at: datetime


class Status(enum.IntEnum):
    """Answers to a C-STORE. Source: DICOM PS3.4 table B.2-1, PS3.7 annex C."""

    SUCCESS = 0x0000
    OUT_OF_RESOURCES = 0xA700
    DATA_SET_MISMATCH = 0xA900
    CANNOT_UNDERSTAND = 0xC000
    NOT_AUTHORISED = 0x0124
    INVALID_INSTANCE = 0x0117


class Handler(Protocol):
    """What the practice does with what arrives. Called from several threads at once."""

    def admit(self, sender: Sender) -> bool:
        """Tell whether this sender may talk to us; False rejects the association."""

    def has_room(self) -> bool:
        """Tell whether one more object may be kept; asked before its first byte."""

    def receive(self, received: Received) -> Status:
        """Keep one whole object; what is returned is what the device is answered."""

    def refused(self, sender: Sender, reason: Refused) -> None:
        """Note that an object was drained and not kept; it was answered « out of resources »."""

    def echoed(self, sender: Sender) -> None:
        """Note that a device asked whether we are there."""


class Listener:
    """One DICOM port. `start` does not block; `stop` lets objects under way finish."""

    def __init__(
        self,
        *,
        handler: Handler,
        incoming: Path,
        ae_title: str = "QUENOTTE",
        host: str = "127.0.0.1",
        port: int = 11112,
        max_object_bytes: int = 2 * 2**30,
        maximum_associations: int = 32,
        maximum_connections: int = 256,
    ) -> None:
        self._handler = handler
        self._incoming = incoming
        self._ae_title = ae_title
        self._host = host
        self._port = port
        self._max_object_bytes = max_object_bytes
        self._maximum_associations = maximum_associations
        self._maximum_connections = maximum_connections
        self._server: Server | None = None
        self._closing = False

    @property
    def port(self) -> int:
        """The port listened on; the real one once started with port 0."""
        return self._port

    def start(self) -> None:
        """Bind the port and listen in threads of our own.

        Raises: OSError when the port is taken or the folder cannot be made.
        """
        _hush()
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._closing = False
        self._server = self._bind()
        self._port = int(self._server.server_address[1])
        threading.Thread(
            target=partial(self._server.serve_forever, poll_interval=_LOOK_S),
            name="dicom-listener",
            daemon=True,
        ).start()

    def stop(self, timeout_s: float = 4.0) -> None:
        """Refuse newcomers, let objects under way finish, then close all associations."""
        server = self._server
        if server is None:
            return
        self._closing = True
        BaseServer.shutdown(server)
        server.hang_up_on_the_silent()
        server.server_close()
        # Counted in naps, not by a clock: clocks get set, and tests stop them.
        for _ in range(int(timeout_s / _POLL_S)):
            if not any(map(is_busy, server.active_associations)):
                break
            time.sleep(_POLL_S)
        end_all(server.active_associations)
        self._server = None

    def sweep(self) -> None:
        """Remove the part files that a killed process left behind."""
        for part in self._incoming.glob(f"*{SUFFIX}"):
            if is_left_over(part):
                part.unlink(missing_ok=True)

    def _bind(self) -> Server:
        entity = AE(ae_title=self._ae_title)
        entity.maximum_pdu_size = ANNOUNCED_PDU_BYTES
        # pynetdicom also counts those that have not asked yet: the places are ours to count.
        entity.maximum_associations = self._maximum_connections + self._maximum_associations
        entity.add_supported_context(Verification)
        server = cast(
            Server,
            entity.make_server(
                (self._host, self._port),
                evt_handlers=[
                    (evt.EVT_REQUESTED, self._on_requested),
                    (evt.EVT_C_ECHO, self._on_echo),
                    (evt.EVT_C_STORE, self._on_store),
                ],
                server_class=Server,
                request_handler=Conversation,
            ),
        )
        server.open_part = self._open_part
        server.association_limit = self._maximum_associations
        server.connection_limit = self._maximum_connections
        return server

    def _on_requested(self, event: Event) -> None:
        association = event.assoc
        refusal = self._refusal_of(association)
        if refusal is not None:
            association.acse.send_reject(*refusal)
            association.kill()

    def _refusal_of(self, association: Association) -> tuple[int, int, int] | None:
        """Return why an association is not opened: result, source, reason; None when it is."""
        if not cast(Server, association._server).seat(association):
            return _FULL
        admitted = safely(
            "admitting a sender",
            lambda: self._handler.admit(_sender_of(association)),
            otherwise=None,
        )
        if admitted is None:
            return _FAILED
        return None if admitted else _UNKNOWN

    def _on_echo(self, event: Event) -> int:
        safely(
            "noting an echo",
            lambda: self._handler.echoed(_sender_of(event.assoc)),
            otherwise=None,
        )
        return Status.SUCCESS

    def _open_part(self, message: C_STORE_RQ, transfer_syntax_uid: str) -> PartFile:
        command = message.command_set
        head = file_head(
            str(command.get("AffectedSOPClassUID", "")),
            str(command.AffectedSOPInstanceUID),
            transfer_syntax_uid,
        )
        return PartFile(
            self._incoming, head, limit=self._max_object_bytes, refused=self._no_place()
        )

    def _no_place(self) -> Refused | None:
        if self._closing:
            return Refused.CLOSING
        has_room = safely("looking for room", self._handler.has_room, otherwise=False)
        return None if has_room else Refused.NO_ROOM

    def _on_store(self, event: Event) -> int:
        request = cast(C_STORE, event.request)
        part = request.DataSet
        if not isinstance(part, PartFile):
            return Status.CANNOT_UNDERSTAND
        part.finish()
        status = safely(
            "keeping an object",
            lambda: self._answer(event, request, part),
            otherwise=Status.OUT_OF_RESOURCES,
        )
        part.discard()
        return status

    def _answer(self, event: Event, request: C_STORE, part: PartFile) -> Status:
        if part.refused is not None:
            reason = part.refused
            logger.warning("object drained and not kept: %s", reason.name)
            safely(
                "noting a refused object",
                lambda: self._handler.refused(_sender_of(event.assoc), reason),
                otherwise=None,
            )
            return Status.OUT_OF_RESOURCES
        class_uid = str(request.AffectedSOPClassUID)
        instance_uid = str(request.AffectedSOPInstanceUID)
        if not (_HARMLESS_UID.fullmatch(class_uid) and _HARMLESS_UID.fullmatch(instance_uid)):
            return Status.INVALID_INSTANCE
        received = Received(
            path=part.path,
            sender=_sender_of(event.assoc),
            sop_class_uid=class_uid,
            sop_instance_uid=instance_uid,
            transfer_syntax_uid=str(event.context.transfer_syntax),
            received_at=datetime.now(UTC),
        )
        return Status(self._handler.receive(received))


def _hush() -> None:
    """Set the process-wide switches of pynetdicom: all storage classes, no names in logs."""
    _config.UNRESTRICTED_STORAGE_SERVICE = True
    _config.LOG_HANDLER_LEVEL = "none"
    _config.LOG_REQUEST_IDENTIFIERS = False
    _config.LOG_RESPONSE_IDENTIFIERS = False
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)


def _sender_of(association: Association) -> Sender:
    requestor = association.requestor
    primitive = requestor.primitive
    return Sender(
        calling_ae=str(getattr(primitive, "calling_ae_title", "") or "").strip(),
        called_ae=str(getattr(primitive, "called_ae_title", "") or "").strip(),
        address=str(requestor.address),
        port=int(requestor.port or 0),
    )
