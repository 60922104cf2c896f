"""Lint: which points a documentation tells, as far as counted words can say. Nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from openbook.audit.intake import media_type_of
from openbook.audit.layers import recalled, remember
from openbook.audit.linting.lint_examples import Examples
from openbook.audit.new import bundled_names, like_folder
from openbook.audit.opened import AuditError, WrongUseError
from openbook.audit.pile.guessing.language import language_of
from openbook.audit.questionnaires import (
    questionnaire_file,
    read_questionnaire,
    shipped_questionnaires,
)
from openbook.audit.search.index import indexed
from openbook.core import lint
from openbook.core.anchor import places
from openbook.core.grade import suggest
from openbook.core.initiative import Copy
from openbook.core.language import primary
from openbook.core.lines import Lines, SourceLines
from openbook.core.passage import Passage, passages, readable
from openbook.core.problem import Problem
from openbook.core.questionnaire import Point, PointRef, Question, Questionnaire
from openbook.core.ranker import Ranker
from openbook.core.skeleton import asking, blanked, tells
from openbook.core.text import Span, TextLayer
from openbook.core.verdict import (
    Asked,
    Guess,
    Judge,
    Read,
    Rule,
    Told,
    Verdict,
    asked_points,
    guesses,
    rarities,
    read,
)
from openbook.files.cache import Cache
from openbook.files.library import default_root, sha256_of
from openbook.files.verdicts import METHOD, shipped_judge
from openbook.sources.about import About
from openbook.sources.errors import SourceError
from openbook.sources.extract import extract, kind_of
from openbook.sources.plaintext import decode

Progress = Callable[[int, int], None]

RARE = 2.0
"""Rarity from which a word asked for is named: a stem that about one passage in six has."""
TYPICAL = 0.5
"""Weight from which a stem is named as one that evidence uses."""
SHOWN = 5
"""Words named at most."""

PAGED = ("pdf",)
"""Kinds of files whose pages are theirs."""
LINED = ("html", "markdown", "text", "latex")
"""Kinds of files that have lines."""


@dataclass(frozen=True)
class Given:
    """A file that lint was given, read."""

    name: str
    sha256: str
    kind: str
    layer: TextLayer
    lines: SourceLines | None


# --- In ---------------------------------------------------------------------------------------


def questionnaire_named(name: str) -> Questionnaire:
    """A questionnaire by its file, the folder of an audit, the name of a bundled audit, or the name
    of a questionnaire that ships."""
    path = Path(name)
    if path.is_file() or name in shipped_questionnaires():
        return read_questionnaire(questionnaire_file(path))
    try:
        return read_questionnaire(like_folder(name) / "questionnaire.toml")
    except WrongUseError as error:
        known = ", ".join(dict.fromkeys((*bundled_names(), *shipped_questionnaires())))
        raise WrongUseError(
            f"{name!r} is neither a file, nor an audit's folder, nor one of {known}"
        ) from error


def given(files: Sequence[Path], progress: Progress | None = None) -> list[Given]:
    """These files, read. Raises :class:`AuditError` naming each that cannot be read."""
    cache = Cache(default_root() / "index.sqlite3")
    found: list[Given] = []
    problems: list[Problem] = []
    for done, path in enumerate(files):
        if progress:
            progress(done, len(files))
        try:
            found.append(_given(path, cache))
        except (SourceError, OSError) as error:
            said = error.strerror if isinstance(error, OSError) else None
            problems.append(Problem(str(path), said or str(error)))
    if problems:
        raise AuditError("cannot read every file, so nothing is said of any", problems)
    return found


def _given(path: Path, cache: Cache) -> Given:
    data, media_type = path.read_bytes(), media_type_of(path.name)
    sha256 = sha256_of(data)
    layer = recalled(sha256, media_type, cache)
    if layer is not None and not layer.has_text:
        layer = None  # a scan that an audit has: read anew, to be refused with its reason
    if layer is None:
        layer = extract(data, media_type, path.name)
        remember(layer, Copy("original", media_type, sha256=sha256), cache)
    kind = kind_of(data, media_type, path.name)
    lines = SourceLines(_source(data, kind, path.name)) if kind in LINED else None
    return Given(str(path), sha256, kind, layer, lines)


def _source(data: bytes, kind: str, name: str) -> str:
    """The file's text with its line ends, without the tags of HTML."""
    try:
        text = decode(data, name)
    except SourceError:
        text = data.decode("utf-8", "replace")
    if kind in ("html", "markdown"):
        text = re.sub(r"<[^<>]*>", lambda tag: re.sub(r"[^\n]", " ", tag[0]), text)
    return text


