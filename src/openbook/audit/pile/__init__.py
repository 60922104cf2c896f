"""A pile of files and addresses becomes documents: guessed, planned, corrected, taken in."""
