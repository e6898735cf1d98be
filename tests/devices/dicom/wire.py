"""A device made of a socket: it says exactly what a test wants, right or wrong.

Source: DICOM PS3.8 section 9.3, PS3.7 sections 9.3.1 and E.1.
"""

import socket
import struct
from types import TracebackType
from typing import Self

INTRAORAL = "1.2.840.10008.5.1.4.1.1.1.3"
EXPLICIT = "1.2.840.10008.1.2.1"


def pdu(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBL", kind, 0, len(body)) + body


def _item(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", kind, 0, len(body)) + body


def associate_request(class_uid: str = INTRAORAL) -> bytes:
    context = struct.pack("4B", 1, 0, 0, 0) + _item(0x30, class_uid.encode())
    context += _item(0x40, EXPLICIT.encode())
    user = _item(0x51, struct.pack(">L", 0)) + _item(0x52, b"1.2.3")
    body = struct.pack(">HH", 1, 0) + b"QUENOTTE".ljust(16) + b"BARE".ljust(16) + bytes(32)
    body += _item(0x10, b"1.2.840.10008.3.1.1.1") + _item(0x20, context) + _item(0x50, user)
    return pdu(1, body)


def _element(element: int, value: bytes) -> bytes:
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HHL", 0, element, len(value)) + value


def store_command(
    *, instance_uid: str = "1.2.3.4", class_uid: str = INTRAORAL, has_data_set: bool = True
) -> bytes:
    body = _element(0x0002, class_uid.encode())
    body += _element(0x0100, struct.pack("<H", 1)) + _element(0x0110, struct.pack("<H", 1))
    body += _element(0x0700, struct.pack("<H", 0))
    body += _element(0x0800, struct.pack("<H", 1 if has_data_set else 0x0101))
    body += _element(0x1000, instance_uid.encode())
    return _element(0x0000, struct.pack("<L", len(body))) + body


def command_fragment(command: bytes, *, is_last: bool = True, context_id: int = 1) -> bytes:
    return _fragment(command, context_id, 1 | (2 if is_last else 0))


def data_fragment(data: bytes, *, is_last: bool, context_id: int = 1) -> bytes:
    return _fragment(data, context_id, 2 if is_last else 0)


def _fragment(data: bytes, context_id: int, control: int) -> bytes:
    return pdu(4, struct.pack(">LBB", len(data) + 2, context_id, control) + data)


class BareDevice:
    """A connection to a listener."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def send(self, content: bytes) -> None:
        self.connection.sendall(content)

    def associate(self) -> None:
        self.send(associate_request())
        kind, _ = self.read_pdu()
        assert kind == 2

    def read_pdu(self) -> tuple[int, bytes]:
        kind, length = struct.unpack(">BxL", self._read(6))
        return kind, self._read(length)

    def status(self) -> int:
        """Return the status of the next answer."""
        kind, body = self.read_pdu()
        assert kind == 4
        at = body.index(struct.pack("<HHL", 0, 0x0900, 2)) + 8
        return struct.unpack("<H", body[at : at + 2])[0]

    def is_cut(self) -> bool:
        """Tell whether the listener aborts or closes, reading whatever comes before."""
        try:
            while self.connection.recv(4096):
                pass
        except TimeoutError:
            return False
        except OSError:
            pass
        return True

    def _read(self, count: int) -> bytes:
        content = b""
        while len(content) < count:
            more = self.connection.recv(count - len(content))
            assert more, "the listener hung up"
            content += more
        return content
