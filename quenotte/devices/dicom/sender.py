"""Sending files to a DICOM listener: C-ECHO and C-STORE, each file's bytes as they are.

Source: DICOM PS3.4 annex B (storage), PS3.7 sections 9.1.1 and 9.1.5.
"""

import contextlib
import logging
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pynetdicom import AE, _config
from pynetdicom.association import Association
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]
from pynetdicom.transport import AssociationSocket

from quenotte.devices.dicom import messages
from quenotte.devices.dicom.parts import file_head
from quenotte.devices.dicom.reading import Meta, Unreadable, meta_of, opened, transfer_syntax_of
from quenotte.devices.dicom.texts import UID_LIMIT
from quenotte.devices.dicom.values import Values
from quenotte.kernel.errors import Refusal

# One association carries at most 128 presentation contexts (PS3.8 section 9.3.2.2).
_CONTEXTS_PER_ASSOCIATION = 100
_SUCCESS, _WARNINGS = 0x0000, range(0xB000, 0xC000)
_CONNECT_S = 5
# Result of an A-ASSOCIATE-RJ that may be tried again (PS3.8 table 9-21).
_TRANSIENT = 2
_COPY_BYTES = 1 << 20


class NotDicom(Refusal):
    """A file to send is not a DICOM object."""

    message = messages.NOT_DICOM


class Unreachable(Refusal):
    """Nobody answers, or the connection broke before the answer."""

    message = messages.UNREACHABLE


class Rejected(Refusal):
    """The other side refuses to talk to us."""

    message = messages.REJECTED


class Busy(Refusal):
    """The other side cannot talk to us now; the same request may work in a moment."""

    message = messages.BUSY


@dataclass(frozen=True)
class SendResult:
    """What became of one file. `status` is the DICOM answer, None when none came."""

    path: Path
    status: int | None

    @property
    def is_stored(self) -> bool:
        """Tell whether the other side kept the object."""
        return self.status is not None and (self.status == _SUCCESS or self.status in _WARNINGS)


@dataclass(frozen=True)
class _Parcel:
    """A file to send, and the file with a complete group 2 that is really read."""

    path: Path
    ready: Path
    sop_class_uid: str
    transfer_syntax_uid: str


Progress = Callable[[int, int, SendResult], object]


def send(
    paths: Sequence[Path],
    *,
    host: str,
    port: int,
    calling_ae: str = "QUENOTTE",
    called_ae: str = "QUENOTTE",
    on_progress: Progress | None = None,
) -> list[SendResult]:
    """Send files, in order; return one result per file.

    `on_progress` is told how many are done, how many there are, and the last result.

    Raises: NotDicom before anything is sent, Unreachable, Rejected, Busy.
    """
    results: list[SendResult] = []
    with tempfile.TemporaryDirectory(prefix="quenotte-") as folder:
        parcels = [_prepared(path, Path(folder)) for path in paths]
        for load in _loads(parcels):
            wanted = {(each.sop_class_uid, each.transfer_syntax_uid) for each in load}
            with _association(host, port, calling_ae, called_ae, wanted) as association:
                for parcel in load:
                    results.append(_stored(association, parcel, len(results) + 1))
                    if on_progress is not None:
                        on_progress(len(results), len(parcels), results[-1])
    return results


def echo(
    *, host: str, port: int, calling_ae: str = "QUENOTTE", called_ae: str = "QUENOTTE"
) -> None:
    """Ask whether a DICOM listener is there.

    Raises: Unreachable, Rejected, Busy.
    """
    wanted = {(str(Verification), "1.2.840.10008.1.2")}
    with _association(host, port, calling_ae, called_ae, wanted) as association:
        answer = association.send_c_echo()
        if answer.get("Status") != _SUCCESS:
            raise Unreachable(messages.INTERRUPTED)


