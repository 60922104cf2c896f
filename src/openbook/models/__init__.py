"""Asking language models: a server over HTTP, or the recording of one."""
