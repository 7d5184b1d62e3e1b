"""Cases as people write them: rows, spans, findings, kept turns."""
