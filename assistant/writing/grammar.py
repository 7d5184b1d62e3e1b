"""A grammar in llama.cpp's GBNF under which an LLM can write nothing but cited sentences, or NO ANSWER.

A sentence runs to its full stop and then must name one or two of the keys that were given out: even a model too small
to follow the format cites. It says nothing of whether the key is the right one; that is the verifier's work.
"""

from collections.abc import Sequence

from assistant.writing.prompts import NO_ANSWER

MAX_SENTENCES = 6
MAX_SENTENCE_CHARS = 400
_MIN_SENTENCE_CHARS = 12


def answer_grammar(keys: Sequence[str], *, max_sentences: int = MAX_SENTENCES) -> str:
    """The grammar of an answer of one to `max_sentences` sentences over these keys.

    A full stop ends a sentence unless a letter, a digit or a comma stands right after it ("3.5", "U.S.,").
    """
    names = " | ".join(f'"{key}"' for key in keys)
    return "\n".join(
        (
            f'root ::= "{NO_ANSWER}" | sentence (" " sentence){{0,{max_sentences - 1}}}',
            'sentence ::= text " " cite cite? ("." | "。")?',
            f"text ::= [A-Z0-9\\u00c0-\\uffff] char{{{_MIN_SENTENCE_CHARS},{MAX_SENTENCE_CHARS}}} stop?",
            'char ::= [^.!?。！？\\[\\]\\n<>] | "." [a-z0-9,]',
            "stop ::= [.!?。！？]",
            f'cite ::= "[" ({names}) "]"',
        )
    )


def word_grammar(choices: Sequence[str]) -> str:
    """The grammar of one of these words and nothing else."""
    return "root ::= " + " | ".join(f'"{choice}"' for choice in choices)
