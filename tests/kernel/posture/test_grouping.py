from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.grouping import Finding, Incident, incidents
from quenotte.kernel.posture.storms import Storm
from quenotte.kernel.posture.terms import Cause, Severity
from tests.kernel.posture.samples import DAY, HOUR, NOW

UNPROVEN = Finding(
    "quenottes", "quenottes", "backup_proven", Cause.BACKUP, Severity.CRITICAL, NOW - 3 * DAY
)
LEFT = Finding("quenottes", "quenottes", "medium_left", Cause.BACKUP, Severity.IMPORTANT, NOW - DAY)
LOCK = Finding("quenottes", "poste-1", "screen_locks", Cause.ACCESS, Severity.IMPORTANT, NOW)
OTHER = Finding("molaires", "poste-9", "firewall_on", Cause.FIREWALL, Severity.CRITICAL, NOW - HOUR)


def silent(machine, practice="quenottes"):
    return Finding(practice, machine, "silence", Cause.SILENCE, Severity.IMPORTANT, NOW)


def test_one_incident_for_a_practice_and_a_cause():
    assert incidents([LEFT, LOCK, UNPROVEN, OTHER]) == [
        Incident("quenottes", Cause.BACKUP, Severity.CRITICAL, NOW - 3 * DAY, (UNPROVEN, LEFT)),
        Incident("molaires", Cause.FIREWALL, Severity.CRITICAL, NOW - HOUR, (OTHER,)),
        Incident("quenottes", Cause.ACCESS, Severity.IMPORTANT, NOW, (LOCK,)),
    ]


def test_storm_is_told_once_in_place_of_its_silences():
    blown = [silent(f"poste-{number}", f"cabinet-{number}") for number in range(200)]
    storm = Storm("Orange", NOW - HOUR, frozenset(one.subject for one in blown), 200)
    found = incidents([*blown, silent("poste-x"), LOCK], [storm])
    assert [(one.practice, one.cause) for one in found] == [
        ("", Cause.STORM),
        ("quenottes", Cause.ACCESS),
        ("quenottes", Cause.SILENCE),
    ]
    assert len(found[0].findings) == 200


def test_storm_explains_silences_alone():
    bad = Finding("quenottes", "poste-1", "firewall_on", Cause.FIREWALL, Severity.CRITICAL, NOW)
    found = incidents([bad, silent("poste-1")], [Storm("", NOW, frozenset({"poste-1"}), 1)])
    assert {one.cause for one in found} == {Cause.STORM, Cause.FIREWALL}


FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["x", "y", "z"]),
        st.sampled_from(["r", "s"]),
        st.sampled_from([Cause.SILENCE, Cause.BACKUP, Cause.ACCESS]),
        st.sampled_from(Severity),
        st.integers(0, 99).map(lambda hours: NOW - hours * HOUR),
    ),
    unique=True,
)


@given(FINDINGS, st.frozensets(st.sampled_from(["x", "y", "z"])))
def test_every_finding_is_told_in_one_incident(findings, machines):
    found = incidents(findings, [Storm("", NOW, machines, len(machines))])
    told = [each for one in found for each in one.findings]
    assert sorted(told, key=repr) == sorted(findings, key=repr)
    assert len({(one.practice, one.cause) for one in found}) == len(found)
    weights = [one.severity.weight for one in found]
    assert weights == sorted(weights)


@given(FINDINGS, st.randoms(use_true_random=False))
def test_order_of_findings_changes_nothing(findings, random):
    shuffled = random.sample(findings, len(findings))
    told = [(one.practice, one.cause, one.severity, one.since) for one in incidents(findings)]
    assert told == [
        (one.practice, one.cause, one.severity, one.since) for one in incidents(shuffled)
    ]
