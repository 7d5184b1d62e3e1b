"""A pack and a matrix made by hand, whose every word from outside is hostile to some format."""

from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.comparing import Cell, ComparedDocument, Matrix
from assistant.conversation import Conversation, Turn
from assistant.exporting.pack import Pack, Version

HOSTILE = (
    "`tick` | <b>bold</b> [x](javascript:alert(1)) \x1b[31m=1+1\n- list\n\n# head 量子 😀 & _a_ "
    '![i](http://e.vil/x.png) </w:t> "12"'
)
SHOWN = HOSTILE.replace("\x1b", "\N{REPLACEMENT CHARACTER}")
"""The same as a format shows it that has no control characters."""

LONG = Citation(1, "harbour", "ab" * 32, "The <harbour> | `x`", "/h.md", 3, 3 + len(HOSTILE), HOSTILE, "Money, 4.", 2)
SHORT = Citation(2, "gone", "cd" * 32, "Gone", "=cmd|' /C calc'!A0", 0, 4, "tide")
ANSWERED = Answer(
    question="=What\x07 is *this*?",
    standalone_question="What is this?",
    claims=(
        Claim("-First <i>claim</i>", (1, 2), "supported", 1.0),
        Claim("Second", (1,), "partly", 0.614),
        Claim("Hello!", (), "supported", 1.0),
    ),
    citations=(LONG, SHORT),
    writer="llm:m",
    notes=("a | note",),
    timings_ms={"total": 1.0},
    trace={"hits": []},
)
REFUSED = Answer(
    question="Why?",
    standalone_question="Why?",
    refusal=Refusal("underspecified", "Which one?", ("Why?",), ("A", "B"), (SHORT,)),
)
CONVERSATION = Conversation("c0ffee", "Title *x*", "2026-11-22T01:43:28.1+00:00", "2026-11-22T01:53:28.1+00:00", 2)
PACK = Pack(
    CONVERSATION,
    (Turn(1, ANSWERED, "2026-11-22T01:43:29.5+00:00"), Turn(2, REFUSED, "2026-11-22T01:53:28.1+00:00")),
    (
        Version("harbour", LONG.title, LONG.source, "2021-03", LONG.sha256, "changed"),
        Version("gone", SHORT.title, SHORT.source, None, SHORT.sha256, "removed"),
    ),
)
EMPTY_PACK = Pack(Conversation("c0ffee", "", "2026-11-22T01:43:28.1+00:00", "2026-11-22T01:43:28.1+00:00", 0), (), ())
MATRIX = Matrix(
    (
        ComparedDocument("harbour", LONG.title, "2021-03", LONG.sha256),
        ComparedDocument("gone", "", None, SHORT.sha256),
    ),
    ("Which | one?", "=Q2"),
    (
        (Cell(LONG, ("Which | one?",), "partly"), Cell(None, ("=Q2", "q|2"), "silent")),
        (Cell(SHORT, ("Which | one?",), "supported"), Cell(SHORT, ("=Q2",), "supported")),
    ),
)
