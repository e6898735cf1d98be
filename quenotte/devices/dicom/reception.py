"""Between pynetdicom and the disk: each object goes straight into its part file.

Source: DICOM PS3.7 section 9.3, PS3.8 section 9.3 and annex E.
"""

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from pynetdicom.association import Association
from pynetdicom.dimse import DIMSEServiceProvider
from pynetdicom.dimse_messages import C_STORE_RQ
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.pdu_primitives import P_DATA
from pynetdicom.transport import (
    AssociationSocket,
    RequestHandler,
    ThreadedAssociationServer,
)

from quenotte.devices.dicom.incidents import safely
from quenotte.devices.dicom.parts import PartFile
from quenotte.devices.dicom.states import States
from quenotte.devices.dicom.texts import UID_LIMIT

logger = logging.getLogger(__name__)

# What we announce as the largest PDU, in bytes: far above the usual 16 kB (the PDU size is
# the big lever on CPU), yet bounded, because a whole PDU sits in memory.
ANNOUNCED_PDU_BYTES = 1 << 20
# Some devices ignore the announced size: tolerated up to here, in bytes.
LARGEST_PDU_BYTES = 16 << 20
# Whatever is not a stored object (a command set, another service) stays in memory: bytes.
LARGEST_MESSAGE_BYTES = 1 << 20
# A device that falls asleep in the middle of a PDU frees its place after this long.
STALLED_AFTER_S = 60.0

# One that sends a byte now and then frees it too.
SLOWEST_BYTES_PER_S = 10_000
# Whoever connects says what it wants within this long, or frees its place.
REQUEST_WITHIN_S = 5.0
_END_S = 1.0
_LOOK_S = 0.02
_INVALID_PDU = "Evt19"

OpenPart = Callable[[C_STORE_RQ, str], PartFile]


class Reception(DIMSEServiceProvider):
    """The message layer of one association, writing stored objects to disk as they come."""

    def __init__(self, association: Association, open_part: OpenPart) -> None:
        super().__init__(association)
        self._open_part = open_part
        self._parts: list[PartFile] = []
        self._in_memory_bytes = 0
        self._is_answering = False

    @property
    def is_busy(self) -> bool:
        """Tell whether an object is arriving, or has arrived and is not answered yet."""
        return self._is_answering or any(part.refused is None for part in self._parts)

    def receive_primitive(self, primitive: P_DATA) -> None:
        """Take the fragments of one P-DATA, one by one (PS3.8 annex E)."""
        for context_id, fragment in primitive.presentation_data_value_list:
            # Hostile or broken bytes must end the association, not its thread.
            accepted = safely(
                "reading a message",
                partial(self._accept, context_id, fragment),
                otherwise=False,
            )
            if not accepted:
                self.dul.event_queue.put(_INVALID_PDU)
                return

    def send_msg(self, primitive: object, context_id: int) -> None:
        """Queue an answer; the object that it answers is no longer in hand."""
        self._is_answering = True
        if isinstance(primitive, C_STORE):
            # Before the answer leaves: the next object may follow within microseconds.
            self.discard()
        super().send_msg(primitive, context_id)  # type: ignore[arg-type]
        self._is_answering = False

    def discard(self) -> None:
        """Remove what was not answered: the association is over."""
        while self._parts:
            self._parts.pop().discard()

    def _accept(self, context_id: int, fragment: bytes) -> bool:
        message = self.message
        if message is not None and message.context_id not in (None, context_id):
            return False
        if message is None or not isinstance(message.data_set, PartFile):
            self._in_memory_bytes = len(fragment) + (self._in_memory_bytes if message else 0)
            if self._in_memory_bytes > LARGEST_MESSAGE_BYTES:
                return False
        single = P_DATA()
        single.presentation_data_value_list = [[context_id, fragment]]  # type: ignore[list-item]
        super().receive_primitive(single)
        return self._divert(context_id)

    def _divert(self, context_id: int) -> bool:
        """Put a part file where pynetdicom would gather the data set in memory."""
        message = self.message
        if not isinstance(message, C_STORE_RQ) or isinstance(message.data_set, PartFile):
            return True
        context = self.assoc._accepted_cx.get(context_id)
        named = str(message.command_set.get("AffectedSOPInstanceUID") or "")
        if context is None or not 0 < len(named) <= UID_LIMIT or self._parts:
            # No such context, no possible name, or a second object before the first was answered.
            return False
        part = self._open_part(message, str(context.transfer_syntax[0]))
        message.data_set = part
        self._parts.append(part)
        return True


def read_request(connection: AssociationSocket, by: float, count: int) -> bytearray:
    """Return `count` bytes of an association request, which must be whole at `by` (monotonic, s).

    Raises: TimeoutError, OSError.
    """
    if count > LARGEST_MESSAGE_BYTES:
        raise OSError("the peer announces a request above the limit")
    buffer = bytearray()
    while connection.socket is not None and len(buffer) < count:
        remaining_s = by - time.monotonic()
        if remaining_s <= 0:
            raise TimeoutError("the peer is too slow to ask")
        connection.socket.settimeout(remaining_s)
        received = connection.socket.recv(count - len(buffer))
        if not received:
            break
        buffer += received
    return buffer


def hang_up(connection: AssociationSocket) -> None:
    """Close the connection, whatever state the peer left it in.

    pynetdicom does not close what it cannot shut down: a peer that left first would keep a
    descriptor of ours until the next collection of garbage.
    """
    if connection.socket is None:
        return
    with contextlib.suppress(OSError):
        connection.socket.shutdown(socket.SHUT_RDWR)
    connection.socket.close()


