"""How much of the door one client may take, and for how long."""

from dataclasses import dataclass

from quenotte.config.agents.exchange import MOST_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a listening door; times in seconds, sizes in bytes."""

    #: Open connections. When there are so many, the one that is idle longest gives way; where none
    #: is, who comes is told to come again.
    connections: int = 2_048
    #: As many of one address, unless it is that of a server in front.
    connections_each: int = 128
    #: Whoever has not said a whole request by then, in seconds, gives way as the idle do.
    gives_way_s: float = 5.0
    #: The request line and the headers together; what frames the chunks of a body, and trailers,
    #: may be as long as the body besides.
    head_bytes: int = 32 << 10
    headers: int = 100
    body_bytes: int = MOST_BYTES
    #: All bodies that are being told or answered, of all connections together.
    told_bytes: int = 256 << 20
    #: From the first byte of a request to the last of its headers, and to that of its body.
    head_s: float = 15.0
    body_s: float = 30.0
    #: How long an answer may take: past it the database hangs, and the agent comes again.
    answer_s: float = 60.0
    #: How long a connection without a request stays open.
    idle_s: float = 75.0
    #: How long those that wait for their answer are waited for when the door closes.
    close_s: float = 10.0
    #: How often clocks are looked at: one timer for all, for a heartbeat must not cost one.
    tick_s: float = 1.0
