"""From the shapes of files to the nouns of core."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openbook.core.anchor import Anchor, Place
from openbook.core.evidence import (
    ArtifactEvidence,
    Confirmation,
    Evidence,
    Picture,
    QuoteEvidence,
    RegionEvidence,
    SecondaryEvidence,
    Supports,
)
from openbook.core.initiative import (
    Copy,
    Document,
    Initiative,
    Release,
    ReleaseId,
    parse_release_id,
)
from openbook.core.lead import Disposal
from openbook.core.objectives import Aspect, Objectives, Pillar
from openbook.core.prints import Prints, unpacked
from openbook.core.questionnaire import Point, Question, Questionnaire, parse_point_ref
from openbook.core.review import (
    Auditor,
    Basis,
    Bound,
    CellId,
    Correction,
    Finding,
    Judgement,
    NotStated,
    PassageRead,
    PointState,
    ReadPassage,
    Recheck,
    Reported,
    Sample,
    SearchedDocument,
    SearchRecord,
    Settled,
    Settlement,
)
from openbook.core.translation import Translation, Translator
from openbook.core.verify import State
from openbook.files import shapes as sh


def release_id(text: str) -> ReleaseId | None:
    """``openai-gpt/3.5`` taken apart."""
    return parse_release_id(text)


def sure_release(text: str) -> ReleaseId:
    initiative, _, release = text.partition("/")
    return ReleaseId(initiative, release)


def auditor(shape: sh.AuditorShape) -> Auditor:
    return Auditor(shape.id, shape.name, shape.kind, shape.note)


def questionnaire(shape: sh.QuestionnaireShape) -> Questionnaire:
    return Questionnaire(
        id=shape.id,
        title=shape.title,
        questions=tuple(
            Question(
                keyword=one.keyword,
                title=one.title,
                wording=one.wording,
                phase=one.phase,
                looks_for=one.looks_for,
                points=tuple(map(_point, one.point)),
                examples=_by_grade(one.examples),
                language=shape.language,
            )
            for one in shape.question
        ),
        scale=_by_grade(shape.scale),
        rule=shape.rule,
        attribution=shape.attribution,
        by_reference=shape.by_reference,
        explicitly_none=shape.explicitly_none,
        language=shape.language,
        queries_in_by=dict(shape.queries_in_by),
    )


def _point(shape: sh.PointShape) -> Point:
    others = {language: tuple(words) for language, words in shape.queries_in.items()}
    return Point(shape.key, shape.text, tuple(shape.queries), others)


def _by_grade(texts: Mapping[Any, str]) -> dict[int, str]:
    return {int(grade): text for grade, text in sorted(texts.items())}


def initiative(shape: sh.InitiativeShape) -> Initiative:
    return Initiative(
        key=shape.key,
        company=shape.company,
        name=shape.name,
        status=shape.status,
        releases=tuple(
            Release(
                id=ReleaseId(shape.key, one.key),
                label=one.label,
                covers=tuple(one.covers),
                date="" if one.date is None else str(one.date),
                documents=tuple(one.documents),
                left_out=one.left_out,
                note=one.note,
            )
            for one in shape.release
        ),
        note=shape.note,
    )


def document(shape: sh.DocumentShape) -> Document:
    return Document(
        key=shape.key,
        title=shape.title,
        authors=tuple(shape.authors),
        year=shape.year,
        kind=shape.kind,
        language=shape.language,
        licence=shape.licence,
        url=shape.url or "",
        copies=tuple(
            Copy(
                role=one.role,
                media_type=one.media_type,
                url=one.url or "",
                sha256=one.sha256 or "",
                bytes=one.bytes,
                pages=one.pages,
                retrieved=one.retrieved,
                via=tuple(one.via),
                note=one.note,
                etag=one.etag or "",
                last_modified=one.last_modified or "",
            )
            for one in shape.copies
        ),
        note=shape.note,
    )


def evidence(shape: sh.EvidenceShape, document_key: str) -> Evidence | str:
    """The evidence, or what keeps it from being of the kind it says it is."""
    supports = {
        sure_release(name): tuple(map(parse_point_ref, refs))
        for name, refs in shape.supports.items()
    }
    if shape.kind == "quote":
        if shape.quote is None:
            return "a quote needs the field quote"
        return QuoteEvidence(
            id=shape.id,
            document=document_key,
            quote=shape.quote,
            supports=supports,
            by=shape.by,
            date=shape.date,
            note=shape.note,
            wording_elsewhere=dict(shape.wording_elsewhere),
        )
    if shape.kind == "artifact":
        if shape.title is None or shape.url is None:
            return "an artifact needs the fields title and url"
        return ArtifactEvidence(
            id=shape.id,
            document=document_key,
            title=shape.title,
            url=shape.url,
            supports=supports,
            sha256=shape.sha256 or "",
            by=shape.by,
            date=shape.date,
            note=shape.note,
        )
    if shape.kind == "region":
        return _region(shape, document_key, supports)
    if shape.says is None or not shape.where:
        return "secondary evidence needs the fields says and where"
    return SecondaryEvidence(
        id=shape.id,
        document=document_key,
        says=shape.says,
        where=shape.where,
        supports=supports,
        by=shape.by,
        date=shape.date,
        note=shape.note,
    )


def _region(shape: sh.EvidenceShape, document_key: str, supports: Supports) -> RegionEvidence | str:
    picture, confirmed = shape.picture, shape.confirmed
    if (
        shape.copy_ is None
        or shape.page is None
        or shape.box is None
        or picture is None
        or shape.transcription is None
        or not shape.by
    ):
        return "a region needs the fields copy, page, box, picture, transcription and by"
    left, bottom, right, top = shape.box
    if not (0 <= left < right < 1e5 and 0 <= bottom < top < 1e5):
        return "the box of a region is left, bottom, right, top, in points"
    return RegionEvidence(
        id=shape.id,
        document=document_key,
        copy=shape.copy_,
        page=shape.page,
        box=(left, bottom, right, top),
        picture=Picture(picture.sha256, picture.dpi, picture.renderer),
        transcription=shape.transcription,
        supports=supports,
        by=shape.by,
        date=shape.date,
        confirmed=Confirmation(confirmed.by, confirmed.date, confirmed.of) if confirmed else None,
        note=shape.note,
    )


def translation(shape: sh.TranslationShape) -> Translation:
    return Translation(
        evidence=shape.evidence,
        language=shape.language,
        text=shape.text,
        by=shape.by,
        kind=Translator(shape.kind),
        date=shape.date,
        note=shape.note,
    )


def not_stated(shape: sh.NotStatedShape) -> NotStated:
    return NotStated(
        Basis(shape.basis), shape.search, shape.says, shape.where, tuple(shape.documents)
    )


def judgement(shape: sh.JudgementShape) -> Judgement:
    return Judgement(
        answer=shape.answer,
        evidence=tuple(shape.evidence),
        points={key: PointState(state) for key, state in shape.points.items()},
        grade=shape.grade,
        reason=shape.reason,
        deviation=shape.deviation,
        not_stated=not_stated(shape.not_stated) if shape.not_stated else None,
        saw=tuple(shape.saw),
    )


def finding(cell: CellId, shape: sh.FindingShape) -> Finding:
    settled = shape.settled
    return Finding(
        cell,
        judgement(shape),
        Settled(settled.how, dict(settled.grades), settled.by, settled.reason),
    )


def settlement(cell: CellId, shape: sh.SettlementShape) -> Settlement:
    return Settlement(cell, shape.grade, shape.take, shape.by, shape.reason, shape.date)


def correction(shape: sh.CorrectionShape) -> Correction:
    return Correction(
        id=shape.id,
        kind=shape.kind,
        about=shape.about,
        author=shape.author,
        date=shape.date,
        reason=shape.reason,
        state=shape.state,
        was=shape.was,
        now=shape.now,
        document=shape.document or "",
        quote=shape.quote,
        sha256=shape.sha256 or "",
        decided_by=shape.decided_by,
        decision=shape.decision,
    )


def disposal(shape: sh.LeadShape) -> Disposal:
    return Disposal(
        shape.id,
        shape.target,
        shape.state,
        shape.by,
        shape.reason,
        shape.document or "",
        shape.date,
    )


def recheck(shape: sh.RecheckShape) -> Recheck | str:
    """The recheck, or what keeps it from being one."""
    name, _, keyword = shape.cell.partition(" ")
    release = parse_release_id(name)
    if release is None or not keyword:
        return f"{shape.cell!r} names no cell, such as openai-gpt/3.5 VS"
    return Recheck(
        shape.id,
        CellId(release, keyword),
        shape.document,
        shape.older,
        shape.newer,
        shape.opened,
        tuple(shape.altered),
        tuple(shape.missing),
        tuple(shape.moved),
        shape.outcome or "",
        shape.by,
        shape.reason,
        shape.closed,
    )


def reported(shape: sh.ReportedFile) -> dict[CellId, Reported]:
    return {
        CellId(sure_release(release), keyword): Reported(shape.by, says)
        for release, cells in shape.cells.items()
        for keyword, says in cells.items()
    }


def objectives(shape: sh.ObjectivesShape) -> Objectives:
    return Objectives(
        shape.source,
        tuple(
            Pillar(
                pillar.key,
                pillar.title,
                tuple(
                    Aspect(
                        aspect.key,
                        aspect.label,
                        aspect.direction,
                        aspect.where,
                        {sure_release(n): tuple(ids) for n, ids in aspect.stated_by.items()},
                    )
                    for aspect in pillar.aspect
                ),
            )
            for pillar in shape.pillar
        ),
    )


def search_record(shape: sh.SearchShape) -> SearchRecord:
    return SearchRecord(
        id=shape.id,
        cell=CellId(sure_release(shape.release), shape.keyword),
        at=shape.at,
        by=shape.by,
        documents=tuple(
            SearchedDocument(
                one.key, one.sha256, one.layer, one.passages, one.is_scan, one.unread_pages
            )
            for one in shape.documents
        ),
        queries=tuple(shape.queries),
        ranker=shape.ranker,
        read=_read(shape.read),
        cut=shape.cut,
        sample=Sample(shape.sample.seed, shape.sample.unread, _read(shape.sample.read))
        if shape.sample
        else None,
        bound=Bound(shape.bound.rule, shape.bound.confidence, shape.bound.at_most)
        if shape.bound
        else None,
        leads=None if shape.leads is None else tuple(shape.leads),
        languages=None if shape.languages is None else tuple(shape.languages),
    )


def reading(auditor: str, shape: sh.ReadingShape) -> PassageRead:
    return PassageRead(
        auditor,
        CellId(sure_release(shape.release), shape.keyword),
        shape.copy_,
        ReadPassage(shape.document, shape.page, shape.start, shape.end),
        shape.answers,
        shape.at,
    )


def _read(shapes: list[sh.ReadShape]) -> tuple[ReadPassage, ...]:
    return tuple(ReadPassage(one.document, one.page, one.start, one.end) for one in shapes)


def anchor(shape: sh.AnchorShape) -> Anchor:
    return Anchor(
        evidence=shape.evidence,
        copy=shape.copy_,
        layer=shape.layer,
        extractor=shape.extractor,
        state=State(shape.state),
        segments=tuple(
            tuple(Place(p.page, p.start, p.end, tuple(p.boxes)) for p in segment)
            for segment in shape.segments
        ),
        prints=tuple(Prints(unpacked(before), unpacked(after)) for before, after in shape.prints),
    )
