"""What leaves the house: conversations as evidence packs and matrices of comparisons, as Markdown, DOCX, CSV or JSON.

Everything that comes from a document, a question or a model is escaped for the format it goes into. Nothing here
answers, searches or writes files.
"""
