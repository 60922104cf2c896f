"""What watching showed, as Markdown for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openbook.core.anchor import MARKS
from openbook.core.change import Change, Changed, Reanchored, by_cell
from openbook.core.evidence import QuoteEvidence
from openbook.core.recheck import in_words
from openbook.core.records import Audit
from openbook.core.review import CellId
from openbook.core.watch import Seen, Watched
from openbook.report.site import words

MOST = 60_000
"""Characters of a report: GitHub takes 65,536 in the text of a pull request."""
LONGEST = 400
"""Characters of a quote or of its words beside those at its place."""

_MARKUP = re.compile(r"[\\`*_{}\[\]<>()#+!|~@&:$-]|(?<=www)\.", re.IGNORECASE)
"""What Markdown, HTML or GitHub (mentions, references, addresses, mathematics) would act upon."""


def plain(text: str) -> str:
    """Words of strangers in a line of Markdown that shows them and does nothing else."""
    line = " ".join(text.split())
    cut = line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} …"
    return _MARKUP.sub(lambda one: f"&#{ord(one.group())};", cut)


def headline(audit: Audit, changed: Changed) -> tuple[str, ...]:
    """``Acme card, taken 2026-11-26: lost 2 passages that answered HUM (Acme One 1)``, a line for
    each cell that lost one."""
    document = audit.documents[changed.document]
    taken = f", version of {changed.new.retrieved}" if changed.new.retrieved else ""
    found = []
    for cell, counts in by_cell(audit, changed).items():
        if lost := sum(number for change, number in counts.items() if change.is_loss):
            passages = "1 passage" if lost == 1 else f"{lost} passages"
            named = f"{document.title or document.key}{taken}"
            found.append(f"{named}: lost {passages} that answered {_cell(audit, cell)}")
    return tuple(found)


def report(audit: Audit, watched: Sequence[Watched], waiting: int = 0) -> str:
    """The report: what changed by question and release first, then every address that did not give
    what it gave before. ``waiting`` is how many cells wait to be looked at again in all."""
    parts = [_summary(watched, waiting)]
    parts += ["\n".join(_document(audit, one, one.changed)) for one in watched if one.changed]
    if others := [line for one in watched for line in _other(one)]:
        parts.append("\n".join(["### Other news", "", *others]))
    if audit_rechecks := [one for each in watched for one in each.rechecks]:
        told = [
            f"- {plain(str(one.cell))}: {in_words(one)} in {plain(one.document)} (`{one.id}`)"
            for one in audit_rechecks
        ]
        how = "A person closes each with `openbook audit recheck DIR --close ID --as OUTCOME`."
        parts.append("\n".join(["### To be looked at again", "", *told, "", how]))
    return _within("\n\n".join(parts) + "\n")


def _summary(watched: Sequence[Watched], waiting: int) -> str:
    counts = {seen: sum(one.seen is seen for one in watched) for seen in Seen}
    told = ", ".join(f"{count} {seen}" for seen, count in counts.items() if count)
    verb = "waits" if waiting == 1 else "wait"
    wait = f" {words.count(waiting, 'cell')} {verb} to be looked at again." if waiting else ""
    many = words.count(len(watched), "address", "addresses")
    return f"## Watched: {many}\n\n{words.sentence(told) or 'Nothing to watch'}.{wait}"


def _document(audit: Audit, one: Watched, changed: Changed) -> Iterator[str]:
    title = audit.documents[one.document].title or one.document
    yield f"### {plain(title)}"
    yield ""
    yield f"`{changed.old.sha256[:12]}` → `{changed.new.sha256[:12]}`, {plain(one.url)}"
    yield ""
    counts = changed.counts
    told = ", ".join(f"{counts[change]} {change}" for change in Change if counts[change])
    yield f"{words.count(len(changed.quotes), 'quote')}: {told or 'none'}."
    yield ""
    for line in headline(audit, changed):
        yield f"- **{plain(line)}**"
    for id_, quote in changed.quotes:
        if quote.change is not Change.IN_PLACE:
            yield from _quote(audit, id_, quote)
    for id_ in one.untold:
        yield f"- `{id_}` does not stand here, and where it stood before is not known"
    if changed.only_new:
        ids = ", ".join(f"`{id_}`" for id_ in changed.only_new)
        yield f"- stands here and not in the version before: {ids}"


def _quote(audit: Audit, id_: str, one: Reanchored) -> Iterator[str]:
    evidence = audit.evidence[id_]
    said = evidence.quote if isinstance(evidence, QuoteEvidence) else ""
    cells = "; ".join(
        f"{release} {', '.join(dict.fromkeys(ref.keyword for ref in refs))}"
        for release, refs in evidence.supports.items()
    )
    page = f", page {one.page or one.was_on}" if one.page or one.was_on else ""
    yield f"- `{id_}` **{one.change}**{page} ({plain(cells)}): “{plain(said)}”"
    if one.reason:
        yield f"  - {plain(one.reason)}"
    if one.diff:
        told = " ".join(MARKS[part.kind].format(part.text) for part in one.diff)
        yield f"  - {plain(told)}"


def _other(one: Watched) -> Iterator[str]:
    name = f"- {plain(one.document)}"
    if one.seen is Seen.SAME_TEXT:
        kept = ", kept as a copy" if one.copy else ", not kept"
        yield f"{name}: bytes changed, text same{kept}"
    elif one.seen is Seen.GONE:
        yield f"{name}: **gone**: {plain(one.message)}"
    elif one.seen is Seen.FAILED:
        yield f"{name}: **error**, nothing is known: {plain(one.message)}"
    elif one.message:
        yield f"{name}: {plain(one.message)}"
    if one.led_to:
        yield f"{name}: the address leads to another host now, {plain(one.led_to)}"


def _cell(audit: Audit, cell: CellId) -> str:
    return f"{cell.keyword} ({words.release_name(audit, cell.release)})"


def _within(text: str) -> str:
    """The text, cut at a line where it is longer than a pull request may be."""
    if len(text) <= MOST:
        return text
    whole = text[:MOST].rsplit("\n", 1)[0]
    left = text[len(whole) :].count("\n- ")
    return f"{whole}\n\n… and {left} more lines: `openbook audit changes DIR` shows all.\n"
