"""Raised digits as characters of their own: the mark of a note behind a number, or an exponent, is no digit of it.

Only digits and their signs are told apart; raised letters ("1st", "n") stay what they are. Lowered ones do too: H2O is
written so. Which digits are raised, the readers find.
"""

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_TABLE = str.maketrans("0123456789+-\u2212", f"{RAISED}⁻")


def raised(text: str) -> str:
    """The same text with its digits and signs raised, where it has digits and little else.

    >>> raised("12"), raised("-3"), raised("[4]"), raised("1,2"), raised("st")
    ('¹²', '⁻³', '[4]', '¹,²', 'st')
    """
    words = text.replace(",", "").replace(" ", "")
    is_number = any(character.isdecimal() for character in words) and len(words.translate(_TABLE).strip(RAISED)) == 0
    return text.translate(_TABLE) if is_number else text
