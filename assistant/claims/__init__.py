"""What is compared of a claim and its quotes."""
