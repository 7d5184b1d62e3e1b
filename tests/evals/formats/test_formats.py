"""Each published form, in files of a few lines as its authors describe them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from assistant.conversation import Message
from evals.case import Case, Judgement
from evals.errors import InvalidSuite
from evals.formats.beir import BEIR
from evals.formats.chroma_chunking import CHROMA
from evals.formats.format import Format, document_row
from evals.formats.mtrag import MTRAG
from evals.formats.recognising import FORMATS, recognise
from evals.formats.squad import SQUAD
from evals.formats.uniform import UNIFORM


def lines(path: Path, rows: Iterable[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read(format_: Format, path: Path) -> tuple[dict[str, str], list[Case]]:
    """The documents' texts by id, and the cases, whose spans are checked against them."""
    texts = {row["id"]: row["text"] for row in format_.documents(path)}
    cases = list(format_.cases(path))
    assert all(0 <= j.start < j.end <= len(texts[j.document_id]) for case in cases for j in case.judgements)
    return texts, cases


def squad(folder: Path, **changes: Any) -> Path:
    first = "The tide is high. Boats are out."
    second = "Port Elin lies on the coast."
    questions = [
        {
            "id": "q1",
            "question": "Where is Port Elin?",
            "answers": [
                {"text": "on the coast", "answer_start": 15},
                {"text": "the coast", "answer_start": 18},
                {"text": "on the coast", "answer_start": 15},
            ],
            "is_impossible": False,
        },
        {
            "id": "q2",
            "question": "Who founded it?",
            "answers": [],
            "plausible_answers": [{"text": "Port Elin", "answer_start": 0}],
            "is_impossible": True,
        },
        {"id": "q3", "question": "Moved?", "answers": [{"text": "coast", "answer_start": 3}], "is_impossible": False},
    ]
    article = {
        "title": "Port_Elin",
        "paragraphs": [{"context": first, "qas": []}, {"context": second, "qas": questions}],
    }
    path = folder / "dev-v2.0.json"
    path.write_text(json.dumps({"version": "v2.0", "data": [article]} | changes))
    return path


def test_squad(tmp_path: Path) -> None:
    """Offsets move from paragraph to article; annotators' answers are alternatives; what is misplaced is out."""
    texts, cases = read(SQUAD, squad(tmp_path))
    id_ = "squad/Port_Elin"
    assert texts == {id_: "The tide is high. Boats are out.\n\nPort Elin lies on the coast."}
    assert cases == [
        Case(
            "q1",
            "Where is Port Elin?",
            (),
            (Judgement(id_, 49, 61), Judgement(id_, 52, 61)),
            ("on the coast", "the coast"),
            answerable=True,
            cluster=id_,
        ),
        Case("q2", "Who founded it?", (), (), (), answerable=False, cluster=id_),
    ]
    assert texts[id_][49:61] == "on the coast"


@pytest.mark.parametrize("changes", [{"data": []}, {"data": 3}, {"data": [3, None]}])
def test_squad_without_articles_is_an_error(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidSuite, match="has no articles"):
        list(SQUAD.cases(squad(tmp_path, **changes)))


def beir(
    folder: Path, qrels: str = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\tgone\t1\nq3\td2\t1\n"
) -> Path:
    lines(
        folder / "corpus.jsonl",
        [
            {"_id": "d1", "title": "Sea", "text": "The tide is high.", "metadata": {}},
            {"_id": "d2", "title": "", "text": "Boats are out."},
            {"_id": "d3", "title": "Empty", "text": ""},
        ],
    )
    lines(
        folder / "queries.jsonl",
        [
            {"_id": f"q{number}", "text": text}
            for number, text in enumerate(("tide?", "gone?", "boats?", "x?"), start=1)
        ],
    )
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(qrels)
    return folder


