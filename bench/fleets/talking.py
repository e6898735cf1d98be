"""Machines that talk to the door over kept connections, in a process of their own.

``python -m bench.fleets.talking PORT FILE KIND SECONDS CONNECTIONS RATE SHARE [SINK]``. KIND:
``report`` or ``beat``. RATE: per second, 0 for as many as are answered. SHARE of the reports, per
cent, tell something new. SINK: a file of what was asked and answered, a line each, written before
and after: the proof of what must be in the database.
"""

import asyncio
import json
import os
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import IO

_FREE, _TOTAL = re.compile(r'"free_mib":\d+'), re.compile(r'"total_mib":\d+')
_SENT = re.compile(r'"sent_at":"[^"]*"')
_AGE = '"age_s":0'


@dataclass
class Talker:
    """A machine: what it says, and what it says next."""

    key: str
    serial: str
    report: str
    beat: str
    free_mib: int = 0

    def body(self, kind: str, random: Random, share: float) -> bytes:
        """Return its next message: facts of another age each time, new ones now and then."""
        if kind == "beat":
            return self.beat.encode()
        if random.random() * 100 < share:
            self.free_mib = random.randrange(20_000, 400_000)
            changed = _FREE.sub(f'"free_mib":{self.free_mib}', self.report)
            # A disk of another size: room alone moves by itself, and its history has no line of it.
            self.report = _TOTAL.sub(f'"total_mib":{self.free_mib + 80_000}', changed)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        aged = self.report.replace(_AGE, f'"age_s":{random.randrange(300)}')
        return _SENT.sub(f'"sent_at":"{now}"', aged).encode()


@dataclass
class Tally:
    """What came of it."""

    answered: int = 0
    refused: int = 0
    cut: int = 0
    waits_ms: list[float] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)


def _message(talker: Talker, body: bytes) -> bytes:
    head = (
        "POST /agents/station/report HTTP/1.1\r\nHost: door\r\n"
        f"Authorization: Bearer {talker.key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    body = await reader.readexactly(int(length.group(1))) if length else b""
    return int(head.split(b" ", 2)[1]), body


class Crowd:
    """Connections that share the machines between them."""

    def __init__(self, talkers: list[Talker], kind: str, rate: float, share: float) -> None:
        self.tally = Tally()
        self._talkers, self._kind, self._rate, self._share = talkers, kind, rate, share
        self._next = 0
        self._begun = time.monotonic()

    async def run(self, port: int, seconds: float, connections: int, sink: IO[str]) -> None:
        """Talk for so long, then hang up."""
        self._begun = time.monotonic()
        until = self._begun + seconds
        lines = [self._line(port, until, seed, connections, sink) for seed in range(connections)]
        await asyncio.gather(*lines)

    async def _line(self, port: int, until: float, seed: int, step: int, sink: IO[str]) -> None:
        random, place = Random(seed), seed
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while time.monotonic() < until:
                await self._wait()
                talker = self._talkers[place % len(self._talkers)]
                place += step
                body = talker.body(self._kind, random, self._share)
                sink.write(f"asked {talker.serial} {talker.free_mib}\n")
                begun = time.perf_counter()
                writer.write(_message(talker, body))
                status, told = await _answer(reader)
                self._note(status, told, begun)
                if status == 200 and b'"accepted"' in told:
                    sink.write(f"kept {talker.serial} {talker.free_mib}\n")
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            self.tally.cut += 1

    async def _wait(self) -> None:
        """Keep the pace of the whole crowd."""
        if not self._rate:
            return
        self._next += 1
        due = self._begun + self._next / self._rate
        if (rest := due - time.monotonic()) > 0:
            await asyncio.sleep(rest)

    def _note(self, status: int, told: bytes, begun: float) -> None:
        tally = self.tally
        tally.waits_ms.append((time.perf_counter() - begun) * 1000)
        code = json.loads(told)["answer"] if status == 200 else str(status)
        tally.codes[code] = tally.codes.get(code, 0) + 1
        tally.answered += status == 200
        tally.refused += status != 200


def main(
    port: int, path: Path, kind: str, seconds: float, connections: int, rate: float, share: float,
    sink: IO[str],
) -> None:  # fmt: skip
    """Talk, and print one JSON object last."""
    talkers = [Talker(**json.loads(line)) for line in path.open()]
    crowd = Crowd(talkers, kind, rate, share)
    begun = time.monotonic()
    asyncio.run(crowd.run(port, seconds, connections, sink))
    tally = crowd.tally
    waits = sorted(tally.waits_ms) or [0.0]
    print(
        json.dumps(
            {
                "answered": tally.answered,
                "refused": tally.refused,
                "cut": tally.cut,
                "codes": tally.codes,
                "seconds": round(time.monotonic() - begun, 2),
                "p50_ms": round(waits[len(waits) // 2], 1),
                "p99_ms": round(waits[int(len(waits) * 0.99)], 1),
            }
        )
    )


if __name__ == "__main__":
    words = sys.argv[1:]
    with Path(words[7] if len(words) > 7 else os.devnull).open("w", buffering=1) as opened:
        main(
            int(words[0]), Path(words[1]), words[2], float(words[3]), int(words[4]),
            float(words[5]), float(words[6]), opened,
        )  # fmt: skip
