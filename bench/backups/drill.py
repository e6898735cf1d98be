"""A ransomware, played: ``quenotte drill ransomware --json`` as somebody would type it.

``drill_lost`` are acknowledged writes older than a minute at the attack (three deliveries of the
journal in the small form) that did not come back; ``rpo_s`` is the age of the oldest that did not.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: What the drill tells, and how the table calls it.
_KEYS = {
    "rpo_s": "rpo_s",
    "lost_acknowledged": "drill_lost",
    "rto_agenda_s": "drill_agenda_s",
    "rto_full_s": "drill_full_s",
    "detected_s": "drill_detected_s",
    "vault_objects_altered": "drill_vault_altered",
    "false_alarms": "drill_false_alarms",
}


def measure(_folder: Path, *, small: bool) -> dict[str, Any]:
    """Return the figures of one drill.

    Raises: subprocess.CalledProcessError when the practice did not come back as it must.
    """
    words = [sys.executable, "-m", "quenotte", "drill", "ransomware", "--json"]
    words += ["--small"] if small else []
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return {name: told[key] for key, name in _KEYS.items()}
