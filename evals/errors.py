"""The errors of evaluation.

EvaluationError
└── InvalidSuite    a suite cannot be read, or a case does not fit its documents
"""


class EvaluationError(Exception):
    """Something about an evaluation that the user can mend."""


class InvalidSuite(EvaluationError):
    """A suite that cannot be run; the message names the line."""
