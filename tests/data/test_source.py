"""Bad input: each slip gives its line, with file, row, column, what was found and is allowed."""

import codecs
import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from livingreview.contribute import check
from livingreview.problems import InvalidData
from livingreview.review import open_review

TABLE1 = "data/source/preprint/table1.csv"
TABLE2 = "data/source/preprint/table2.csv"
CLAIMS = "data/source/claims.yml"
PROTOCOL = "data/protocol.yml"
DESIGNS = "data/vocabulary/designs.yml"
BIB = "references.bib"
COLUMNS_FILE = "data/source/columns.yml"
PHRASES = "data/source/phrases.yml"
COLUMNS = "Author, Year, Design, Patients, Targets, Guidance, Follow Up, Outcomes, Notes"
ROW1 = f"{TABLE1}: row 1 (Radnovich, 2017[10])"
NERVES = "nerves of data/vocabulary/nerves.yml, joined by commas or 'and', counted or not"
TRIALS = 'fact: "studies(design=RCT)"'

# What is replaced in which file, and the one line that says so.
SLIPS = {
    "misspelt design": (
        TABLE1, "RCT vs Sham,180", "RTC vs Sham,180",
        f'{ROW1}, column Design: found "RTC vs Sham"; allowed: RCT, OP, OR, CS, CR; '
        "each optionally followed by 'vs' and comparators"),
    "negative patients": (
        TABLE1, "RCT vs Sham,180", "RCT vs Sham,-180",
        f'{ROW1}, column Patients: found "-180"; allowed: a whole number of patients above zero'),
    "broken number of patients": (
        TABLE1, "RCT vs Sham,180", "RCT vs Sham,180.5",
        f'{ROW1}, column Patients: found "180.5"; allowed: a whole number of patients above zero'),
    "number of patients from a stuck key": (
        TABLE1, "RCT vs Sham,180", "RCT vs Sham,18000000000000000000000",
        f'{ROW1}, column Patients: found "18000000000000000000000"; '
        "allowed: a whole number of patients above zero"),
    "negative patients in Table 2": (
        TABLE2, '[11]",120', '[11]",-120',
        f'{TABLE2}: row 1 (Truong, 2024[11]), column Patients: found "-120"; '
        "allowed: a whole number of patients above zero"),
    "unknown nerve": (
        TABLE1, "Saphenous Nerve,Landmark", "Ulnar Nerve,Landmark",
        f'{ROW1}, column Targets: found "Ulnar Nerve"; allowed: {NERVES}; '
        "'Ulnar Nerve' is not among them"),
    "unreadable follow-up": (
        TABLE1, "120 days,87.5%", "a while,87.5%",
        f'{ROW1}, column Follow Up: found "a while"; allowed: a time (6 months), '
        "a range (2-18 months), a mean (194 ± 99 days), Variable, NS, or blank"),
    "unreadable verdict": (
        TABLE2, "Fluoroscopic,NO", "Fluoroscopic,MAYBE",
        f"{TABLE2}: row 1 (Truong, 2024[11]), column Positive outcome at 6 months: "
        'found "MAYBE"; allowed: YES, NO'),
    "threshold of 150% in a cell": (
        TABLE1, "VAS reduction > 50%", "VAS reduction > 150%",
        f'{ROW1}, column Outcomes: found "87.5% responders at 120 days (VAS reduction > 150%)"; '
        "allowed: threshold_percent of 100 or less"),
    "150% responders": (
        TABLE1, "87.5% responders", "150% responders",
        f'{ROW1}, column Outcomes: found "150% responders at 120 days (VAS reduction > 50%)"; '
        "allowed: percent of 100 or less"),
    "more responders than patients": (
        TABLE1, "2/24 Patients", "30/24 Patients",
        f"{TABLE1}: row 16 (Nemecek, 2023 [25]), column Outcomes: "
        'found "Pain reduction > 30% in 30/24 Patients"; '
        "allowed: at most 24, the patients evaluated"),
    "more responders than the study has patients": (
        TABLE1, "3 Patients with pain relief > 60%", "5 Patients with pain relief > 60%",
        f"{TABLE1}: row 26 (Stogizka, 2024[35]), column Outcomes: "
        'found "5 Patients with pain relief > 60%"; '
        "allowed: at most 4, the patients evaluated"),
    "responders of nobody": (
        TABLE1, "2/24 Patients", "0/0 Patients",
        f"{TABLE1}: row 16 (Nemecek, 2023 [25]), column Outcomes: "
        'found "Pain reduction > 30% in 0/0 Patients"; '
        "allowed: no more responders than patients evaluated"),
    "threshold of 150% in the protocol": (
        PROTOCOL, "relief_threshold_percent: 50", "relief_threshold_percent: 150",
        f'{PROTOCOL}: column long_term_rule.relief_threshold_percent: found "150"; '
        "allowed: 100 or less"),
    "negative months in the protocol": (
        PROTOCOL, "minimum_followup_months: 6", "minimum_followup_months: -6",
        f'{PROTOCOL}: column long_term_rule.minimum_followup_months: found "-6"; '
        "allowed: 0 or more"),
    "word for a number in the protocol": (
        PROTOCOL, "relief_threshold_percent: 50", "relief_threshold_percent: half",
        f'{PROTOCOL}: column long_term_rule.relief_threshold_percent: found "half"; '
        "allowed: a number"),
    "day that no month has": (
        PROTOCOL, "posted: 2025-05-25", "posted: 2025-15-25",
        f'{PROTOCOL}: line 20: found "2025-15-25"; '
        "allowed: a day of the calendar, like 2025-03-31"),
    "unknown field of the protocol": (
        PROTOCOL, "peer_reviewed: false", "peer_reviewed: false\n  colour: blue",
        f'{PROTOCOL}: column source.colour: found "blue"; '
        "allowed: only the fields of this file's description"),
    "missing field of the protocol": (
        PROTOCOL, "  peer_reviewed: false", "  # peer_reviewed: false",
        f"{PROTOCOL}: column source.peer_reviewed: found nothing; allowed: this field is required"),
    "key twice in a YAML file": (
        PROTOCOL, "  posted: 2025-05-25", "  posted: 2025-05-25\n  posted: 2025-05-26",
        f'{PROTOCOL}: line 21: found the field "posted" twice; allowed: each field once'),
    "item of the protocol twice": (
        PROTOCOL, "id: search_kind", "id: review_kind",
        f'{PROTOCOL}: row 11, column id: found "review_kind"; allowed: each id once'),
    "name twice in a vocabulary": (
        DESIGNS, "name: OP", "name: RCT",
        f"{DESIGNS}: found name 'RCT' twice; allowed: each name once"),
    "spelling twice in a vocabulary": (
        DESIGNS, "printed: [OP]", "printed: [OP, rct]",
        f"{DESIGNS}: found spelling 'rct' of RCT and OP; allowed: each spelling once"),
    "branch of an unknown nerve": (
        "data/vocabulary/nerves.yml", "part_of: sacroiliac joint", "part_of: elbow",
        "data/vocabulary/nerves.yml: found 'lateral branches of the sacral dorsal roots' as part "
        "of 'elbow'; allowed: a name of the list"),
    "key twice in the references": (
        BIB, "@article{cui-2020", "@article{werner-2014",
        f'{BIB}: line 16: found the key "werner-2014" twice; allowed: each key once'),
    "number twice in the references": (
        BIB, "ref = {2}", "ref = {1}",
        f'{BIB}: entries werner-2014, cui-2020, column ref: found "1"; allowed: each number once'),
    "word for a number in the references": (
        BIB, "ref = {2}", "ref = {two}",
        f'{BIB}: entry cui-2020, column ref: found "two"; '
        "allowed: the number of the review's list: 1 or more"),
    "malformed BibTeX": (
        BIB, "@article{cui-2020,", "@article{cui-2020",
        f"{BIB}: line 16: found an entry that is not closed, or a value without its comma; "
        "allowed: a closing brace } for each {, and a comma after each key and value"),
    "reference without author": (
        BIB, "author = {Werner, M. U. and Kongsgaard, U. E.},", "",
        f"{BIB}: entry werner-2014, column author: found nothing; allowed: every entry has one"),
    "citation without entry": (
        TABLE1, "Truong, 2024[11]", "Truong, 2024[99]",
        f'{TABLE1}: row 2 (Truong, 2024[99]), column Author, Year: found "[99]"; '
        "allowed: a number of references.bib"),
    "study of Table 2 that is not in Table 1": (
        TABLE2, "Truong, 2024[11]", "Werner, 2014[1]",
        f'{TABLE2}: row 1 (Werner, 2014[1]), column Author, Year: found "werner-2014"; '
        "allowed: a study of the first table"),
    "claim twice": (
        CLAIMS, "id: abstract-rcts", "id: abstract-studies",
        f'{CLAIMS}: row 11, column id: found "abstract-studies"; allowed: each id once'),
    "claim with an unknown value of an argument": (
        CLAIMS, TRIALS, 'fact: "studies(design=RTC)"',
        f'{CLAIMS}: row 11 (abstract-rcts), column fact: found "studies(design=RTC)"; '
        "allowed: design one of CR, CS, OP, OR, RCT; not RTC"),
    "claim with an unknown argument": (
        CLAIMS, TRIALS, 'fact: "studies(desing=RCT)"',
        f'{CLAIMS}: row 11 (abstract-rcts), column fact: found "studies(desing=RCT)"; allowed: the '
        "arguments of studies: design, group, nerve, region, guidance, comparator, publication, "
        "key, question, edition"),
    "claim with a word for a number": (
        CLAIMS, TRIALS, 'fact: "followed_at_least(months=six)"',
        f'{CLAIMS}: row 11 (abstract-rcts), column fact: found "followed_at_least(months=six)"; '
        "allowed: a number; not six"),
    "claim without fact and without reason": (
        CLAIMS, TRIALS, "fact: null",
        f"{CLAIMS}: row 11: found no fact; "
        "allowed: a fact, or why_not saying which data are missing"),
    "claim with a relation that its fact cannot have": (
        CLAIMS, TRIALS, 'fact: "nerve_names"',
        f'{CLAIMS}: row 11 (abstract-rcts), column fact: found "nerve_names"; '
        "allowed: for the relation =: numbers, printed and computed"),
    "claim with a typed verdict": (
        CLAIMS, TRIALS, f"{TRIALS}\n  verdict: reproduced",
        f'{CLAIMS}: row 11, column verdict: found "reproduced"; '
        "allowed: only the fields of this file's description"),
    "markup in a cell that is no name": (
        TABLE1, "Saphenous Nerve,Landmark", "<script>alert(1)</script>,Landmark",
        f'{ROW1}, column Targets: found "<script>alert(1)</script>"; allowed: {NERVES}; '
        "'<script>alert(1)</script>' is not among them"),
    "reader that the library does not have": (
        COLUMNS_FILE, "reader: design,", "reader: designs,",
        f'{COLUMNS_FILE}: table1[2].reader: found "designs"; allowed: citation, design, '
        "comparators, count, targets, guidance, time, months, results, notes or verdict"),
    "reader that cannot read the column": (
        COLUMNS_FILE, "reader: design,", "reader: count,",
        f'{COLUMNS_FILE}: table1[2].reader: found "count"; '
        "allowed: design, which read what column design tells"),
    "column that no table has": (
        COLUMNS_FILE, "column: followup", "column: follow up",
        f'{COLUMNS_FILE}: table1[6].column: found "follow up"; allowed: study, design, '
        "comparators, patients, targets, guidance, followup, outcomes or notes"),
    "column twice": (
        COLUMNS_FILE, "reader: notes, column: notes", "reader: results, column: outcomes",
        f'{COLUMNS_FILE}: table1[8].column: found "outcomes"; allowed: each once'),
    "column that every row needs left out": (
        COLUMNS_FILE, "  - {printed: Follow Up, reader: time, column: followup}\n", "",
        f"{COLUMNS_FILE}: table1: found no column followup; "
        "allowed: an entry for it: every row needs one"),
    "builder that the library does not have": (
        PHRASES, "build: responders_twice", "build: responders_thrice",
        f'{PHRASES}: results[7].build: found "responders_thrice"; allowed: responders, '
        "responders_twice, pain_free, mean_change, change_from_to, mean_relief, relief, duration, "
        "final_level, in_words, no_improvement, no_reduction, definition_not_stated, "
        "not_measured, completers, arm_sizes, compared or adverse_events"),
    "pattern that is no regular expression": (
        PHRASES, "'no adverse events'", "'no adverse (events'",
        f'{PHRASES}: notes[9].pattern: found "no adverse (events"; allowed: a regular expression: '
        "missing ), unterminated subpattern"),
    "part that is not declared": (
        PHRASES, "'responder rate {PERCENT}{AT}?'", "'responder rate {SHARE}{AT}?'",
        f'{PHRASES}: results[2].pattern: found "{{SHARE}}"; allowed: the parts WHO, RELIEF, '
        "THRESHOLD, PERCENTAGE, PERCENT, AT, PLUSMINUS, NUMBER, UNIT, MEASURE, COMPARATOR, EVENT"),
    "phrase that is needed left out": (
        PHRASES, "'responder definition not stated'", "'responder definition unknown'",
        f"{TABLE1}: row 23 (Prologo, 2018[32]), column Notes: "
        'found "Responder definition not stated"; allowed: a result as the examples of '
        f"{PHRASES}, several in a row; not read: 'Responder definition not stated'"),
    "cell missing in a row": (
        TABLE1, ",Fluoroscopic,6 months,No improvement", ",6 months,No improvement",
        f'{TABLE1}: row 2: found 7 cells, starting with "Truong, 2024[11]"; allowed: 8 cells'),
}  # fmt: skip


