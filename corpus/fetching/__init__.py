"""From addresses to pages: fetched within limits, from the open network only, where the site lets programs read."""
