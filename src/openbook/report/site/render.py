"""All pages of a site as text: no file is written here and no clock is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from openbook.report.site import address, words
from openbook.report.site.colours import colour_rules, icon
from openbook.report.site.feed import feed
from openbook.report.site.material import Material
from openbook.report.site.proof import Link
from openbook.report.site.views.addresses import addresses_view
from openbook.report.site.views.agreement import agreement_view
from openbook.report.site.views.changes import changes_view
from openbook.report.site.views.concerns import bears, concerns_view
from openbook.report.site.views.corrections import corrections_view
from openbook.report.site.views.documents import documents_view
from openbook.report.site.views.downloads import downloads_view
from openbook.report.site.views.front import front
from openbook.report.site.views.initiative import initiative_view
from openbook.report.site.views.objectives import objectives_view
from openbook.report.site.views.overview import overview_view
from openbook.report.site.views.points import points_view
from openbook.report.site.views.question import question_view
from openbook.report.site.views.trending import trend_view

# What HTML forbids (controls, surrogates, noncharacters), and marks that turn the direction of
# the text after them: a record could make a page read otherwise than it is written.
_REMOVED = dict.fromkeys(
    [
        *(code for code in range(32) if code not in (9, 10)),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
        *range(0xFDD0, 0xFDF0),
        *(plane << 16 | end for plane in range(17) for end in (0xFFFE, 0xFFFF)),
    ]
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be rendered."""

    path: str
    template: str
    title: str
    """In the tab and the search result: says what the page is, before the audit's name."""
    description: str
    view: object

    @property
    def root(self) -> str:
        """What leads from this page to the site's folder."""
        return "../" * self.path.count("/")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    title: str
    above: Link | None
    """The site that this one is a part of."""
    edition: str
    has_feed: bool
    built: str
    built_iso: str
    nav: tuple[Link, ...]
    records: tuple[Link, ...]
    initiatives: tuple[Link, ...]
    questions: tuple[Link, ...]


def render_site(material: Material, above: Link | None = None) -> dict[str, str]:
    """The site of an audit: relative path to file contents.

    ``above`` leads to the site that this one stands in a folder of. The sites of audits beside this
    one are rendered on their own; here their rows join the heatmap.
    """
    told = feed(material)
    frame = _frame(material, above, bool(told))
    site = {
        address.STYLE: colour_rules() + _environment().get_template("style.css").render(),
        address.ICON: icon(),
    }
    if told:
        site[address.FEED] = told
    for page in _pages(material):
        template = _environment().get_template(page.template)
        site[page.path] = template.render(page=page, view=page.view, site=frame, root=page.root)
    return site


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("openbook.report.site"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def clean(value: object) -> object:
    """Text without the characters that a page cannot hold; runs before escaping."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return value.translate(_REMOVED)


def _frame(material: Material, above: Link | None, has_feed: bool) -> Frame:
    audit = material.audit
    nav = [
        Link("Heatmap", address.INDEX),
        Link("Findings", address.OVERVIEW),
        *([Link("Concerns", address.CONCERNS)] if bears(material) else []),
        Link("Trend", address.TREND),
        Link("Points", address.POINTS),
    ]
    if audit.objectives is not None:
        nav.append(Link("Objectives", address.OBJECTIVES))
    records = (
        Link("Documents", address.DOCUMENTS),
        Link("Graders", address.AGREEMENT),
        Link("Corrections", address.CORRECTIONS),
        Link("Changes", address.CHANGES),
        Link("Downloads", address.DOWNLOADS),
    )
    return Frame(
        title=audit.title,
        above=above,
        edition=audit.edition,
        has_feed=has_feed,
        built=words.day(material.built_on) or material.built,
        built_iso=material.built_on.isoformat() if material.built_on else "",
        nav=tuple(nav),
        records=records,
        initiatives=tuple(
            Link(one.title, address.initiative_page(one.key)) for one in audit.initiatives
        ),
        questions=tuple(
            Link(one.title or one.keyword, address.question_page(one.keyword))
            for one in audit.questionnaire.questions
        ),
    )


def _pages(material: Material) -> Iterator[Page]:
    audit = material.audit
    title = audit.title
    told = " ".join(audit.description.split())
    yield Page(address.INDEX, "index.html", title, _short(told) or title, front(material))
    for initiative in audit.initiatives:
        yield Page(
            address.initiative_page(initiative.key),
            "initiative.html",
            f"{initiative.title}: every question and answer",
            f"What the documents of {initiative.title} tell, question by question and release by "
            "release, with the quotes each answer rests on.",
            initiative_view(material, initiative),
        )
    for question in audit.questionnaire.questions:
        yield Page(
            address.question_page(question.keyword),
            "question.html",
            f"{question.title or question.keyword}: what every release tells",
            _short(question.wording) or f"The question {question.keyword} across all releases.",
            question_view(material, question),
        )
    yield from _whole(material)
    yield from _records(material)


def _whole(material: Material) -> Iterator[Page]:
    """The pages that look at all cells together."""
    title = material.audit.title
    yield Page(
        address.OVERVIEW,
        "overview.html",
        "Findings: what is told, what is not",
        f"The overall findings of {title}, computed from its records.",
        overview_view(material),
    )
    if bears(material):
        yield Page(
            address.CONCERNS,
            "concerns.html",
            "Concerns, and what the records say on them",
            "Eight concerns about how models are aligned, each with what this audit's records can "
            "and cannot say.",
            concerns_view(material),
        )
    yield Page(
        address.TREND,
        "trend.html",
        "Trend: is the information draining?",
        "How much is told from release to release, with the uncertainty of saying so.",
        trend_view(material),
    )
    yield Page(
        address.POINTS,
        "points.html",
        "Points: the fine-grained heatmap",
        "Every point of interest in every release: stated, vague, absent, or unreviewed.",
        points_view(material),
    )
    if material.audit.objectives is not None:
        yield Page(
            address.OBJECTIVES,
            "objectives.html",
            "Objectives: which are stated, and by whom",
            "The pillars of alignment, what they promote and prevent, and the releases that say "
            "so.",
            objectives_view(material, material.audit.objectives),
        )


def _records(material: Material) -> Iterator[Page]:
    """The pages that show what everything rests on."""
    yield Page(
        address.DOCUMENTS,
        "documents.html",
        "Documents and what rests on them",
        "Every document of the audit with its copies, their hashes, and the evidence in it.",
        documents_view(material),
    )
    yield Page(
        address.AGREEMENT,
        "agreement.html",
        "Graders, and how far they agree",
        "Who graded, of what kind, and how far the graders agree where that can be said.",
        agreement_view(material),
    )
    yield Page(
        address.CORRECTIONS,
        "corrections.html",
        "Corrections, slips and rebuttals",
        "What was wrong, what it is now, who says so and why.",
        corrections_view(material),
    )
    yield Page(
        address.CHANGES,
        "changes.html",
        "Changes to this audit",
        "What changed in the audit's records, newest first.",
        changes_view(material),
    )
    yield Page(
        address.DOWNLOADS,
        "downloads.html",
        "Downloads",
        "The audit's records in other forms.",
        downloads_view(material),
    )
    yield Page(
        address.ADDRESSES,
        "addresses.html",
        "Addresses of all cells",
        "The permanent address of every cell, the same in every edition.",
        addresses_view(material),
    )


def _short(text: str, length: int = 300) -> str:
    """``text`` on one line, cut at a word where it is long."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"