@pytest.fixture
def said(data_copy, monkeypatch, capsys):
    """Return a function that runs the check in the copy and gives its exit code and lines."""

    (data_copy / "data/typed_numbers.yml").unlink()  # of the chapters, which are not there

    def run():
        monkeypatch.chdir(data_copy)
        code = check.main()
        return code, capsys.readouterr().err.splitlines()

    return run


def assert_one_problem(said, line):
    """Check that the data are refused, with exactly this line and the count of problems."""
    assert said() == (1, [line, "1 problem(s) in data and prose"])


@pytest.mark.parametrize(("file", "old", "new", "line"), SLIPS.values(), ids=list(SLIPS))
def test_slip_gives_one_line(data_copy, edit, said, file, old, new, line):
    """One slip in one place gives one line that says where, what was found and is allowed."""
    edit(data_copy / file, old, new)
    assert_one_problem(said, line)


def test_second_table_that_no_column_declares(data_copy, said):
    """A table without declared columns is refused, and without its file none is missed."""
    path = data_copy / COLUMNS_FILE
    path.write_text(path.read_text("utf-8").partition("\ntable2:")[0] + "\n", "utf-8")
    allowed = f"a table with its columns in {COLUMNS_FILE}"
    code, lines = said()
    assert (code, lines[0]) == (1, f"{TABLE2}: found a table; allowed: {allowed}")
    (data_copy / TABLE2).unlink()
    assert TABLE2 not in "".join(said()[1])


