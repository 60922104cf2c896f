"""Altered quotes: what a careless or dishonest auditor might hand in.

Every alteration changes what a quote says, or passes part of a word or number off as a whole one.
This file shares nothing with openbook: no import, no normaliser, no list of signs. What it knows
of a text is its words between white space, and it drops a candidate whose altered words stand
elsewhere in the text, by comparing those words (see :class:`Source`).
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Altered(NamedTuple):
    """A quote that must be refused, and the true one it was made from."""

    kind: str
    source: str
    """Name of the text it claims to quote."""
    quote: str
    true: str
    """As the text has it; empty where the alteration has no single original."""


class Word(NamedTuple):
    """A run of characters without white space."""

    text: str
    broken: bool
    """Whether the text has a line break after it."""


@dataclass(frozen=True)
class Source:
    """A text as its words between white space."""

    name: str
    text: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words; one divided at the end of a line is glued together."""
        glued = re.sub(r"[\u00ad\ufffe\u0002]\s*", "", self.text)
        found = re.finditer(r"(\S+)(\s*)", glued)
        return tuple(Word(one.group(1), "\n" in one.group(2)) for one in found)

    @cached_property
    def _haystacks(self) -> tuple[str, ...]:
        kept = re.sub(r"[\ufffe\u0002]\s*", "-", self.text)
        dropped = re.sub(r"(?<=\w)[-\u2010]\s*\n\s*", "", kept)
        return tuple(_bare_words(text) for text in (self.text, kept, dropped, self._glued))

    @cached_property
    def _glued(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def clean(self) -> tuple[bool, ...]:
        """Whether each word is one that prose may hold."""
        return tuple(bool(_CLEAN.fullmatch(word.text)) for word in self.words)

    def count(self, quote: str) -> int:
        """How often these words stand in the text, punctuation at their ends aside."""
        needle = _bare_words(quote)
        return max(haystack.count(needle) for haystack in self._haystacks)

    def holds(self, quote: str) -> bool:
        """Whether all parts of a quote stand in the text."""
        return all(self.count(part) for part in re.split(r"\[[^\]]*\]", quote) if part.strip())


_ENDS = ".,;:!?\"'()“”‘’…"


def _bare_words(text: str) -> str:
    return f" {' '.join(word.strip(_ENDS) for word in text.split())} "


# --- Stretches of a text ----------------------------------------------------------------------

_PLAIN = re.compile(r"[A-Za-z]{2,}")
_OF_NUMBER = re.compile(r"(hundred|thousand|million|billion|trillion|percent)\b", re.I)
_CLEAN = re.compile(r"[(“\"‘]?[$A-Za-z0-9~+−-][\w'’.,;:%$/+&=^×·()”\"²–—-]*")


class Stretch(NamedTuple):
    """Neighbouring words, one of them the site of an alteration."""

    words: tuple[Word, ...]
    site: int

    @property
    def text(self) -> str:
        return _joined(self.words)

    def with_words(self, *replacement: str, upto: int = 1) -> str:
        """The stretch with ``upto`` words from the site on replaced."""
        head, tail = self.words[: self.site], self.words[self.site + upto :]
        return " ".join(filter(None, (_joined(head), *replacement, _joined(tail))))


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _around(
    source: Source, at: int, rng: random.Random, *, first: bool, last: bool
) -> Stretch | None:
    """Five to forty clean words around ``at``, or with ``at`` as the first or last of them."""
    words = source.words
    left = 0 if first else rng.randint(3, 12)
    right = 0 if last else rng.randint(3, 12)
    left, right = (left, max(right, 6)) if first else (left, right)
    left, right = (max(left, 6), right) if last else (left, right)
    low, high = at - left, at + right + 1
    if low < 1 or high >= len(words):
        return None
    # A number at an end must be whole in the text: nothing but a word may stand beside it, and no
    # word that is part of it ("1.5 million").
    if (first and not _PLAIN.match(words[low - 1].text)) or (
        last and (not _PLAIN.match(words[high].text) or _OF_NUMBER.match(words[high].text))
    ):
        return None
    chosen = tuple(words[low:high])
    if not all(source.clean[low:high]):
        return None
    edges_are_plain = (first or _PLAIN.fullmatch(chosen[0].text)) and (
        last or _PLAIN.fullmatch(chosen[-1].text)
    )
    if not edges_are_plain or words[low - 1].text[-1] in "-‐–—_/":
        return None
    return Stretch(chosen, at - low)


Alter = Callable[[Stretch, random.Random], str | None]


def _sites(
    source: Source, rng: random.Random, fits: re.Pattern[str], *, first: bool, last: bool
) -> Iterator[Stretch]:
    places = [n for n, word in enumerate(source.words) if fits.fullmatch(word.text)]
    rng.shuffle(places)
    for place in places:
        tries = (_around(source, place, rng, first=first, last=last) for _ in range(8))
        stretch = next(filter(None, tries), None)
        if stretch:
            yield stretch


# --- Negation ---------------------------------------------------------------------------------

_ANY = re.compile(r"[A-Za-z]{3,}")
_AUXILIARY = re.compile("is|are|was|were|do|does|did|has|have|had|could|should|would|must")
_NEGATION = re.compile("not|never|no|without|cannot|[a-z]+n['’]t")
_ELIDED = re.compile(rf"{_NEGATION.pattern}|none|nobody|nothing|neither|nor|hardly|kein|nicht")
_CLAUSE_ENDS = re.compile(r"[.,;:!?()—–]")


def _insert_negation(one: Stretch, rng: random.Random) -> str:
    return one.with_words(rng.choice(["not", "never", "no", "without"]), upto=0)


def _contract(one: Stretch, rng: random.Random) -> str:
    return one.with_words(one.words[one.site].text + rng.choice(["n't", "n’t", " not"]))


def _prefix(one: Stretch, rng: random.Random) -> str:
    return one.with_words(rng.choice(["un", "non-", "in", "dis"]) + one.words[one.site].text)


def _remove_negation(one: Stretch, rng: random.Random) -> str:
    return one.with_words(re.sub("not$|n['’]t$|^never$|^no$|^without$", "", _site(one)))


def _elide_negation(one: Stretch, rng: random.Random) -> str | None:
    """Leave out the negation with some neighbours of the same clause."""
    if one.words[one.site + 1].text == "only":
        return None  # "not only ... but" denies nothing
    low = rng.randint(max(2, one.site - 4), one.site)
    high = rng.randint(one.site + 1, max(one.site + 1, min(len(one.words) - 2, one.site + 5)))
    if _CLAUSE_ENDS.search(_joined(one.words[low - 1 : high])):
        return None
    return f"{_joined(one.words[:low])} [...] {_joined(one.words[high:])}"


def _elide_clause(one: Stretch, rng: random.Random) -> str | None:
    """Leave out everything from the negation to the end of its clause."""
    for high in range(one.site + 2, len(one.words) - 2):
        if _CLAUSE_ENDS.search(one.words[high - 1].text):
            if _CLAUSE_ENDS.search(one.words[one.site - 1].text):
                return None
            return f"{_joined(one.words[: one.site])} [...] {_joined(one.words[high:])}"
    return None


_DENYING = ["not", "never", "does not", "is no", "without", "isn’t", "can't", "NOT", "not..."]


def _insertion(one: Stretch, rng: random.Random) -> str:
    return one.with_words(f"[{rng.choice(_DENYING)}]", upto=0)


def _insertion_first(one: Stretch, rng: random.Random) -> str:
    return f"[{rng.choice(['It is not true that', 'We never', 'not', 'No'])}] {one.text}"


def _insertion_last(one: Stretch, rng: random.Random) -> str:
    return f"{one.text} [{rng.choice(['not', 'but never did', 'or not', 'nothing'])}]"


def _insertion_prefix(one: Stretch, rng: random.Random) -> str:
    return one.with_words(f"[{rng.choice(['un', 'non-', 'dis', 'in'])}]{_site(one)}")


def _insertion_look_alike(one: Stretch, rng: random.Random) -> str:
    return one.with_words(f"[{rng.choice(['nоt', 'nevеr', 'nο', 'ｎｏｔ', '𝐧𝐨𝐭'])}]", upto=0)


# --- Numbers ----------------------------------------------------------------------------------

_NUMBER = re.compile(r"[$~−-]?\d[\d.,]*[KMB%]?[.,;]?")
_DECIMAL = re.compile(r"\d+\.\d+%?")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_INTEGER = re.compile(r"\d+")
_PERCENT = re.compile(r"\d[\d.]*%")
_RANGE = re.compile(r"\d+[-–]\d+")


def _site(one: Stretch) -> str:
    return one.words[one.site].text


def _edit_number(one: Stretch, rng: random.Random) -> str:
    """A digit dropped, added, replaced or swapped."""
    word = _site(one)
    places = [at for at, char in enumerate(word) if char.isdigit()]
    at = rng.choice(places)
    other = str((int(word[at]) + rng.randint(1, 9)) % 10) if word[at] in "0123456789" else "7"
    ways = [word[:at] + other + word[at + 1 :], word[:at] + other + word[at:]]
    if len(places) > 1:
        ways.append(word[:at] + word[at + 1 :])
    if at + 1 in places and word[at] != word[at + 1]:
        ways.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return one.with_words(rng.choice(ways))


def _edit_decimal(one: Stretch, rng: random.Random) -> str:
    whole, _, part = _site(one).partition(".")
    ways = [whole + part, f"{whole},{part}", f"{whole} {part}", f"{whole}. {part}"]
    ways += [f"{whole}-{part}", f"{whole}’{part}", f"{whole}.\n{part}", f"{whole}-\n{part}"]
    ways += [f".{part}", f"{whole}..{part}", f"{whole}:{part}", f"({whole}) {part}"]
    digits = re.fullmatch(r"\d+", part)
    return one.with_words(rng.choice([*ways, f"{part}.{whole}"] if digits else ways))


def _edit_grouped(one: Stretch, rng: random.Random) -> str:
    marks = ["", ".", " ", ", ", "-", "’", "-\n", "\n", ",\n", "\u00ad", " ,"]
    return one.with_words(_site(one).replace(",", rng.choice(marks)))


def _edit_sign(one: Stretch, rng: random.Random) -> str:
    marks = ["-", "−", "–", "+", "~", "<", ">", "±", "$", ".", "0.", "1,", "-.", "(-", "1-", "#"]
    return one.with_words(rng.choice(marks) + _site(one))


def _edit_suffix(one: Stretch, rng: random.Random) -> str:
    marks = ["%", "K", "M", "²", "0", ".5", "-1", "½", "/2", ",000", "^2", "th", " %", "‰", "₂"]
    return one.with_words(_site(one) + rng.choice(marks))


def _drop_percent(one: Stretch, rng: random.Random) -> str:
    return one.with_words(_site(one).replace("%", rng.choice(["", "‰", "K", " points"])))


def _edit_range(one: Stretch, rng: random.Random) -> str:
    return one.with_words(re.sub("[-–]", rng.choice(["", " ", ",", ".", "/", "\n"]), _site(one)))


def _edit_power(one: Stretch, rng: random.Random) -> str:
    return one.with_words(_site(one).translate(str.maketrans("²³⁶", "236")))


def _edit_signed(one: Stretch, rng: random.Random) -> str:
    """The sign of a number dropped, after white space, a bracket or another sign."""
    return one.with_words(re.sub("[-−]", rng.choice(["", " "]), _site(one)))


def _join_numbers(one: Stretch, rng: random.Random) -> str | None:
    follower = one.words[one.site + 1].text
    if not follower[0].isdigit():
        return None
    return one.with_words(_site(one) + rng.choice(["", "-", ".", ","]) + follower, upto=2)


def _split_number(one: Stretch, rng: random.Random) -> str:
    at = rng.randint(1, len(_site(one)) - 1)
    mark = rng.choice([" ", "\n", "-", ",", ".", "-\n", "\u00ad", "\ufffe"])
    return one.with_words(_site(one)[:at] + mark + _site(one)[at:])


# --- Words ------------------------------------------------------------------------------------


def _join(one: Stretch, rng: random.Random) -> str | None:
    follower = one.words[one.site + 1].text
    if not _PLAIN.fullmatch(follower):
        return None
    return one.with_words(_site(one) + rng.choice(["", "", "\u00ad"]) + follower, upto=2)


def _join_across_break(one: Stretch, rng: random.Random) -> str | None:
    return _join(one, rng) if one.words[one.site].broken else None


def _split(one: Stretch, rng: random.Random) -> str:
    at = rng.randint(1, len(_site(one)) - 1)
    return one.with_words(_site(one)[:at] + rng.choice(" \n\u2009\u00a0") + _site(one)[at:])


def _cut_first(one: Stretch, rng: random.Random) -> str:
    return one.with_words(_site(one)[rng.randint(1, len(_site(one)) - 1) :])


def _cut_last(one: Stretch, rng: random.Random) -> str:
    return one.with_words(_site(one)[: rng.randint(1, len(_site(one)) - 1)])


_COMPOUND = re.compile(r"[A-Za-z]{2,}[-‐][A-Za-z]{2,}")
_JOINED_NUMBER = re.compile(r"\d+([.,/:–-]\d+)+%?|\d+%|\d+[×^]\d+(\^\d+)?")
_APOSTROPHE = re.compile(r"[A-Za-z]{2,}['’][a-z]{1,2}")
_ITS = re.compile("its|were|well|hell|wed|ill|shell|id|lets|cant|wont")


def _cut_compound_first(one: Stretch, rng: random.Random) -> str:
    at = re.search("[-‐]", _site(one))
    assert at
    return one.with_words(_site(one)[rng.choice([at.start(), at.end()]) :])


def _cut_compound_last(one: Stretch, rng: random.Random) -> str:
    at = re.search("[-‐]", _site(one))
    assert at
    return one.with_words(_site(one)[: rng.choice([at.start(), at.end()])])


def _apostrophe(one: Stretch, rng: random.Random) -> str:
    word = _site(one)
    if _ITS.fullmatch(word):
        cut = 2 if word in ("its", "were", "well", "wed") else len(word) - 1
        return one.with_words(word[:cut] + rng.choice("'’") + word[cut:])
    return one.with_words(re.sub("['’]", rng.choice(["", " ", "\n", "-"]), word))


def _cut_apostrophe_first(one: Stretch, rng: random.Random) -> str:
    at = re.search("['’]", _site(one))
    assert at
    return one.with_words(_site(one)[rng.choice([at.start(), at.end()]) :])


def _cut_apostrophe_last(one: Stretch, rng: random.Random) -> str:
    at = re.search("['’]", _site(one))
    assert at
    return one.with_words(_site(one)[: rng.choice([at.start(), at.end()])])


_PAIRS = """more less, most least, increase decrease, increased decreased, increases decreases,
helpful harmful, helpful unhelpful, include exclude, includes excludes, including excluding,
higher lower, high low, better worse, best worst, always never, all some, before after, with
without, can cannot, may must, should may, many few, harmless harmful, human machine, positive
negative, honest dishonest, safe unsafe, reward penalise, first last, large small, larger smaller,
and or, every no, accept reject, agree disagree, allowed forbidden, public private, same different,
chosen rejected, preferred rejected, win lose, above below, only also, up down"""
_ANTONYMS: dict[str, str] = {}
for _pair in _PAIRS.split(","):
    _one, _other = _pair.split()
    _ANTONYMS.setdefault(_one, _other)
    _ANTONYMS.setdefault(_other, _one)


def _antonym(one: Stretch, rng: random.Random) -> str:
    return one.with_words(_ANTONYMS[_site(one)])


def _case(one: Stretch, rng: random.Random) -> str:
    word = _site(one)
    ways = {word.swapcase(), word.upper(), word.lower(), word[0].swapcase() + word[1:]} - {word}
    return one.with_words(rng.choice(sorted(ways)))


def _swap(one: Stretch, rng: random.Random) -> str | None:
    follower = one.words[one.site + 1].text
    if follower == _site(one) or not _PLAIN.fullmatch(follower):
        return None
    return one.with_words(follower, _site(one), upto=2)


def _duplicate(one: Stretch, rng: random.Random) -> str:
    return one.with_words(_site(one), _site(one))


def _drop(one: Stretch, rng: random.Random) -> str:
    return one.with_words("")


def _transpose(one: Stretch, rng: random.Random) -> str | None:
    word = _site(one)
    at = rng.randint(0, len(word) - 2)
    return one.with_words(word[:at] + word[at + 1] + word[at] + word[at + 2 :])


# --- Characters -------------------------------------------------------------------------------

_CYRILLIC = str.maketrans("aceopxyijs", "асеорхуіјѕ")
_GREEK = str.maketrans("ovuABEHIKMNOPTXYZ", "ονυΑΒΕΗΙΚΜΝΟΡΤΧΥΖ")
_FULLWIDTH = {code: code + 0xFEE0 for code in range(0x30, 0x7B)}
_ROMAN = str.maketrans("ivxlcdm", "ⅰⅴⅹⅼⅽⅾⅿ")
_LONG_S = str.maketrans("s", "ſ")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BOLD, _SANS, _MONO, _SCRIPT, _CIRCLED = (
    {ord(char): base + at for at, char in enumerate(_LETTERS)}
    for base in (0x1D41A, 0x1D5BA, 0x1D68A, 0x1D4EA, 0x24D0)
)
_INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2063\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069\u180e\u034f\ufe0f\u3164\u115f\u0338\U000e0061\ufffe\u0002"
)


