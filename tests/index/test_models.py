from pathlib import Path

import pytest

from index.errors import ModelError
from index.models import load_model, prompts_of


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("intfloat/e5-small-v2", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large", "query: ", "passage: "),
        ("/models/E5-base", "query: ", "passage: "),
        ("BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        (
            "/hub/models--BAAI--bge-large-en/snapshots/5c38",
            "Represent this sentence for searching relevant passages: ",
            "",
        ),
        ("BAAI/bge-m3", "", ""),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("/e5-small/all-MiniLM-L6-v2", "", ""),
        ("", "", ""),
    ],
)
def test_models_whose_cards_ask_for_prompts_get_them(name: str, query: str, passage: str) -> None:
    """The models that are known to need prompts, and only they, get them by their name."""
    assert prompts_of(name, {"query": "", "document": None}) == (query, passage)


def test_an_instructed_e5_has_an_instruction_for_queries_only() -> None:
    """One name of the family stands for another way to ask."""
    query, passage = prompts_of("intfloat/multilingual-e5-large-instruct", {})
    assert (query[:10], query[-7:], passage) == ("Instruct: ", "Query: ", "")


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"query": "q: ", "document": "d: ", "passage": "p: "}, ("q: ", "d: ")),
        ({"query": "q: ", "document": "", "passage": "p: "}, ("q: ", "p: ")),
        ({"query": "q: "}, ("q: ", "")),
        ({"clustering": "c: "}, ("query: ", "passage: ")),
    ],
)
def test_the_configuration_comes_before_the_name(own: dict[str, str], expected: tuple[str, str]) -> None:
    """What a model says of itself is used, whatever it is called."""
    assert prompts_of("e5-small", own) == expected


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda place: None, "there is no such folder"),
        (lambda place: place.write_text("x"), "it is a file, not a folder"),
        (lambda place: place.mkdir(), "the folder is empty"),
        (lambda place: (place / "photos").mkdir(parents=True), "the folder holds no config.json"),
    ],
    ids=["absent", "file", "empty", "other"],
)
def test_what_is_no_model_is_one_line(tmp_path: Path, made: object, reason: str) -> None:
    """A wrong place is answered with what it is and what to do, not with a page of Python."""
    place = tmp_path / "model"
    made(place)  # type: ignore[operator]
    with pytest.raises(ModelError) as caught:
        load_model("embedding model", str(place), _failing)
    remedy = "name a folder that holds such a model, or one that the hub's cache on this machine holds"
    assert str(caught.value) == f"no embedding model can be loaded from {str(place)!r}: {reason}; {remedy}"


def test_any_other_failure_is_its_first_line() -> None:
    """What a library says in a page is said in a line."""
    with pytest.raises(ModelError, match=r"^no cross-encoder can be loaded from 'a/b': It broke; name [^\n]+$"):
        load_model("cross-encoder", "a/b", _failing)


def _failing(name: str) -> str:
    raise KeyError("no such thing") if name != "a/b" else RuntimeError("It broke.\nSee the log.")