def test_beir(tmp_path: Path) -> None:
    """Relevant documents are judged whole; queries that nothing is judged for are no cases."""
    texts, cases = read(BEIR, beir(tmp_path))
    assert texts == {"d1": "The tide is high.", "d2": "Boats are out."}
    assert cases == [
        Case("q1", "tide?", (), (Judgement("d1", 0, 17),), (), answerable=True),
        Case("q3", "boats?", (), (Judgement("d2", 0, 14),), (), answerable=True),
    ]


def test_beir_takes_the_dev_split_where_there_is_no_other(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    (folder / "qrels" / "test.tsv").rename(folder / "qrels" / "dev.tsv")
    assert len(read(BEIR, folder)[1]) == 2
    (folder / "qrels" / "dev.tsv").unlink()
    with pytest.raises(InvalidSuite, match=r"has no qrels/test.tsv"):
        list(BEIR.cases(folder))


@pytest.mark.parametrize("line", ["q1 d1 1", "q1\td1", "q1\td1\thigh", "q1\td1\t\xff"])
def test_qrels_that_are_none_are_told_with_their_line(tmp_path: Path, line: str) -> None:
    folder = beir(tmp_path)
    (folder / "qrels" / "test.tsv").write_bytes(b"query-id\tcorpus-id\tscore\n" + line.encode("latin-1") + b"\n")
    with pytest.raises(InvalidSuite, match=r"test.tsv, line \d: not query, document and score"):
        list(BEIR.cases(folder))


def task(turn: int, answerability: str, *said: str, **more: Any) -> dict[str, Any]:
    """A task as MTRAG has it; user and agent speak in turns."""
    speakers = ["user", "agent"]
    return {
        "conversation_id": "c1",
        "task_id": f"c1<::>{turn}",
        "Collection": "mt-rag-clapnq-elser-512-100-20240503",
        "Answerability": [answerability],
        "Multi-Turn": ["Follow-up"] if turn > 1 else float("nan"),
        "input": [{"speaker": speakers[i % 2], "text": text, "metadata": {}} for i, text in enumerate(said)],
        "targets": [{"speaker": "agent", "text": "It is high."}],
        "contexts": [],
        **more,
    }


def context(id_: str, text: str, vote: str | None = None) -> dict[str, Any]:
    feedback = {"feedback": {"relevant": {"someone": {"value": vote}}}} if vote else {}
    return {"document_id": id_, "text": text, "title": "Sea", "score": 1.0} | feedback


def mtrag(folder: Path) -> Path:
    tide = context("d1-0-17", "The tide is high.")
    return lines(
        folder / "generation_tasks" / "reference.jsonl",
        [
            task(1, "ANSWERABLE", "How is the tide?", contexts=[tide, context("d2-0-14", "Boats are out.", "no")]),
            task(2, "UNANSWERABLE", "How is the tide?", "It is high.", "And the moon?", contexts=[tide]),
            task(3, "CONVERSATIONAL", "How is the tide?", "High.", "Thanks!"),
            task(4, "PARTIAL", "Any boats?", contexts=[context("d2-0-14", "Boats are out.", "yes")]),
            task(5, "ANSWERABLE", "Nothing to cite?"),
        ],
    )


def test_mtrag_without_its_corpora(tmp_path: Path) -> None:
    """History and question are parted, votes are heeded, and the passages that the tasks name are the documents."""
    texts, cases = read(MTRAG, mtrag(tmp_path))
    assert texts == {"d1-0-17": "The tide is high.", "d2-0-14": "Boats are out."}
    assert [(case.id, case.answerable, case.judgements, case.tags) for case in cases] == [
        ("c1<::>1", True, (Judgement("d1-0-17", 0, 17),), ("answerable",)),
        ("c1<::>2", False, (), ("unanswerable", "follow-up")),
        ("c1<::>4", True, (Judgement("d2-0-14", 0, 14),), ("partial", "follow-up")),
    ]
    assert cases[1].history == (Message("user", "How is the tide?"), Message("assistant", "It is high."))
    assert (cases[1].question, cases[1].cluster, cases[1].references) == ("And the moon?", "c1", ("It is high.",))


def test_mtrag_with_its_corpora(tmp_path: Path) -> None:
    """Where the corpus lies as in the repository, all of its passages are the documents."""
    path = mtrag(tmp_path)
    rows = [
        {"_id": "d1-0-17", "id": "d1-0-17", "title": "Sea", "text": "Sea\nThe tide is high.", "url": ""},
        {"_id": "d9-0-5", "id": "d9-0-5", "title": "Sky", "text": "Other", "url": ""},
    ]
    lines(tmp_path / "corpora" / "passage_level" / "clapnq.jsonl", rows)
    texts, cases = read(MTRAG, path)
    assert list(texts) == ["d1-0-17", "d9-0-5"]
    assert [case.id for case in cases] == ["c1<::>1", "c1<::>2"]
    assert cases[0].judgements == (Judgement("d1-0-17", 0, 21),)


def chroma(folder: Path, references: str | None = None) -> Path:
    excerpts = [
        {"content": "tide", "start_index": 4, "end_index": 8},
        {"content": "out", "start_index": 28, "end_index": 31},
    ]
    cell = (references or json.dumps(excerpts)).replace('"', '""')
    (folder / "questions_df.csv").write_text(f'question,references,corpus_id\n"How, then?","{cell}",the_sea\n')
    (folder / "corpora").mkdir(exist_ok=True)
    (folder / "corpora" / "the_sea.md").write_bytes(b"The tide is high.\r\nBoats are out.\r\n")
    return folder


def test_chroma(tmp_path: Path) -> None:
    """All excerpts are wanted; a line end counts as one character, as the report's program counts it."""
    texts, cases = read(CHROMA, chroma(tmp_path))
    assert cases == [
        Case(
            "chroma-001",
            "How, then?",
            (),
            (Judgement("the_sea", 4, 8, "0"), Judgement("the_sea", 28, 31, "1")),
            (),
            answerable=True,
            cluster="the_sea",
        )
    ]
    assert [texts["the_sea"][j.start : j.end] for j in cases[0].judgements] == ["tide", "out"]
    assert read(CHROMA, tmp_path / "questions_df.csv") == (texts, cases)


@pytest.mark.parametrize(
    ("references", "message"),
    [
        ("[]", "an excerpt is not in"),
        ('[{"start_index": 4, "end_index": 400}]', "an excerpt is not in"),
        ('[{"start_index": "4"}]', "an excerpt is not in"),
        ("{broken", "'references' is not JSON"),
    ],
)
def test_chroma_with_a_bad_excerpt_is_an_error(tmp_path: Path, references: str, message: str) -> None:
    with pytest.raises(InvalidSuite, match=f"question 1: {message}"):
        list(CHROMA.cases(chroma(tmp_path, references)))


@pytest.mark.parametrize("name", ["gone", "../secret", "/etc/passwd"])
def test_chroma_reads_no_file_but_its_corpora(tmp_path: Path, name: str) -> None:
    folder = chroma(tmp_path)
    (tmp_path / "secret.md").write_text("x")
    questions = folder / "questions_df.csv"
    questions.write_text(questions.read_text().replace(",the_sea", f",{name}"))
    with pytest.raises(InvalidSuite, match="there is no corpora/"):
        list(CHROMA.documents(folder))


def uniform(folder: Path, **evidence: Any) -> Path:
    lines(
        folder / "documents.jsonl",
        [{"id": "sea", "title": "Sea", "text": "The tide is high. Boats are out.", "url": "x"}],
    )
    case = {"question": "How?", "history": [{"role": "user", "content": "Hi"}], "answers": ["so"], "answerable": True}
    piece = {"document_id": "sea", **evidence}
    rows = [
        case | {"id": "c<::>1", "evidence": [piece], "tags": ["x"]},
        case | {"id": "b", "evidence": []},
        case | {"id": "d", "answerable": False, "evidence": [], "meta": {"article": "Sea"}},
    ]
    lines(folder / "cases.jsonl", rows)
    return folder


@pytest.mark.parametrize(
    ("evidence", "span"),
    [
        ({"start": 4, "end": 8, "text": "tide"}, (4, 8)),
        ({"text": "Boats"}, (18, 23)),
        ({"text": "is nowhere"}, (0, 32)),
        ({}, (0, 32)),
    ],
    ids=["span", "text", "text that is not there", "document"],
)
def test_uniform(tmp_path: Path, evidence: dict[str, Any], span: tuple[int, int]) -> None:
    """Evidence is a span, a text or a document; a case that cannot be judged is left out."""
    texts, cases = read(UNIFORM, uniform(tmp_path, **evidence))
    assert list(texts) == ["sea"]
    assert cases == [
        Case(
            "c<::>1", "How?", (Message("user", "Hi"),), (Judgement("sea", *span),), ("so",), True, ("x",), cluster="c"
        ),
        Case("d", "How?", (Message("user", "Hi"),), (), ("so",), answerable=False, cluster="Sea"),
    ]


@pytest.mark.parametrize("evidence", [{"start": 30, "end": 40}, {"start": 4}, {"start": "4", "end": 8}])
def test_uniform_with_a_span_outside_its_document_is_an_error(tmp_path: Path, evidence: dict[str, Any]) -> None:
    with pytest.raises(InvalidSuite, match=r"case 'c<::>1': the span .* is not in 'sea'"):
        list(UNIFORM.cases(uniform(tmp_path, **evidence)))


def test_each_format_is_recognised_and_a_users_own_cases_are_none_of_them(tmp_path: Path) -> None:
    """A path is enough to tell what it is."""
    folders = {format_.name: tmp_path / format_.name for format_ in FORMATS}
    for folder in folders.values():
        folder.mkdir()
    paths = [
        uniform(folders["uniform"]),
        beir(folders["beir"]),
        chroma(folders["chroma-chunking"]),
        mtrag(folders["mtrag"]),
        squad(folders["squad"]),
    ]
    assert [recognise(path) for path in paths] == list(FORMATS)
    own = lines(tmp_path / "my.jsonl", [{"id": "a", "question": "x"}])
    assert [recognise(path) for path in (own, tmp_path, tmp_path / "missing.json", tmp_path / "my.csv")] == [None] * 4


@pytest.mark.parametrize(
    ("row", "is_kept"),
    [
        (("a", "A", "text"), True),
        (("a", None, "text"), True),
        (("a", "A", "  "), False),
        (("", "A", "text"), False),
        ((7, "A", "text"), False),
        (("a", "A", "nul\0"), False),
        (("a", "A", "\ud800"), False),
        (("a" * 600, "A", "text"), False),
        (("a", ["A"], "text"), False),
    ],
)
def test_a_document_that_could_not_be_added_is_left_out(row: tuple[object, object, object], is_kept: bool) -> None:
    assert bool(document_row(*row)) == is_kept


@pytest.mark.parametrize("name", ["squad2_dev", "chunking_evaluation", "mtrag_govt", "clapnq_dev", "azure_demo"])
def test_the_public_data_that_is_here_is_read_whole(data: Path, name: str) -> None:
    """Of real sets all but what nobody judged becomes cases, whose spans lie in their documents."""
    texts, cases = read(UNIFORM, data / name)
    rows = [json.loads(line) for line in (data / name / "cases.jsonl").read_text().split("\n") if line]
    judged = [row for row in rows if row["evidence"] or not row["answerable"]]
    assert [case.id for case in cases] == [row["id"] for row in judged]
    for case, row in zip(cases, judged, strict=True):
        stated = [piece["text"] for piece in row["evidence"] if "start" in piece]
        assert {texts[j.document_id][j.start : j.end] for j in case.judgements if stated} == set(stated)
