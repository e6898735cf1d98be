"""Paths, values, indices, comparison and the help for the 2018 classes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quenotte.care.perio.rules import comparing, indices, mouths, paths, readings, staging
from quenotte.care.perio.rules.mouths import SITES, TEETH, Face, Presence
from quenotte.care.perio.rules.readings import Change, Charting, SiteReading, ToothReading

teeth = st.frozensets(st.sampled_from(sorted(TEETH)))
readings_of_sites = st.builds(
    SiteReading,
    depth=st.none() | st.integers(0, 15),
    recession=st.none() | st.integers(-9, 15),
    bleeding=st.booleans(),
    plaque=st.booleans(),
)
places = st.tuples(st.sampled_from(sorted(TEETH)), st.sampled_from(SITES))
chartings = st.builds(
    Charting,
    teeth=st.dictionaries(
        st.sampled_from(sorted(TEETH)),
        st.builds(ToothReading, presence=st.sampled_from(list(Presence))),
        max_size=12,
    ),
    sites=st.dictionaries(places, readings_of_sites, max_size=40),
)


@given(st.sampled_from(list(paths.Order)), st.booleans(), teeth)
def test_path_covers_every_site_of_every_tooth_once(order, lower_first, there):
    walked = paths.path(order, lower_first=lower_first, teeth=there)
    assert len(walked) == len(set(walked)) == 6 * len(there)
    assert set(walked) == {(tooth, site) for tooth in there for site in SITES}


def test_usual_path_goes_out_outside_and_comes_back_inside():
    walked = paths.path(paths.USUAL, lower_first=False, teeth=TEETH)
    assert walked[:4] == [(18, "DV"), (18, "V"), (18, "MV"), (17, "DV")]
    assert walked[47:50] == [(28, "DV"), (28, "DL"), (28, "L")]
    assert walked[95:97] == [(18, "DL"), (48, "DV")]
    assert walked[-1] == (48, "DL")


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        (paths.Order.SAME_WAY, [(12, "DV"), (12, "V"), (12, "MV"), (11, "DV")], (11, "ML")),
        (paths.Order.LINGUAL_LOOP, [(12, "DL"), (12, "L"), (12, "ML"), (11, "DL")], (12, "DV")),
        (paths.Order.BY_TOOTH, [(12, "DV"), (12, "V"), (12, "MV"), (12, "DL")], (11, "ML")),
    ],
)
def test_other_paths(order, first, last):
    walked = paths.path(order, lower_first=False, teeth=[11, 12])
    assert (walked[:4], walked[-1]) == (first, last)


def test_path_may_begin_below_and_furcations_have_their_own():
    assert paths.path(paths.USUAL, lower_first=True, teeth=TEETH)[0] == (48, "DV")
    assert paths.entrances(lower_first=False, teeth=[11, 16, 24, 36]) == [
        (16, "V"), (16, "M"), (16, "D"), (24, "M"), (24, "D"), (36, "V"), (36, "L"),
    ]  # fmt: skip


def test_mouth_knows_its_faces_and_neighbours():
    assert mouths.on_screen(16, Face.VESTIBULAR) == ("DV", "V", "MV")
    assert mouths.on_screen(26, Face.LINGUAL) == ("ML", "L", "DL")
    assert (mouths.face_of("DL"), mouths.is_upper(28), mouths.is_upper(38)) == ("L", True, False)
    assert mouths.are_neighbours(11, 21)
    assert not mouths.are_neighbours(11, 13)
    assert not mouths.are_neighbours(18, 48)


@given(readings_of_sites)
def test_attachment_is_the_sum_or_unknown(reading):
    if reading.depth is None or reading.recession is None:
        assert reading.attachment is None
    else:
        assert reading.attachment == reading.depth + reading.recession


@pytest.mark.parametrize(
    ("raw", "is_read"),
    [
        ({"tooth": 16, "site": "MV", "field": "depth", "value": 3}, True),
        ({"tooth": 16, "field": "mobility", "value": None}, True),
        ({"tooth": 16, "site": "D", "field": "furcation", "value": 2}, True),
        ({"tooth": 16, "field": "presence", "value": "missing"}, True),
        ("16", False),
        ({"tooth": "16", "site": "MV", "field": "depth", "value": 3}, False),
        ({"tooth": 55, "site": "MV", "field": "depth", "value": 3}, False),
        ({"tooth": 16, "site": "MX", "field": "depth", "value": 3}, False),
        ({"tooth": 16, "site": 3, "field": "depth", "value": 3}, False),
        ({"tooth": 16, "site": "MV", "field": "colour", "value": 3}, False),
        ({"tooth": 16, "site": "MV", "field": "depth", "value": [3]}, False),
        ({"tooth": 16, "site": "V", "field": "mobility", "value": 1}, False),
    ],
)
def test_change_is_read_or_not(raw, is_read):
    assert (readings.change_of(raw) is not None) == is_read


MOUTH = Charting({18: ToothReading("missing"), 46: ToothReading("implant")})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Change(16, "depth", 15, "MV"), ""),
        (Change(16, "depth", 16, "MV"), "depth"),
        (Change(16, "depth", -1, "MV"), "depth"),
        (Change(16, "depth", "3", "MV"), "depth"),
        (Change(16, "depth", True, "MV"), "depth"),
        (Change(16, "recession", -9, "MV"), ""),
        (Change(16, "recession", -10, "MV"), "recession"),
        (Change(16, "bleeding", True, "MV"), ""),
        (Change(16, "bleeding", 1, "MV"), "sign"),
        (Change(16, "mobility", 4), "mobility"),
        (Change(16, "furcation", 3, "D"), ""),
        (Change(16, "furcation", 4, "D"), "furcation"),
        (Change(16, "furcation", 1, "L"), "no_furcation"),
        (Change(46, "furcation", 1, "V"), "no_furcation"),
        (Change(11, "furcation", 1, "V"), "no_furcation"),
        (Change(18, "depth", 3, "MV"), "absent"),
        (Change(18, "depth", None, "MV"), ""),
        (Change(18, "presence", "implant"), ""),
        (Change(18, "presence", "gone"), "presence"),
    ],
)
def test_impossible_value_has_a_reason(change, why):
    assert readings.refusal(change, MOUTH) == why


def test_values_are_kept_each_in_its_place():
    mouth = Charting()
    for change in (
        Change(16, "depth", 5, "MV"),
        Change(16, "plaque", True, "MV"),
        Change(16, "plaque", None, "MV"),
        Change(16, "furcation", 2, "D"),
        Change(16, "furcation", 1, "V"),
        Change(16, "furcation", None, "V"),
        Change(16, "mobility", 1),
        Change(28, "presence", "missing"),
    ):
        mouth = readings.apply(change, mouth)
    assert mouth.site(16, "MV") == SiteReading(depth=5)
    assert mouth.tooth(16) == ToothReading(mobility=1, furcation={"D": 2})
    assert 28 not in mouth.natural
    assert mouth.site(11, "V").is_empty


@settings(max_examples=40)
@given(chartings)
def test_indices_stay_in_their_bounds(charting):
    found = indices.indices(charting)
    for share in (found.bleeding_percent, found.plaque_percent):
        assert share is None or 0 <= share <= 100
    four, five, six = found.deep_sites
    assert found.probed >= four >= five >= six >= 0
    assert found.probed + found.unprobed == 6 * found.teeth
    assert found.mean_depth is None or 0 <= found.mean_depth <= 15
    assert 0 <= found.missing <= 28


def test_indices_of_a_small_mouth():
    gone = {one: ToothReading("missing") for one in TEETH - {11, 46}} | {
        46: ToothReading("implant")
    }
    sites = {
        (11, "MV"): SiteReading(6, 1, bleeding=True, plaque=True, suppuration=True),
        (11, "V"): SiteReading(2),
        (11, "DV"): SiteReading(bleeding=True),
        (46, "V"): SiteReading(4, 0, bleeding=True),
    }
    found = indices.indices(Charting(gone, sites))
    assert (found.teeth, found.missing, found.probed, found.unprobed) == (1, 26, 2, 4)
    assert (found.bleeding_percent, found.plaque_percent) == (66.7, 16.7)
    assert (found.mean_depth, found.deepest, found.mean_attachment) == (4, 6, 7)
    assert (found.without_attachment, found.deep_sites) == (1, (1, 1, 1))
    assert indices.indices(Charting(gone, sites), [46]).bleeding_sites == 1
    assert indices.indices(Charting(gone), [46]).mean_depth is None
    assert indices.indices(Charting(), []).plaque_percent is None


def test_comparison_tells_true_changes_from_errors():
    def one(depth):
        return SiteReading(depth, 0, bleeding=depth > 3)

    before = Charting({}, {(11, "V"): one(5), (12, "V"): one(3), (13, "V"): one(2)})
    after = Charting(
        {28: ToothReading("missing")},
        {(11, "V"): one(3), (12, "V"): one(4), (13, "V"): one(4), (14, "V"): one(3)},
    )
    found = comparing.compare(before, after)
    assert [(each.tooth, each.verdict) for each in found.told] == [(13, "worse"), (11, "better")]
    assert (found.told[0].depth_change, found.told[0].attachment_change) == (2, 2)
    assert (found.count("same"), found.count("unknown"), found.lost) == (1, 31 * 6 - 3, (28,))


def ill(loss, *teeth, depth=3):
    """Return a mouth that lost so many mm between these teeth."""
    found = SiteReading(depth, loss - depth)
    return Charting({}, {(tooth, "MV"): found for tooth in teeth})


@pytest.mark.parametrize(
    ("charting", "context", "stage"),
    [
        (Charting(), {}, None),
        (ill(0, 11, 16), {}, 0),
        (ill(5, 11), {}, 0),
        (ill(5, 11, 12), {}, 0),
        (ill(2, 11, 16), {}, 1),
        (ill(4, 11, 16), {}, 2),
        (ill(5, 11, 16), {}, 3),
        (ill(2, 11, 16, depth=5), {}, 2),
        (ill(2, 11, 16, depth=6), {}, 3),
        (ill(2, 11, 16), {"teeth_lost": 2}, 3),
        (ill(2, 11, 16), {"teeth_lost": 5}, 4),
        (ill(2, 11, 16), {"factors": frozenset({"vertical"})}, 3),
        (ill(2, 11, 16), {"factors": frozenset({"collapse"})}, 1),
        (ill(5, 11, 16), {"factors": frozenset({"collapse"})}, 4),
        (Charting(), {"bone_loss_percent": 10}, 1),
        (Charting(), {"bone_loss_percent": 20}, 2),
        (ill(0, 11), {"bone_loss_percent": 40}, 3),
    ],
)
def test_stage(charting, context, stage):
    assert staging.advise(charting, staging.Context(**context)).stage == stage


def test_vestibular_losses_with_pockets_make_a_case_too():
    site = SiteReading(4, 0)
    mouth = Charting({}, {(11, "V"): site, (21, "L"): site})
    assert staging.advise(mouth, staging.Context()).stage == 1


def test_open_furcation_and_few_teeth_are_facts():
    base = ill(5, 11, 16)
    few = {one: ToothReading("missing") for one in TEETH if one % 10 > 4}
    mouth = Charting({**few, 16: ToothReading(furcation={"V": 2, "M": 1})}, base.sites)
    advice = staging.advise(mouth, staging.Context())
    assert {fact.code for fact in advice.stage_facts} == {"attachment", "furcation", "few_teeth"}
    assert advice.stage == 4


@pytest.mark.parametrize(
    ("context", "grade", "code"),
    [
        ({}, 1, "assumed"),
        ({"age": 50, "bone_loss_percent": 10}, 0, "bone_by_age"),
        ({"age": 50, "bone_loss_percent": 40}, 1, "bone_by_age"),
        ({"age": 30, "bone_loss_percent": 40}, 2, "bone_by_age"),
        # Less than a quarter of the age, however near to it; a quarter of it is B.
        ({"age": 85, "bone_loss_percent": 21}, 0, "bone_by_age"),
        ({"age": 69, "bone_loss_percent": 17}, 0, "bone_by_age"),
        ({"age": 84, "bone_loss_percent": 21}, 1, "bone_by_age"),
        ({"age": 40, "bone_loss_percent": 40}, 1, "bone_by_age"),
        ({"age": 99, "bone_loss_percent": 100}, 2, "bone_by_age"),
        ({"loss_over_five_years": 0}, 0, "over_years"),
        ({"loss_over_five_years": 1}, 1, "over_years"),
        ({"loss_over_five_years": 2}, 2, "over_years"),
        ({"loss_over_five_years": 0, "cigarettes_a_day": 5}, 1, "smoking"),
        ({"loss_over_five_years": 0, "cigarettes_a_day": 10}, 2, "smoking"),
        ({"loss_over_five_years": 0, "diabetic": True, "hba1c": 6.5}, 1, "diabetes"),
        ({"loss_over_five_years": 0, "diabetic": True, "hba1c": 7.0}, 2, "diabetes"),
        ({"loss_over_five_years": 0, "diabetic": True}, 1, "diabetes_unmeasured"),
    ],
)
def test_grade(context, grade, code):
    advice = staging.advise(ill(5, 11, 16), staging.Context(**context))
    assert advice.grade == grade
    assert code in {fact.code for fact in advice.grade_facts}


@pytest.mark.parametrize(
    ("mouth", "extent"),
    [
        (ill(5, 14, 16), "localised"),
        (ill(5, 11, 16, 36), "molar_incisor"),
        (ill(5, *sorted(TEETH)[:12]), "generalised"),
    ],
)
def test_extent(mouth, extent):
    assert staging.advise(mouth, staging.Context()).extent == extent


def test_stage_by_bone_alone_says_no_extent():
    advice = staging.advise(Charting(), staging.Context(bone_loss_percent=40))
    assert (advice.extent, advice.extent_teeth) == ("", ())


@settings(max_examples=200)
@given(st.integers(0, 100), st.integers(1, 110))
def test_bone_by_age_that_is_told_goes_with_its_grade(bone, age):
    context = staging.Context(bone_loss_percent=bone, age=age)
    facts = staging.advise(ill(5, 11, 16), context).grade_facts
    [(number, points_to)] = [(one.number, one.points_to) for one in facts if one.number is not None]
    assert (number < 0.25) is (points_to == 0) is (bone * 4 < age)


def test_what_is_missing_is_said():
    advice = staging.advise(
        Charting({}, {(11, "V"): SiteReading(3)}), staging.Context(diabetic=True)
    )
    codes = {fact.code for fact in advice.missing}
    assert codes >= {"unprobed", "no_recession", "bone_loss_percent", "age", "hba1c"}
    assert "diabetic" not in codes
    whole = {(tooth, site): SiteReading(2, 0) for tooth in TEETH for site in SITES}
    known = staging.Context(40, 10, 0, None, 0, False)
    assert staging.advise(Charting({}, whole), known).missing == ()


@settings(max_examples=50)
@given(chartings, places, st.integers(0, 15), st.integers(0, 100), st.integers(0, 100))
def test_stage_never_falls_when_a_loss_grows(charting, place, depth, less, more):
    """A deeper pocket, a greater bone loss: never a lower stage."""
    low, high = sorted((less, more))
    old = charting.site(*place)
    deeper = SiteReading(max(depth, old.depth or 0), old.recession)
    worse = Charting(charting.teeth, {**charting.sites, place: deeper})
    before = staging.advise(charting, staging.Context(bone_loss_percent=low)).stage
    after = staging.advise(worse, staging.Context(bone_loss_percent=high)).stage
    assert (after or 0) >= (before or 0)
