"""The command verify: anybody's claims held against anybody's quotes. No document and no index is needed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.context import chosen_settings, print_json, quiet_libraries
from assistant.cli.documents import AsJson
from assistant.errors import InvalidCall

if TYPE_CHECKING:
    from assistant.pairs import Verifier


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command("verify")(verify)


def verify(
    claim: Annotated[str | None, typer.Option(help="The claim to check.")] = None,
    quote: Annotated[list[str] | None, typer.Option("--quote", help="What it rests on; may be repeated.")] = None,
    question: Annotated[str | None, typer.Option(help="The question that the claim answers.")] = None,
    checker: Annotated[
        str | None, typer.Option(help="A cross-encoder that judges instead, by name or folder.", show_default=False)
    ] = None,
    json: AsJson = False,
    batch: Annotated[Path | None, typer.Option(help="JSONL rows: id, claim, quotes[, question]; - for stdin.")] = None,
) -> None:
    """Check claims against quotes: supported, partly or unsupported, with a probability.

    Example: communique verify --claim "It met in 2021." --quote "The committee met online on 16 March 2021."
    """
    if batch is not None and any((claim, quote, question)):
        raise InvalidCall("--batch stands alone: rows carry their own claims, quotes and questions")
    if batch is not None:
        from assistant.cli.asking import print_rows
        from assistant.pair_rows import verify_rows

        print_rows(batch, lambda lines: verify_rows(lines, _verifier(checker)))
        return
    if not claim or not quote:
        raise InvalidCall("nothing to check: give --claim and at least one --quote, or --batch FILE")
    _check_one(claim, quote, question or "", _verifier(checker), as_json=json)


def _check_one(claim: str, quotes: list[str], question: str, verifier: "Verifier", *, as_json: bool) -> None:
    from assistant.answering import is_text
    from assistant.pairs import Pair

    if not all(is_text(text) for text in (claim, question, *quotes)):
        raise InvalidCall("the claim, the question or a quote is not UTF-8: type it anew")
    (verdict,) = verifier.verdicts([Pair(claim, tuple(quotes), question)])
    if as_json:
        print_json({"verdict": verdict.verdict, "support": round(verdict.support, 4), "verifier": verifier.name})
        return
    print(f"{verdict.verdict}: {verdict.support:.0%} probable that the quotes support the whole claim")
    print(f"checked by {verifier.name}", file=sys.stderr)


def _verifier(checker: str | None) -> "Verifier":
    """The checker that was named, after the verb, before it or in the environment; else the built-in verifier."""
    quiet_libraries()
    named = checker or chosen_settings().checker
    if named:
        from assistant.checkers import CrossEncoderChecker
        from assistant.home import model_name

        return CrossEncoderChecker(model_name(named))
    from assistant.verifying import FeatureVerifier
    from index.embedding import shared_encoder

    return FeatureVerifier(shared_encoder)