def asked_of(questionnaire: Questionnaire, languages: Collection[str] = ()) -> list[Asked]:
    """The points of a questionnaire as stems, in its own language and in ``languages`` too."""
    if languages:
        widened = tuple(one.widened_to(languages) for one in questionnaire.questions)
        questionnaire = replace(questionnaire, questions=widened)
    refs = [ref for question in questionnaire.questions for ref in asked_points(question)]
    texts = [_asked_texts(questionnaire, ref) for ref in refs]
    stems = iter(_stems([one for some in texts for one in some], languages))
    return [
        Asked(ref, next(stems), tuple(next(stems) for _ in some[1:]))
        for ref, some in zip(refs, texts, strict=True)
    ]


def _asked_texts(questionnaire: Questionnaire, ref: PointRef) -> tuple[str, ...]:
    question = questionnaire.question(ref.keyword)
    assert question is not None
    point = question.point(ref.key)
    return (point.text, *point.queries) if point else (question.wording,)


def _stems(texts: Sequence[str], languages: Collection[str] = ()) -> list[frozenset[str]]:
    """The stems of texts in English, and as they would be in other languages."""
    passages = [Passage("", "", 1, 0, len(text), text) for text in texts]
    found: list[frozenset[str]] = [frozenset()] * len(texts)
    for language in ("en", *languages):
        with indexed(passages, {"": language}) as index:
            found = [one | more for one, more in zip(found, index.stems, strict=True)]
    return found


def foreign(files: Sequence[Given], questionnaire: Questionnaire) -> dict[str, str]:
    """The files in another language than the questionnaire's, by name: what reads them was tried
    on English documentation alone."""
    told = {one.name: language_of(About(""), one.layer.text).value for one in files}
    own = primary(questionnaire.language)
    return {name: one for name, one in told.items() if one and primary(one) != own}


# --- Out --------------------------------------------------------------------------------------


class _Answered(NamedTuple):
    """What stands behind the words of a point, and how it looks."""

    passage: Passage
    verdict: Verdict


@dataclass(frozen=True)
class _Cut:
    """The passages of all files with something in them, and where each comes from."""

    passages: Sequence[Passage]
    stems: Sequence[frozenset[str]]
    files: Mapping[str, Given]
    stem_of: Mapping[str, str]
    """The stem of each word of the passages."""
    answers: Mapping[PointRef, _Answered]
    """What stands behind the words of points, the plainest answer of each."""


def linted(
    files: Sequence[Given], questionnaire: Questionnaire, judge: Judge | None = None
) -> lint.Linted:
    """What these files, as one documentation, look like beside a questionnaire."""
    judge = judge or shipped_judge()
    words, rule = judge.known(questionnaire.id), judge.rule(questionnaire.id)
    languages = {name: primary(one) for name, one in foreign(files, questionnaire).items()}
    cut = _cut(files, questionnaire, languages)
    examples = Examples.of(questionnaire.id, [one.sha256 for one in files])
    asked: dict[str, list[Read]] = {}
    for one in asked_of(questionnaire, sorted({*languages.values()})):
        asked.setdefault(one.ref.keyword, []).append(read(one, cut.stems, words, rule))
    return lint.Linted(
        tuple(one.name for one in files),
        questionnaire,
        tuple(
            _question(question, asked[question.keyword], cut, words, rule, examples)
            for question in questionnaire.questions
        ),
        METHOD,
        questionnaire.id == judge.words.questionnaire,
    )


