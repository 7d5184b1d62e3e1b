"""Documents over HTTP: exact texts, uploads with reports, removal."""

from dataclasses import asdict
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from assistant.home import Home
from tests.assistant.conftest import HARBOUR, Add, add  # noqa: F401  (a fixture)

TEXT = "Der Hafen kostet 5 €.\r\nEr ist offen. 港は開いている。\n"


def uploaded(api: TestClient, *files: tuple[str, bytes]) -> list[dict[str, object]]:
    got = api.post("/api/documents", files=[("files", file) for file in files])
    assert got.status_code == 200, got.text
    return got.json()["files"]


def test_documents_are_listed_as_the_command_line_lists_them(empty_api: TestClient, home: Home, add: Add) -> None:  # noqa: F811
    assert empty_api.get("/api/documents").json() == {"documents": []}
    add({"harbour": HARBOUR})
    listed = empty_api.get("/api/documents").json()
    assert listed == {"documents": [asdict(summary) for summary in home.catalogue.summaries()]}
    assert [one["id"] for one in listed["documents"]] == ["harbour"]


@pytest.mark.parametrize(
    "id_",
    ["a", "a/b", "../../etc/passwd", "é 港 ?#", "text", "a/text", "a/text/text", "a\n", "a/text\n", " a b ", "50%2F"],
)
def test_a_text_is_given_to_the_character_under_any_id(empty_api: TestClient, add: Add, id_: str) -> None:  # noqa: F811
    """Ids are the documents' own; nothing in one is a path."""
    add({id_: TEXT})
    where = f"/api/documents/{quote(id_, safe='')}"
    assert empty_api.get(f"{where}/text").content.decode() == TEXT
    got = empty_api.get(f"{where}/text", params={"start": 17, "end": 20})
    assert (got.text, got.headers["content-type"]) == ("5 €"[:3], "text/plain; charset=utf-8")
    details = empty_api.get(where).json()
    assert (details["id"], details["num_chars"]) == (id_, len(TEXT))


def test_no_document_is_mistaken_for_another(empty_api: TestClient, add: Add, home: Home) -> None:  # noqa: F811
    """What is encoded belongs to the id, and parts no address: neither reading nor removing meets another document."""
    words = {"a": "One.", "a/text": "Two.", "a\n": "Three.", "a/text\n": "Four."}
    add(words)
    for id_, text in words.items():
        where = f"/api/documents/{quote(id_, safe='')}"
        assert empty_api.get(where).json()["id"] == id_
        assert empty_api.get(f"{where}/text").text == text
    assert empty_api.get("/api/documents/a/text").text == "One."
    assert empty_api.get("/api/documents/a/text/text").text == "Two."  # as plain as it was before
    assert empty_api.delete("/api/documents/a%2Ftext%0A").json() == {"removed": ["a/text\n"]}
    assert empty_api.delete("/api/documents/a%0A").json() == {"removed": ["a\n"]}
    assert empty_api.delete("/api/documents/a%0A").status_code == 404
    assert sorted(summary.id for summary in home.catalogue.summaries()) == ["a", "a/text"]


def test_spans_that_there_are_not_are_refused(empty_api: TestClient, add: Add) -> None:  # noqa: F811
    add({"a": TEXT})
    statuses = {
        "start=5&end=3": 400,
        "end=9999": 400,
        "start=99999999999999999999999": 400,
        "start=-1": 422,
        "start=x": 422,
        "version=abc": 404,
        "version=": 422,
    }
    for query, status in statuses.items():
        got = empty_api.get(f"/api/documents/a/text?{query}")
        assert (got.status_code, list(got.json())) == (status, ["error"]), query


@pytest.mark.parametrize("call", ["GET /api/documents/no", "GET /api/documents/no/text", "DELETE /api/documents/no"])
def test_an_unknown_document_is_not_found(unchanged_api: TestClient, call: str) -> None:
    method, path = call.split()
    got = unchanged_api.request(method, path)
    assert (got.status_code, got.json()["error"].partition(":")[0]) == (404, "there is no document 'no'")


def test_files_are_added_reported_and_removed(empty_api: TestClient) -> None:
    """The report is that of `add --json`; the same name again is the next version; a bad file stops no other."""
    first = uploaded(empty_api, ("harbour.md", HARBOUR.encode()), ("broken.pdf", b"%PDF-1.7 nothing"))
    assert [(row["path"], row["status"]) for row in first] == [("harbour.md", "added"), ("broken.pdf", "refused")]
    assert set(first[0]) == {"path", "status", "document_ids", "warnings", "reason"}
    second = uploaded(empty_api, ("harbour.md", HARBOUR.replace("12", "13").encode()))
    assert [(row["status"], row["document_ids"]) for row in second] == [("updated", first[0]["document_ids"])]
    (id_,) = first[0]["document_ids"]
    assert "13 million" in empty_api.get(f"/api/documents/{id_}/text").text
    assert empty_api.delete(f"/api/documents/{id_}").json() == {"removed": [id_]}
    assert empty_api.get("/api/documents").json() == {"documents": []}
    assert empty_api.delete(f"/api/documents/{id_}").status_code == 404


def test_a_hostile_name_is_a_name(empty_api: TestClient, home: Home) -> None:
    """Nothing is written where it points."""
    before = sorted(path.name for path in home.path.parent.iterdir())
    (row,) = uploaded(empty_api, ("../../escaped.md", HARBOUR.encode()))
    assert (row["status"], row["path"]) == ("added", "escaped.md")
    assert sorted(path.name for path in home.path.parent.iterdir()) == before


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"files": "words"}},
        {"files": [("other", ("a.md", b"x"))]},
        {"files": [("files", ("a.md", b"x")), ("more", ("b.md", b"x"))]},
        {"content": b"{}", "headers": {"content-type": "application/json"}},
        {"content": b"--x", "headers": {"content-type": "multipart/form-data; boundary=y"}},
        {},
    ],
    ids=["no file", "another field", "one field more", "json", "broken", "nothing"],
)
def test_what_is_no_upload_is_refused(unchanged_api: TestClient, sent: dict[str, object]) -> None:
    got = unchanged_api.post("/api/documents", **sent)
    assert (got.status_code, list(got.json())) == (400, ["error"])
