"""Public evaluation data in the form in which it is published, read as suites; one module a format, no data."""
