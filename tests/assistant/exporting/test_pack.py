import json

from assistant.answer import Answer, Citation, Claim, Refusal, answer_from_json
from assistant.exporting.pack import Version, pack_json, pack_of
from assistant.home import Home
from index.indexing import remove_documents
from tests.assistant.conftest import HARBOUR, LIGHTHOUSE, Add
from tests.fakes_packs import PACK


def cited(home: Home, document_id: str, number: int = 1) -> Citation:
    document = home.catalogue.document(document_id)
    return Citation(number, document_id, document.sha256, document.title, document.source, 0, 11, document.text[:11])


def test_a_pack_tells_what_became_of_each_version(coast: Home, add: Add) -> None:
    """In the order of citing, the nearest passages of refusals too; the words are those that were cited."""
    harbour, lighthouse = (cited(coast, id_) for id_ in ("harbour", "lighthouse"))
    id_ = coast.conversations.start("Coast")
    refusal = Refusal("absent", "No.", ("Why?",), (), (lighthouse,))
    coast.conversations.add(id_, Answer("Why?", "Why?", refusal=refusal))
    answer = Answer("Who?", "Who?", (Claim("The Harbour", (1,), "supported", 1.0),), (harbour,))
    coast.conversations.add(id_, answer)
    coast.conversations.add(id_, answer)

    def versions() -> list[tuple[str, str, str]]:
        pack = pack_of(coast.conversations.get(id_), coast.conversations.turns(id_), coast.catalogue)
        assert pack.turns[1].answer.citations == (harbour,)
        assert pack.version(harbour) == pack.versions[1]
        return [(version.id, version.sha256, version.state) for version in pack.versions]

    before = [("lighthouse", lighthouse.sha256, "current"), ("harbour", harbour.sha256, "current")]
    assert versions() == before
    add({"harbour-2": HARBOUR, "lighthouse-2": LIGHTHOUSE})
    assert versions() == before
    remove_documents(coast.database, coast.store, ["lighthouse"])
    assert versions() == [("lighthouse", lighthouse.sha256, "removed"), before[1]]


def test_two_versions_of_one_document_are_two(coast: Home) -> None:
    """What was cited of the older one keeps its own sha256."""
    now = cited(coast, "harbour")
    old = Citation(2, "harbour", "ab" * 32, "Older", "/h.md", 0, 3, "Old")
    id_ = coast.conversations.start("Coast")
    coast.conversations.add(id_, Answer("Who?", "Who?", (Claim("It.", (1, 2), "partly", 0.5),), (now, old)))
    pack = pack_of(coast.conversations.get(id_), coast.conversations.turns(id_), coast.catalogue)
    assert pack.versions == (
        Version("harbour", "About harbour", now.source, None, now.sha256, "current"),
        Version("harbour", "Older", "/h.md", None, "ab" * 32, "changed"),
    )


def test_a_pack_for_programs_holds_the_answers_as_the_contract_has_them() -> None:
    content = json.loads(json.dumps(pack_json(PACK)))
    assert set(content) == {"conversation", "answers", "documents"}
    assert content["conversation"]["id"] == "c0ffee"
    assert [(row["conversation_id"], row["turn"], row["asked_at"][:16]) for row in content["answers"]] == [
        ("c0ffee", 1, "2026-11-22T01:43"),
        ("c0ffee", 2, "2026-11-22T01:53"),
    ]
    assert set(content["answers"][0]) == {
        *("id", "conversation_id", "turn", "question", "standalone_question", "answer", "writer", "notes"),
        *("claims", "citations", "refusal", "timings_ms", "asked_at"),
    }
    read = [answer_from_json(row) for row in content["answers"]]
    assert [(answer.claims, answer.citations, answer.refusal) for answer in read] == [
        (turn.answer.claims, turn.answer.citations, turn.answer.refusal) for turn in PACK.turns
    ]
    assert content["documents"][1] == {
        "id": "gone",
        "title": "Gone",
        "source": "=cmd|' /C calc'!A0",
        "published": None,
        "sha256": "cd" * 32,
        "state": "removed",
    }