def _look_alike(table: dict[int, int]) -> Alter:
    def alter(one: Stretch, rng: random.Random) -> str | None:
        places = [at for at, char in enumerate(_site(one)) if ord(char) in table]
        if not places:
            return None
        at = rng.choice(places)
        word = _site(one)
        changed = word[:at] + chr(table[ord(word[at])]) + word[at + 1 :]
        return one.with_words(rng.choice([changed, word.translate(table)]))

    return alter


def _invisible(one: Stretch, rng: random.Random) -> str:
    at = rng.randint(1, len(_site(one)) - 1)
    return one.with_words(_site(one)[:at] + rng.choice(_INVISIBLE) + _site(one)[at:])


def _accent(one: Stretch, rng: random.Random) -> str:
    at = rng.randint(1, len(_site(one)) - 1)
    return one.with_words(_site(one)[:at] + rng.choice("\u0301\u0308\u0327") + _site(one)[at:])


class Kind(NamedTuple):
    """One way of altering: where, and how."""

    fits: re.Pattern[str]
    alter: Alter
    first: bool = False
    """The altered word begins the quote."""
    last: bool = False


_ANTONYM = re.compile("|".join(map(re.escape, _ANTONYMS)))
_LONG = re.compile(r"[A-Za-z]{5,}")
_EDGED = re.compile(r"[a-z]{3,}")

