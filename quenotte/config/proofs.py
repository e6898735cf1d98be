"""``quenotte audit verify`` and ``quenotte files verify``: what is whole, what is not."""

import json

from quenotte.config import console
from quenotte.config.words import _
from quenotte.kernel.errors import Refusal


def verify_journal() -> int:
    """Follow the whole journal, name each fault; return the exit code."""
    _set_up()
    from quenotte.base.audit import operations as audit

    report = audit.verify()
    for finding in report.findings:
        console.say(str(finding))
    if report.is_sound:
        console.say(_("Journal entier : {count} lignes vérifiées.").format(count=report.lines))
        return 0
    console.say(
        _(
            "Journal abîmé : {faults} anomalies sur {count} lignes. Conservez tout en l’état."
        ).format(faults=report.count, count=report.lines)
    )
    return 1


def verify_files() -> int:
    """Read each blob again, name what is wrong; return the exit code."""
    _set_up()
    from quenotte.base.files.verification import Report, Trouble, verify

    words = {
        Trouble.MISSING: _("Manquant : {sha256}"),
        Trouble.ALTERED: _("Modifié : {sha256}"),
        Trouble.ORPHAN: _("Sans ligne : {sha256}"),
    }
    report: Report = verify(_tell_hundreds)
    for finding in report.findings:
        console.say(words[finding.trouble].format(sha256=finding.sha256))
    size = f"{report.size_bytes / 1e9:.2f}".replace(".", ",")
    totals = {"count": report.blobs, "size": size}
    if report.is_sound:
        console.say(_("Fichiers entiers : {count} vérifiés, {size} Go.").format(**totals))
        if report.findings:
            console.say(_("« quenotte files reindex » rend une ligne à ceux qui n’en ont pas."))
        return 0
    console.say(_("Des fichiers manquent ou ont changé : restaurez-les depuis une sauvegarde."))
    return 1


def count_files(*, as_json: bool) -> int:
    """Say how many files are missing or cut short, reading none; return the exit code."""
    _set_up()
    from quenotte.base.files.operations import presence
    from quenotte.config.backups import readiness

    try:
        readiness.check_there()
    except Refusal as refusal:
        console.complain(str(refusal))
        return 1
    found = presence()
    words = _("Fichiers là et entiers par leur longueur : {here} sur {count}.")
    if as_json:
        console.say(json.dumps({"files": found.total, "absent": found.absent}))
    else:
        console.say(words.format(here=found.total - found.absent, count=found.total))
    return 1 if found.absent else 0


def reindex_files() -> int:
    """Give a row to whole blobs that have none; return the exit code."""
    _set_up()
    from quenotte.base.files.operations import reindex

    console.say(_("Fichiers retrouvés : {count}.").format(count=reindex()))
    return 0


def _tell_hundreds(done: int, total: int) -> None:
    if done % 1000 == 0:
        console.progress(_("Vérification des fichiers"), done / total)


def _set_up() -> None:
    import django

    django.setup()
