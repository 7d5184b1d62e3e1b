import pytest

from evals.claims.statements import statement


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("Who wrote the Nong Shu?", "Wang Zhen", "Wang Zhen wrote the Nong Shu."),
        ("When was Zhu Shijie born?", "1249", "Zhu Shijie was born in 1249."),
        ("When was the treaty signed?", "in 1648", "The treaty was signed in 1648."),
        ("In what year did Tesla die?", "1943", "Tesla die in 1943."),
        ("What was Warsaw's population in 1901?", "711,988", "Warsaw's population in 1901 was 711,988."),
        ("Where is D'Olier Street?", "Dublin", "D'Olier Street is in Dublin."),
        ("How many people were killed?", "twelve", "Twelve people were killed."),
        ("Explain it.", "No", None),
    ],
)
def test_a_question_and_its_answer_become_one_statement(question: str, answer: str, said: str | None) -> None:
    assert statement(question, answer) == said
