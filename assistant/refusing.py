"""Whether the documents speak of what is asked, and the refusal when they do not.

Told by the best evidence and by the question's names: a name that no document contains weighs more than any
similarity. It does not tell a document that touches a subject from one that answers.
"""

import re
from collections.abc import Mapping, Sequence

from assistant.answer import Citation, Refusal
from assistant.evidence import Evidence
from assistant.rewriting import names_in
from index.words import stems

MIN_PROBABILITY = 0.0075
"""Evidence below this is none. On squad2_dev, out of fold, 2 % of the answerable questions fall below it, and 85 % of
those whose document is hidden (`evals/fit_evidence.py`)."""
MIN_PROBABILITY_UNKNOWN_NAME = 0.3
"""The same where the question names something that no passage contains."""
NUM_NEAREST = 3


def unknown_names(question: str, counts: Mapping[str, int]) -> list[str]:
    """The names in the question of which not one word occurs in any passage; `counts` are passages by stem.

    "The Harbour Compact in Yuggoth" is two names here, so that the one that is known does not hide the other.
    """
    names = [part for name in names_in(question) for part in re.split(r"(?:\s+[a-z]+)+\s+", name)]
    return [name for name in names if (found := stems(name)) and not any(counts.get(s) for s in found)]


def is_absent(evidence: Sequence[Evidence], unknown: Sequence[str]) -> bool:
    """Whether nothing that was found is worth showing as an answer."""
    least = MIN_PROBABILITY_UNKNOWN_NAME if unknown else MIN_PROBABILITY
    return not evidence or evidence[0].probability < least


def refuse(  # noqa: PLR0913  (what a refusal says depends on all of it)
    searched: Sequence[str],
    unknown: Sequence[str],
    nearest: Sequence[Citation],
    *,
    num_documents: int,
    num_dropped: int = 0,
    is_scoped: bool = False,
) -> Refusal:
    """The refusal, with a sentence for the reader: "unsupported" where claims failed a check, else "absent"."""
    kind = "unsupported" if num_dropped else "absent"
    if not num_documents and is_scoped:
        message = "No document is within what the question was kept to: widen it, or leave it out."
    elif not num_documents:
        message = (
            "There are no documents yet: add some with `communique add PATH`, or the samples with "
            "`communique add --sample`."
        )
    elif num_dropped:
        message = "What was found did not pass its check, because the documents changed meanwhile: ask again."
    elif unknown:
        names = ", ".join(f"“{name}”" for name in unknown)
        message = f"The {num_documents} documents searched do not mention {names}."
    else:
        message = f"The {num_documents} documents searched do not speak of this."
    return Refusal(kind, message, tuple(searched), (), tuple(nearest))
