"""What those who run a server can see of it: spans, log lines, counts. Never a word of a question, an answer or a
document, unless they ask for it.
"""
