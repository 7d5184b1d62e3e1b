"""Runs for readers: tables, pages, JUnit."""
