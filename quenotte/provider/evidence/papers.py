"""The dossier on paper: set from what is sealed and from nothing else, in black ink."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.devices.paper.typesetting import Standard, typeset
from quenotte.kernel.dates import day_and_clock
from quenotte.kernel.memento import canonical, showing
from quenotte.kernel.memento.dossiers import digest_of
from quenotte.provider.evidence.wording import TOGETHER
from quenotte.provider.fleet import queries as fleet

_TEMPLATE: Final = "provider/paper/evidence.typ"
_BAD, _UNKNOWN, _OK = "bad", "unknown", "ok"
#: Machines named one by one under a rule; the attached file has all of them.
_MOST: Final = 12
#: The same in the list of what is to be mended.
_FEW: Final = 4
_Told = Mapping[str, Any]


def pdf_of(written: bytes) -> bytes:
    """Return the PDF/A-3b of the file of a dossier, which is inside it, byte for byte.

    The same file gives the same paper: nothing else is looked at. Raises: CannotTypeset.
    """
    content: _Told = canonical.read(written)
    made_at = datetime.fromisoformat(content["made_at"])
    data = sheet_of(content) | {"attached": written.decode(), "attached_name": json_name(content)}
    return typeset(_TEMPLATE, data, made_at=made_at, standard=Standard.WITH_FILES)


def json_name(content: _Told) -> str:
    """Return what the file of a dossier is called."""
    return file_name(content["practice"]["name"], content["number"], "json")


def file_name(practice: str, number: int, kind: str) -> str:
    """Return what a file of a dossier is called: « preuves-cabinet-des-lilas-n003.json »."""
    return f"preuves-{slugify(practice) or 'cabinet'}-n{number:03}.{kind}"


def sheet_of(content: _Told) -> dict[str, Any]:
    """Return what the paper says, as texts, by the clock of the practice."""
    with timezone.override(ZoneInfo(_zone(content))):
        return _sheet_of(content)


def _zone(content: _Told) -> str:
    return str(content["practice"].get("time_zone", "Europe/Paris"))


def _sheet_of(content: _Told) -> dict[str, Any]:
    practice, digest = content["practice"], digest_of(content)
    place = f"{practice['postcode']} {practice['town']}".strip()
    number = _("n° %(number)s") % {"number": content["number"]}
    return {
        "title": _("Dossier de preuves"),
        "subtitle": _("Sécurité informatique du cabinet dentaire"),
        "practice": practice["name"],
        "place": place,
        "number": number,
        "made": _("Établi le %(at)s (heure de %(zone)s)")
        % {"at": _at(content["made_at"]), "zone": _zone(content).rsplit("/")[-1].replace("_", " ")},
        "author": f"{content['made_by']}, {content['provider']}",
        "digest_label": _("Empreinte SHA-256 de ce dossier"),
        "digest": digest,
        "previous_label": _("Empreinte du dossier précédent"),
        "previous": content["previous"] or _("aucun : c’est le premier"),
        "legend": _legend(),
        "counts": _counts(content),
        "bad_title": _("Ce qui est à traiter"),
        "bad": _bad(content),
        "bad_none": _("Rien de ce qui est connu n’est à traiter."),
        "themes": [_theme(content, theme) for theme in content["themes"]],
        "machines_title": _("Machines regardées"),
        "machines_columns": [_("Machine"), _("Système"), _("Entendue pour la dernière fois")],
        "machines": _machines(content),
        "machines_none": _("Aucune machine de ce cabinet n’est inscrite."),
        "signatures_title": _("Signatures"),
        "signatures_note": _(
            "Elles attestent que ce dossier a été lu. Les réponses du prestataire ont été signées "
            "une à une par son compte ; celles du cabinet ont été recueillies par le prestataire : "
            "le cabinet les fait siennes en signant ici."
        ),
        "signatures": [_("Pour le cabinet : nom, qualité, date"), _("Pour le prestataire")],
        "how_title": _("Vérifier ce dossier"),
        "how": _how(content),
        "foot": f"{practice['name']} · {_('dossier de preuves')} {number} · {_day(content)}",
    }


def _legend() -> list[list[str]]:
    return [
        [_OK, _("bon"), _("mesuré ou signé, et conforme à la date du dossier")],
        [_BAD, _("à traiter"), _("mesuré non conforme, ou répondu « non »")],
        [_UNKNOWN, _("inconnu"), _("ni mesuré ni répondu, ou trop ancien ; jamais compté bon")],
    ]


def _counts(content: _Told) -> dict[str, Any]:
    rows = [
        [content["words"][f"theme.{theme['key']}"], *_three(theme["counts"])]
        for theme in content["themes"]
    ]
    return {
        "columns": [_("Thème"), _("Bon"), _("À traiter"), _("Inconnu")],
        "rows": rows,
        "total": [_("Ensemble"), *_three(content["counts"])],
    }


def _three(counts: _Told) -> list[str]:
    return [str(counts[state]) for state in (_OK, _BAD, _UNKNOWN)]


def _bad(content: _Told) -> list[list[str]]:
    """Return each item that is bad, with the sentences that say so."""
    found = []
    for theme in content["themes"]:
        for item in theme["items"]:
            if item["state"] == _BAD:
                title = content["words"][f"item.{item['key']}"]
                found.append([title, " ; ".join(_why_bad(content, item))])
    return found


def _why_bad(content: _Told, item: _Told) -> Iterator[str]:
    for rule in item["measured"]:
        if rule["state"] == _BAD:
            yield _count_of(content, rule)
    if item["asked"] and item["asked"]["state"] == _BAD:
        yield content["words"][f"reason.{item['asked']['reason']}"]


def _count_of(content: _Told, rule: _Told) -> str:
    """Return a rule that is bad in a few words: what is bad, and on which machines."""
    bad = [one for one in rule["measures"] if one["state"] == _BAD]
    subjects = [one["subject"] for one in bad if one["subject"]]
    if not subjects:
        return str(bad[0]["words"])
    said = dict.fromkeys(one["words"] for one in bad)
    words = next(iter(said)) if len(said) == 1 else content["words"][f"rule.{rule['rule']}"]
    named = [*subjects[:_FEW], *([_more(len(subjects) - _FEW)] if len(subjects) > _FEW else [])]
    return f"{words} ({', '.join(named)})"


def _theme(content: _Told, theme: _Told) -> dict[str, Any]:
    return {
        "title": content["words"][f"theme.{theme['key']}"],
        "items": [_item(content, item) for item in theme["items"]],
    }


def _item(content: _Told, item: _Told) -> dict[str, Any]:
    words = content["words"]
    return {
        "state": item["state"],
        "state_words": words[f"state.{item['state']}"],
        "title": words[f"item.{item['key']}"],
        # The line of the answer says it where nothing is measured.
        "reason": words[f"reason.{item['reason']}"] if _is_told_apart(item) else "",
        "rules": [_rule(content, rule) for rule in item["measured"]],
        "asked": _asked(content, item) if item["asked"] else None,
    }


def _is_told_apart(item: _Told) -> bool:
    return bool(item["measured"]) and item["reason"] not in {"ok", "measured_bad"}


def _rule(content: _Told, rule: _Told) -> dict[str, Any]:
    return {
        "title": content["words"][f"rule.{rule['rule']}"],
        "summary": _summary(content, rule),
        "lines": list(_lines(content, rule)),
    }


def _summary(content: _Told, rule: _Told) -> str:
    """Return how many are well, bad and unknown, and where and when that was read."""
    measures = rule["measures"]
    if not measures:
        return str(content["words"]["reason.nobody_measured"])
    if not measures[0]["subject"]:
        told = str(content["words"][f"state.{rule['state']}"])
        if rule["state"] == _OK and measures[0]["words"]:
            told = f"{told} : {measures[0]['words']}"
    else:
        told = ", ".join(_each(content, rule))
    return " ; ".join(filter(None, (told, _read(content, measures))))


def _each(content: _Told, rule: _Told) -> Iterator[str]:
    for state in (_BAD, _UNKNOWN, _OK):
        if count := rule["counts"][state]:
            words = ngettext(
                "%(state)s : %(count)s machine", "%(state)s : %(count)s machines", count
            )
            yield words % {"state": content["words"][f"state.{state}"], "count": count}


def _read(content: _Told, measures: Iterable[_Told]) -> str:
    """Return by whom and when the facts of a rule were read."""
    facts = [fact for one in measures for fact in one["evidence"]]
    if not facts:
        return ""
    sources = sorted({content["words"][f"source.{fact['source']}"] for fact in facts})
    first, last = (pick(fact["at"] for fact in facts) for pick in (min, max))
    if _at(first) == _at(last):
        when = _("le %(at)s") % {"at": _at(last)}
    else:
        when = _("du %(first)s au %(last)s") % {"first": _at(first), "last": _at(last)}
    return _("lu par %(sources)s, %(when)s") % {"sources": ", ".join(sources), "when": when}


def _lines(content: _Told, rule: _Told) -> Iterator[list[str]]:
    """Yield what is bad one by one, with its evidence; then what is unknown, by its reason."""
    bad = [one for one in rule["measures"] if one["state"] == _BAD]
    for one in bad[:_MOST]:
        yield [_said(one), " · ".join(filter(None, (_evidence(one), _borne(one))))]
    if len(bad) > _MOST:
        yield [_more(len(bad) - _MOST), ""]
    yield from _alike(rule["measures"], _UNKNOWN)
    # Of what is good, the words alone that say more than that: on what was agreed it rests.
    yield from _alike((one for one in rule["measures"] if TOGETHER in one["words"]), _OK)
    for one in rule["measures"]:
        for other in one["dissent"]:
            yield [_dissent(content, one, other), ""]


def _said(one: _Told) -> str:
    return f"{one['subject']} : {one['words']}" if one["subject"] else str(one["words"])


def _borne(one: _Told) -> str:
    """Return why what is bad is borne, by whom and until when; "" when it is not."""
    borne = one.get("borne")
    if borne is None:
        return ""
    return _("assumé jusqu’au %(day)s par %(by)s : « %(why)s »") % {
        "day": _date(borne["ends_at"]),
        "by": borne["by"],
        "why": borne["why"],
    }


def _alike(measures: Iterable[_Told], state: str) -> Iterator[list[str]]:
    """Yield the machines in one state, those of which the same is said together."""
    by_reason: dict[str, list[str]] = {}
    for one in measures:
        if one["state"] == state:
            by_reason.setdefault(one["words"], []).append(one["subject"])
    for words, subjects in by_reason.items():
        named = [one for one in subjects if one][:_MOST]
        more = [_more(len(subjects) - _MOST)] if len(subjects) > _MOST else []
        yield [" : ".join(filter(None, (", ".join([*named, *more]), words))), ""]


def _more(count: int) -> str:
    words = ngettext("%(count)s autre (fichier joint)", "%(count)s autres (fichier joint)", count)
    return words % {"count": count}


def _dissent(content: _Told, one: _Told, other: _Told) -> str:
    words = content["words"]
    return _("%(subject)s : %(source)s dit autre chose (%(state)s, %(at)s)") % {
        "subject": one["subject"],
        "source": words[f"source.{other['source']}"],
        "state": words[f"state.{other['state']}"],
        "at": _at(other["at"]),
    }


def _evidence(one: _Told) -> str:
    return " · ".join(filter(None, map(_fact, one["evidence"])))


def _fact(fact: _Told) -> str:
    """Return a fact in a few words; one whose value is not told is left out."""
    value = fact["value"]
    if isinstance(value, dict) or (value is None and fact["unknown"] is None):
        return ""
    told = fleet.told({**fact, "value": _in_order(fact["key"], value)})
    words = ", ".join(told.rows) if told.rows else told.words
    return f"{told.label} : {words} ({told.source}, {_at(fact['at'])})"


def _in_order(key: str, value: Any) -> Any:
    """Return rows with their fields as people read them; a sealed file has them by name."""
    if not isinstance(value, list):
        return value
    fields = showing.FIELDS.get(key, ())
    return [{name: row[name] for name in fields if name in row} for row in value]


def _asked(content: _Told, item: _Told) -> dict[str, str]:
    words, asked = content["words"], item["asked"]
    return {
        "question": words[f"question.{item['key']}"],
        "answer": _answer(content, asked),
        "note": (asked["answer"] or {}).get("note", ""),
    }


def _answer(content: _Told, asked: _Told) -> str:
    answer = asked["answer"]
    if answer is None:
        return _("Personne n’a répondu.")
    told = _("%(given)s : %(signer)s, %(quality)s, le %(day)s") % {
        "given": content["words"][f"given.{answer['given']}"],
        "signer": answer["signer"],
        "quality": answer["quality"],
        "day": _date(answer["signed_at"]),
    }
    if answer.get("attested") == "collected":
        words = _("(réponse recueillie par %(name)s, non signée par le cabinet)")
        told += " " + words % {"name": answer["taken_by"]}
    elif answer["taken_by"] != answer["signer"]:
        told += " " + _("(recueilli par %(name)s)") % {"name": answer["taken_by"]}
    return told + " ; " + _validity(asked)


def _validity(asked: _Told) -> str:
    day = _date(asked["answer"]["expires_at"])
    if asked["reason"] == "expired":
        return _("n’est plus valable depuis le %(day)s") % {"day": day}
    return _("valable jusqu’au %(day)s") % {"day": day}


def _machines(content: _Told) -> list[list[str]]:
    return [
        [
            one["name"],
            one["system"] or "—",
            _at(one["heard_at"]) if one["heard_at"] else _("jamais"),
        ]
        for one in content["machines"]
    ]


def _how(content: _Told) -> list[str]:
    return [
        _(
            "Les faits, leurs sources et leurs heures sont dans le fichier « %(name)s », joint à "
            "ce PDF et remis avec lui. Ce qui est lu d’une machine s’arrête à une liste fermée : "
            "aucun patient, aucun nom d’utilisateur, aucun nom de fichier."
        )
        % {"name": json_name(content)},
        _(
            "L’empreinte est celle (SHA-256) du JSON canonique (RFC 8785) de ce fichier sans son "
            "champ « hash ». Chaque dossier porte l’empreinte du précédent : en changer un, en "
            "ôter un ou en glisser un rompt la chaîne."
        ),
        _(
            "Le logiciel libre Quenotte vérifie une suite de fichiers, sans compte ni base de "
            "données : quenotte provider verify-evidence FICHIER.json …"
        ),
        _(
            "Du dernier dossier d’une suite, rien ne répond après lui : comparez son empreinte à "
            "celle de ce papier, ou à celle que le prestataire a inscrite à son journal."
        ),
    ]


def _day(content: _Told) -> str:
    return _date(content["made_at"])


def _date(text: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(text)), "d/m/Y")


def _at(text: str) -> str:
    return day_and_clock(timezone.localtime(datetime.fromisoformat(text)))