KINDS: dict[str, Kind] = {
    "negation inserted": Kind(_ANY, _insert_negation),
    "negation contracted": Kind(_AUXILIARY, _contract),
    "negation prefixed": Kind(_LONG, _prefix),
    "negation removed": Kind(_NEGATION, _remove_negation),
    "negation elided": Kind(_ELIDED, _elide_negation),
    "negation elided with its clause": Kind(_ELIDED, _elide_clause),
    "negation in an insertion": Kind(_ANY, _insertion),
    "negation in an insertion at the beginning": Kind(_ANY, _insertion_first),
    "negation in an insertion at the end": Kind(_ANY, _insertion_last),
    "negating prefix in an insertion": Kind(_LONG, _insertion_prefix),
    "look-alike negation in an insertion": Kind(_ANY, _insertion_look_alike),
    "digits changed": Kind(_NUMBER, _edit_number),
    "decimal changed": Kind(_DECIMAL, _edit_decimal),
    "thousands changed": Kind(_GROUPED, _edit_grouped),
    "sign added": Kind(_INTEGER, _edit_sign),
    "sign added at the beginning": Kind(_INTEGER, _edit_sign, first=True),
    "sign removed": Kind(re.compile(r"[=(]?[-−]\d[\d.]*\)?"), _edit_signed),
    "suffix added": Kind(_INTEGER, _edit_suffix),
    "suffix added at the end": Kind(_INTEGER, _edit_suffix, last=True),
    "percent changed": Kind(_PERCENT, _drop_percent),
    "range changed": Kind(_RANGE, _edit_range),
    "numbers joined": Kind(_INTEGER, _join_numbers),
    "number split": Kind(re.compile(r"\d{2,}"), _split_number),
    "power flattened": Kind(re.compile(r".*\d[²³⁶]"), _edit_power),
    "words joined": Kind(_ANY, _join),
    "words joined across a line break": Kind(_ANY, _join_across_break),
    "word split": Kind(_LONG, _split),
    "word cut at the beginning": Kind(_EDGED, _cut_first, first=True),
    "word cut at the end": Kind(_EDGED, _cut_last, last=True),
    "compound cut at the beginning": Kind(_COMPOUND, _cut_compound_first, first=True),
    "compound cut at the end": Kind(_COMPOUND, _cut_compound_last, last=True),
    "number cut at the beginning": Kind(_JOINED_NUMBER, _cut_first, first=True),
    "number cut at the end": Kind(_JOINED_NUMBER, _cut_last, last=True),
    "apostrophe changed": Kind(re.compile(f"{_APOSTROPHE.pattern}|{_ITS.pattern}"), _apostrophe),
    "apostrophe cut at the beginning": Kind(_APOSTROPHE, _cut_apostrophe_first, first=True),
    "apostrophe cut at the end": Kind(_APOSTROPHE, _cut_apostrophe_last, last=True),
    "antonym": Kind(_ANTONYM, _antonym),
    "case changed": Kind(_ANY, _case),
    "words swapped": Kind(_ANY, _swap),
    "word duplicated": Kind(_ANY, _duplicate),
    "word dropped": Kind(_ANY, _drop),
    "letters transposed": Kind(_LONG, _transpose),
    "Cyrillic look-alike": Kind(_EDGED, _look_alike(_CYRILLIC)),
    "Greek look-alike": Kind(_ANY, _look_alike(_GREEK)),
    "fullwidth look-alike": Kind(_EDGED, _look_alike(_FULLWIDTH)),
    "mathematical look-alike": Kind(_EDGED, _look_alike(_BOLD)),
    "sans-serif look-alike": Kind(_EDGED, _look_alike(_SANS)),
    "monospace look-alike": Kind(_EDGED, _look_alike(_MONO)),
    "script look-alike": Kind(_EDGED, _look_alike(_SCRIPT)),
    "circled look-alike": Kind(_EDGED, _look_alike(_CIRCLED)),
    "Roman numeral look-alike": Kind(_EDGED, _look_alike(_ROMAN)),
    "long s": Kind(_EDGED, _look_alike(_LONG_S)),
    "fullwidth digits": Kind(_NUMBER, _look_alike(_FULLWIDTH)),
    "invisible character": Kind(_LONG, _invisible),
    "accent added": Kind(_LONG, _accent),
}
"""The alterations of one stretch; :func:`alterations` adds those that need several."""

