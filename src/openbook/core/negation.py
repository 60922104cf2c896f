"""Negations: the words an elision may leave out only where nothing quoted is turned round."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from openbook.core.text import HYPHENATION, HYPHENS, STYLES, Span, divides_words

_ENGLISH = """not no never none nobody nothing nowhere neither nor cannot without hardly scarcely
barely rarely seldom unable unlikely fail fails failed failing lack lacks lacked lacking
except excepting excluding exclude excludes excluded unless
avoid avoids avoided avoiding refuse refuses refused refusing prevent prevents prevented preventing
forbid forbids forbidden forbidding prohibit prohibits prohibited prohibiting"""
_GERMAN = """nicht kein keine keinen keiner keines keinem keinerlei keinesfalls keineswegs keinmal
nie niemals niemand niemanden niemandem niemandes nichts nirgends nirgendwo ohne weder kaum selten
schwerlich außer ausser statt anstatt anstelle entgegen mitnichten
unmöglich unfähig außerstande ungeachtet
fehlt fehlte fehlten fehlen fehlend fehlende fehlender fehlenden fehlendes mangels mangelt mangelte
scheitert scheiterte scheitern gescheitert misslingt misslang misslungen
ausgenommen ausgeschlossen ausschließen ausschließt ausgeschlossene ausgeschlossenen ausnahme
abgesehen unterlässt unterließ unterlassen unterlassene
vermeidet vermied vermeiden vermieden verhindert verhinderte verhindern
verweigert verweigerte verweigern abgelehnt ablehnen lehnt lehnte lehnen
verbietet verbot verboten verbieten verbotene verbotenen untersagt untersagte untersagen unzulässig
nein nimmer nimmermehr verzichtet verzichtete verzichten verzicht verzichteten
entfällt entfallen entfiel"""
_TURNS_BACK = frozenset(_GERMAN.split())
NEGATIONS = frozenset(_ENGLISH.split()) | _TURNS_BACK
"""Words that turn a sentence round (English and German); see also :func:`negations_in`."""

NEGATION_SIGNS = frozenset(
    "不没沒无無非未勿毋莫别別甭弗否禁拒避免缺乏罕难難除"  # Chinese, and Japanese by these signs
    "않없못"  # Korean
)
"""Signs that do the same inside a word."""

_SIGNS = re.compile(
    # Words in which the sign denies nothing: "very", "in future", "whether", "gender", "at least".
    "非常(?![规規态態任理])|(?<![从從尚并並仍])[未]来|是否|[性特识]别|[性特識]別|免费|免費|[删刪]除"
    "|少なくとも"
    "|(?P<except>除外|以外|之外)"
    f"|(?P<sign>[{''.join(sorted(NEGATION_SIGNS))}])"
    "|(?P<behind>ない|なかっ|なく|なけれ|なし|ません|ずに|ぬ"  # Japanese, written in kana
    "|아니|(?<![가-힣])안 )"  # Korean
    "|(?P<thai>ไม่|มิได้|มิใช่|มิให้|ห้าม|ไร้|ปราศจาก|ยกเว้น)"
)
"""What turns a sentence round in scripts without spaces, and in Korean; those ``behind`` stand at
the end of what they deny, as do exceptions."""

NEAR = 6
"""Words from the beginning of an elision within which a negation bears on what stands before. A
German, Japanese or Korean one, which stands behind what it denies, has all of its sentence."""

_DIVIDED = re.compile(rf"[{HYPHENS}]\s*[\n\r\f]\s*|[{HYPHENATION}]\s*[\n\r\f]?\s*")
_WORD = re.compile(
    r"(?P<phrase>(?i:\b(?:rather|other)\s+than|\binstead\s+of|\bfar\s+from|\b(?:any|every)thing\s+but"
    r"|\bdeclin(?:e|es|ed|ing)\s+to|\bw/o|\bnon(?!-))\b)|[^\W\d_]+(?:'[^\W\d_]+)?"
)
_CLAUSE_END = re.compile(r"[,;:.!?()\u2013\u2014。！？，；]|\n\s*\n")
_SENTENCE_END = re.compile(r"[;:.!?。！？；][\"'”’)\]\s]*$")
_STOP = re.compile(r"(?P<blank>\n\s*\n)|(?P<sign>[.!?;:,。])[\"')\]]*(?P<space>\s*)")
_ABBREVIATION = re.compile(
    r"\b(?:\w|al|etc|cf|vs|resp|approx|figs?|secs?|eqs?|no|dr|mr|ms|bzw|ca|vgl|ggf|inkl|nr|sog)$",
    re.I,
)
_NOT_ONLY = re.compile(r"\bnot only\b(?=.*\bbut\b)", re.DOTALL)


_FORMAT = re.compile(
    "[\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U00013430-\U0001343f\U000e0001-\U000e007f]"
)


def _plain(text: str) -> str:
    """A text without noise and with styles folded."""
    return unicodedata.normalize("NFKC", _FORMAT.sub("", text).translate(STYLES))


def _joined(text: str) -> str:
    """A plain text with divided words joined: ``with-⏎out`` is "without"."""
    return _plain(_DIVIDED.sub("", text))


def _divided(text: str) -> str:
    """A plain text with divided words as two: ``not-⏎so-good`` holds "not"."""
    return _plain(_DIVIDED.sub("- ", text))


class _Negation(NamedTuple):
    word: str
    start: int
    end: int
    turns_back: bool = False
    """Whether it denies what stands before it in its sentence, at any distance."""


def negations_in(text: str) -> tuple[str, ...]:
    """The words of ``text`` that turn its meaning round; Chinese signs after the others."""
    found = tuple(_denials(_joined(text))) or tuple(_denials(_divided(text)))
    return (*(one.word for one in found), *(one.word for one in _signs(_joined(text))))


def negation_at_end(text: str) -> str:
    """The negation that a text ends with; empty where it ends with none."""
    plain = _joined(text)
    last = max((*_denials(plain), *_signs(plain)), key=lambda one: one.end, default=None)
    return last.word if last and not re.search(r"\w", plain[last.end :]) else ""


def negation_behind(text: str) -> str:
    """The negation in the rest of a sentence, which ``text`` begins with, that turns back on what
    stood before: German *nicht*, Japanese *ない*. Empty where there is none."""
    plain = _joined(text)
    found = (one for one in (*_denials(plain), *_signs(plain)) if one.turns_back)
    first = min(found, key=lambda one: one.start, default=None)
    return first.word if first and not _has_ended(plain[: first.start]) else ""


def _denials(plain: str) -> Iterator[_Negation]:
    for match in _WORD.finditer(plain):
        lower = match.group().lower()
        if match["phrase"] or lower in NEGATIONS or lower.endswith("n't"):
            yield _Negation(match.group(), *match.span(), lower in _TURNS_BACK)
        elif lower.startswith("nicht"):
            yield _Negation(match.group(), *match.span(), turns_back=True)


def _signs(plain: str) -> Iterator[_Negation]:
    for match in _SIGNS.finditer(plain):
        if match.lastgroup:
            behind = (
                match.lastgroup in ("behind", "except") or "\uac00" <= match.group()[0] <= "\ud7af"
            )
            yield _Negation(match.group().strip(), *match.span(), behind)


def hidden_negations(text: str, span: Span) -> tuple[str, ...]:
    """Negations in an elided stretch of ``text`` that bear on words which are quoted.

    A negation bears on what follows up to the end of its sentence, so it is hidden when its
    sentence runs on into the next segment. Commas, brackets and dashes end nothing: "do not, in
    general, train". It bears on what precedes when it stands near the beginning of the elision,
    with no end of a clause between, and the sentence before has not ended; a German, Japanese or
    Korean one, which stands behind what it denies, does so in all of its sentence. "not only ...
    but" denies nothing when it is left out whole.
    """
    left_out = text[span.start : span.end]
    if not negations_in(left_out):
        return ()
    is_fresh = bool(_SENTENCE_END.search(text[max(0, span.start - 8) : span.start]))
    follows = text[span.end : span.end + 1]
    return _hidden(_joined(left_out), follows, is_fresh) or _hidden(
        _divided(left_out), follows, is_fresh
    )


def _hidden(left_out: str, follows: str, is_fresh: bool) -> tuple[str, ...]:
    plain = _NOT_ONLY.sub(lambda match: " " * len(match.group()), left_out)
    hidden: list[str] = []
    for one in (*_denials(plain), *_signs(plain)):
        turns_back = not is_fresh and _reaches_back(one, plain[: one.start])
        if turns_back or not _sentence_ends(plain + follows, one.end):
            hidden.append(one.word)
    return tuple(hidden)


def _reaches_back(one: _Negation, lead: str) -> bool:
    if one.turns_back:
        return not _has_ended(lead)
    return not _CLAUSE_END.search(lead) and len(lead.split()) <= NEAR


def _sentence_ends(plain: str, after: int) -> bool:
    """Whether a sentence ends in a text after this place; where in doubt, it does not."""
    return any(_is_end(plain, stop) for stop in _STOP.finditer(plain, after))


def _has_ended(lead: str) -> bool:
    """Whether a sentence ends in a text, and not a clause alone."""
    return any(_is_end(lead, stop) for stop in _STOP.finditer(lead) if stop["sign"] != ",")


def _is_end(plain: str, stop: re.Match[str]) -> bool:
    if stop["blank"] or stop["sign"] == "。":
        return True
    if stop.start() and divides_words(plain[stop.start() - 1]):
        return True  # Chinese: there a comma, too, stands between whole clauses
    if stop["sign"] == ",":
        return False
    if stop["sign"] in ";:":
        return bool(stop["space"])
    goes_on = plain[stop.end() : stop.end() + 1]
    if stop["sign"] == "." and _ABBREVIATION.search(plain[max(0, stop.start() - 8) : stop.start()]):
        return False
    if stop["space"]:
        return not (goes_on.islower() or goes_on.isdigit())
    return goes_on.isupper() or not goes_on
