"""The reading room: a team audits in the browser, on the same text files."""