_BETWEEN = ("negation elided", "negation elided with its clause")


def alterations(source: Source, others: Sequence[Source], each: int, seed: int) -> list[Altered]:
    """Up to ``each`` altered quotes of every kind, the same for the same arguments."""
    found: list[Altered] = []
    for name, kind in KINDS.items():
        rng = random.Random(f"{seed} {name} {source.name}")
        count = 0
        for one in _sites(source, rng, kind.fits, first=kind.first, last=kind.last):
            quote = kind.alter(one, rng)
            if quote is None or quote == one.text or not source.holds(one.text):
                continue
            # A quote with several parts is an alteration only where the parts stand once each.
            if name in _BETWEEN:
                if any(source.count(part) != 1 for part in quote.split("[...]")):
                    continue
            elif "insertion" not in name and source.holds(quote):
                continue
            found.append(Altered(name, source.name, quote, one.text))
            count += 1
            if count == each:
                break
    rng = random.Random(f"{seed} several {source.name}")
    return found + list(_of_several(source, others, each, rng))


def _of_several(
    source: Source, others: Sequence[Source], each: int, rng: random.Random
) -> Iterator[Altered]:
    """Segments in the wrong order, pages apart, or of another text."""
    tried = itertools.islice(_sites(source, rng, _ANY, first=False, last=False), 20 * each)
    ours = [one.text for one in tried if source.count(one.text) == 1]
    places = {text: at for text in ours if (at := _place(source, text)) >= 0}
    ordered = sorted(places, key=places.__getitem__)
    pairs = [(a, b) for a, b in itertools.combinations(ordered, 2) if places[b] - places[a] > 300]
    rng.shuffle(pairs)
    for first, second in pairs[:each]:
        yield Altered("segments out of order", source.name, f"{second} [...] {first}", "")
    far = [(a, b) for a, b in pairs if places[b] - places[a] > 8000]
    for first, second in far[:each]:
        yield Altered("segments pages apart", source.name, f"{first} [...] {second}", "")
    for other in others:
        tried = itertools.islice(_sites(other, rng, _ANY, first=False, last=False), 3 * each)
        theirs = [one.text for one in tried if not source.holds(one.text)]
        for mine, foreign in zip(ordered, theirs[:each], strict=False):
            yield Altered("words of another text", source.name, foreign, "")
            pair = rng.choice([f"{mine} [...] {foreign}", f"{foreign} [...] {mine}"])
            yield Altered("words of another text among true ones", source.name, pair, "")