def _cut(
    files: Sequence[Given], questionnaire: Questionnaire, languages: Mapping[str, str]
) -> _Cut:
    shown: list[Passage] = []
    counted: list[Passage] = []
    answers: dict[PointRef, _Answered] = {}
    for number, file in enumerate(files):
        asks = asking(file.layer.text, questionnaire)
        text = blanked(file.layer.text, asks.unanswered)
        for one in passages(str(number), file.sha256, file.layer):
            rest = text[one.offset : one.offset + len(one.text)]
            if any(map(str.isalnum, rest)):
                shown.append(one)
                counted.append(Passage(one.document, one.copy, one.page, 0, len(rest), rest))
        for answer in asks.answers:
            found = _Answered(_stretch(answer.span, str(number), file), tells(answer.text))
            if _PLAINNESS.index(found.verdict) < _PLAINNESS.index(
                answers[answer.ref].verdict if answer.ref in answers else Verdict.MISSING
            ):
                answers[answer.ref] = found
    in_language = {
        str(number): languages[file.name]
        for number, file in enumerate(files)
        if file.name in languages
    }
    with indexed(counted, in_language) as index:
        stems = index.stems
    vocabulary = list(dict.fromkeys(word for one in counted for word in _words(one.text)))
    stem_of = {
        word: next(iter(found))
        for word, found in zip(vocabulary, _stems(vocabulary), strict=True)
        if found
    }
    named = {str(number): file for number, file in enumerate(files)}
    return _Cut(shown, stems, named, stem_of, answers)


_PLAINNESS = tuple(Verdict)


def _stretch(span: Span, document: str, file: Given) -> Passage:
    place = places(file.layer, span)[0]
    text = file.layer.text[span.start : span.end].strip()
    return Passage(document, file.sha256, place.page, place.start, place.end, text, span.start)


def _question(
    question: Question,
    points: Sequence[Read],
    cut: _Cut,
    words: Ranker,
    rule: Rule,
    examples: Examples,
) -> lint.LintedQuestion:
    found = [
        _point(one, guess, question, cut, words, examples)
        for one, guess in zip(points, _guesses(points, rule), strict=True)
    ]
    return lint.LintedQuestion(question, _suggested(question, found), tuple(found))


def _point(
    one: Read, guess: Guess, question: Question, cut: _Cut, words: Ranker, examples: Examples
) -> lint.LintedPoint:
    """What a point looks like: by what is said behind its own words, or by words counted,
    whichever is plainer."""
    ref = one.asked.ref
    point = question.point(ref.key)
    answered = cut.answers.get(ref)
    verdict, why = guess.verdict, _why(one, guess, cut, words)
    passage = cut.passages[one.order[0]] if one.order else None
    told, stated = guess.told, guess.stated
    if answered and _PLAINNESS.index(answered.verdict) <= _PLAINNESS.index(verdict):
        verdict, passage = answered.verdict, answered.passage
        told, stated = 1.0, 1.0 if verdict is Verdict.STATED else stated
        why = _ANSWERED[verdict]
    return lint.LintedPoint(
        ref,
        point.text if point else question.wording,
        verdict,
        told,
        stated,
        _shown_passage(passage, one.asked, cut, words) if passage else None,
        why,
        examples.of_point(ref),
    )


_ANSWERED = {
    Verdict.STATED: "stands behind the point's own words and tells something",
    Verdict.VAGUE: "stands behind the point's own words, but is short or promises without telling: "
    "name a figure, a criterion, a name or a place",
}


def _guesses(points: Sequence[Read], rule: Rule) -> Sequence[Guess]:
    nothing = Guess(Verdict.MISSING, 0.0, 0.0, Told(0.0, 0.0, 0.0, 0.0, 0.0))
    return guesses(points, rule) or [nothing] * len(points)