class _Caller(AE):
    """An application entity that knows its socket: pynetdicom leaks it when nobody answers."""

    wire: socket.socket | None = None

    def _create_socket(self, *args: Any, **named: Any) -> AssociationSocket:
        connection = super()._create_socket(*args, **named)
        self.wire = connection.socket
        return connection

    def hang_up(self) -> None:
        """Close the socket, whatever became of the association."""
        if self.wire is not None:
            self.wire.close()


@contextlib.contextmanager
def _association(
    host: str, port: int, calling_ae: str, called_ae: str, wanted: set[tuple[str, str]]
) -> Iterator[Association]:
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)
    _config.STORE_SEND_CHUNKED_DATASET = True
    entity = _Caller(ae_title=calling_ae)
    entity.connection_timeout = _CONNECT_S
    entity.acse_timeout = 15
    for sop_class_uid, transfer_syntax_uid in sorted(wanted):
        entity.add_requested_context(sop_class_uid, transfer_syntax_uid)
    try:
        association = _asked(entity, host, port, called_ae)
        try:
            yield association
        finally:
            association.release()
    finally:
        entity.hang_up()


def _asked(entity: _Caller, host: str, port: int, called_ae: str) -> Association:
    """Return an open association.

    Raises: Unreachable, Rejected, Busy.
    """
    if not 0 < port < 1 << 16:
        raise Unreachable
    try:
        association = entity.associate(host, port, ae_title=called_ae)
    except OSError as error:
        # The name of the host is nobody's.
        raise Unreachable from error
    if association.is_rejected:
        answer = association.acceptor.primitive
        raise Busy if answer is not None and answer.result == _TRANSIENT else Rejected
    if not association.is_established:
        raise Unreachable
    return association


def _stored(association: Association, parcel: _Parcel, number: int) -> SendResult:
    try:
        answer = association.send_c_store(parcel.ready, msg_id=(number - 1) % 65535 + 1)
    except ValueError:
        # The other side did not accept this class in this transfer syntax.
        return SendResult(parcel.path, None)
    except RuntimeError as error:
        raise Unreachable(messages.INTERRUPTED) from error
    if "Status" not in answer:
        raise Unreachable(messages.INTERRUPTED)
    return SendResult(parcel.path, int(answer.Status))


def _loads(parcels: Sequence[_Parcel]) -> Iterator[list[_Parcel]]:
    """Yield runs of files that one association can carry."""
    load: list[_Parcel] = []
    kinds: set[tuple[str, str]] = set()
    for parcel in parcels:
        kind = (parcel.sop_class_uid, parcel.transfer_syntax_uid)
        if kind not in kinds and len(kinds) == _CONTEXTS_PER_ASSOCIATION:
            yield load
            load, kinds = [], set()
        load.append(parcel)
        kinds.add(kind)
    if load:
        yield load


def _prepared(path: Path, folder: Path) -> _Parcel:
    try:
        with opened(path) as (dataset, _):
            values = Values(dataset)
            class_uid = values.text("SOPClassUID", UID_LIMIT)
            instance_uid = values.text("SOPInstanceUID", UID_LIMIT)
            syntax_uid = transfer_syntax_of(dataset)
        meta = meta_of(path)
    except Unreadable as error:
        raise NotDicom from error
    if meta.is_complete:
        return _Parcel(path, path, meta.sop_class_uid, meta.transfer_syntax_uid)
    if not class_uid or not instance_uid:
        raise NotDicom
    head = file_head(class_uid, instance_uid, syntax_uid)
    return _Parcel(path, _with_head(path, head, meta, folder), class_uid, syntax_uid)


def _with_head(path: Path, head: bytes, meta: Meta, folder: Path) -> Path:
    """Write a copy whose group 2 is complete; the data set keeps its bytes."""
    copy = folder / f"{len(list(folder.iterdir()))}.dcm"
    with path.open("rb") as source, copy.open("wb") as target:
        source.seek(meta.offset)
        target.write(head)
        while chunk := source.read(_COPY_BYTES):
            target.write(chunk)
    return copy
