"""Permanent addresses of pages, cells and evidence, and which outside addresses may be links.

Addresses are shared and cited, so they are made from keys and keywords alone: never from numbers,
titles or the order of things. They are safe as file names and as HTML ids whatever a record says;
a name that is no proper key is replaced by a digest of itself.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, urlsplit

from openbook.core.initiative import ReleaseId, is_key
from openbook.core.questionnaire import PointRef
from openbook.core.records import Audit
from openbook.core.review import CellId

INDEX = "index.html"
OVERVIEW = "overview.html"
CONCERNS = "concerns.html"
TREND = "trend.html"
POINTS = "points.html"
OBJECTIVES = "objectives.html"
AGREEMENT = "agreement.html"
CORRECTIONS = "corrections.html"
DOCUMENTS = "documents.html"
CHANGES = "changes.html"
DOWNLOADS = "downloads.html"
ADDRESSES = "addresses.html"
STYLE = "style.css"
FEED = "feed.xml"
ICON = "icon.svg"

_KEYWORD = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_HOST = re.compile(r"[\w.:\[\]-]+")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def key_slug(key: str) -> str:
    """A key (initiative, release, document) as a file name or id; lower case."""
    return key if is_key(key) else f"x-{_digest(key)}"


def keyword_slug(keyword: str) -> str:
    """A keyword as a file name or id; upper case, so it never meets a key."""
    proper = _KEYWORD.fullmatch(keyword) and is_key(keyword.lower().replace("_", "-"))
    return keyword if proper else f"X{_digest(keyword).upper()}"


def name_slug(name: str) -> str:
    """The key of a point, or the id of evidence or of a correction, as an HTML id."""
    return name if _NAME.fullmatch(name) else f"x-{_digest(name)}"


def initiative_page(key: str) -> str:
    """``initiatives/openai-gpt.html``."""
    return f"initiatives/{key_slug(key)}.html"


def question_page(keyword: str) -> str:
    """``questions/VS.html``."""
    return f"questions/{keyword_slug(keyword)}.html"


def point_address(ref: PointRef) -> str:
    """``questions/VS.html#rule``."""
    return f"{question_page(ref.keyword)}#{name_slug(ref.key)}"


def release_address(release: ReleaseId) -> str:
    """``initiatives/openai-gpt.html#3.5``."""
    return f"{initiative_page(release.initiative)}#{key_slug(release.release)}"


def cell_id(cell: CellId) -> str:
    """``3.5-VS``: the id of a cell within its initiative's page."""
    return f"{key_slug(cell.release.release)}-{keyword_slug(cell.keyword)}"


def cell_address(cell: CellId) -> str:
    """``initiatives/openai-gpt.html#3.5-VS``."""
    return f"{initiative_page(cell.release.initiative)}#{cell_id(cell)}"


def addresses(audit: Audit) -> list[dict[str, str | int | None]]:
    """The permanent address of every cell of an audit, relative to its site, with its grade."""
    grades = {cell: one.judgement.grade for cell, one in audit.findings.items()}
    return [
        {
            "release": str(cell.release),
            "question": cell.keyword,
            "address": cell_address(cell),
            "grade": grades.get(cell),
        }
        for cell in audit.cells
    ]


def evidence_element(cell: CellId, evidence: str) -> str:
    """``3.5-VS-q-7f3a9c``: the id of a piece of evidence where it stands under a cell."""
    return f"{cell_id(cell)}-{name_slug(evidence)}"


def evidence_address(cell: CellId, evidence: str) -> str:
    """``initiatives/openai-gpt.html#3.5-VS-q-7f3a9c``."""
    return f"{initiative_page(cell.release.initiative)}#{evidence_element(cell, evidence)}"


def document_address(key: str) -> str:
    """``documents.html#ouyang-2022``."""
    return f"{DOCUMENTS}#{key_slug(key)}"


def correction_address(id_: str) -> str:
    """``corrections.html#c-001``."""
    return f"{CORRECTIONS}#{name_slug(id_)}"


def download_address(name: str) -> str:
    """``downloads/heatmap.csv``; any folder in the name is dropped."""
    return f"downloads/{quote(name.replace(chr(92), '/').rsplit('/', 1)[-1])}"


def web_url(url: str) -> str:
    """``url`` when it is a plain http or https address, else nothing: then it is shown as text."""
    if any(char.isspace() or not char.isprintable() for char in url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and _HOST.fullmatch(host) and "@" not in parts.netloc
    return url if good else ""


def at_page(url: str, media_type: str, page: int) -> str:
    """``url`` with the fragment that opens a PDF on a page."""
    if media_type != "application/pdf" or "#" in url:
        return url
    return f"{url}#page={page}"
