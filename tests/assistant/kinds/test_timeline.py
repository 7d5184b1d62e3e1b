import pytest

from assistant.home import Home
from assistant.kinds.period import Period
from assistant.kinds.timeline import MAX_ITEMS, asked_timeline, timeline_outline
from index.scope import Scope
from tests.assistant.conftest import Add


@pytest.mark.parametrize(
    ("question", "topic", "period"),
    [
        ("What happened when?", "", None),
        ("timeline", "", None),
        ("Make a timeline of the documents", "", None),
        ("timeline for the Harbour Compact", "Harbour Compact", None),
        ("What is the history of the compact?", "compact", None),
        ("What happened since May 2020?", "", Period("2020-05", None, "since 2020-05")),
        ("Compactの年表", "Compact", None),
    ],
)
def test_topic_and_period_are_read(question: str, topic: str, period: Period | None) -> None:
    assert asked_timeline(question) == (topic, period)


def test_dated_sentences_come_in_the_order_of_their_dates(shore: Home) -> None:
    outline = timeline_outline("What happened when?", shore.sources)
    assert outline is not None
    assert [(item.lead, item.evidence.text) for item in outline.items] == [
        ("2019-05-04", "The Harbour Compact was signed in Port Elin on 4 May 2019."),
        ("2021", "The first was the lighthouse of Cape Orre, in 2021."),
    ]
    assert outline.notes == ("2 of 2 dated sentences, in the order of their dates",)


def test_a_topic_keeps_to_what_speaks_of_it(shore: Home) -> None:
    outline = timeline_outline("history of the lighthouse", shore.sources)
    assert outline is not None
    assert [item.lead for item in outline.items] == ["2021"]


def test_a_period_keeps_to_itself(shore: Home) -> None:
    outline = timeline_outline("What happened since 2020?", shore.sources)
    assert outline is not None
    assert [item.lead for item in outline.items] == ["2021"]


def test_what_is_told_twice_is_shown_once(home: Home, add: Add) -> None:
    """Of one date and nearly the same words only one is kept; another thing of that date stays."""
    add(
        {
            "a": "The Harbour Compact was signed in Port Elin on 4 May 2019.",
            "b": "The Harbour Compact was signed at Port Elin on 4 May 2019. A whale was seen near Orre on 4 May 2019.",
        }
    )
    outline = timeline_outline("what happened when", home.sources)
    assert outline is not None
    assert sorted("whale" in item.evidence.text for item in outline.items) == [False, True]


def test_without_dates_nothing_is_made_up(shore: Home) -> None:
    outline = timeline_outline("timeline of Yuggoth", shore.sources)
    assert outline is not None
    assert outline.refusal is not None
    assert (outline.refusal.kind, outline.items) == ("absent", ())
    assert timeline_outline("timeline", shore.sources, Scope(document_ids=())) is None


def test_a_timeline_of_all_documents_reaches_over_all_times(sample: Home) -> None:
    """Twelve items of twelve documents, from the first years to the last."""
    outline = timeline_outline("What happened when?", sample.sources)
    assert outline is not None
    dates = [item.lead for item in outline.items]
    assert dates == sorted(dates)
    assert len({item.evidence.document_id for item in outline.items}) == len(dates) == MAX_ITEMS
    assert dates[0] < "2010"
    assert dates[-1] > "2024"
