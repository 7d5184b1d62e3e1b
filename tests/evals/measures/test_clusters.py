from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import Message
from evals.case import Case
from evals.measures.clusters import clusters_of, wording_group


def case(id_: str, *tags: str, question: str = "", history: tuple[str, ...] = (), cluster: str = "") -> Case:
    """A case after these messages."""
    said = tuple(Message("user" if i % 2 == 0 else "assistant", text) for i, text in enumerate(history))
    return Case(id_, question or f"{id_}?", said, (), (), False, tags, cluster=cluster)


def test_the_turns_of_a_conversation_are_one_cluster() -> None:
    """The first turn too, whose question begins the histories of the others."""
    first = case("1", question="What is NEXUS?")
    second = case("2", history=("What is NEXUS?", "A fund."))
    third = case("3", history=("What is NEXUS?", "A fund.", "And its budget?", "Large."))
    assert clusters_of([first, case("x"), third, second]) == [0, 1, 0, 0]


def test_what_joins_two_clusters_makes_them_one() -> None:
    """Here b is a wording of a; c is in b's conversation; d names the same group as c's other wording e."""
    cases = [
        case("a"),
        case("b", "paraphrase-of:a", cluster="talk"),
        case("c", cluster="talk"),
        case("d", "group:g"),
        case("e", "group:g"),
        case("f"),
    ]
    assert clusters_of(cases) == [0, 0, 0, 1, 1, 2]


@given(
    st.lists(st.tuples(st.sampled_from(["", "t1", "t2"]), st.sampled_from(["", "group:g1", "group:g2"])), max_size=8)
)
def test_cases_are_one_cluster_when_a_chain_of_shared_names_joins_them(names: list[tuple[str, str]]) -> None:
    """Against a plain search for everything that can be reached."""
    cases = [case(str(i), *([tag] if tag else []), cluster=talk) for i, (talk, tag) in enumerate(names)]
    numbers = clusters_of(cases)
    for i in range(len(names)):
        reached, open_ = {i}, [i]
        while open_:
            one = open_.pop()
            for j, other in enumerate(names):
                if j not in reached and any(a and a == b for a, b in zip(names[one], other, strict=True)):
                    reached.add(j)
                    open_.append(j)
        assert {j for j, number in enumerate(numbers) if number == numbers[i]} == reached


def test_a_long_chain_takes_no_long_time() -> None:
    """Twenty thousand cases of which each is a wording of the one before: one cluster."""
    chain = [case(str(i), f"paraphrase-of:{i - 1}") for i in range(20_000)]
    assert set(clusters_of(chain)) == {0}


def test_the_group_of_wordings_is_told_by_a_tag() -> None:
    assert wording_group(case("a", "date", "paraphrase-of:b")) == "b"
    assert wording_group(case("a", "group:g")) == "g"
    assert wording_group(case("a", "paraphrase")) is None
