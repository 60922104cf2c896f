"""Spreadsheets of older audits come in as one more reviewer."""
