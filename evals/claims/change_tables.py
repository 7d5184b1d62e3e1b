"""Words that change what a claim says, and words that do not: the tables of claim changes and rewordings.

English only, and short: what no table holds is left as it is.
"""

UNITS = (
    ("million", "billion"),
    ("billion", "million"),
    ("thousand", "million"),
    ("percent", "million"),
    ("kilometers", "miles"),
    ("km", "miles"),
    ("miles", "metres"),
    ("years", "months"),
    ("months", "weeks"),
    ("days", "weeks"),
    ("hours", "minutes"),
    ("minutes", "hours"),
    ("meters", "kilometres"),
    ("metres", "kilometres"),
    ("feet", "miles"),
    ("ft", "miles"),
    ("dollars", "euros"),
    ("$", "€"),
    ("£", "$"),
    ("€", "$"),
    ("°C", "°F"),
    ("°F", "°C"),
    ("per cent", "million"),
    ("weeks", "years"),
    ("inches", "feet"),
    ("kg", "tonnes"),
    ("tonnes", "kilograms"),
    ("tons", "kilograms"),
    ("acres", "square miles"),
    ("square miles", "acres"),
    ("pounds", "tons"),
)
STRONGER = (
    (r"\bsome\b(?! \d)", "all"),
    (r"\bmost(?= (?:of the|of these|of its|[a-z]+s)\b)", "all"),
    (r"\bmany\b", "all"),
    (r"\boften\b", "always"),
    (r"\busually\b", "always"),
    (r"\bseveral\b", "no"),
    (r"\ball(?= (?:of|the|other|[a-z]+s)\b)", "only a few of"),
    (r"\bevery\b", "no"),
    (r"\bsometimes\b", "always"),
    (r"\bgenerally\b", "always"),
    (r"\btypically\b", "always"),
    (r"\bmainly\b", "only"),
    (r"\bmostly\b", "only"),
    (r"\bprimarily\b", "only"),
    (r"\bone of the\b", "the only one of the"),
    (r"\bat least\b", "at most"),
    (r"\bmore than\b(?= \d| [a-z]+ty| half| one)", "less than"),
    (r"\bless than\b", "more than"),
    (r"\bboth\b(?! (?:of )?(?:in|on|as|at|by))", "neither of"),
    (r"\bincluding\b", "except"),
    (r"\bup to\b(?= \d)", "at least"),
    (r"\bpart of\b", "all of"),
    (r"\brarely\b", "always"),
    (r"\bfew\b", "most"),
    (r"\bnearly all\b", "all"),
    (r"\balmost all\b", "all"),
    (r"\bin some cases\b", "in all cases"),
)
SURER = (
    (r"\bmay have\b", "definitely has"),
    (r"\bmay\b(?! \d)", "must"),
    (r"\bmight\b", "will certainly"),
    (r"\b(?:is|was|are|were) (?:believed|thought) to\b", "has been proved to"),
    (r"\bprobably\b", "certainly"),
    (r"\b(?:is|are|was|were) likely to\b", "is certain to"),
    (r"\bsuggests that\b", "proves that"),
    (r"\bsuggested that\b", "proved that"),
    (r"\bpossibly\b", "definitely"),
    (r"\bplan(?:s|ned) to\b", "have already begun to"),
    (r"\bproposed to\b", "finally began to"),
    (r"\bcan be\b", "must always be"),
    (r"\bcan(?= [a-z]+ )(?! be)(?!not)", "must always"),
    (r"\bclaim(?:s|ed) that\b", "proved that"),
    (r"\bbelieve(?:s|d) that\b", "proved that"),
    (r"\breportedly\b", "undoubtedly"),
    (r"\b(?:may|might) be\b", "is"),
    (r"\b(?:may|might) (?=[a-z]+ )(?!have|be|not)", ""),
    (r"\bmay have been\b", "was"),
    (r"\b(?:possibly|probably|perhaps|reportedly|allegedly) (?=[a-z])", ""),
    (r"\b(?:is|was) (?:believed|thought|said|considered) to be\b", "is"),
    (r"\bappears? to be\b", "is"),
    (r"\bcould be\b", "is"),
    (r"\btend(?:s)? to\b", "always"),
)
OVERCLAIMS = (
    (r"(?<!here )\b(is|was) (?:a|an)\b(?= [a-z]+)", (r"\1 the only", r"\1 the first", r"\1 the world's largest")),
    (r"\b(is|was|are|were) (?:one of|among) the (most|[a-z]+est)\b", (r"\1 by far the \2",)),
    (r"\b(is|was|are|were) (?:very )?important\b", (r"\1 indispensable",)),
    (r"\bknown for\b", ("known exclusively for",)),
    (r"\bhelped (?:to )?(?=[a-z])", ("alone was enough to ",)),
    (r"\bcontribut(?:es|ed) to\b", ("was the sole cause of",)),
    (r"\ban important\b", ("the most important",)),
    (r"\ba (?:major|key|leading)\b", ("the only",)),
    (r"\bassociated with\b", ("caused by",)),
    (r"\brelated to\b", ("caused by",)),
    (r"\busually\b", ("without exception",)),
)
CAUSES = (
    (r",? although\b", " because"),
    (r",? while\b(?= the| it| they)", " because"),
    (r",? after(?= [a-z]+ing\b| the| his| her| its)", " because of"),
    (r"\bbefore\b(?= [a-z]+ing\b)", "without"),
    (r",? but\b(?= [a-z]+ (?:was|were|is|are|did|had))", ", because"),
    (r"\bin order to\b", "instead of trying to"),
    (r"\bbecause of\b", "in spite of"),
    (r"\bdue to\b", "in spite of"),
    (r"\bas a result of\b", "in spite of"),
    (r"(?<!has )(?<!have )(?<!had )(?<!ly )(?<!was )(?<!also )\b(?:led to|resulted in)\b", "was caused by"),
    (r"\bto (?:prevent|avoid)\b", "to encourage"),
)
SYNONYMS = dict(
    entry.split(":")
    for entry in (
        "began:started started:began large:big used:employed located:situated built:constructed created:established "
        "established:founded founded:established many:numerous important:significant "
        "significant:important obtained:acquired purchased:bought bought:purchased near:close_to because:since "
        "approximately:about people:persons country:nation film:movie help:assist helped:assisted "
        "shows:demonstrates required:needed needed:required received:got ended:finished often:frequently "
        "frequently:often main:principal primarily:mainly mainly:primarily throughout:across several:multiple "
        "enormous:huge famous:well-known wrote:authored contains:includes includes:contains formerly:previously "
        "currently:presently died:passed_away allowed:permitted prevented:stopped caused:led_to "
        "children:kids doctors:physicians larger:bigger called:named usually:typically typically:usually "
        "attempted:tried tried:attempted chose:selected selected:chosen provides:offers offers:provides "
        "whole:entire entire:whole difficult:hard hard:difficult quickly:rapidly rapidly:quickly "
        "big:large small:little entirely:completely completely:entirely also:additionally first:initially_first "
        "different:distinct similar:comparable areas:regions regions:areas major:leading beginning:start "
        "purpose:aim goal:aim method:approach methods:approaches rules:regulations fight:battle "
        "employees:workers workers:employees teachers:educators "
        "students:pupils pupils:students automobile:car cars:automobiles disease:illness illness:disease "
        "stated:said said:stated believed:thought noted:observed "
        "reduce:lower reduces:lowers reduced:lowered ensure:guarantee protect:safeguard "
        "protects:safeguards removed:taken_away remained:stayed returned:came_back moved:relocated opened:inaugurated "
        "destroyed:wiped_out killed:slain defeated:beat conquered:captured discovered:found invented:devised "
        "designed:devised produced:made produces:makes manufactured:made uses:employs enables:allows "
        "consists_of:is_made_up_of approximately:around nearly:almost almost:nearly "
        "within:inside during:in_the_course_of prior_to:before"
    ).split()
    if not entry.startswith("first:")
)
"""Words that may stand for each other nearly everywhere; `_` stands for a space."""
PARTICIPLES = dict(
    entry.split(":")
    for entry in (
        "written:wrote led:led made:made built:built held:held won:won sold:sold found:found taken:took given:gave "
        "begun:began chosen:chose known:knew seen:saw sung:sang drawn:drew driven:drove flown:flew broken:broke "
        "thrown:threw shot:shot run:ran bought:bought brought:brought taught:taught caught:caught lost:lost "
        "met:met paid:paid sent:sent spent:spent kept:kept struck:struck overthrown:overthrew"
    ).split()
)
"""For irregular past participles the past."""
AGENTS = dict(
    entry.split(":")
    for entry in (
        "founded:founder designed:designer wrote:author directed:director discovered:discoverer invented:inventor "
        "led:leader owned:owner created:creator built:builder composed:composer produced:producer painted:painter "
        "established:founder developed:developer published:publisher won:winner"
    ).split()
)
SYMMETRIC = (
    r"\b(?:met|meets?|between|married|marries|joined|with|versus|vs|borders?|bordered|resembl\w+|equals?|along|"
    r"together|both|either|or|like|unlike|same|adjacent|near|rival\w*|allied|merged|compared|also|as well as|"
    r"including|such as|namely|called|known as|i\.e|even|from)\b"
)
"""Words between two names that may then stand in either order."""
