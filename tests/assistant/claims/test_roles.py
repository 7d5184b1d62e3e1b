import pytest

from assistant.claims.alignment import Alignment
from assistant.claims.roles import role_features
from assistant.claims.text import claim_of, sentences_of


def _features(claim: str, quote: str) -> dict[str, float]:
    return role_features(Alignment(claim_of(claim), sentences_of(quote)))


@pytest.mark.parametrize(
    ("quote", "claim", "turned"),
    [
        ("In spring Berg accused Quist.", "In spring Quist accused Berg.", 1),
        ("In spring Berg accused Quist.", "In spring Berg accused Quist.", 0),
        ("In spring Berg accused Quist.", "In spring Quist was accused by Berg.", 0),
        ("In spring Berg accused Quist.", "In spring Berg was accused by Quist.", 1),
        ("In spring Berg was accused by Quist.", "In spring Berg accused Quist.", 1),
        ("In spring Berg was accused by Quist.", "In spring Quist accused Berg.", 0),
        ("In Bergen the minister Quist resigned.", "The minister Quist resigned in Bergen.", 0),
        ("It rained in spring.", "In spring Berg accused Quist.", 0),
    ],
    ids=[
        "turned",
        "the same",
        "made passive",
        "made passive and turned",
        "made active and turned",
        "made active",
        "an adjunct moved",
        "not there",
    ],
)
def test_who_does_it_to_whom_is_told_by_order_and_voice(quote: str, claim: str, turned: float) -> None:
    assert _features(claim, quote)["mentions_turned"] == turned


@pytest.mark.parametrize(
    ("quote", "claim", "moved"),
    [
        ("They flew from Oslo to Bergen.", "They flew from Bergen to Oslo.", 2),
        ("They flew from Oslo to Bergen.", "They flew to Bergen from Oslo.", 0),
        ("They flew from Oslo.", "They flew in Oslo.", 0),
    ],
    ids=["the other way", "the same way", "no way said"],
)
def test_a_way_has_a_beginning_and_an_end(quote: str, claim: str, moved: float) -> None:
    assert _features(claim, quote)["roles_moved"] == moved


def test_words_belong_to_the_name_they_stand_beside() -> None:
    """Of the old harbour, and what was reopened, nothing stands beside the other town."""
    quote = "Bergen keeps an old harbour, as many people who came there said, and Elin reopened a lighthouse."
    turned = "Elin keeps an old harbour, as many people who came there said, and Bergen reopened a lighthouse."
    assert _features(turned, quote)["words_moved"] > 0.6
    assert _features(quote, quote)["words_moved"] == 0


def test_a_text_of_nothing_but_names_is_read() -> None:
    assert set(_features("Berg " * 800, "Berg " * 800 + "Quist")) == {
        *("mentions_turned", "words_moved", "roles_moved", "voice_turned")
    }


@pytest.mark.parametrize(
    ("quote", "claim", "turned"),
    [
        ("The house was designed by an old architect.", "The house designed an old architect.", 1),
        ("The house was designed by an old architect.", "An old architect designed the house.", 0),
        ("The house was designed by an old architect.", "The house was designed by an old architect.", 0),
        ("The house was designed beside an old mill.", "The house designed an old mill.", 0),
    ],
)
def test_what_is_done_by_somebody_is_not_done_to_them(quote: str, claim: str, turned: float) -> None:
    assert _features(claim, quote)["voice_turned"] == turned
