"""What a document seems to say of itself: a guess a file, each with what it rests on.

Nothing here decides: guesses are shown to a person before anything is written.
"""
