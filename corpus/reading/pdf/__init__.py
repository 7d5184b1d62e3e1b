"""PDF: characters with their boxes, put together to lines, paragraphs, tables and pages."""
