import html
import json
import re
from pathlib import Path

from assistant.answer import Answer, Claim, Refusal
from assistant.home import Home
from assistant.ui.messages import messages_of
from corpus.reading.files import FoundFile
from index.adding import add_files
from index.indexing import remove_documents
from tests.fakes_page import cited, kept_conversation

ME = "my key"
BUDGET = "It has a budget of 12 million crowns for three years."
TOWNS = "The Lighthouse Accord joins seven coastal towns."
CHANGED = "a newer version has replaced this since; the words are those that were cited."
REMOVED = "removed from the collection since; the words are those that were cited."


def test_a_reloaded_answer_says_which_of_its_citations_are_of_versions_that_were_replaced_or_removed(
    coast: Home, tmp_path: Path
) -> None:
    """The markers work as before; a line names those whose document is not what it was, and goes when it is again."""
    citations = (cited(coast, "harbour", BUDGET, 1), cited(coast, "lighthouse", TOWNS, 2))
    claims = (Claim(BUDGET, (1,), "supported", 1.0), Claim(TOWNS, (2,), "supported", 1.0))
    refusal = Refusal("absent", "No.", ("Who?",), nearest=citations)
    answers = [Answer("What?", "What?", claims, citations), Answer("Who?", "Who?", refusal=refusal)]
    conversation = kept_conversation(coast, ME, answers)
    assert not any("since" in words for words in reloaded(coast, conversation))

    harbour = coast.catalogue.document("harbour").text
    update(coast, tmp_path, "harbour", "The compact ended.")
    assert [f"[1]: {CHANGED}" in words for words in reloaded(coast, conversation)] == [True, True]
    assert "[1][2]" not in reloaded(coast, conversation)[0]

    update(coast, tmp_path, "lighthouse", "The accord ended.")
    assert f"[1] [2]: {CHANGED}" in reloaded(coast, conversation)[0]

    remove_documents(coast.database, coast.store, ["lighthouse"])
    words = reloaded(coast, conversation)[1]
    assert f"[1]: {CHANGED}" in words
    assert f"[2]: {REMOVED}" in words

    update(coast, tmp_path, "harbour", harbour)
    assert CHANGED not in reloaded(coast, conversation)[0]


def test_a_reader_of_japanese_is_told_in_japanese(coast: Home) -> None:
    citation = cited(coast, "harbour", BUDGET, 1)
    answer = Answer("何？", "何？", (Claim(BUDGET, (1,), "supported", 1.0),), (citation,))
    conversation = kept_conversation(coast, ME, [answer])
    remove_documents(coast.database, coast.store, ["harbour"])
    turns = coast.conversations.of(ME).turns(conversation)
    assert "[1] この文書はその後、削除されました" in html.unescape(messages_of(coast, turns, "ja")[1]["content"])


def reloaded(home: Home, conversation: str) -> list[str]:
    """What the answers of the conversation say when it is opened again, as text."""
    messages = messages_of(home, home.conversations.of(ME).turns(conversation), "en")
    answers = [message["content"] for message in messages if message["role"] == "assistant"]
    return [html.unescape(re.sub("<[^>]*>", "", answer)) for answer in answers]


def update(home: Home, folder: Path, id_: str, text: str) -> None:
    """Another version of the document takes its place."""
    path = folder / f"{id_}.jsonl"
    path.write_text(json.dumps({"id": id_, "title": f"About {id_}", "text": text}))
    reports = list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    assert [report.status for report in reports] == ["updated"]
