"""A home as files that anyone can read, and back: what `export-home` writes and `import-home` reads. Format 1.

A folder, or a .zip of it, in UTF-8:

    manifest.json          `format` "communique-home", `format_version` 1, `exported_at`, `program`, `embedder`,
                           `counts`, and `files`: the `sha256` and the `num_bytes` of every other file, by its name
    texts/SHA256.txt       the words of a version of a document, verbatim; their sha256 is the file's name
    documents.jsonl        a document a line: `id`, and its `versions`, the oldest first, each with its `sha256` (of its
                           text), `status` (current, superseded or removed), `source`, `input_sha256` (of the bytes that
                           were read), `title`, `published`, `language`, `added_at`, `metadata`, and `sections`:
                           `heading`, `level`, `page`, and the span `start` to `end` in characters of the text
    edits.jsonl            what users say of documents in place of their files: `document_id`, `changes`
    inputs.jsonl           what was read from each source: `source`, `sha256`, `readers`, `rows`, `read_at`
    conversations.jsonl    a conversation a line: `id`, `title`, `started_at`, `updated_at`, `owner` (a digest or
                           null), and its `turns`: `number`, `asked_at`, `answer`, as `ask --json --trace` writes it
    feedback.jsonl         `conversation_id`, `turn`, `rating`, `reason`, `case`, `given_at`
    runs.jsonl             runs of suites: `id`, `suite`, `started_at`, `finished_at`, `record`
    run_results.jsonl      their results: `run_id`, `case_id`, `position`, `case_sha256`, `result`

Passages and vectors are no part of it: they are made again from the texts.
"""
