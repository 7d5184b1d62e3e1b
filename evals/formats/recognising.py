"""Which published form a file or folder is in, told by names and first lines; what is in it is not checked here."""

from pathlib import Path

from evals.formats.beir import BEIR
from evals.formats.chroma_chunking import CHROMA
from evals.formats.format import Format
from evals.formats.mtrag import MTRAG
from evals.formats.squad import SQUAD
from evals.formats.uniform import UNIFORM

FORMATS: tuple[Format, ...] = (UNIFORM, BEIR, CHROMA, MTRAG, SQUAD)


def recognise(path: Path) -> Format | None:
    """The format of published data at a path; None where it is none of them, as for a user's own cases."""
    return next((one for one in FORMATS if one.is_one(path)), None)
