import re

from markdown_it import MarkdownIt

from assistant.exporting.markdown import matrix_markdown, pack_markdown
from tests.fakes_packs import EMPTY_PACK, HOSTILE, MATRIX, PACK


def test_a_pack_says_what_every_claim_rests_on() -> None:
    """Turn by turn: question, reading, verdicts, footnotes with quote, place, span, sha256 and what became of it."""
    written = pack_markdown(PACK)
    head, _, rest = written.partition("\n\n## 1. ")
    assert head == "# Title \\*x\\*\n\nConversation c0ffee, 2 turns, 2026-11-22 01:43 UTC to 2026-11-22 01:53 UTC."
    first, _, rest = rest.partition("\n\n## 2. ")
    assert first.split("\n\n") == [
        "\\=What\ufffd is \\*this\\*?",
        "Understood as: What is this?",
        "Asked 2026-11-22 01:43 UTC, answered by llm\\:m.",
        "Note: a &#124; note",
        "- \\-First &lt;i&gt;claim&lt;/i&gt; [^1][^2] (supported, 1.00)\n"
        "- Second [^1] (partly supported, 0.61)\n"
        "- Hello! (supported, 1.00)",
    ]
    second, _, rest = rest.partition("\n\n## Documents cited\n\n")
    assert second.split("\n\n") == [
        "Why?",
        "Asked 2026-11-22 01:53 UTC, answered by quoting.",
        "No answer (underspecified): Which one?",
        "Searched for: “Why?”",
        "Could be meant: “A”, “B”",
        "Nearest passages:",
        "- “tide” [^2]",
    ]
    table, one, two = rest.split("\n\n")
    assert table.splitlines()[2:] == [
        f"| The &lt;harbour&gt; &#124; \\`x\\` | 2021-03 | /h.md | {'ab' * 32} | changed since |",
        f"| Gone | no date | \\=cmd&#124;' /C calc'!A0 | {'cd' * 32} | removed since |",
    ]
    assert one.startswith("[^1]: “\\`tick\\` &#124; &lt;b&gt;bold")
    assert one.endswith(
        f"The &lt;harbour&gt; &#124; \\`x\\`, Money, 4., page 2, published 2021-03. Source: /h.md; characters "
        f"3–{3 + len(HOSTILE)} of harbour, sha256 {'ab' * 32}. "
        "**The document has changed since: these are its words as they were cited.**"
    )
    assert two == (
        f"[^2]: “tide” Gone, no date. Source: =cmd&#124;' /C calc'!A0; characters 0–4 of gone, sha256 {'cd' * 32}. "
        "**The document was removed since: these are its words as they were cited.**\n"
    )


def test_nothing_that_was_quoted_acts() -> None:
    """No link, image, code or element of HTML comes of hostile words; each footnote is marked and defined."""
    for written in (pack_markdown(PACK), matrix_markdown(MATRIX)):
        elements = set(re.findall(r"<(\w+)", MarkdownIt("commonmark").enable("table").render(written)))
        assert elements & {"a", "img", "code", "pre", "b", "i", "script"} == set()
        assert set(re.findall(r"\[\^(\d+)\](?!:)", written)) == set(re.findall(r"^\[\^(\d+)\]:", written, re.M))


def test_a_conversation_without_a_turn_is_a_pack_without_one() -> None:
    assert pack_markdown(EMPTY_PACK).startswith("# Conversation\n\nConversation c0ffee, 0 turns, ")


def test_a_matrix_is_a_table_with_footnotes() -> None:
    """A row a document, a column a question; silence says what was searched for; one span is one footnote."""
    written = matrix_markdown(MATRIX)
    lines = written.splitlines()
    assert lines[:4] == ["# Comparison", "", "| Document | Which &#124; one? | \\=Q2 |", "| --- | --- | --- |"]
    assert lines[4].startswith("| The &lt;harbour&gt; &#124; \\`x\\`<br>2021-03 | “\\`tick\\`")
    assert lines[4].endswith("” [^1] (partly supported) | *silent*; searched for “=Q2”, “q&#124;2” |")
    assert lines[5] == "| gone<br>no date | “tide” [^2] | “tide” [^2] |"
    assert sum(line.startswith("[^") for line in lines) == 2
