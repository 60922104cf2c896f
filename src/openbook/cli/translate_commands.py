"""``openbook audit translate``: an attributed translation beside a quote, which is no evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from openbook.cli.terms import Folder, JsonOption, show_json, today


def translate(
    folder: Folder,
    evidence: Annotated[str, typer.Argument(metavar="EVIDENCE", help="The quote's id: q-7f3a9c.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The translation.")],
    into: Annotated[str, typer.Option(metavar="TAG", help="Its language, such as en or zh-Hant.")],
    by: Annotated[str, typer.Option(help="Who translated: a person, a model, a service.")],
    kind: Annotated[str, typer.Option(help="human, language-model or machine.")],
    remark: Annotated[str, typer.Option("--note", help="What to know about it.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Put a translation beside a quote, for readers. It is never evidence: it is not verified, no
    grade rests on it, and it is called a translation wherever it is shown."""
    from openbook.audit.opened import WrongUseError, writing
    from openbook.audit.quoting.translate import add_translation
    from openbook.core.translation import Translation, Translator, labelled

    if kind not in [*Translator]:
        raise WrongUseError(f"--kind is one of {', '.join(Translator)}, not {kind!r}")
    made = Translation(evidence, into, text, by, Translator(kind), today(), remark)
    with writing(folder) as opened:
        kept = add_translation(opened, made)
    if as_json:
        show_json(
            {
                "evidence": kept.evidence,
                "language": kept.language,
                "by": kept.by,
                "kind": str(kept.kind),
                "text": kept.text,
                "is_evidence": False,
            }
        )
        return
    typer.echo(labelled(kept))
