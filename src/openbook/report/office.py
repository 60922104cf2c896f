"""What a workbook and a memo share: facts about the audit, and bytes that are the same twice."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from openbook.core.records import Audit
from openbook.report.site.material import Material
from openbook.report.site.views.front import figures
from openbook.report.site.words import day
from openbook.report.wording import caption, one_line

RIGHTS = (
    "Quotes belong to the authors of their documents and are quoted for review. For all else the "
    "licence holds that the audit is published under."
)
_STILL = (1980, 1, 1, 0, 0, 0)
"""The date of every member of an archive: the earliest that there is."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CLOCK = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An audit to be handed out as one file."""

    material: Material
    sha256: str
    """Of the audit's files, so that it can be told from another edition."""
    maker: str
    """``openbook 0.1.0``."""

    @property
    def audit(self) -> Audit:
        return self.material.audit


def facts(exhibit: Exhibit) -> tuple[tuple[str, str], ...]:
    """What this is, in pairs of a word and what it says."""
    audit = exhibit.audit
    told = [
        ("Title", one_line(audit.title)),
        ("Audit", audit.id),
        ("Edition", one_line(audit.edition) or "none named"),
        ("Last change on record", day(last_day(audit)) or "none dated"),
        ("Questions", one_line(audit.questionnaire.title)),
        ("Settled", caption(audit)),
        *((one_line(one.words), one.number) for one in figures(exhibit.material)[1:]),
        ("Hash of the audit's files (sha256)", exhibit.sha256),
        ("Rights", RIGHTS),
        ("Made by", exhibit.maker),
    ]
    return tuple(told)


def last_day(audit: Audit) -> dt.date | None:
    """The latest date that the records carry: no clock is read, so that the same audit always gives
    the same file."""
    dates = [one.date for one in (*audit.reviews, *audit.evidence.values(), *audit.corrections)]
    dates += [one.date for one in audit.settlements.values()]
    return max(filter(None, dates), default=None)


def moment(audit: Audit) -> dt.datetime:
    """The time that a file's own properties give."""
    return dt.datetime.combine(last_day(audit) or dt.date(1980, 1, 1), dt.time())


def clean(text: str) -> str:
    """``text`` without characters that XML cannot hold."""
    return _UNPRINTABLE.sub("\ufffd", text)


def still(save: Callable[[io.BytesIO], object], when: dt.datetime) -> bytes:
    """An archive as ``save`` writes it, but with fixed dates inside: the same audit gives the same
    bytes."""
    made, out = io.BytesIO(), io.BytesIO()
    save(made)
    stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w") as target:
        for one in source.infolist():
            data = source.read(one)
            if one.filename == "docProps/core.xml":
                data = _CLOCK.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            entry = zipfile.ZipInfo(one.filename, _STILL)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return out.getvalue()
