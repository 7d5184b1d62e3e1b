import pytest

from assistant.kinds.naming import documents_named, means_everything, points_back
from corpus.catalogue import Summary

TITLES = {
    "eleventh": ("Eleventh meeting of the Japan-UK Joint Committee on Cooperation in Science", "2021-10-20"),
    "twelfth": ("Twelfth UK-Japan Joint Committee Meeting on Cooperation in Science", "2023-11-07"),
    "compact": ("The G7 Research Compact of 2021", "2021-06-13"),
    "array": ("The Square Kilometre Array Observatory", "2025-08"),
    "sendai": ("G7 Science Ministers' Communiqué, Sendai", "2023-05-13"),
    "association": ("UK association to Horizon Europe", None),
    "summits": ("Three summits on artificial intelligence", "2025-02-11"),
}
DOCUMENTS = [Summary(id_, title, "", published, "en", 1, 1, "") for id_, (title, published) in TITLES.items()]
KINDS = {"eleventh": "joint statement", "twelfth": "joint statement"}


@pytest.mark.parametrize(
    ("reference", "ids"),
    [
        ("the Square Kilometre Array", "array"),
        ("the SKA", "array"),
        ("SKA project", "array"),
        ("the Sendai communiqué", "sendai"),
        ("the Sendai communique", "sendai"),
        ("G7", "compact sendai"),
        ("G7 communiqué", "sendai"),
        ("the Joint Committee", "eleventh twelfth"),
        ("the 2021 Joint Committee", "eleventh"),
        ("the 2021 statement", "eleventh"),
        ("2021", "eleventh compact"),
        ("the compact", "compact"),
        ("the United Kingdom's association", "association"),
        ("the three AI summits", "summits"),
        ("Atlantis", ""),
        ("the Atlantis communiqué", ""),
        ("the 2019 statement", ""),
        ("documents", ""),
        ("", ""),
        ("the", ""),
    ],
)
def test_titles_dates_and_kinds_name_documents(reference: str, ids: str) -> None:
    named = documents_named(reference, DOCUMENTS, lambda id_: KINDS.get(id_, ""))
    assert [document.id for document in named] == ids.split()


def test_words_that_point_and_words_for_everything() -> None:
    assert all(points_back(words) for words in ("", "this", "the document", "This statement", "この文書"))
    assert not any(points_back(words) for words in ("the Sendai document", "all documents"))
    assert all(means_everything(words) for words in ("all documents", "everything", "your sources", "すべての文書"))
    assert not means_everything("all documents of 2021")
