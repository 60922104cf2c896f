"""Altered quotes in Chinese and German: what :mod:`tests.core.adversary` does to English ones.

Like there, nothing of openbook is used. A candidate is dropped when the altered signs stand in the
text all the same, punctuation aside.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from tests.core.adversary import Altered

Alter = Callable[[str, random.Random], str | None]

_SIGN = "[\u4e00-\u9fff]"


def _at(quote: str, rng: random.Random, pattern: str) -> re.Match[str] | None:
    """A place inside a quote, away from its ends."""
    found = [one for one in re.finditer(pattern, quote) if 4 < one.start() < len(quote) - 6]
    return rng.choice(found) if found else None


def _replaced(quote: str, at: re.Match[str], by: str) -> str:
    return quote[: at.start()] + by + quote[at.end() :]


def _put(pattern: str, *choices: str) -> Alter:
    """Something else in place of what fits; ``{}`` is what stood there."""

    def alter(quote: str, rng: random.Random) -> str | None:
        at = _at(quote, rng, pattern)
        return _replaced(quote, at, rng.choice(choices).format(at[0])) if at else None

    return alter


def _map(pairs: str) -> Alter:
    """One word of a pair for the other."""
    both = dict(pair.split("/") for pair in pairs.split())
    both |= {new: old for old, new in both.items()}

    def alter(quote: str, rng: random.Random) -> str | None:
        at = _at(quote, rng, "|".join(sorted(both, key=len, reverse=True)))
        return _replaced(quote, at, both[at[0]]) if at else None

    return alter


def _swap(quote: str, rng: random.Random) -> str | None:
    at = _at(quote, rng, f"{_SIGN}{{2}}")
    return _replaced(quote, at, at[0][::-1]) if at else None


def _elide(negation: str, most: int, stops: str) -> Alter:
    """Leave out a negation with some signs around it, within its clause."""

    def alter(quote: str, rng: random.Random) -> str | None:
        at = _at(quote, rng, negation)
        if at is None:
            return None
        low = max(4, at.start() - rng.randint(0, most))
        high = min(len(quote) - 4, at.end() + rng.randint(0, most))
        if " " in quote:  # whole words
            low, high = quote.rfind(" ", 0, low + 1), quote.find(" ", high)
        if low < 3 or high < 0 or re.search(stops, quote[low - 1 : high + 1]):
            return None
        return f"{quote[:low].rstrip()} [...] {quote[high:].lstrip()}"

    return alter


CHINESE: dict[str, Alter] = {
    "sign dropped": _put(_SIGN, ""),
    "sign doubled": _put(_SIGN, "{0}{0}"),
    "signs swapped": _swap,
    "negation inserted": _put(_SIGN, "不{0}", "未{0}", "非{0}", "{0}没有"),
    "negation dropped": _put("不(?!同)|未|没有|无法", ""),
    "negation elided": _elide("不会|不能|无法|没有|不要|不需要|尚未", 8, "[，。；、：]"),
    "negation in an insertion": _put(_SIGN, "{0}[不]", "{0}[并未]", "{0}[無]"),
    "antonym": _map(
        "自由/专有 稳定/测试 安装/卸载 可以/必须 升级/降级 官方/民间 最新/过时 所有/部分 支持/放弃 "
        "开发者/用户 二进制/源代码 之前/之后 允许/禁止"
    ),
    "numeral changed": _map("一个/两个 三/四 59100/59101 1993/1994"),
    "digit put in": _put(_SIGN, "{0}2", "9{0}"),
    "other form of a sign": _map("个/個 国/國 处/處 应/應 对/對 开/開 护/護 务/務"),
    "look-alike sign": _map("人/⼈ 大/⼤ 生/⽣ 用/⽤ 行/⾏ 目/⽬ 自/⾃ 方/⽅"),
    "invisible sign": _put(_SIGN, "{0}\u200b", "{0}\u2060"),
    "Latin look-alike": _put(_SIGN, "{0}ｏ", "{0}o"),
}

GERMAN: dict[str, Alter] = {
    "negation inserted": _put(r" (?=\w)", " nicht ", " nie ", " ohne ", " kein "),
    "negation dropped": _put(r" (nicht|kein|keine|keinen|ohne|weder)(?= )", ""),
    "negation elided": _elide(r"\b(nicht|keine|keinen|ohne)\b", 30, "[.;:,()]"),
    "negating prefix": _put(r"(?<= )[a-z]{4,}", "un{0}", "nicht-{0}"),
    "negation in an insertion": _put(r" (?=\w)", " [nicht] ", " [keineswegs] ", " [ohne] "),
    "antonym": _map(
        "freie/proprietäre stabile/instabile installieren/entfernen kann/muss möglich/unmöglich "
        "erlaubt/verboten aktuelle/veraltete alle/einige offiziell/inoffiziell und/oder"
    ),
    "umlaut dropped": _map("ä/a ö/o ü/u"),
    "umlaut written out": _map("ä/ae ö/oe ü/ue ß/ss"),
    "compound cut apart": _put("(?<=[a-z])(?=system|programm|paket|skript|nummer)", " ", "-"),
    "small letter": _put("(?<= )[A-ZÄÖÜ](?=[a-zäöü]{4})", "x", "q"),
    "word dropped": _put(r" [a-zäöüß]{4,}(?= )", ""),
    "word doubled": _put(r" [a-zäöüß]{4,}(?= )", "{0}{0}"),
    "number changed": _map("1/2 3/4 6/7"),
    "hyphen without a break": _put("(?<=[a-zäöü]{3})(?=[a-zäöü]{3})", "-", "\u00ad"),
}


def alterations(
    name: str, texts: list[str], kinds: dict[str, Alter], each: int, seed: int
) -> Iterator[Altered]:
    """Up to ``each`` altered quotes of every kind, made from paragraphs of a text."""
    whole = _bare("\n".join(texts))
    for kind, alter in kinds.items():
        rng = random.Random(f"{seed} {name} {kind}")
        made = 0
        for _ in range(200 * each):
            quote = _stretch(rng.choice(texts), rng)
            altered = alter(quote, rng)
            if altered is None or altered == quote or _bare(altered) in whole:
                continue
            if "[...]" in altered and not all(
                _once(part, whole) for part in altered.split("[...]")
            ):
                continue
            yield Altered(kind, name, altered, quote)
            made += 1
            if made == each:
                break


def _stretch(text: str, rng: random.Random) -> str:
    """A stretch of a paragraph; whole words where words have spaces."""
    size = rng.randint(24, 160)
    start = rng.randint(0, max(0, len(text) - size))
    cut = text[start : start + size]
    if " " not in cut:
        return re.sub("^[!-~]+|[!-~]+$", "", cut).strip("，。；、：")  # no part of a Latin word
    begins = 0 if start == 0 else cut.index(" ") + 1
    ends = len(cut) if start + size >= len(text) else cut.rindex(" ")
    return cut[begins:ends].strip(" ,.;:") or text


def _once(part: str, whole: str) -> bool:
    return len(_bare(part)) > 3 and whole.count(_bare(part)) == 1


def _bare(text: str) -> str:
    return re.sub("[,.;:，。；：、]", "", text).strip(" ")
