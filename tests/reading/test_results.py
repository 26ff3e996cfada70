"""The outcomes and notes columns: what each printed cell says, clause by clause."""

import pytest

from livingreview.reading import Finding, Unreadable, classify_notes, classify_outcomes

MONTH = 30.4375  # days
ABOVE_50 = {"threshold_percent": 50, "threshold_rule": ">"}
BLANK = Finding(kind="statement")


def responder(**values):
    """Return the values of a responder result."""
    return {"kind": "responder", "measure": "pain relief", **values}


def fall(measure, points, **values):
    """Return the values of a fall of a mean score by some points."""
    return {"kind": "mean change", "measure": measure, "estimate": -points, "scale": "points",
            "direction": "improved", **values}  # fmt: skip


def relief(percent, sign, **values):
    """Return the values of relief that is printed without a count of patients."""
    return {"kind": "relief", "measure": "pain relief", "threshold_percent": percent,
            "threshold_rule": sign, "direction": "improved", **values}  # fmt: skip


def no_difference(comparator):
    """Return the values of a comparison that found none."""
    return {"kind": "between-group difference", "arm": f"treatment vs {comparator}",
            "direction": "no difference"}  # fmt: skip


OUTCOMES = {
    "87.5% responders at 120 days (VAS reduction > 50%)": [
        responder(measure="VAS", percent=87.5, months=120 / MONTH, **ABOVE_50)],
    "No improvement compared to RF or Placebo": [
        no_difference("radiofrequency"), no_difference("sham")],
    "No improvement compared to Placebo": [no_difference("sham")],
    "Pain relief > 50% in 35 % of patients (no difference)": [
        responder(arm="not stated", percent=35, **ABOVE_50), no_difference("control")],
    "NRS reduction > 2 points in 35% of patients": [
        responder(measure="NRS", percent=35, threshold_points=2, threshold_rule=">")],
    "Mean NRS reduction 2.8 (< than 50% from baseline)": [
        fall("NRS", 2.8),
        {"kind": "mean relief", "measure": "NRS", "threshold_percent": 50, "threshold_rule": "<"}],
    "3.2 mean VAS reduction at 12 months. Mean pain relief >50% at 3 months": [
        fall("VAS", 3.2, months=12),
        {"kind": "mean relief", "measure": "pain relief", "months": 3, **ABOVE_50}],
    "2.3 and 1.3 mean VAS reduction at 6 and 9 months respectively": [
        fall("VAS", 2.3, months=6), fall("VAS", 1.3, months=9)],
    "69% patients with pain relief > 50% after 6 months": [
        responder(percent=69, months=6, **ABOVE_50)],
    "Mean duration of pain relief 7 months, 3/17 patients were pain free at 12 months": [
        {"kind": "duration", "measure": "pain relief", "estimate": 7, "scale": "months"},
        responder(responders=3, evaluated=17, months=12, threshold_percent=100,
                  threshold_rule="=")],
    "Mean NRS reduction 4.2": [fall("NRS", 4.2)],
    "61.5% of patients with pain relief > 50%": [responder(percent=61.5, **ABOVE_50)],
    "Mean Pain Relief <50%": [
        {"kind": "mean relief", "measure": "pain relief", "threshold_percent": 50,
         "threshold_rule": "<"}],
    "Mean NRS decrease 3.50 points": [fall("NRS", 3.5)],
    "Mean NRS Improvement 3.8": [fall("NRS", 3.8)],
    "Pain reduction > 30% in 2/24 Patients": [
        responder(responders=2, evaluated=24, threshold_percent=30, threshold_rule=">")],
    "Pain reduction > 50% in 68% of patients": [responder(percent=68, **ABOVE_50)],
    "Pain relief >50% in 50% of patients at 6 months": [
        responder(percent=50, months=6, **ABOVE_50)],
    "Mean NRS decrease 2.9": [fall("NRS", 2.9)],
    "Pain relief > 50% in all patients": [responder(percent=100, **ABOVE_50)],
    "Pain relief > 50% in 64% of patients": [responder(percent=64, **ABOVE_50)],
    "Mean NRS decrease 4/10": [fall("NRS", 4)],
    "Responder rate 63%": [{"kind": "responder", "percent": 63}],
    "Mean NRS 5±1 from 7±2 at Baseline": [fall("NRS", 2)],
    "2 Patients pain free after 5 years, 1 without results": [
        responder(responders=2, months=60, threshold_percent=100, threshold_rule="=")],
    "3 Patients with pain relief > 60%": [
        responder(responders=3, threshold_percent=60, threshold_rule=">")],
    "50% VAS reduction at 12 months in all patients": [
        responder(measure="VAS", percent=100, months=12, threshold_percent=50,
                  threshold_rule="=")],
    "60% of patients with > 50% pain relief": [responder(percent=60, **ABOVE_50)],
    "100% of patients with > 50% pain relief": [responder(percent=100, **ABOVE_50)],
    ">50% pain relief in 100% of patients": [responder(percent=100, **ABOVE_50)],
    "Pain Relief 100%": [relief(100, "=")],
    "Pain relief 100%": [relief(100, "=")],
    "100% pain relief": [relief(100, "=")],
    "Pain Relief 70%": [relief(70, "=")],
    "": [{"kind": "statement", "status": "missing"}],
    "Pain relief > 50% in 2 patients": [responder(responders=2, **ABOVE_50)],
    # The bracket holds what was found at 6 months: less relief, and the other treatment ahead.
    "Pain relief 50% at 3 months (<50% at 6 months, better result with RF)": [
        relief(50, "=", months=3),
        relief(50, "<", months=6, direction=None),
        {"kind": "between-group difference", "arm": "treatment vs radiofrequency", "months": 6,
         "direction": "favours comparator"}],
    # Whose relief lasted for 9 months also had it at 3: 2 patients, then 2 + 1.
    "Pain relief >50% in 2 patients for 9 months, in 1 patients for 3 months": [
        responder(responders=2, months=9, **ABOVE_50),
        responder(responders=3, months=3, **ABOVE_50)],
    "Duration of pain relief 3-6 months": [
        {"kind": "duration", "measure": "pain relief", "low": 3, "high": 6, "scale": "months"}],
    "2 Patients with > 50% pain relief": [responder(responders=2, **ABOVE_50)],
    "Pain relief > 50% for 6 months": [relief(50, ">", months=6)],
    "Pain relief 100% at 6 months": [relief(100, "=", months=6)],
    "Pain relief": [{"kind": "statement", "measure": "pain relief", "direction": "improved"}],
    '"Excellent pain relief"': [
        {"kind": "statement", "measure": "pain relief", "direction": "improved"}],
    "Pain relief > 50%": [relief(50, ">")],
    "Pain Relief > 50%": [relief(50, ">")],
    "Pain relief >50%": [relief(50, ">")],
    "Pain relief (no NRS reported)": [
        {"kind": "statement", "measure": "pain relief", "direction": "improved"},
        {"kind": "statement", "status": "not measured", "measure": "NRS"}],
    "NRS < 2": [
        {"kind": "final level", "measure": "NRS", "estimate": 2, "threshold_rule": "<",
         "scale": "points"}],
    "Pain Relief for 3-4 Months": [
        {"kind": "duration", "measure": "pain relief", "low": 3, "high": 4, "scale": "months"}],
    "Pain relief < 6 weeks": [
        {"kind": "duration", "measure": "pain relief", "high": 42 / MONTH, "scale": "months"}],
}  # fmt: skip

