"""Words of other languages than English for the index of passages.

Two things are done to a text before FTS5 sees it, and to queries alike:

- Scripts that write no spaces are cut into *pairs* of neighbouring signs: 数据标注 into 数据, 据标,
  标注. The last sign stands alone. A word of two signs is then one word of the index, a longer
  one a phrase, a single sign the beginning of a pair. FTS5's own trigrams cannot find two signs,
  and most Chinese words have two. Korean has spaces, but its words carry their particles: it is
  cut too.
- Words of a language that Snowball knows are cut to their stems, and German compounds are followed
  by their parts, as far as the parts are words of the same documents or of the queries.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from openbook.core.language import primary
from openbook.core.text import NO_SPACES, SPACELESS

# Marks of spelling inside the ranges of NO_SPACES, as the middle dot of Japanese lists, end a run.
_SIGN = re.compile(rf"{NO_SPACES.pattern}|[\uac00-\ud7af]")
_RUN = re.compile(rf"(?:(?![\u30a0\u30fb])(?:{_SIGN.pattern}))+")
# Spaces of justified print, which would part a word; two words that they part are pairs besides.
_SPACED = re.compile(rf"(?<={SPACELESS.pattern}) +(?={SPACELESS.pattern})")
_TERM = re.compile(rf'"([^"]+)"|((?:\w|{_SIGN.pattern})+)')
_PIECE = re.compile(rf"{_RUN.pattern}|(?:(?!{_SIGN.pattern})\w)+")
_LETTERS = re.compile(r"[^\W\d_]+")

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

_LINKS = ("", "s", "es", "n", "en", "er", "ens")
"""What joins the parts of a German compound: Trainings-daten, Daten-schutz."""
_LEAST = 4
"""Letters of a part: shorter ones are prefixes (ver-, ent-) and endings."""
_ALONE = 5
"""Letters of a part whose other half nobody knows."""


def _signs(run: str) -> list[str]:
    """The signs of a run, each with its marks.

    FTS5 takes marks (Thai vowels) for spaces, so they are written as private letters.
    """
    signs: list[str] = []
    for char in run:
        if signs and unicodedata.category(char).startswith("M"):
            signs[-1] += chr(0xE000 + (ord(char) & 0x1FFF))
        else:
            signs.append(char)
    return signs


def _pairs(run: str) -> list[str]:
    """The pairs of neighbouring signs of a run, and the last one alone."""
    signs = _signs(run)
    return [*("".join(pair) for pair in pairwise(signs)), signs[-1]]


def in_pairs(text: str) -> str:
    """A text in which each run of signs without spaces is cut into pairs."""
    if text.isascii():
        return text
    text = _SPACED.sub("", text)
    return _RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} ", text)


class Stemmer:
    """Stems of one language, and the parts of its compounds."""

    def __init__(self, language: str, stem: Callable[[str], str]) -> None:
        self.language = language
        self._stem = stem
        self._stems: dict[str, str] = {}
        self._known: Counter[str] = Counter()
        self._split: dict[str, tuple[str, ...]] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Remember the words of texts: a compound is taken apart where a part is among them."""
        if primary(self.language) == "de":
            words = (word.lower() for text in texts for word in _LETTERS.findall(text))
            self._known.update(word for word in words if len(word) >= _LEAST)

    def stem(self, word: str) -> str:
        """The stem of a word, lower case."""
        lower = word.lower()
        if lower not in self._stems:
            self._stems[lower] = self._stem(lower)
        return self._stems[lower]

    def text(self, text: str) -> str:
        """A text with each word cut to its stem."""
        return _LETTERS.sub(lambda word: self.stem(word[0]), text)

    def parts(self, text: str) -> str:
        """The stems of the parts of the compounds in a text."""
        if not self._known:
            return ""
        return " ".join(
            self.stem(part) for word in _LETTERS.findall(text) for part in self._parts(word.lower())
        )

    def _parts(self, word: str) -> tuple[str, ...]:
        """The parts of a compound, longest tail first; none of a word that is none."""
        if word not in self._split:
            self._split[word] = self._taken_apart(word)
        return self._split[word]

    def _taken_apart(self, word: str) -> tuple[str, ...]:
        cuts = range(_LEAST, len(word) - _LEAST + 1)
        for at in cuts:
            tail, head = word[at:], self._head(word[:at])
            if head and tail in self._known:
                return (*(self._taken_apart(head) or (head,)), tail)
        tails = (word[at:] for at in cuts if len(word) - at >= _ALONE)
        heads = (self._head(word[:at]) for at in reversed(cuts))
        return next(
            ((one,) for one in (*tails, *heads) if len(one) >= _ALONE and one in self._known), ()
        )

    def _head(self, text: str) -> str:
        """The word that the first part of a compound is, without what joins it."""
        heads = (text.removesuffix(link) for link in _LINKS if text.endswith(link))
        return next((one for one in heads if len(one) >= _LEAST and one in self._known), "")


def stemmer_for(language: str) -> Stemmer | None:
    """The stemmer for a language (BCP 47); None for English, which FTS5 stems, and for those that
    have none."""
    name = _SNOWBALL.get(primary(language))
    if name is None:
        return None
    import snowballstemmer

    return Stemmer(language, snowballstemmer.stemmer(name).stemWord)


def expression(queries: Iterable[str], stemmers: Iterable[Stemmer] = ()) -> str:
    """An FTS5 expression for passages with any of the queries' words, in which nothing the user
    typed is syntax. Words in double quotes stand together, as do the signs of a word."""
    known = tuple(stemmers)
    terms: dict[str, None] = {}
    for query in queries:
        for quoted, bare in _TERM.findall(query):
            for term in (quoted,) if quoted else _PIECE.findall(bare):
                terms.update(dict.fromkeys(_phrases(term, known)))
                if not quoted and _RUN.fullmatch(term):
                    # It may be several words: each pair may stand alone.
                    terms.update(dict.fromkeys(f'"{pair}"' for pair in _pairs(term)[:-1]))
    return " OR ".join(filter(None, terms))


def _phrases(term: str, stemmers: tuple[Stemmer, ...]) -> Iterator[str]:
    """A term as FTS5 phrases: as it is, and in the stems of each language."""
    yield _phrase(term)
    for one in stemmers:
        yield _phrase(one.text(term))


def _phrase(term: str) -> str:
    words: list[str] = []
    tail = 0
    for piece in _PIECE.findall(term):
        is_run = _RUN.fullmatch(piece)
        words += _pairs(piece) if is_run else [piece]
        tail = len(_signs(piece)) if is_run else 0
    if tail > 1:
        words.pop()  # behind the pair that ends the phrase anything may follow
    return f'"{" ".join(words)}"{" *" if tail == 1 else ""}' if words else ""
