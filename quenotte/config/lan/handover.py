"""Two listeners on one port while the certificate changes: who comes goes to the newer one.

Source: socket(7), SO_ATTACH_REUSEPORT_CBPF; the listeners of a port are counted in the order in
which they came. Linux alone has it; elsewhere the kernel shares out who comes as before.
"""

import contextlib
import ctypes
import os
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_FDS: Final = Path("/proc/self/fd")
#: SO_ATTACH_REUSEPORT_CBPF, which Python does not name.
_ATTACH: Final = 51
#: One instruction: « return 1 » (BPF_RET | BPF_K): the second listener. While there is but one
#: the kernel finds no second and takes the first.
_SECOND: Final = struct.pack("HBBI", 0x06, 0, 0, 1)


def prefer_newest(port: int) -> bool:
    """Have the kernel give connections to the newest listener of this process; tell if it will.

    The older one then only ends what it has accepted, and no connection is in its queue when it
    closes. Once said it holds for every later listener of the port.
    """
    with contextlib.suppress(OSError):
        for listener in _listeners(port):
            program = ctypes.create_string_buffer(_SECOND)
            # struct sock_fprog: how many instructions, where they are.
            where = struct.pack("@HP", 1, ctypes.addressof(program))
            listener.setsockopt(socket.SOL_SOCKET, _ATTACH, where)
            return True
    return False


def _listeners(port: int) -> Iterator[socket.socket]:
    """Yield the sockets of this process that listen on a port; closed again by the next one."""
    if sys.platform != "linux":
        return
    for entry in list(_FDS.iterdir()):
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(int(entry.name))) as found:
            is_listening = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if is_listening and found.getsockname()[1] == port:
                yield found
