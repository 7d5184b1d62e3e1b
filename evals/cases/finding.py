"""What is found wrong, or odd, in a suite as somebody wrote it. It finds nothing itself; `linting.py` does."""

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one line, counted from 1; 0 stands for the file as a whole.

    `level` is "error" where the suite cannot be run with that line, else "warning".
    """

    line: int
    level: str
    message: str

    def said_of(self, name: str) -> str:
        """The finding on one line, with the file and the place.

        >>> Finding(3, ERROR, "'id' is missing").said_of("suite.jsonl")
        "suite.jsonl, line 3: 'id' is missing"
        """
        return f"{name}, line {self.line}: {self.message}" if self.line else f"{name}: {self.message}"


def errors_in(findings: list[Finding]) -> list[Finding]:
    """Those that keep a suite from being run."""
    return [finding for finding in findings if finding.level == ERROR]
