"""Kinds of question beside the look-up, each told by rules and answered as its kind deserves.

`telling.py` tells the kind, `outlining.py` answers it; the other modules read one kind each and gather what answers it.
"""