def read_exactly(connection: AssociationSocket, count: int) -> bytearray:
    """Return `count` bytes from the peer, or fewer when it hung up.

    pynetdicom reads 4 kB at a time; this one asks for the whole PDU at once.

    Raises: TimeoutError, OSError.
    """
    if count > LARGEST_PDU_BYTES:
        raise OSError("the peer announces a PDU above the limit")
    if connection.socket is None:
        return bytearray()
    buffer = bytearray(count)
    view = memoryview(buffer)
    done = 0
    give_up_at = time.monotonic() + STALLED_AFTER_S + count / SLOWEST_BYTES_PER_S
    while done < count:
        if time.monotonic() > give_up_at:
            raise TimeoutError("the peer is too slow")
        received = connection.socket.recv_into(view[done:])
        if not received:
            break
        done += received
    view.release()
    del buffer[done:]
    return buffer


class Server(ThreadedAssociationServer):
    """Accepts connections; a place is taken by those that ask for an association, not before.

    A connection that says nothing costs one sleeping thread, for `REQUEST_WITHIN_S` at most.
    """

    request_queue_size = 64
    # A thread that waits for a silent peer must not hold back the end of the process.
    daemon_threads = True
    open_part: OpenPart
    association_limit = 32
    connection_limit = 256

    def __init__(self, *args: Any, **named: Any) -> None:
        self._lock = threading.Lock()
        self._silent: set[socket.socket] = set()
        self._seated: set[Association] = set()
        self._is_closing = False
        super().__init__(*args, **named)

    def verify_request(self, request: object, client_address: object) -> bool:
        """Tell whether one more connection may be held."""
        held = len(self._silent) + len(self.active_associations)
        if held >= self.connection_limit:
            logger.warning("connection closed at once: %s are open", held)
            return False
        return True

    def seat(self, association: Association) -> bool:
        """Give a place to an association whose request was read; False when all are taken."""
        with self._lock:
            self._seated = {each for each in self._seated if each.is_alive()}
            if len(self._seated) >= self.association_limit:
                logger.warning("association refused for now: %s are open", len(self._seated))
                return False
            self._seated.add(association)
            return True

    def speaks(self, wire: socket.socket) -> bool:
        """Wait for the first byte of a connection; False when it hangs up or stays silent."""
        with self._lock:
            if self._is_closing:
                return False
            self._silent.add(wire)
        try:
            wire.settimeout(REQUEST_WITHIN_S)
            return bool(wire.recv(1, socket.MSG_PEEK))
        except OSError:
            return False
        finally:
            with self._lock:
                self._silent.discard(wire)

    def hang_up_on_the_silent(self) -> None:
        """Close the connections that have not spoken yet, and take no other."""
        with self._lock:
            self._is_closing = True
            for wire in self._silent:
                with contextlib.suppress(OSError):
                    wire.shutdown(socket.SHUT_RDWR)


class Conversation(RequestHandler):
    """Prepares one association: our reception, our socket reads, a tidy end."""

    def handle(self) -> None:
        """Start an association once the peer has begun to speak; close otherwise."""
        server, wire = cast(Server, self.server), cast(socket.socket, self.request)
        self._ask_by = time.monotonic() + REQUEST_WITHIN_S
        if server.speaks(wire):
            super().handle()
        else:
            server.shutdown_request(wire)

    def _create_association(self) -> Association:
        association = super()._create_association()
        reception = Reception(association, cast(Server, self.server).open_part)
        association.dimse = reception
        association.dul.state_machine = States(association.dul)
        connection = cast(AssociationSocket, association.dul.socket)
        wire = cast(socket.socket, connection.socket)
        with contextlib.suppress(OSError):
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection._shutdown_socket = partial(  # type: ignore[method-assign]
            hang_up, connection
        )
        connection.recv = partial(  # type: ignore[method-assign]
            read_request, connection, self._ask_by
        )
        association.dul.receive_pdu = partial(  # type: ignore[method-assign]
            _request_of, association, association.dul.receive_pdu, self._ask_by
        )
        run = association.run

        def run_then_tidy() -> None:
            try:
                run()
            finally:
                reception.discard()

        association.run = run_then_tidy  # type: ignore[method-assign]
        return association


def _request_of(
    association: Association,
    receive: Callable[..., Any],
    by: float,
    wait: bool = False,
    timeout: float | None = None,
) -> Any:
    """Return what the peer asks first, or None as soon as it cannot come any more.

    pynetdicom would wait for its whole timeout although the peer hung up.
    """
    connection = cast(AssociationSocket, association.dul.socket)
    primitive = None
    while primitive is None:
        is_over = not association.dul.is_alive() or time.monotonic() > by
        primitive = receive(wait=True, timeout=_LOOK_S)
        if primitive is None and is_over:
            return None
    association.dul.receive_pdu = receive  # type: ignore[method-assign]
    wire = connection.socket
    if wire is not None:
        with contextlib.suppress(OSError):
            wire.settimeout(STALLED_AFTER_S)
    connection.recv = partial(read_exactly, connection)  # type: ignore[method-assign]
    return primitive


def is_busy(association: Association) -> bool:
    """Tell whether an object is in hand on this association."""
    return isinstance(association.dimse, Reception) and association.dimse.is_busy


def end_all(associations: list[Association]) -> None:
    """Abort all associations at once, and wait a little for their threads."""
    threads = [threading.Thread(target=_end, args=[each], daemon=True) for each in associations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=_END_S)


def _end(association: Association) -> None:
    if association.is_established:
        association.abort()
        association.join(timeout=_END_S)
        return
    # Nothing was agreed yet: the state machine knows no abort there, so hang up.
    association.dul.kill_dul()
    association.dul.join(timeout=_END_S)
    cast(AssociationSocket, association.dul.socket).close()