def _suggested(question: Question, points: Iterable[lint.LintedPoint]) -> int:
    """What the grading rule says of the verdicts; a question without points is one point."""
    states = {point.ref.key: point.verdict.state for point in points}
    asked = question if question.points else replace(question, points=(Point("", ""),))
    return suggest(asked, states).low


def _shown_passage(passage: Passage, asked: Asked, cut: _Cut, words: Ranker) -> lint.Passage:
    file = cut.files[passage.document]
    lines = file.lines.of(passage.text) if file.lines else None
    first, last = lines or Lines(0, 0)
    page = passage.page if file.kind in PAGED else 0
    text = readable(passage.text)
    excerpt = _excerpt(text, asked, cut, words)
    return lint.Passage(file.name, page, first, last, passage.section, text, excerpt)


def _excerpt(text: str, asked: Asked, cut: _Cut, words: Ranker) -> str:
    """The passage from the sentence on that has most of what is asked for."""
    weights = words.weights(str(asked.ref))
    weights = {**weights, **rarities(asked.wording.union(*asked.queries), words.background)}
    ends = [0, *(match.end() for match in re.finditer(r"[.!?:]\s", text))]

    def worth(at: int) -> float:
        stop = next((end for end in ends if end > at), len(text))
        stems = {cut.stem_of.get(word, "") for word in _words(text[at:stop])}
        return sum(weights.get(stem, 0.0) for stem in sorted(stems))

    at = max(ends, key=worth)
    return f"… {text[at:]}" if at else text


# --- Why --------------------------------------------------------------------------------------


def _why(one: Read, guess: Guess, cut: _Cut, words: Ranker) -> str:
    """What the machine saw in the likeliest passage, in words."""
    if not one.order:
        return "there is no passage to look at"
    at = one.order[0]
    stems = cut.stems[at]
    asked = one.asked.wording.union(*one.asked.queries)
    own = _spelled(_rarest(asked & stems, words), cut, at)
    weights = words.weights(str(one.asked.ref))
    typical = [stem for stem in stems & weights.keys() if weights[stem] > TYPICAL]
    typical.sort(key=lambda stem: (-weights[stem], stem))
    others = [word for word in _spelled(typical, cut, at) if word not in own][:4]
    seen = []
    if own:
        seen.append(f"words that are asked for ({', '.join(own)})")
    if others:
        seen.append(f"words that such evidence uses elsewhere ({', '.join(others)})")
    has = " and ".join(seen) if seen else "none of the words that are asked for"
    if guess.verdict is Verdict.STATED:
        return f"has {has}"
    lacks = _lacks(one, at)
    if guess.verdict is Verdict.VAGUE:
        return f"has {has}, but less than passages that auditors took as stated{lacks}"
    return f"the nearest passage has {has}: too little{lacks}"


def _lacks(one: Read, at: int) -> str:
    signals = one.speaks[at]
    missing = []
    if signals.wording < 0.34:
        missing.append("few of the point's own words")
    return f"; {', '.join(missing)}" if missing else ""


def _rarest(stems: frozenset[str], words: Ranker) -> list[str]:
    """Stems that are seldom enough to tell something, the rarest first."""
    rare = rarities(stems, words.background)
    return sorted((one for one in rare if rare[one] > RARE), key=lambda one: (-rare[one], one))


def _spelled(stems: Sequence[str], cut: _Cut, at: int) -> list[str]:
    """The words of a passage that have these stems, at most :data:`SHOWN`."""
    spelled: dict[str, str] = {}
    for word in _words(cut.passages[at].text):
        spelled.setdefault(cut.stem_of.get(word, ""), word)
    return [spelled[stem] for stem in stems if stem in spelled][:SHOWN]


def _words(text: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[^\W\d_]+", readable(text))]
