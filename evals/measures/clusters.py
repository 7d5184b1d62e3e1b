"""Which cases belong together: those of one cluster, such as turns of a conversation, and wordings of one question.

Such cases are right or wrong together, so that an interval must resample them together. Told by the cases themselves
and by their histories; cases that merely speak of the same document are taken for independent.
"""

from collections.abc import Sequence

from evals.case import Case

PARAPHRASE, GROUP = "paraphrase-of:", "group:"


def wording_group(case: Case) -> str | None:
    """The group of wordings that the case names with a tag, `paraphrase-of:ID` or `group:NAME`; None without one."""
    named = (tag.removeprefix(prefix) for prefix in (PARAPHRASE, GROUP) for tag in case.tags if tag.startswith(prefix))
    return next(named, None)


def conversation_of(case: Case) -> str:
    """The conversation of the case: the cluster that it names, else how the conversation began."""
    if case.cluster:
        return f"cluster {case.cluster}"
    return f"began {case.history[0].content if case.history else case.question}"


def clusters_of(cases: Sequence[Case]) -> list[int]:
    """A number for each case, the same for cases that share a conversation or are wordings of one question.

    >>> cases = [Case(id_, f"{id_}?", (), (), (), False, tags, cluster=cluster) for id_, tags, cluster in
    ...     (("a", (), ""), ("b", ("paraphrase-of:a",), ""), ("c", (), "talk 1"), ("d", (), "talk 1"))]
    >>> clusters_of(cases)
    [0, 0, 1, 1]
    """
    parents: dict[str, str] = {}
    for case in cases:
        own = f"wording {case.id}"
        for other in (conversation_of(case), f"wording {wording_group(case) or case.id}"):
            parents[_root(parents, other)] = _root(parents, own)
    numbers: dict[str, int] = {}
    return [numbers.setdefault(_root(parents, f"wording {case.id}"), len(numbers)) for case in cases]


def _root(parents: dict[str, str], key: str) -> str:
    """The key that stands for all that are joined with this one; the way to it is shortened."""
    parents.setdefault(key, key)
    while parents[key] != key:
        parents[key] = parents[parents[key]]
        key = parents[key]
    return key
