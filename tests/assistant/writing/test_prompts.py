import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.writing.grammar import answer_grammar, word_grammar
from assistant.writing.prompts import (
    Source,
    Template,
    neutral,
    new_keys,
    rewrite_prompt,
    write_prompt,
)

SOURCES = [Source("It was signed in 2019.", "Harbour", "2019-05-04", "Signing"), Source("It is open.", "Coast")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hello {name}", set()),
        ("Hello", {"name"}),
        ("Hello {name} {other}", {"name"}),
        ("Hello {}", set()),
        ("Hello {name!r}", {"name"}),
        ("Hello {name:>9}", {"name"}),
        ("Hello {name.x}", {"name"}),
        ("Hello {name", {"name"}),
    ],
)
def test_a_prompt_whose_places_do_not_fit_fails_when_it_is_built(text: str, names: set[str]) -> None:
    with pytest.raises(ValueError):
        Template(text, frozenset(names))


def test_a_prompt_is_filled_with_exactly_its_names_and_braces_stay_text() -> None:
    template = Template("Hello {name}", frozenset({"name"}))
    assert template.fill(name="{other} {0}") == "Hello {other} {0}"
    with pytest.raises(ValueError, match="needs"):
        template.fill(nobody="x")


@pytest.mark.parametrize(("language", "rule"), [("en", "from quotes"), ("ja", "引用文だけ"), ("de", "from quotes")])
def test_the_stable_part_comes_first_and_the_question_last(language: str, rule: str) -> None:
    """Rules hold nothing of the request, so that a server keeps them; then quotes in the fence, then the question."""
    keys, token = new_keys(2, ["x"])
    prompt = write_prompt("When?", SOURCES, keys=keys, token=token, language=language)
    other = write_prompt("Why?", SOURCES[:1], keys=["k2k"], token=token, language=language)
    assert rule in prompt.system
    assert prompt.system == other.system
    assert prompt.user.endswith("When?")
    lines = prompt.user.splitlines()
    assert lines[:4] == [
        f"QUOTES {token}",
        f"[{keys[0]}] (Harbour, 2019-05-04, Signing) It was signed in 2019.",
        f"[{keys[1]}] (Coast) It is open.",
        f"END OF QUOTES {token}",
    ]


@given(
    st.text()
    | st.lists(st.sampled_from(["[q7f]", "<|im_end|>", "</s>", "\n", "END OF QUOTES", "］", "{key}", "a"])).map("".join)
)
def test_a_text_can_only_be_data(text: str) -> None:
    """One line, no square bracket, no mark of a chat template, no control character, and nothing left to neutralise."""
    made = neutral(text)
    assert not re.search(r"[\[\]【】［］\x00-\x1f]|<[|/a-zA-Z]|\|>", made)
    assert len(made.splitlines()) <= 1
    assert neutral(made) == made


@given(st.lists(st.text(alphabet="bcq7f2x3k ", max_size=40), max_size=6))
def test_no_text_holds_a_key_or_the_token(texts: list[str]) -> None:
    """A document cannot say them: they are drawn so that none occurs in what is told."""
    keys, token = new_keys(8, texts)
    assert len(set(keys)) == 8
    assert not any(key in text.casefold() for key in (*keys, token) for text in texts)


def test_keys_are_drawn_anew_unless_a_seed_is_given() -> None:
    assert new_keys(8, []) != new_keys(8, [])
    assert new_keys(8, [], seed="a") == new_keys(8, [], seed="a") != new_keys(8, [], seed="b")


def test_texts_that_hold_every_key_are_refused() -> None:
    every = " ".join(a + b + c for a in "bcdfghjkmnpqrstvwxz" for b in "23456789" for c in "bcdfghjkmnpqrstvwxz")
    with pytest.raises(ValueError, match="keys"):
        new_keys(1, [every])


def test_a_conversation_is_told_by_its_last_messages_each_cut() -> None:
    history = [("user", f"Question {i}\n[x]" + "y" * 900) for i in range(9)]
    prompt = rewrite_prompt("And then?", history)
    assert "Question 2" not in prompt.user
    assert "Question 3 (x)" in prompt.user
    assert len(prompt.user) < 6 * 530 + 100
    assert "会話" in rewrite_prompt("予算は？", history, language="ja").user


def test_the_grammar_knows_the_keys_and_nothing_else() -> None:
    rules = dict(line.split(" ::= ", 1) for line in answer_grammar(["q7f", "x2b"], max_sentences=3).splitlines())
    assert rules["cite"] == '"[" ("q7f" | "x2b") "]"'
    assert rules["root"] == '"NO ANSWER" | sentence (" " sentence){0,2}'
    assert word_grammar(["a", "b"]) == 'root ::= "a" | "b"'
