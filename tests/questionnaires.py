"""Questionnaires of any size, and audits that ask them: generated, odd wherever it is allowed."""

from __future__ import annotations

from pathlib import Path

from tests.workbench import done

ODD = ("Q", "A1", "CON", "X_", "A__B", "DEF", "INDEX", "Z" * 32, "W_I_D_E_KEYWORD_OF_32_CHARACTERS")
"""Keywords at the edges of what is allowed: one letter, 32 of them, names of devices and pages."""
LONG = (
    "How the people who wrote, rated, ranked and corrected what the model was shown were found, "
    "and what Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft did"
)
SCALE = "\n".join(f'{grade} = "Grade {grade}: so much"' for grade in range(5))
PHASES = ("before", "during", "after", "")


def keywords(count: int) -> tuple[str, ...]:
    """``count`` keywords, the odd ones first."""
    return (*ODD, *(f"N{number:03}" for number in range(count)))[:count]


def questionnaire(count: int) -> str:
    """A questionnaire of ``count`` questions: every tenth has a long title, every seventh no
    points, every eleventh forty, the others two."""
    head = f'schema = 1\nid = "of-{count}"\ntitle = "{count} questions"\n\n[scale]\n{SCALE}\n'
    return head + "".join(_question(count, number) for number in range(count))


def _question(count: int, number: int) -> str:
    keyword = keywords(count)[number]
    phase = PHASES[number * len(PHASES) // count]
    title = LONG if number % 10 == 5 else f"Subject {number}"
    text = f'\n[[question]]\nkeyword = "{keyword}"\ntitle = "{title}"\nphase = "{phase}"\n'
    text += f'wording = "What do the documents tell about subject {number}?"\n'
    points = 0 if number % 7 == 6 else 40 if number % 11 == 10 else 2
    for point in range(points):
        queries = f'["subject {number}"]' if point == 0 else "[]"
        text += f'\n[[question.point]]\nkey = "p{point}"\nqueries = {queries}\n'
        text += f'text = "Whether detail {point} of subject {number} is told"\n'
    return text


def document(count: int) -> str:
    """A document that tells something of every second subject."""
    told = (
        f"## Section {number}\n\nOf subject {number} we tell detail 0: it was settled in week "
        f"{number}, by {number + 3} people.\n"
        for number in range(0, count, 2)
    )
    return "# Acme One\n\n" + "\n".join(told)


def release_names(releases: int) -> list[str]:
    """``acme-0/r00`` and on: five releases an initiative."""
    return [f"acme-{number // 5}/r{number:02}" for number in range(releases)]


def audit(folder: Path, count: int, releases: int = 1) -> Path:
    """An audit of ``releases`` releases of one document, and nothing judged."""
    source = folder.parent / f"of-{count}.toml"
    source.write_text(questionnaire(count), "utf-8")
    card = folder.parent / "acme-card.md"
    card.write_text(document(count), "utf-8")
    done("audit", "new", folder, "--questionnaire", source, "--auditor", "Ana Ruiz")
    for name in release_names(releases):
        initiative, _, release = name.partition("/")
        done("audit", "add", folder, card, "--initiative", initiative, "--release", release)
    return folder


def judge(folder: Path, count: int, releases: int) -> None:
    """Quotes for the subjects told, and a review of every cell of every release, by hand."""
    asked = keywords(count)
    names = release_names(releases)
    for number in range(0, count, 2):
        words = f"Of subject {number} we tell detail 0: it was settled in week {number}"
        has_points = number % 7 != 6
        ref = f"{asked[number]}.p0" if has_points else asked[number]
        supports = (part for name in names for part in ("--supports", f"{name}:{ref}"))
        done("audit", "quote", folder, "--document", "acme-card", words, *supports)
    ids = _ids(folder)
    for name in names:
        path = folder / "reviews" / "ana-ruiz" / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = (_cell(asked[number], number, ids) for number in range(count))
        head = (
            f'auditor = "ana-ruiz"\nrelease = "{name}"\ndate = 2026-11-26\nread = ["acme-card"]\n'
        )
        path.write_text(head + "".join(cells), "utf-8")
    done("audit", "settle", folder)


def _ids(folder: Path) -> dict[int, str]:
    """The evidence for each subject told, by its number."""
    from openbook.audit.opened import open_audit

    quotes = open_audit(folder).audit.evidence.values()
    return {int(one.quote.split()[2]): one.id for one in quotes}  # type: ignore[union-attr]


def _cell(keyword: str, number: int, ids: dict[int, str]) -> str:
    cell = f'\n[{keyword}]\nanswer = "So it is."\nreason = "Read."\n'
    if number not in ids:
        return cell + "grade = 0\n"
    points = "" if number % 7 == 6 else 'points = { p0 = "stated", p1 = "absent" }\n'
    grade = 1 if number % 11 == 10 and points else 2
    return cell + f'grade = {grade}\nevidence = ["{ids[number]}"]\n{points}'
