import re
from typing import Any

import pytest

from assistant.home import Home
from assistant.kinds.listing import MAX_SENTENCES_A_DOCUMENT, Listed, asked_list, list_outline
from assistant.rewriting import names_in
from index.mentions import Term, mentions
from index.scope import Scope
from index.words import STOP_WORDS, stem
from tests.assistant.conftest import Add
from tests.assistant.kinds.conftest import rows_of

NUM_SAMPLES = 26


@pytest.mark.parametrize(
    ("question", "term", "each", "where"),
    [
        ("Which documents mention JAXA?", Term("JAXA"), False, ""),
        ("list all joint calls", Term("joint calls", exact=False), True, ""),
        ("Which statements from 2023 refer to AI?", Term("AI"), False, " from 2023"),
        ("What does every document say about open science?", Term("open science", exact=False), False, ""),
        ("Is “dual use” mentioned anywhere?", Term("dual use"), False, ""),
        ("find all sentences that mention Port Elin", Term("Port Elin"), True, ""),
        ("宇宙開発に言及している文書", Term("宇宙開発"), False, ""),
    ],
)
def test_what_is_to_be_listed_is_read(question: str, term: Term, each: bool, where: str) -> None:
    assert asked_list(question) == Listed(term, each_sentence=each, where=where)


@pytest.mark.parametrize("row", [r for r in rows_of("kinds") if r["kind"] == "list"], ids=lambda row: row["id"])
def test_lists_of_the_suite_are_complete(sample: Home, row: dict[str, Any]) -> None:
    """Exactly the documents that a plain text search finds, and the coverage says how many."""
    outline = list_outline(row["question"], sample.sources)
    assert outline is not None
    assert {item.evidence.document_id for item in outline.items} == set(row["contains"])
    number = len(row["contains"])
    assert outline.notes[0].startswith(f"{NUM_SAMPLES} of {NUM_SAMPLES} documents searched, {number} mention")


def texts(home: Home) -> dict[str, str]:
    return {summary.id: home.catalogue.document(summary.id).text for summary in home.catalogue.summaries()}


def _is_short(name: str) -> bool:
    """A name as people write one in a question: on one line."""
    return len(name) < 50 and "\n" not in name


def test_every_name_is_found_wherever_a_plain_text_search_finds_it(sample: Home) -> None:
    """Of some 120 names of the documents, in whole words and any case; a space and a dash are the same to both."""
    contents = texts(sample)
    names = sorted({name for content in contents.values() for name in names_in(content) if _is_short(name)})
    assert len(names) > 600
    for name in names[:: len(names) // 120]:
        parts = re.findall(r"\w+|[^\w\s‐‑–—-]+", name)
        if not all(re.fullmatch(r"\w+", part) for part in parts):
            continue
        pattern = re.compile(r"(?<!\w)" + r"(?:[\s‐‑–—/'’-]+)".join(parts) + r"(?!\w)", re.IGNORECASE)
        expected = {id_ for id_, content in contents.items() if pattern.search(content)}
        assert {item.document_id for item in mentions(sample.database, Term(name))} == expected, name


def test_every_common_term_is_found_by_its_stems(sample: Home) -> None:
    """Of some 50 pairs of lower-case words that the documents have side by side, by the stems of each paragraph."""
    contents = texts(sample)
    pairs = {
        match.group(1)
        for content in contents.values()
        for match in re.finditer(r"(?=\b([a-z]{4,} [a-z]{4,})\b)", content)
        if not set(match.group(1).split()) & STOP_WORDS
    }
    runs = {
        id_: [
            [stem(word) for word in re.findall(r"[a-z0-9]+", part.lower())]
            for part in re.split(r"[^\w \n-]|\n\s*\n", c)
        ]
        for id_, c in contents.items()
    }
    for pair in sorted(pairs)[:: len(pairs) // 50]:
        wanted = [stem(word) for word in pair.split()]
        expected = {
            id_
            for id_, parts in runs.items()
            if any(part[i : i + 2] == wanted for part in parts for i in range(len(part) - 1))
        }
        assert {m.document_id for m in mentions(sample.database, Term(pair, exact=False))} == expected, pair


def test_sentences_beyond_the_limit_are_counted(sample: Home) -> None:
    """At most so many a document are shown; the note says how many there are."""
    outline = list_outline("every mention of the Joint Committee", sample.sources)
    assert outline is not None
    shown = [item.evidence.document_id for item in outline.items]
    assert max(map(shown.count, shown)) == MAX_SENTENCES_A_DOCUMENT
    total = sum(len(m.spans) for m in mentions(sample.database, Term("Joint Committee")))
    assert outline.notes[1] == (
        f"{total} sentences mention it; {len(shown)} are shown, at most {MAX_SENTENCES_A_DOCUMENT} a document"
    )


def test_the_scope_and_the_question_keep_a_list_within_documents(sample: Home) -> None:
    """The coverage counts what was searched, not what there is."""
    outline = list_outline("Which documents from 2024 mention quantum?", sample.sources)
    assert outline is not None
    assert outline.notes == (f"6 of {NUM_SAMPLES} documents searched, 4 mention “quantum”",)
    within = Scope(document_ids=("jst-nexus-96d504d9",))
    outline = list_outline("Which documents mention JAXA?", sample.sources, within)
    assert outline is not None
    assert outline.refusal is not None
    assert outline.refusal.message == f"1 of {NUM_SAMPLES} documents searched: none mentions “JAXA”."
    assert (outline.refusal.kind, outline.items) == ("absent", ())


@pytest.mark.parametrize(
    ("question", "ids", "named"),
    [
        ("Which documents mention both Elin and Orre?", "", "“Elin” and “Orre”"),
        ("Which documents mention Elin or Orre?", "harbour lighthouse", "“Elin” or “Orre”"),
        (
            "Which documents mention lighthouse repairs?",
            "lighthouse",
            "the words of “lighthouse repairs” in one sentence",
        ),
        ("Which documents mention OR* AND (NEAR?", "", "“OR* AND (NEAR”"),
        ("Which documents mention “.*”, '%' or _?", None, ""),
    ],
)
def test_terms_of_several_parts(shore: Home, question: str, ids: str | None, named: str) -> None:
    """Parts are looked for one by one where the whole stands nowhere; signs of query languages mean nothing."""
    outline = list_outline(question, shore.sources)
    if ids is None:
        assert outline is None
        return
    assert outline is not None
    assert {item.evidence.document_id for item in outline.items} == set(ids.split())
    assert named in (outline.notes[0] if outline.notes else outline.refusal.message if outline.refusal else "")


def test_a_sentence_stands_for_a_document_before_a_bare_word(home: Home, add: Add) -> None:
    add({"a": "Fields:\n\n- quantum\n- space\n\nThey also spoke of quantum computers in the same hour."})
    outline = list_outline("Which documents mention quantum?", home.sources)
    assert outline is not None
    assert [item.evidence.text for item in outline.items] == ["They also spoke of quantum computers in the same hour."]
    assert outline.items[0].lead == "About a"
