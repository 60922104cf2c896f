"""Languages by their BCP 47 tags, and what a script alone tells of one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.I)
"""A language tag as this project takes them: ``de``, ``zh-Hant``, ``pt-BR``."""

_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he iw ks ku nqo pnb ps sd syr ug ur yi".split())
_RTL_SCRIPTS = frozenset("adlm arab hebr nkoo rohg syrc thaa".split())

TELLING = 20_000
"""Characters of a text by whose script its language is told."""
ENOUGH = 40
"""Letters without which a script tells nothing."""
MOST = 0.5
"""The share of letters that a script must have: a Chinese text has English names in it."""
_KANA = 0.1
"""The share of kana among a text's kana and Chinese signs from which it is Japanese."""
_SIGN_WEIGHT = 3
"""How many letters of an alphabet a Chinese or Korean sign is worth: it is a syllable or a word."""

_SCRIPTS = {
    "CJK": "zh", "HANGUL": "ko", "THAI": "th", "LAO": "lo", "KHMER": "km", "MYANMAR": "my",
    "GREEK": "el", "HEBREW": "he", "ARMENIAN": "hy", "GEORGIAN": "ka", "CYRILLIC": "", "ARABIC": "",
}  # fmt: skip
"""Scripts by the first word of their letters' names, and the one language that is written in it
in nearly all documents; empty where there are several."""

_TELLING = {
    "CYRILLIC": (("uk", "іїєґ", "ыэъё"), ("ru", "ыэъ", "іїєґўјљњћђџқғүұөң")),
    "ARABIC": (("ur", "ٹڈڑےں", ""), ("fa", "پچژگ", "ٹڈڑےۆێەي"), ("ar", "ةىيك", "پچژگٹڈڑےۆێەی")),
}
"""Where several languages share a script: letters one must have, and letters it has not."""


def primary(tag: str) -> str:
    """The language of a tag without its script and region: ``zh`` of ``zh-Hant-TW``."""
    return tag.strip().partition("-")[0].lower()


def is_tag(tag: str) -> bool:
    """Whether ``tag`` may stand in a page's ``lang`` attribute."""
    return bool(TAG.fullmatch(tag))


def direction(tag: str) -> str:
    """``rtl`` for languages written from right to left, ``ltr`` for the others, empty for none."""
    if not is_tag(tag):
        return ""
    subtags = tag.lower().split("-")
    script = next((one for one in subtags[1:] if len(one) == 4 and one.isalpha()), "")
    rtl = script in _RTL_SCRIPTS if script else subtags[0] in _RIGHT_TO_LEFT
    return "rtl" if rtl else "ltr"


def by_script(text: str) -> str:
    """The language that the script of a text tells, or empty where it leaves it open: as for all
    that is written in Latin letters."""
    letters = Counter(map(_script, filter(str.isalpha, text)))
    kana = letters.pop("HIRAGANA", 0) + letters.pop("KATAKANA", 0)
    signs = letters["CJK"] + kana
    letters["CJK"] = signs * _SIGN_WEIGHT
    letters["HANGUL"] *= _SIGN_WEIGHT
    script, often = max(letters.items(), key=lambda one: one[1])
    if often < ENOUGH or often < MOST * sum(letters.values()):
        return ""
    if script == "CJK" and kana >= _KANA * signs:
        return "ja"
    if script in _TELLING:
        return _told(frozenset(text.lower()), script)
    return _SCRIPTS.get(script, "")


def _script(char: str) -> str:
    if char < "\u0250":
        return "LATIN"
    return unicodedata.name(char, "").partition(" ")[0]


def _told(chars: frozenset[str], script: str) -> str:
    for language, has, has_not in _TELLING[script]:
        if chars & set(has) and not chars & set(has_not):
            return language
    return ""
