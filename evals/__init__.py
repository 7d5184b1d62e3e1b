"""Evaluation: cases, suites, measures, runs and reports.

The last of four rooms. It uses the other three and reaches the command line as any plugin would.
"""
