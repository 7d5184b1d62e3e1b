"""From files to drafts of documents: which reader takes a file, archives and attachments, the child processes."""
