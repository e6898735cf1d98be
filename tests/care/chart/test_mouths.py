"""Any sequence of findings, withdrawals, undoings and redoings comes to a legal mouth."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from quenotte.care.chart.rules import Finding, Kind, Presence, Status
from quenotte.care.chart.rules.checks import NotChartable, Stranded, checked, refuse_stranded
from quenotte.care.chart.rules.findings import PRESENCE_OF, SPANS, WORKS, finding_of
from quenotte.care.chart.rules.histories import Entry, What, history
from quenotte.care.chart.rules.mouths import chart_from, chart_of, mouth_of, plain
from quenotte.care.chart.rules.places import between
from quenotte.kernel.teeth import is_primary, successor

#: The more costly ones; the legal mouth is looked for in more of them.
FEW = settings(max_examples=40)
FIRST, TODAY = date(2006, 5, 2), date(2026, 3, 17)
GONE = {Presence.MISSING, Presence.AGENESIS}
IN_MOUTH = {Presence.PRESENT, Presence.ROOT, Presence.IMPLANT}

#: Few teeth, so that things meet: those of a bridge, and a primary tooth below one of them.
teeth = st.sampled_from([14, 15, 16, 15, 55])
#: What says whether a tooth is there comes often, for it is what makes the rest impossible.
kinds = st.sampled_from(
    [*Kind, *(3 * [Kind.BRIDGE, Kind.IMPLANT, Kind.CROWN]), Kind.PROSTHESIS, *PRESENCE_OF]
)
statuses = st.sampled_from([*Status, Status.EXISTING, Status.EXISTING, Status.DONE])
days = st.integers(0, 7000).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def findings(draw):
    kind, status = draw(kinds), draw(statuses)
    if kind is Kind.BRIDGE:
        first, last = draw(st.sampled_from([(16, 14), (16, 14), (15, 13), (14, 21)]))
        row = between(first, last)
        found = Finding(kind, row, status=status, pontics=row[1:-1])
    elif kind is Kind.PROSTHESIS:
        found = Finding(kind, (16, 15), status=status)
    else:
        surfaces = draw(st.sampled_from(["", "M", "D", "V", "MD"]))
        icdas = draw(st.sampled_from([None, 0, 3])) if kind is Kind.CARIES else None
        found = Finding(kind, (draw(teeth),), surfaces, status, icdas=icdas)
    try:
        return checked([found])[0]
    except NotChartable:
        return replace(found, surfaces="", status=Status.EXISTING)


#: What is typed on the chart, and what a plan or a visit charts there: each alone undoes its own.
ELSEWHERE = ["plan-line:1", "plan-line:2", "visit-act:1"]
sources = st.sampled_from(ELSEWHERE)
finding = st.tuples(
    st.just("find"),
    st.tuples(findings(), st.sampled_from(["", "entry:1", "", "entry:2", *ELSEWHERE])),
    days,
)
actions = st.lists(
    st.one_of(
        *(5 * [finding]),
        st.tuples(st.just("withdraw"), st.integers(0, 20), days),
        st.tuples(st.just("withdraw"), sources, days),
        st.tuples(st.sampled_from(["undo", "redo"]), st.none(), days),
    ),
    min_size=4,
    max_size=25,
)


def told(actions):
    """Return the trail that these actions leave; what has nothing to act upon leaves nothing."""
    entries: list[Entry] = []
    for what, value, day in actions:
        number = len(entries) + 1
        now, base = history(entries), Entry(number, f"k{number}", f"s{number}", What(what), day)
        if what == "find":
            found, source = value
            entries.append(replace(base, finding=found, source=source))
        elif what == "withdraw" and value in ELSEWHERE:
            entries.append(replace(base, source=value))
        elif what == "withdraw":
            entries.append(replace(base, target=f"k{value}"))
        elif target := getattr(now, what):
            entries.append(replace(base, target=target))
    return entries


def mouth(entries, day=TODAY, born_on=date(2000, 1, 1)):
    return mouth_of(chart_of(history(entries), day), born_on, day)


def problems(mouth):
    """Return what no mouth can be."""
    shown = {tooth.fdi: tooth for tooth in mouth.teeth}
    assert len(shown) == len(mouth.teeth)
    for tooth in mouth.teeth:
        own = [mark.finding for mark in tooth.marks if mark.finding.kind not in SPANS]
        yield from (f"{tooth.fdi} {one.kind}" for one in own if not fits(tooth.presence, one, own))
        later = shown.get(successor(tooth.fdi)) if is_primary(tooth.fdi) else None
        is_doubled = later and later.presence in IN_MOUTH and tooth.presence in IN_MOUTH
        if is_doubled and not tooth.is_retained:
            yield f"{tooth.fdi} and its successor"
    for span in (mark.finding for mark in mouth.spans if not mark.finding.is_intended):
        for fdi in span.teeth:
            presence = shown[fdi].presence
            if span.kind is Kind.BRIDGE and fdi in span.pillars:
                is_right = presence in {Presence.PRESENT, Presence.IMPLANT}
            else:
                is_right = presence is not Presence.PRESENT
            if not is_right:
                yield f"{fdi} under {span.kind}"


def fits(presence, finding, own):
    if finding.kind is Kind.SUPERNUMERARY:
        return True
    if finding.kind is Kind.IMPLANT:
        return finding.is_intended or presence is Presence.IMPLANT
    if presence in GONE:
        planned = any(one.kind is Kind.IMPLANT for one in own)
        return (
            finding.is_intended
            and finding.kind in {Kind.CROWN, Kind.REMOVAL}
            and (planned or finding.kind is Kind.REMOVAL)
        )
    if presence is Presence.IMPACTED:
        return finding.kind not in WORKS - {Kind.EXTRACTION, Kind.REMOVAL}
    return presence is not Presence.IMPLANT or finding.kind not in {Kind.FILLING, Kind.CARIES}


@given(actions, days)
def test_every_mouth_is_legal_on_every_day(actions, day):
    entries = told(actions)
    assert list(problems(mouth(entries))) == []
    assert list(problems(mouth(entries, day))) == []


@FEW
@given(actions)
def test_what_is_kept_is_what_is_told_again(actions):
    chart = chart_of(history(told(actions)))
    again = chart_from(plain(chart))
    assert again == chart
    assert mouth_of(again, FIRST, TODAY) == mouth_of(chart, FIRST, TODAY)


@FEW
@given(actions)
def test_undo_then_redo_changes_nothing(actions):
    entries = told(actions)
    before = mouth(entries)
    if not before.undo:
        return
    number = len(entries) + 1
    undone = [*entries, Entry(number, "u", "u", What.UNDO, TODAY, target=before.undo)]
    assert mouth(undone).redo == before.undo
    again = [*undone, Entry(number + 1, "r", "r", What.REDO, TODAY, target=before.undo)]
    after = mouth(again)
    assert replace(after, redo=before.redo, top=before.top) == before
    assert after.top == before.undo


def is_stranded(entries, event):
    """Tell whether a step back or forward contradicts what was charted since."""
    told = history(entries)
    known = {one.mark.key for one in chart_of(told).standing.aside}
    after = chart_of(history([*entries, event])).standing
    try:
        refuse_stranded(after.aside, known, {act.entry.key for act in told.acts})
    except Stranded:
        return True
    return False


@FEW
@given(actions, st.sampled_from(["undo", "redo"]))
def test_step_that_is_not_stranded_sets_nothing_aside_that_stood(actions, what):
    entries = told(actions)
    now, number = history(entries), len(entries) + 1
    target = getattr(now, what)
    if not target or not getattr(now, f"{what}_passes"):
        return
    event = Entry(number, "u", "u", What(what), TODAY, target=target)
    if is_stranded(entries, event):
        return
    assert list(problems(mouth([*entries, event]))) == []
    stood = set(chart_of(now).standing.marks)
    after = chart_of(history([*entries, event])).standing
    assert not stood & {one.mark.key for one in after.aside if not one.is_moot}


@FEW
@given(actions)
def test_undo_and_redo_leave_alone_what_plans_and_visits_made(actions):
    entries = told(actions)
    own = {one.step for one in entries if one.source not in ELSEWHERE}
    now = history(entries)
    assert {now.undo, now.redo} <= own | {""}


@FEW
@given(actions)
def test_undoing_all_leaves_what_plans_and_visits_said_alone(actions):
    entries = told(actions)
    theirs = [one for one in entries if one.source in ELSEWHERE]
    while target := history(entries).undo:
        number = len(entries) + 1
        entries.append(Entry(number, f"k{number}", f"s{number}", What.UNDO, TODAY, target=target))
        assert list(problems(mouth(entries))) == []
    assert mouth(entries).teeth == mouth(theirs).teeth


@given(findings())
def test_finding_as_it_is_kept(finding):
    assert finding_of(finding.plain()) == finding
