"""Passages are found, ranked and read; absence is recorded, and leads are followed."""
