"""A mapping drafted from a spreadsheet's headers and values, for a person to correct."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from openbook.audit.opened import AuditError, Opened
from openbook.audit.sheets.claims import document_names, header_of, question_names, release_names
from openbook.core.initiative import slug
from openbook.files.mapping import FIELDS, UNDECIDED, folded
from openbook.files.sheets import Row, Sheet, letters
from openbook.files.write import toml_key, toml_value

WORDS: Mapping[str, str] = {
    "release": "release model system product version",
    "question": "question indicator criterion criteria item keyword",
    "grade": "grade score rating mark rank points value",
    "answer": "answer finding findings summary response description",
    "reason": "reason justification rationale comment comments note notes explanation",
    "quote": "quote quotes quotation excerpt evidence passage text",
    "document": "document source sources reference paper citation",
    "page": "page pages p pp",
    "url": "url link address",
    "date": "date",
}
"""The words of a header that tell what its column means, likeliest meaning first."""
USUAL_GRADES: Mapping[str, int] = {
    "yes": 4,
    "full": 4,
    "fully": 4,
    "complete": 4,
    "partial": 2,
    "partially": 2,
    "partly": 2,
    "no": 0,
    "none": 0,
}
MOST_VALUES = 60
"""More different values than this are hardly names or grades: they are not listed."""


def draft_map(opened: Opened, sheet: Sheet) -> str:
    """A mapping file for a sheet. What it cannot know is "?", which an import refuses. Raises
    :class:`AuditError` for a sheet without a row of headers."""
    header = header_of(sheet, None)
    if header is None:
        raise AuditError(f"{sheet.file} has no row that could name its columns")
    return "\n".join(_Draft(opened, sheet, header).lines()) + "\n"


class _Draft:
    def __init__(self, opened: Opened, sheet: Sheet, header: Row) -> None:
        self.opened, self.sheet, self.header = opened, sheet, header
        self.rows = [row for row in sheet.rows if row.number > header.number]
        self.releases = {folded(str(one.id)): str(one.id) for one in opened.audit.releases}
        for name, found in release_names(opened.audit).items():
            self.releases.setdefault(name, str(found[0].id) if len(found) == 1 else UNDECIDED)
        self.questions = {
            name: one.keyword for name, one in question_names(opened.audit.questionnaire).items()
        }
        self.columns = self._columns()
        self.wide = self._wide()

    def lines(self) -> Iterator[str]:
        audit, file = self.opened.audit, self.sheet.file
        yield f"# What the columns of {toml_value(file)} mean for the audit {audit.id}."
        yield f'# A draft: look at every line; "{UNDECIDED}" is yours to decide, "" leaves out.'
        yield "schema = 1\n"
        yield from self._auditor()
        yield "[sheet]"
        yield f"name = {toml_value(self.sheet.name)}" if self.sheet.name else "# one sheet"
        yield f"header = {self.header.number}  # the row that names the columns"
        if self._own:
            others = f"  # or {', '.join(self._own[1:])}" if self._own[1:] else ""
            yield f"only = {{ auditor = {toml_value(self._own[0])} }}{others}"
        if filled := [self._name(at) for at in self._merged()]:
            yield f"fill_down = {toml_value(filled)}  # empty cells say what the one above says"
        yield "\n[columns]"
        for meaning in FIELDS:
            if found := self.columns.get(meaning):
                names = [self._name(at) for at in found]
                yield f"{meaning} = {toml_value(names if len(names) > 1 else names[0])}"
        yield from self._unused()
        for of, what, at in self.wide:
            yield f"\n[[wide]]\nof_{of} = {toml_value(what)}\ngrade = {toml_value(self._name(at))}"
        yield from self._table("releases", self._values("release", "/"), self.releases)
        yield from self._table("questions", self._values("question", " "), self.questions)
        yield from self._grades()
        if "document" in self.columns:
            known = dict(document_names(audit.documents))
            yield from self._table("documents", self._values("document", " "), known)

    def _auditor(self) -> Iterator[str]:
        """Whose judgements these are: of our own exports, which hold several auditors', the first
        one's."""
        file, known = self.sheet.file, None
        if self._own:
            known = self.opened.audit.auditor(self._own[0])
        id_ = known.id if known else slug(file.rpartition(".")[0] or file) or "earlier-audit"
        name, kind = (known.name, known.kind) if known else (file, "person")
        yield "[auditor]  # whose judgements these are"
        yield f"id = {toml_value(id_)}\nname = {toml_value(name)}"
        yield f'kind = {toml_value(kind)}  # "person" or "model"\n'

    @cached_property
    def _own(self) -> list[str]:
        """The auditors in a sheet that openbook exported; none in any other."""
        headers = [folded(cell) for cell in self.header.cells]
        if "auditor" not in headers or "point_states" not in headers:
            return []
        at = headers.index("auditor")
        return [*dict.fromkeys(text for row in self.rows if (text := row.text(at)))]

    def _name(self, at: int) -> str:
        """What to call a column: its header, or its letter where that is no name of one column."""
        name = self.header.text(at)
        names = [folded(cell) for cell in self.header.cells]
        return name if name and names.count(folded(name)) == 1 else f"column {letters(at)}"

    def _columns(self) -> dict[str, list[int]]:
        """Columns by meaning: our own names first, then values, then words of the headers."""
        found: dict[str, list[int]] = {}
        taken: set[int] = set()
        headers = [folded(cell) for cell in self.header.cells]
        own = {"release": ("initiative", "release"), "question": ("keyword",)}
        for meaning in FIELDS:
            names = own.get(meaning, (meaning,))
            if all(headers.count(name) == 1 for name in names):
                found[meaning] = [headers.index(name) for name in names]
                taken |= {*found[meaning]}
        for meaning, known in (("release", self.releases), ("question", self.questions)):
            for at in range(len(headers)):
                if meaning not in found and at not in taken and self._share(at, known) >= 0.5:
                    found[meaning] = [at]
                    taken.add(at)
        for meaning, words in WORDS.items():
            for at, name in enumerate(headers):
                if meaning in found or at in taken:
                    continue
                if not {*words.split()}.isdisjoint(re.findall(r"[a-z]+", name)):
                    found[meaning] = [at]
                    taken.add(at)
        return found

    def _share(self, at: int, known: Mapping[str, str]) -> float:
        """How many of a column's texts are names that we know."""
        texts = [text for row in self.rows if (text := row.text(at))]
        return sum(folded(text) in known for text in texts) / len(texts) if texts else 0.0

    def _wide(self) -> list[tuple[str, str, int]]:
        """Columns that are named after a question or release each, where there are several."""
        found = []
        for of, known in (("question", self.questions), ("release", self.releases)):
            here = [
                (of, known[folded(cell)], at)
                for at, cell in enumerate(self.header.cells)
                if folded(cell) in known and not any(at in one for one in self.columns.values())
            ]
            if of not in self.columns and len(here) > 1:
                found += here
        return found

    def _merged(self) -> list[int]:
        """Columns of releases and questions with empty cells in rows that say something."""
        named = [at for one in ("release", "question") for at in self.columns.get(one, ())]
        return [at for at in named if any(not row.text(at) for row in self.rows)]

    def _unused(self) -> Iterator[str]:
        used = {at for one in self.columns.values() for at in one} | {at for *_, at in self.wide}
        left = [self._name(at) for at, cell in enumerate(self.header.cells) if at not in used]
        if left:
            yield f"# not used: {', '.join(map(toml_value, left))}"

    def _values(self, meaning: str, between: str) -> list[str]:
        """The different texts of a meaning's columns, in their order."""
        at = self.columns.get(meaning, [])
        texts = (between.join(filter(None, (row.text(one) for one in at))) for row in self.rows)
        return [*dict.fromkeys(filter(None, texts))]

    def _table(self, name: str, values: Sequence[str], known: Mapping[str, str]) -> Iterator[str]:
        yield f"\n[{name}]"
        left = [value for value in values if folded(value) not in known]
        if len(left) > MOST_VALUES:
            yield f"# {len(left)} different values, which is too many for names: the right column?"
            return
        for value in left:
            yield f'{toml_key(value)} = "{UNDECIDED}"'
        if len(left) < len(values):
            count = len(values) - len(left)
            yield f"# known by name: {count} of {len(values)}"

    def _grades(self) -> Iterator[str]:
        yield "\n[grades]"
        at = [*self.columns.get("grade", ()), *(at for *_, at in self.wide)]
        values = dict.fromkeys(row.text(one) for row in self.rows for one in at if row.text(one))
        unlike = [one for one in values if not re.fullmatch(r"[0-4](\.0+)?", one, re.A)]
        if not unlike:
            yield "# all are 0 to 4"
        if len(unlike) > MOST_VALUES:
            yield f"# {len(unlike)} different values, which is too many for grades"
            return
        for value in unlike:
            usual = USUAL_GRADES.get(folded(value))
            if usual is None:
                yield f'{toml_key(value)} = "{UNDECIDED}"'
            else:
                yield f"{toml_key(value)} = {usual}  # proposed: is it so?"
