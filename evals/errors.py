"""The errors of evaluation.

EvaluationError
├── InvalidSuite    a suite cannot be read, or a case does not fit its documents
├── UnknownRun      no run under this name
├── RunIsOn         a run that somebody else is making just now
└── Incomparable    two runs that have nothing in common
"""


class EvaluationError(Exception):
    """Something about an evaluation that the user can mend."""


class InvalidSuite(EvaluationError):
    """A suite that cannot be run; the message names the line."""


class UnknownRun(EvaluationError):
    """The home keeps no such run."""


class RunIsOn(EvaluationError):
    """A run that is being made: two at once would ask its cases twice, and measure each other."""


class Incomparable(EvaluationError):
    """Two runs without a case, or a measure, in common."""
