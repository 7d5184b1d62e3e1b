"""Documents: reading them, cleaning them, keeping immutable snapshots of them.

The first of four rooms. `corpus` knows nothing of passages, vectors or answers; the other rooms are handed its
`Database` and its `Document`s.
"""
