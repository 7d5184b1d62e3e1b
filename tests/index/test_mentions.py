import re
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.home import Home
from index.indexing import remove_documents
from index.mentions import Term, ids_within, mentions, occurrences, sentence_spans
from index.scope import Scope
from index.words import stems
from tests.fakes import HashEncoder
from tests.index.conftest import AddFiles, add_paths

TEXTS = {
    "call.md": "# Joint calls\n\nAgencies met. Two joint\ncalls were opened in Port Elin.\n\nA joint call followed.",
    "apart.md": "# Money\n\n## Sub\n\nThe call was joint. JAXA's budget grew; the JAXA-UKSA memorandum was signed.",
    "above.md": "# Alpha part\n\n## Beta part\n\nNothing is said here. São Paulo hosted it.",
    "near.md": "Jaxartes is a river. They jointly called for help; a disjoint call is none. CONCERNING jaxa: nothing.",
    "ja.txt": "宇宙航空研究開発機構（JAXA）は会合を開いた。JAXAは英国と協力する。JAXAと英国の協定は重要である。",
}


def found(home: Home, text: str, *, exact: bool = True, scope: Scope | None = None, adjacent: bool = True) -> set[str]:
    """The names, without endings, of the files that mention the term."""
    some = mentions(home.database, Term(text, exact=exact), scope, adjacent=adjacent)
    return {item.document_id.split("-")[0] for item in some}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with the documents of `TEXTS`, for tests that only read."""
    folder = tmp_path_factory.mktemp("texts")
    for name, content in TEXTS.items():
        (folder / name).write_text(content)
    home = Home(tmp_path_factory.mktemp("home"), load_encoder=HashEncoder)
    add_paths(home, folder)
    yield home
    home.close()


@pytest.mark.parametrize(
    ("text", "exact", "expected"),
    [
        ("JAXA", True, "apart near ja"),
        ("jaxa", False, "apart near ja"),
        ("JAXA UKSA", True, "apart"),
        ("joint calls", False, "call"),
        ("joint call", True, "call"),
        ("Alpha part", True, "above"),
        ("alpha", False, "above"),
        ("Sao Paulo", True, "above"),
        ("são paulo", False, "above"),
        ("宇宙", True, "ja"),
        ("航空研究", True, "ja"),
        ("英国", True, "ja"),
        ("Port Elin", True, "call"),
        ("Elin A", True, ""),
        ("Atlantis", True, ""),
        ("the", True, "apart"),
        ("met Two", True, ""),
        ("", True, ""),
        ("!?", True, ""),
        (" ".join(["word"] * 13), True, ""),
    ],
)
def test_a_term_is_found_where_its_words_stand_together(texts: Home, text: str, exact: bool, expected: str) -> None:
    """In any case, across a line end, a dash or an apostrophe, in headings above headings; never across a sentence
    mark, a blank line, or inside another word.
    """
    assert found(texts, text, exact=exact) == set(expected.split())


def test_each_sentence_that_mentions_the_term_is_given_once(texts: Home) -> None:
    """Spans are sentences of the document, in order; a heading's line where no sentence holds the term."""
    (item,) = mentions(texts.database, Term("joint calls", exact=False))
    text = texts.catalogue.document(item.document_id).text
    assert [text[a:b] for a, b in item.spans] == [
        "Joint calls",
        "Two joint calls were opened in Port Elin.",
        "A joint call followed.",
    ]
    (japanese,) = mentions(texts.database, Term("英国"))
    assert len(japanese.spans) == 2


def test_words_may_stand_apart_in_one_sentence(texts: Home) -> None:
    """Without `adjacent` one sentence has to hold all of the words, in any order."""
    assert found(texts, "joint calls", exact=False, adjacent=False) == {"call", "apart"}
    assert found(texts, "agencies opened", exact=False, adjacent=False) == set()


def test_the_search_stays_within_its_scope(texts: Home) -> None:
    ja = Scope(languages=("ja",))
    assert found(texts, "JAXA", scope=ja) == {"ja"}
    assert found(texts, "JAXA", scope=Scope(document_ids=())) == set()
    assert {id_.split("-")[0] for id_ in ids_within(texts.database, ja) or ()} == {"ja"}
    assert ids_within(texts.database, None) is None


def test_removed_documents_are_not_found(home: Home, add: AddFiles) -> None:
    add({"above.md": TEXTS["above.md"]})
    (item,) = mentions(home.database, Term("Alpha part"))
    remove_documents(home.database, home.store, [item.document_id])
    assert found(home, "Alpha part") == set()
    assert sentence_spans(home.database, [item.document_id]) == {}


def test_sentences_are_those_of_the_index(texts: Home) -> None:
    (item,) = mentions(texts.database, Term("Alpha part"))
    text = texts.catalogue.document(item.document_id).text
    spans = sentence_spans(texts.database, [item.document_id, "unknown"])
    assert [text[a:b] for a, b in spans[item.document_id]] == ["Nothing is said here.", "São Paulo hosted it."]


_WORD = st.sampled_from("call calls calling joint the jaxa agency agencies policy été O’Neill e-ASIA 2020".split())
_GAP = st.sampled_from([" ", "\n", "-", ". ", "\n\n", ", ", "’s "])


@settings(deadline=None)  # the first word loads a stemmer
@given(st.lists(st.tuples(_WORD, _GAP), max_size=30), st.lists(_WORD, min_size=1, max_size=2))
def test_stems_are_found_as_a_search_word_by_word_finds_them(parts: list[tuple[str, str]], asked: list[str]) -> None:
    """The pattern is only a sieve before the stems are compared: it loses none of them."""
    content = "".join(word + gap for word, gap in parts)
    term = " ".join(asked)
    tokens = [(m.group(), m.start(), m.end()) for m in re.finditer(r"[^\W_]+", content)]
    wanted = [stem for word in re.findall(r"[^\W_]+", term) for stem in stems(word) or [word]]
    expected = False
    for i in range(len(tokens) - len(wanted) + 1):
        run = tokens[i : i + len(wanted)]
        same = [(stems(token) or [token.lower()])[0] for token, _, _ in run] == wanted
        between = [content[a[2] : b[1]] for a, b in pairwise(run)]
        expected |= same and all(re.fullmatch(r"[\s’-]+", gap) and "\n\n" not in gap for gap in between)
    assert bool(list(occurrences(content, Term(term, exact=False)))) == expected


@settings(deadline=None)  # the first Japanese word loads a dictionary
@given(st.text(max_size=40), st.text(max_size=200), st.booleans())
def test_any_term_in_any_text_gives_spans_of_it(term: str, content: str, exact: bool) -> None:
    """Metacharacters of expressions and odd characters mean themselves."""
    for start, end in occurrences(content, Term(term, exact=exact)) if stems(term) else ():
        assert 0 <= start < end <= len(content)


@pytest.mark.parametrize("term", ["a a a a", "call call call", "JAXA", "ああ"])
def test_time_is_linear_in_the_text(term: str) -> None:
    """A hundred thousand characters of what almost is the term take a second or so."""
    began = time.process_time()
    for content in ("a " * 30_000, "calling " * 10_000, "JAX" * 30_000, "あ" * 30_000, "a" * 100_000):
        sum(1 for _ in occurrences(content, Term(term, exact=False)))
    assert time.process_time() - began < 20
