"""What a field of a file may hold."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from openbook.core.initiative import is_key

SCHEMA = 1
"""The version of the data format this openbook reads and writes."""


def _key(text: str) -> str:
    if not is_key(text):
        raise ValueError(
            f"{text!r} cannot be a key: use lower-case letters, digits, dots and hyphens, "
            "beginning with a letter or digit"
        )
    return text


def _release(text: str) -> str:
    initiative, slash, release = text.partition("/")
    if not (slash and is_key(initiative) and is_key(release)):
        raise ValueError(
            f"{text!r} is no release; write initiative/release, such as openai-gpt/3.5"
        )
    return text


def _url(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError(f"{text!r} is no http or https address")
    return text


def _partial_date(value: object) -> object:
    """``2022``, ``2022-03`` or ``2022-03-04``, as text or as a date of TOML."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, str) and re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value, re.A):
        try:
            dt.date.fromisoformat(value + "-01-01"[len(value) - 4 :])
        except ValueError:
            pass
        else:
            return value
    raise ValueError(f'{value!s:.60} is no date; write 2022-03-04, or "2022-03", or "2022"')


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"{text!a:.60} holds characters that cannot be shown")
    return text


def _prose(text: str) -> str:
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t":
            raise ValueError(f"holds a character that is no text (U+{ord(char):04X})")
    return text


def _strip(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


Key = Annotated[str, AfterValidator(_key)]
ReleaseName = Annotated[str, AfterValidator(_release)]
Url = Annotated[str, AfterValidator(_url)]
Text = Annotated[str, BeforeValidator(_strip)]
Line = Annotated[str, AfterValidator(_line)]
Words = Annotated[str, BeforeValidator(_strip), Field(min_length=1)]
Prose = Annotated[str, BeforeValidator(_strip), AfterValidator(_prose), Field(max_length=20_000)]
Name = Annotated[Line, BeforeValidator(_strip), Field(min_length=1, max_length=200)]
Keyword = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
LanguageTag = Annotated[str, Field(pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$", max_length=35)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PrintsNumber = Annotated[str, Field(pattern=r"^1$|^[1-9a-f][0-9a-f]{0,999}$")]
Grade = Annotated[int, Field(ge=0, le=4)]
PointKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
StateName = Literal["stated", "vague", "absent", "explicitly_none", "not_applicable", "unreviewed"]
Count = Annotated[int, Field(ge=0)]
PartialDate = Annotated[str, BeforeValidator(_partial_date)]
DateOrEmpty = Annotated[str, BeforeValidator(lambda text: text and _partial_date(text))]
UrlOrEmpty = Annotated[str, AfterValidator(lambda text: text and _url(text))]
