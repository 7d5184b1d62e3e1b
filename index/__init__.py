"""Passages: cutting documents into them, embedding, storing and finding them.

The second of four rooms. It uses `corpus` and knows nothing of conversations or answers.
"""
