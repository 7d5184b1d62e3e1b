"""Speed, and quality on public data."""
