"""The plugin as its users meet it: a pytest run of its own, over a home with two documents."""

import pytest

pytest_plugins = ("pytester",)

OVERRIDE = """
import json
import pytest
from assistant.home import Home
from corpus.reading.files import FoundFile
from index.adding import add_files
from tests.fakes import HashEncoder

SEA = "The tide office in Port Elin runs the harbour. It has a budget of 12 million crowns."


@pytest.fixture(scope="session")
def communique_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    path = folder / "rows.jsonl"
    path.write_text(json.dumps({"id": "sea", "title": "Sea", "text": SEA}))
    home = Home(folder / "home", load_encoder=HashEncoder)
    list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    yield home
    home.close()
"""
QUESTION = "What is the budget of the harbour?"


TESTS = f'''
NONSENSE = "Does Zorblax trade with Yuggoth?"


def test_reads_as_what_it_claims(communique):
    answer = communique.ask("{QUESTION}")
    assert answer.cites("12 million crowns", document="sea")
    assert answer.cites("12 million crowns", document="Sea")
    assert not answer.cites("12 million crowns", document="land")
    assert not answer.cites("13 million crowns")
    assert answer.supported
    assert not answer.refused()
    assert "12 million" in answer.text


def test_a_refusal(communique):
    refusal = communique.ask(NONSENSE)
    assert refusal.refused("absent") and refusal.refused()
    assert not refusal.refused("unsupported")
    assert not refusal.supported and not refusal.cites("tide")


def test_a_follow_up(communique):
    more = communique.ask("Tell me about Port Elin.").ask("What does it cost?")
    assert more.answer.standalone_question == "What does Port Elin cost?"


def test_words_fail(communique):
    assert communique.ask("{QUESTION}").cites("13 million", document="sea")


def test_refusal_fails(communique):
    assert communique.ask("{QUESTION}").refused("absent")


def test_support_fails(communique):
    assert communique.ask(NONSENSE).supported


def test_kind_fails(communique):
    assert communique.ask(NONSENSE).refused("unsupported")
'''


def test_a_test_reads_as_what_it_claims_and_its_failure_says_what_was_answered(pytester: pytest.Pytester) -> None:
    """Words, their document, support, a refusal and a follow-up are each one assertion; what fails explains itself."""
    pytester.makeconftest(OVERRIDE)
    pytester.makepyfile(TESTS)
    got = pytester.runpytest_inprocess("-p", "no:communique", "-p", "evals.pytest_plugin")
    got.assert_outcomes(passed=3, failed=4)
    got.stdout.fnmatch_lines(
        [
            "*no quote of 'sea' holds '13 million'; answered: *12 million crowns*",
            "*it was answered: *12 million crowns*",
            "*there is no answer to support; refused as 'absent': *Yuggoth*",
            "*refused as 'absent', not as 'unsupported'*",
        ]
    )


def test_a_home_without_documents_is_named_with_the_remedy(pytester: pytest.Pytester) -> None:
    """The option wins over the environment, and an empty home is no passing test."""
    pytester.makepyfile("def test_it(communique): pass")
    options = ("--communique-home", str(pytester.path / "empty"))
    got = pytester.runpytest_inprocess("-p", "no:communique", "-p", "evals.pytest_plugin", *options)
    got.assert_outcomes(errors=1)
    got.stdout.fnmatch_lines(["*empty' has no documents: name another with --communique-home or COMMUNIQUE_HOME*"])
