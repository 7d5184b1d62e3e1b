"""Questions made from statements by rules, without an LLM: drafts of cases, and the examples that the chat begins with.

Whether the documents answer a question is checked by those who use it.
"""
