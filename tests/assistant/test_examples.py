import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import answer
from assistant.examples import MAX_CHARS, examples
from assistant.home import Home
from assistant.writing.loading import load_llm
from corpus.reading.files import FoundFile, find_files
from index.adding import SAMPLE_FOLDER, add_files, sample_origin
from tests.assistant.conftest import Add
from tests.fakes_llm import Script, serving

GUIDE = """# Tide guide

## Ropes and knots

Tie every rope twice with a knot that holds.

## Summary

Tie well.

## Nets in winter

Keep nets dry in winter and mend them.
"""


def _add(home: Home, path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    reports = list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    assert [report.status for report in reports] == ["added"]


def test_examples_are_questions_that_the_documents_answer(coast: Home) -> None:
    """One of each document first, then what is left; the answer to each begins with the words it was made of."""
    found = examples(coast.sources, 5)
    assert found == [
        "When was the Harbour Compact signed in Port Elin?",
        "How many coastal towns does the Lighthouse Accord join?",
        "Where was the Harbour Compact signed on 4 May 2019?",
    ]
    assert [answer(question, coast.sources).citations[0].quote for question in found] == [
        "The Harbour Compact was signed in Port Elin on 4 May 2019.",
        "The Lighthouse Accord joins seven coastal towns.",
        "The Harbour Compact was signed in Port Elin on 4 May 2019.",
    ]
    assert examples(coast.sources, 2) == found[:2] == examples(coast.sources, 2)


def test_an_empty_home_has_none(home: Home) -> None:
    assert examples(home.sources) == []


@pytest.mark.parametrize("num", [0, -1])
def test_none_are_made_where_none_are_wanted(coast: Home, num: int) -> None:
    assert examples(coast.sources, num) == []


def test_what_another_document_answers_as_well_is_asked_once(home: Home, add: Add) -> None:
    """Documents that say the same give one question, not the same one twice."""
    text = "The Elin treaty was signed in Rome on 12 March 2019."
    add({"one": text, "two": f"{text} Nobody was surprised."})
    found = examples(home.sources)
    assert len(found) == len(set(found)) == 2


def test_a_question_is_short_and_holds_nothing_that_cannot_be_seen(home: Home, add: Add) -> None:
    """A long subject gives no question, nor does one with characters that turn the text around."""
    long = " and ".join(["the International Harbour Compact"] * 4)
    add(
        {
            "long": f"The Elin Authority of {long} was opened on 3 May 2021.",
            "odd": "The Elin \u202eAccord began in 2019.",
        }
    )
    assert examples(home.sources) == []


def test_examples_are_spread_over_the_dates(home: Home, tmp_path: Path) -> None:
    """Of many documents the newest is asked about first, and then others from all the years; the undated come last."""
    names = ["Elin", "Orre", "Quay", "Tide", "Reef", "Cape", "Gull", "Rope", "Mast"]
    rows: list[dict[str, Any]] = [
        {
            "id": name,
            "title": name,
            "text": f"The {name} treaty was signed in Rome in {2010 + n}.",
            "published": f"{2010 + n}-01",
        }
        for n, name in enumerate(names)
    ]
    del rows[0]["published"]
    _add(home, tmp_path / "rows.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert examples(home.sources) == [
        "When was the Mast treaty signed in Rome?",
        "Where was the Cape treaty signed in 2015?",
        "When was the Quay treaty signed in Rome?",
    ]
    assert "Elin" in examples(home.sources, 9)[-1]


def test_headings_are_asked_about_where_no_sentence_can_be(home: Home, tmp_path: Path) -> None:
    """A guide without dates and names has questions too, but none about its summary."""
    _add(home, tmp_path / "guide.md", GUIDE)
    assert examples(home.sources) == [
        "What does “Tide guide” say about “Ropes and knots”?",
        "What does “Tide guide” say about “Nets in winter”?",
    ]


def test_japanese_documents_are_asked_in_japanese(home: Home, add: Add) -> None:
    add({"ja": "科学技術協力協定は2019年3月12日にローマで署名された。潮汐計画の予算は12億円である。"})
    assert examples(home.sources) == ["科学技術協力協定はいつローマで署名されたか。", "潮汐計画の予算はいくらか。"]


def test_no_llm_is_asked(coast: Home) -> None:
    """Opening the page costs no tokens."""
    with serving(Script(["It was in 2019."])) as server:
        sources = replace(coast.sources, writer=load_llm(f"server:tiny@{server.url}"))
        assert examples(sources) == examples(coast.sources)
        assert server.bodies == []


@pytest.mark.slow
def test_the_sample_documents_give_examples_at_once(tmp_path: Path) -> None:
    """Three questions of three documents and three kinds; nine of the documents suffice, as adding takes long."""
    home = Home(tmp_path / "home")
    list(
        add_files(list(find_files(str(SAMPLE_FOLDER)))[::3], home.catalogue, lambda: home.indexer, origin=sample_origin)
    )
    answer("Which documents are there?", home.sources)
    started = time.process_time()
    found = examples(home.sources)
    assert time.process_time() - started < 10  # half a second, where nothing else runs
    assert len(found) == 3
    assert max(map(len, found)) <= MAX_CHARS
    first = [answer(question, home.sources).citations[0] for question in found]
    assert len({citation.document_id for citation in first}) == 3
    assert len({question.split()[0] for question in found}) == 3
    home.close()
