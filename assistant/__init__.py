"""Conversations: questions in, answers out whose every sentence carries the words that it rests on.

The third of four rooms. It uses `corpus` and `index`; it knows nothing of `evals`, which joins it as a plugin.
"""