# Findings, adverse events (None: the cell is silent), sizes of arms.
NOTES = {
    "": ([], None, {}),
    "61.2% responders in the sham group at 120 days No adverse events": (
        [{"kind": "responder", "arm": "sham", "percent": 61.2, "months": 120 / MONTH}], (), {}),
    "22 patients completed follow up": ([{"kind": "completers", "evaluated": 22}], None, {}),
    "No significant reduction at 12 months": (
        [{"kind": "mean change", "months": 12, "direction": "not improved"}], None, {}),
    "2 temporary numbness": ([], (("temporary numbness", 2),), {}),
    "1 pneumothorax and 3 pseudohernia": ([], (("pneumothorax", 1), ("pseudohernia", 3)), {}),
    "2 post op neuritis and 1 haematoma": (
        [], (("postoperative neuritis", 2), ("haematoma", 1)), {}),
    "Follow up at 6 months for 4 patients, NS for others.": (
        [{"kind": "completers", "months": 6, "evaluated": 4}], None, {}),
    "Responder definition not stated": (
        [{"kind": "statement", "status": "not stated"}], None, {}),
    "Pain relief > 50% in 56% of Patients at 3 months (NS at 9 Months)": (
        [responder(percent=56, months=3, **ABOVE_50),
         responder(status="not stated", months=9, **ABOVE_50)], None, {}),
    "No adverse events": ([], (), {}),
    "1 patient treated with RF, 2 with cryo": ([], None, {"radiofrequency": 1, "treatment": 2}),
    "Pain scores not recorded": (
        [{"kind": "statement", "status": "not measured", "measure": "pain scores"}], None, {}),
    "NRS not measured": (
        [{"kind": "statement", "status": "not measured", "measure": "NRS"}], None, {}),
}  # fmt: skip


def said(finding):
    """Return what a finding says beyond the defaults, its printed words left out."""
    names = [name for name in Finding.model_fields if name not in ("kind", "words")]
    values = {name: getattr(finding, name) for name in names}
    return {"kind": finding.kind} | {
        name: pytest.approx(value, abs=0.005) if isinstance(value, float) else value
        for name, value in values.items()
        if value != getattr(BLANK, name)
    }


