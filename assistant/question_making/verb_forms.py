"""The forms of some common English verbs, so that a statement can be turned into a question without a parser.

The list is what reports on meetings, programmes and agreements use; a verb that is not in it makes no question.
Present forms that are also the plurals of common nouns, such as "plans", are left out.
"""

from functools import cache

_IRREGULAR = {
    "became": "become", "began": "begin", "brought": "bring", "built": "build", "came": "come", "chose": "choose",
    "drew": "draw", "found": "find", "gave": "give", "got": "get", "grew": "grow", "had": "have", "held": "hold",
    "kept": "keep", "led": "lead", "left": "leave", "made": "make", "met": "meet", "paid": "pay", "put": "put",
    "ran": "run", "rose": "rise", "said": "say", "saw": "see", "sent": "send", "set": "set", "spent": "spend",
    "took": "take", "won": "win", "wrote": "write", "fell": "fall", "went": "go", "sold": "sell", "bought": "buy",
    "lost": "lose", "stood": "stand",
}  # fmt: skip
_REGULAR = (
    "accept accompany achieve acquire add adopt affirm agree allow amend announce appoint approve ask attend award ban "
    "cause celebrate chair change close complete conclude confirm connect consider contain continue cooperate cover "
    "create cut decide declare defeat define deliver design destroy develop direct discover discuss distribute employ "
    "enable encourage end endorse enter envisage establish estimate exchange expand expect exclude express extend "
    "finance finish form found fund generate grant host identify implement improve include increase inform introduce "
    "invent invest invite issue join last launch list locate mark measure mention move name note notify obtain offer "
    "open operate organise organize oversee own participate pass plan pledge praise prepare produce prohibit promise "
    "propose protect provide publish ratify reach receive recognise recognize recommend reduce register reject release "
    "remain renew replace report represent require resolve retain return review select serve share sign spread start "
    "support survey suspend test train transfer use visit vote want warn welcome work"
).split()
_PRESENT = (
    "affirm allow appear approve aim apply belong bring build combine come comprise concern connect "
    "consist contain continue cooperate coordinate cover create define depend describe determine develop differ employ "
    "enable encompass encourage envisage exclude exist expect express extend follow give go govern grow have hold "
    "identify include involve join keep last lead list make manage meet mention name operate organise oversee own pay "
    "prohibit provide publish receive recognise reject remain represent require rest retain run say serve stand "
    "take treat welcome"
).split()
AUXILIARIES = frozenset("is are was were has have had will can may must should would could might shall".split())
_DOUBLED = frozenset(("plan", "ban", "cut", "transfer"))


def base_of_past(word: str) -> str | None:
    """The verb of a past form: "took" gives "take"; None where it is not known."""
    return _past_forms().get(word)


def base_of_present(word: str) -> str | None:
    """The verb of a present form of the third person: "runs" gives "run"; None where it is not known."""
    return _present_forms().get(word)


@cache
def _past_forms() -> dict[str, str]:
    return {_with_ed(verb): verb for verb in _REGULAR} | _IRREGULAR


@cache
def _present_forms() -> dict[str, str]:
    forms = {_with_s(verb): verb for verb in _PRESENT}
    return forms | {"has": "have", "goes": "go"}


def _with_ed(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + verb[-1] + "ed" if verb in _DOUBLED else verb + "ed"


def _with_s(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "o")) else "s")
