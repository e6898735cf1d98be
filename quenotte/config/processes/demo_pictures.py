"""Sends the demo's radiographs through the practice's own DICOM door, once it is open."""

import os
import sys
import time

from quenotte.config import console, ports


def main(host: str, port: int) -> None:
    """Send what has not arrived yet; say how far it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    import django

    django.setup()
    from quenotte.config.demo import pictures

    deadline = time.monotonic() + 30
    while not ports.answers(host, port) and time.monotonic() < deadline:
        time.sleep(0.2)
    said = -1

    def progress(sentence: str, share: float) -> None:
        nonlocal said
        if int(share * 10) != said:
            said = int(share * 10)
            console.progress(sentence, share)

    pictures.send(host=host, port=port, progress=progress)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