def stated(values):
    """Return expected values without those that are None."""
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize(("cell", "findings"), OUTCOMES.items())
def test_reads_printed_outcomes(words, cell, findings):
    """Each printed outcomes cell gives these results and no others."""
    found = [said(finding) for finding in classify_outcomes(cell, words)]
    assert found == [stated(finding) for finding in findings]


@pytest.mark.parametrize(("cell", "answer"), NOTES.items())
def test_reads_printed_notes(words, cell, answer):
    """Each printed notes cell gives these results, adverse events and sizes of arms."""
    findings, events, arms = answer
    notes = classify_notes(cell, words)
    assert [said(finding) for finding in notes.findings] == [stated(f) for f in findings]
    assert (notes.events, notes.arms) == (events, arms)


def test_tables_of_printed_cells_are_complete(printed_cells):
    """The expectations above cover every outcome and every note that Table 1 prints."""
    assert set(OUTCOMES) == printed_cells("Outcomes")
    assert set(NOTES) == printed_cells("Notes")


@pytest.mark.parametrize("cell", [cell for cell in OUTCOMES if cell])
def test_each_result_keeps_its_printed_words(words, cell):
    """A result says which words of the cell it was read from."""
    for finding in classify_outcomes(cell, words):
        assert finding.words in " ".join(cell.split())


def one(words, cell):
    """Return the only result of an outcomes cell."""
    (finding,) = classify_outcomes(cell, words)
    return finding


@pytest.mark.parametrize("cell", ["Mean NRS from 7±2 to 5±1", "Mean NRS 5±1 from 7±2"])
def test_two_means_are_their_difference(words, cell):
    """From 7 to 5 is a change of -2, in either order of words."""
    finding = one(words, cell)
    assert (finding.estimate, finding.direction) == (-2, "improved")


def test_a_rise_is_not_an_improvement(words):
    """From 5 to 7 is a change of +2 and not improved."""
    finding = one(words, "Mean NRS from 5±1 to 7±2")
    assert (finding.estimate, finding.direction) == (2, "not improved")


@pytest.mark.parametrize(
    ("sign", "rule"),
    [(">", ">"), (">=", ">="), ("≥", ">="), ("<", "<"), ("≤", "<="), ("=", "="), ("", "=")],
)
def test_the_sign_of_a_threshold_is_kept(words, sign, rule):
    """More than, at least and exactly are different thresholds."""
    assert one(words, f"Pain relief {sign} 50% in 10% of patients").threshold_rule == rule


@pytest.mark.parametrize(
    ("cell", "months"),
    [("at 2 weeks", 14 / MONTH), ("after 1 year", 12), ("for 3 months", 3), ("", None)],
)
def test_the_time_of_a_result(words, cell, months):
    """A result has its time in months, or none where none is printed."""
    found = one(words, f"Pain relief > 50% in 10% of patients {cell}").months
    assert found == (None if months is None else pytest.approx(months, abs=0.005))


@pytest.mark.parametrize(
    ("share", "count", "of", "percent"),
    [("2/24 patients", 2, 24, None), ("2 patients", 2, None, None), ("1 patient", 1, None, None),
     ("0% of patients", None, None, 0), ("all patients", None, None, 100)],
)  # fmt: skip
def test_a_share_is_a_count_or_a_percentage(words, share, count, of, percent):
    """Counts, counts with denominator, percentages and "all" are kept as printed."""
    finding = one(words, f"Pain relief > 50% in {share}")
    assert (finding.responders, finding.evaluated, finding.percent) == (count, of, percent)


def test_blank_and_not_stated_outcomes_are_two_answers(words):
    """A blank outcome is missing, NS is not stated, and neither is a result."""
    assert one(words, "").status == "missing"
    assert one(words, "NS").status == "not stated"


def test_no_adverse_events_is_not_silence(words):
    """An empty note says nothing of adverse events, "No adverse events" says that none was seen."""
    assert classify_notes("", words).events is None
    assert classify_notes("No adverse events", words).events == ()


@pytest.mark.parametrize(
    ("cell", "rest"),
    [
        ("Patients did well", "Patients did well"),
        ("Pain relief > 50% in 2 patients but not later", "but not later"),
        ("Mean NRS reduction 4.2; see text", "see text"),
        ("Pain relief > 50% in many patients", "in many patients"),
        ("Mean ODI reduction 4", "Mean ODI"),
        ("<script>alert(1)</script>", "<script>"),
    ],
)
def test_refuses_what_no_rule_reads(words, cell, rest):
    """An outcome that no rule reads is an error that shows from where on it is not read."""
    for classify in (classify_outcomes, classify_notes):
        with pytest.raises(Unreadable) as refused:
            classify(cell, words)
        assert refused.value.found == cell
        assert f"not read: '{rest}" in refused.value.allowed


def test_clauses_need_a_gap_between_them(words):
    """Two clauses run together are not read as two."""
    with pytest.raises(Unreadable):
        classify_outcomes("Mean NRS reduction 4.2Pain relief > 50%", words)
