"""Suites run over a home, kept and gone on with."""