def _place(source: Source, quote: str) -> int:
    """Offset of a quote whose words stand in the text with plain white space between them."""
    pattern = r"\s+".join(map(re.escape, quote.split()))
    match = re.search(pattern, source.text)
    return match.start() if match else -1


# --- A text of our own, so that the set exists where no real document is at hand ---------------

BUILT_IN = Source(
    "built-in",
    """
Aligning a small model: a report

We train a language model to be helpful, honest and harmless, and we do not claim that it is able
to judge its own answers. The labelers were not able to agree on every prompt, and we never asked
them to rate non-harmful requests twice. In the first phase we collected 1.5 million comparisons
from 40,000 conversations, of which 15% were written by our own staff and 4-9 per worker came from
an outside vendor in 2022 or later. About 1/2 of the prompts, or 12,500 in all, were removed because
they did not follow the guidelines; no prompt was removed without a second reading by more than
3 people.

It is important that the model’s answers don’t repeat what a user said in confidence. We're sure
that it's better to include a warning than to exclude a question, although the reviewers weren't
always of one mind. The learning rate of part 2 was 5e-6 at first and we used up to 10² steps
for warm-up and then 10^6 tokens a step, while the score of the reward model was -0.5 before
training and rose by 0.25 points for each of the 7 rounds. A self-supervised model that is
fine-tuned on a well-known data set can be worse than one trained on high-quality judgements by
human experts, as we found in 3 of 8 trials when the ratio was 3:1
and the cost fell by $2.50 per hour of work.

The ﬂaws that we ﬁnd in such a model are not always of the kind that a de-
signer would expect; our staﬀ were asked to report all of them, and the policy must never hide
what the labelers said about an unsafe answer. Most of the workers live in the US and they told
us that the task was hard, that the pay was $15.50 an hour in 2023, and that they could not say
whether an answer was true. We did not ask them about their beliefs, their age or their training,
and we have no plan to do so, since such questions may be unwelcome and are without much use here.
However, the agreement between two workers was 72.6%, which is not high, and it was 77.3 ± 1.3%
for the group of 12 experts who had read 2,048 answers with care before the final evaluation.

In the second phase the reward model gave the answers a mark between 0 and 1, and we rejected the
lower half of them. The model was not trained on the data of users who asked us to leave them out,
and it cannot see what they wrote. Training took 3.5 days on 64 machines and 1,024 prompts were in
each batch; it used 12 8 GB cards, we kept the best of 16 samples, and less than 2% of
them were found to be worse than those of the first phase. A larger model would perhaps have
been better, but we had no time left, and the costs of
a run that is 10 times as long would have been higher than we could justify.
""",
)

BUILT_IN_OTHER = Source(
    "built-in other",
    """
The garden in winter was a place of grey light and wet stones, where the old man walked every day
before breakfast and counted the birds that had stayed. He wrote their names into a small book and
never told anybody what he did with it afterwards, although his sister asked him more than once.
When the snow came in January he carried bread to the wall and stood there for an hour without a
hat, and the neighbours said that he would not see another spring. But he did see it, and the next
one too, and the book was full by then and lay on the kitchen table for all to read who wished to.
""",
)