def test_unchanged_data_are_accepted(data_copy, said):
    """The project's own data pass, so that each refusal below comes from the slip."""
    assert said() == (0, [])


def test_claim_with_unknown_fact(data_copy, edit, said):
    """A claim whose fact does not exist is named with the fact that is nearest."""
    edit(data_copy / CLAIMS, 'fact: "studies"', 'fact: "studdies"')
    where = f"{CLAIMS}: row 10 (abstract-studies), column fact"
    assert_one_problem(said, f'{where}: found "studdies"; allowed: did you mean studies?')


def rewrite(path: Path, change, **dialect):
    """Write a table again, each row changed by its number and cells."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [change(number, row) for number, row in enumerate(csv.reader(file))]
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows(rows)
    path.write_text(text.getvalue(), "utf-8", newline="")


def test_missing_column(data_copy, said):
    """A column that is not there is named once, not once a row."""
    rewrite(data_copy / TABLE1, lambda number, row: row[:-1])
    header = f"{TABLE1}: row 0 (header), column Notes: "
    assert_one_problem(said, f"{header}found no such column; allowed: the columns {COLUMNS}")


def test_extra_column(data_copy, said):
    """A column that no rule reads is refused, not ignored."""
    rewrite(data_copy / TABLE1, lambda number, row: [*row, "x" if number else "Country"])
    header = f'{TABLE1}: row 0 (header), column "Country": '
    allowed = f"only the columns {COLUMNS}"
    assert_one_problem(said, f"{header}found an extra column; allowed: {allowed}")


def test_file_that_is_not_utf8(data_copy, said):
    """A file in another encoding is refused with the place of its first wrong byte."""
    path = data_copy / TABLE1
    text = path.read_text("utf-8")
    path.write_bytes(text.encode("latin-1", "replace"))
    place = text.encode("latin-1", "replace").index("â".encode("latin-1"))
    place = min(place, text.encode("latin-1", "replace").index("±".encode("latin-1")))
    found = f"found a byte that is not UTF-8 at position {place}"
    assert_one_problem(said, f"{TABLE1}: {found}; allowed: text saved as UTF-8")


def test_table_saved_by_a_spreadsheet(data_copy, said):
    """Byte order mark and semicolons are named as such, not as eight missing columns."""
    rewrite(data_copy / TABLE1, lambda number, row: row, delimiter=";")
    path = data_copy / TABLE1
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    code, lines = said()
    assert code == 1
    assert lines == [
        f"{TABLE1}: found a byte order mark, as spreadsheets save it; "
        "allowed: UTF-8 without byte order mark",
        f"{TABLE1}: row 0 (header): found semicolons between cells; allowed: commas",
        "2 problem(s) in data and prose",
    ]


def test_byte_order_mark_alone(data_copy, said):
    """A byte order mark is one problem; the header behind it is read as it is."""
    path = data_copy / TABLE1
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    found = "found a byte order mark, as spreadsheets save it"
    assert_one_problem(said, f"{TABLE1}: {found}; allowed: UTF-8 without byte order mark")


@pytest.mark.parametrize("file", [TABLE1, PROTOCOL, DESIGNS, BIB])
def test_a_folder_in_place_of_a_file(data_copy, said, file):
    """What cannot be read as a file is named, with what the system says of it."""
    (data_copy / file).unlink()
    (data_copy / file).mkdir()
    code, lines = said()
    assert code == 1
    assert f"{file}: found is a directory; allowed: a file that can be read" in lines


@pytest.mark.parametrize("file", [TABLE1, TABLE2, CLAIMS, PROTOCOL, DESIGNS, BIB])
def test_empty_and_absent_files(data_copy, said, file):
    """A file that is empty, or not there, is named."""
    (data_copy / file).write_text("", "utf-8")
    assert_one_problem(said, f"{file}: found an empty file; allowed: at least one entry")
    (data_copy / file).unlink()
    if file == CLAIMS:
        (data_copy / "data/source/judgements.yml").unlink()
    line = f"{file}: found no such file; allowed: a file of this name"
    # A review of which nobody checked a statement has no claims.
    assert said() == ((0, []) if file == CLAIMS else (1, [line, "1 problem(s) in data and prose"]))


def test_table_with_header_only(data_copy, said):
    """A table without rows is refused."""
    rewrite(data_copy / TABLE2, lambda number, row: row if number == 0 else [])
    assert_one_problem(said, f"{TABLE2}: found no rows; allowed: at least one row")


def test_references_without_entries(data_copy, said):
    """Text that holds no entry is refused as such, not as a list of unknown citations."""
    (data_copy / BIB).write_text("Just some words.\n", "utf-8")
    assert_one_problem(said, f"{BIB}: found no entry; allowed: at least one entry")


def test_cell_beyond_any_size(data_copy, edit, said):
    """A cell that the reader of tables cannot hold is refused without a traceback."""
    edit(data_copy / TABLE1, "Saphenous Nerve,Landmark", "x" * 200_000 + ",Landmark")
    found = "found field larger than field limit (131072)"
    assert_one_problem(said, f"{TABLE1}: {found}; allowed: comma-separated cells")


def test_two_slips_in_two_files(data_copy, edit, said):
    """One run reports the problems of all files."""
    slips = [SLIPS["misspelt design"], SLIPS["negative patients in Table 2"]]
    for file, old, new, _ in slips:
        edit(data_copy / file, old, new)
    lines = [line for *_, line in slips]
    assert said() == (1, [*lines, "2 problem(s) in data and prose"])


def test_two_slips_in_one_row(data_copy, edit, said):
    """A row is read to its end, so that both its problems are reported."""
    edit(data_copy / TABLE1, "RCT vs Sham,180", "RTC vs Sham,-180")
    code, lines = said()
    assert code == 1
    assert [line.split(": ")[1] for line in lines[:-1]] == [
        f"row 1 (Radnovich, 2017[10]), column {column}" for column in ("Design", "Patients")
    ]


def test_repeated_reference_number_is_no_error(data_copy, edit):
    """A study that the source prints twice is a finding, not an input error."""
    edit(data_copy / TABLE1, "Kalavla, 2024[61]", "Kalavla, 2024[50]")
    review = open_review(data_copy / "data")
    assert review.fact("repeated_rows").value.value == 2
    assert review.fact("studies").value.value == 53


def test_markup_in_a_name_stays_text(data_copy, edit):
    """An author's name is text: markup in it is kept as printed and escaped where it is shown."""
    edit(data_copy / TABLE1, "McLean,2020[29]", "<script>alert()</script>, 2020[29]")
    review = open_review(data_copy / "data")
    assert "<script>alert()</script>" in set(review.studies["first_author"])


