"""The doors for other programs: the HTTP API, the OpenAI protocol, MCP; and the server that the page shares."""
