"""The targets column: every printed cell, one nerve a row."""

import pytest

from livingreview.reading import Unreadable, classify_targets

GROIN = ["genitofemoral nerve", "ilioinguinal nerve", "inferior hypogastric nerve"]

# Every cell that Table 1 prints, with its nerves.
PRINTED = {
    "Saphenous Nerve": ["saphenous nerve"],
    "Lumbar medial branch": ["lumbar medial branch"],
    "Lumbar Medial Branch": ["lumbar medial branch"],
    "Lumbar medial branches": ["lumbar medial branch"],
    "Sciatic (post amputation pain)": ["sciatic nerve"],
    "Occipital Nerve": ["occipital nerve"],
    "Sural, Saphenous, Superficial and/or Deep fibular nerves": [
        "sural nerve",
        "saphenous nerve",
        "superficial fibular nerve",
        "deep fibular nerve",
    ],
    "Peripheral neuropathy (mixed 3 plantar neuromas, 3 ileoinguinal, 4 posterior tibial, "
    "7 saphenous, 1 gluteal, 1 sural, 1 genicular, 2 digital nerves)": [
        ("plantar neuroma", 3),
        ("ilioinguinal nerve", 3),
        ("posterior tibial nerve", 4),
        ("saphenous nerve", 7),
        ("gluteal nerve", 1),
        ("sural nerve", 1),
        ("genicular nerves", 1),
        ("digital nerves", 2),
    ],
    "Intercostal": ["intercostal nerve"],
    "Intercostal Nerve": ["intercostal nerve"],
    "Intercostal Nerves": ["intercostal nerve"],
    "Sacroiliac Joint": ["sacroiliac joint"],
    "TMJ (auricular nerve and TMJ capsule)": ["auricular nerve", "temporomandibular joint capsule"],
    "Phantom Limb Neuroma": ["nerve of an amputated limb"],
    "Various (intercostal, saphenous, Peroneal,": [
        "intercostal nerve",
        "saphenous nerve",
        "fibular nerve of unnamed branch",
    ],
    "Genitofemoral, ilioinguinal and inferior hypogastric nerve": GROIN,
    "Genicular Nerves": ["genicular nerves"],
    "Genicular nerves": ["genicular nerves"],
    "Intercostobrachial nerve": ["intercostobrachial nerve"],
    "Intercostobrachial Nerve": ["intercostobrachial nerve"],
    "Saphenous nerve, Infrapatellar branch": ["infrapatellar branch of the saphenous nerve"],
    "Facet, Knee, Sacroiliac Joint": ["facet joint", "knee nerves not named", "sacroiliac joint"],
    "Pudendal Nerve": ["pudendal nerve"],
    "Superficial peroneal nerve": ["superficial fibular nerve"],
    "Superficial Fibular Nerve": ["superficial fibular nerve"],
    "Suprascapular, Axillary, Lateropectoral Nerves": [
        "suprascapular nerve",
        "axillary nerve",
        "lateral pectoral nerve",
    ],
    "Anterior femoral cutaneous nerve": ["anterior femoral cutaneous nerve"],
    "Phantom limb": ["nerve of an amputated limb"],
    "Lateral Branches of Sacral Dorsal Nerve Roots": [
        "lateral branches of the sacral dorsal roots"
    ],
    "Sacroccocygeal Nerve": ["sacrococcygeal nerve"],
    "Digital Nerves": ["digital nerves"],
    "Alveolar Nerves": ["alveolar nerves"],
    "Suprascapular Nerve": ["suprascapular nerve"],
    "Stellate Ganglion": ["stellate ganglion"],
    "Hip stump neuroma": ["hip stump neuroma"],
    "Posterior femoral cutaneous nerve": ["posterior femoral cutaneous nerve"],
    "Sural Nerve": ["sural nerve"],
    "Celiac Plexus": ["coeliac plexus"],
    "Phantom Limb Stump": ["nerve of an amputated limb"],
}


@pytest.mark.parametrize(("cell", "nerves"), PRINTED.items())
def test_reads_printed_cell(words, cell, nerves):
    """Each printed cell gives its nerves in order, with their counts where it counts them."""
    found = [(target.term.name, target.patients) for target in classify_targets(cell, words)]
    assert found == [nerve if isinstance(nerve, tuple) else (nerve, None) for nerve in nerves]


def test_table_of_printed_cells_is_complete(printed_cells):
    """The expectations above cover every target that Table 1 prints."""
    assert set(PRINTED) == printed_cells("Targets")


@pytest.mark.parametrize(
    ("cell", "unknown"),
    [("Ulnar Nerve", "Ulnar Nerve"), ("Sural, Ulnar", "Ulnar"), ("2 wings", "2 wings")],
)
def test_unknown_nerve_is_named(words, cell, unknown):
    """A nerve that is not in the list is an error that names the nerve."""
    with pytest.raises(Unreadable) as refused:
        classify_targets(cell, words)
    assert f"'{unknown}' is not among them" in refused.value.allowed


@pytest.mark.parametrize("cell", ["", "  ", "Sciatic (left)", "Pain (sural)", "NS"])
def test_other_cells_are_refused(words, cell):
    """Blanks, remarks and headings that the vocabulary does not know are errors."""
    with pytest.raises(Unreadable, match=r"nerves\.yml"):
        classify_targets(cell, words)
