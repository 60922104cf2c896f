"""Documents that change: what became of the quotes, and who looks again."""
