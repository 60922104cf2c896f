"""What becomes of one proposed quote: it stands, it was fabricated, or it is set aside."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Set

from openbook.audit.layers import at_hand
from openbook.audit.quoting.evidence import identity
from openbook.audit.quoting.verify import Reader, check_quote, elsewhere
from openbook.audit.suggesting.answered import SaidQuote
from openbook.audit.suggesting.prompt import MAX_QUOTE, plain
from openbook.core.anchor import Checked
from openbook.core.evidence import QuoteEvidence
from openbook.core.proposal import SHORTENED, FabricatedQuote, Fabrication, ProposedQuote
from openbook.core.quote import QuoteError, parse_quote
from openbook.core.text import is_word_char
from openbook.core.verify import State

MIN_QUOTE = 8
"""Letters and digits a quote must have: fewer stand nearly anywhere, and show nothing."""

_BRACKET = re.compile(r"(\\?\[\s*(?:\.\s*){2,}\\?\]|\\?\[\s*\u2026\s*\\?\])|\\?([\[\]])")


def as_quote(text: str) -> str:
    """A model's words as a quote: ``[...]`` leaves words out, every other bracket has to be the
    document's. A person may insert words of the editor into a quote; a model may not, since an
    insertion stands for words that nobody compares."""
    return _BRACKET.sub(lambda found: "[...]" if found[1] else f"\\{found[2]}", text).strip()


def judged(
    reader: Reader, offered: Set[str], said: SaidQuote
) -> ProposedQuote | FabricatedQuote | None:
    """The quote if it stands in the document it names, which must be one that was offered; else the
    trace of it. None for one that is too short to tell anything, or stands and is too long."""
    text = as_quote(said.text)
    if sum(map(is_word_char, text)) < MIN_QUOTE:
        return None
    try:
        parse_quote(text)
    except QuoteError:  # characters that nobody sees, and no document has
        return _trace(said, Fabrication.ALTERED)
    if said.document not in offered:
        stands = any(elsewhere(reader, _evidence("", text)))
        return _trace(said, Fabrication.ELSEWHERE if stands else Fabrication.INVENTED)
    if len(text) > MAX_QUOTE:
        return _long(reader, said, text)
    checked = check_quote(
        reader, _evidence(said.document, text, identity(reader.opened, said.document, text)[0])
    )
    if checked.anchor is None:
        return _trace(said, _kind(checked))
    return ProposedQuote(said.document, text, said.supports, checked.anchor)


def _long(reader: Reader, said: SaidQuote, text: str) -> FabricatedQuote | None:
    """The trace of a long quote that does not stand, its kind told by its beginning: to look for
    what is like a whole page would take minutes."""
    copies = at_hand(reader.opened.document(said.document), reader.opened.library)
    outcomes = (reader.outcome(text, one) for one in copies)
    if any(outcome is not None and outcome.state.is_found for outcome in outcomes):
        return None
    beginning = text[:MAX_QUOTE].rsplit(" ", 1)[0].rstrip("\\[. ")
    checked = check_quote(reader, _evidence(said.document, beginning))
    return _trace(said, Fabrication.ALTERED if checked.anchor else _kind(checked))


def _kind(checked: Checked) -> Fabrication:
    if checked.stands_in:
        return Fabrication.ELSEWHERE
    is_altered = checked.state is State.ALTERED
    return Fabrication.ALTERED if is_altered else Fabrication.INVENTED


def _evidence(document: str, text: str, id_: str = "q-000000") -> QuoteEvidence:
    return QuoteEvidence(id_, document, text, {})


def _trace(said: SaidQuote, kind: Fabrication) -> FabricatedQuote:
    digest = hashlib.sha256(said.text.encode("utf-8", "surrogatepass")).hexdigest()
    return FabricatedQuote(kind, said.document[:64], digest, plain(said.text)[:SHORTENED])
