"""Claims and quotes that the verifier is fitted on, and how good it is."""