def test_institution_as_only_author(data_copy, edit):
    """A reference whose only author is an institution loads under its name."""
    author = "author = {Werner, M. U. and Kongsgaard, U. E.}"
    edit(data_copy / BIB, author, "author = {{Institute of Pain}}")
    references = open_review(data_copy / "data").references.set_index("key")
    assert references.at["werner-2014", "first_author"] == "Institute of Pain"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("relief_threshold_percent", 150, "100 or less"),
        ("relief_threshold_percent", -1, "0 or more"),
        ("minimum_followup_months", -6, "0 or more"),
        ("minimum_followup_months", "six", "a number"),
    ],
)
def test_parameters_out_of_bounds(root, name, value, allowed):
    """A parameter of a chapter is held against the same bounds as the protocol."""
    with pytest.raises(InvalidData) as refused:
        open_review(root / "data", **{name: value})
    assert str(refused.value) == f'parameters: column {name}: found "{value}"; allowed: {allowed}'


def test_command_exits_without_traceback(data_copy, edit):
    """The command prints the lines on standard error, exits with 1, and shows no traceback."""
    edit(data_copy / TABLE1, "RCT vs Sham,180", "RTC vs Sham,180")
    command = [sys.executable, "-m", "livingreview.contribute.check"]
    ran = subprocess.run(command, cwd=data_copy, capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        SLIPS["misspelt design"][3],
        "1 problem(s) in data and prose",
    ]
    assert ran.stdout == ""


def test_command_says_what_it_read(data_copy):
    """Without a problem the command says how much it read, and exits with 0."""
    (data_copy / "data/typed_numbers.yml").unlink()  # of the chapters, which are not there
    command = [sys.executable, "-m", "livingreview.contribute.check"]
    ran = subprocess.run(command, cwd=data_copy, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("data: 55 printed rows, ")
