"""What a language model proposes, and what of it stands."""
