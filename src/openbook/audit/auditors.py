"""Who judges: adding somebody to audit.toml."""

from __future__ import annotations

from collections.abc import Collection

from openbook.audit.opened import Opened, WrongUseError, prose
from openbook.core.initiative import is_key, slug
from openbook.core.review import Auditor
from openbook.files.edit import append_table
from openbook.files.write import toml_table


def keys_of_others(opened: Opened, name: str, *, is_trusted: bool = False) -> frozenset[str]:
    """The keys that a newcomer of this name must not take, since they are somebody else's.

    An auditor of the same name is the same person only where no judgement could change hands,
    because there is none yet; or where ``is_trusted``, who lets the newcomer in may edit every
    file anyway.
    """
    audit = opened.audit
    judged = {one.auditor for one in audit.reviews} | {one.auditor for one in audit.readings}
    judged |= {one.by for one in audit.evidence.values() if one.by}
    judged |= {one.by for one in audit.searches.values()}
    same = {
        one.id
        for one in audit.auditors
        if one.kind == "person" and one.name.casefold() == name.casefold()
    }
    return frozenset({one.id for one in audit.auditors} | judged) - {
        one for one in same if is_trusted or one not in judged
    }


def free_key(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, or with a number that makes it nobody else's."""
    key, number = wanted, 2
    while key in taken or not is_key(key):
        key, number = f"{wanted}-{number}", number + 1
    return key


def add_auditor(opened: Opened, key: str, name: str) -> Auditor:
    """The person with this key in audit.toml, who is added where the key is not there yet. The
    audit is to be held for writing. Raises :class:`WrongUseError` where it is a model's."""
    there = opened.audit.auditor(key)
    if there is not None:
        if there.kind != "person":
            raise WrongUseError(f"{key} is a language model in audit.toml")
        return there
    auditor = Auditor(key, prose(name, "the name"), "person")
    fields = {"id": auditor.id, "name": auditor.name, "kind": auditor.kind}
    append_table(opened.folder / "audit.toml", toml_table("[[auditor]]", fields))
    return auditor


def add_somebody(opened: Opened, name: str) -> Auditor:
    """A person of this name in audit.toml, with a key of their own."""
    if not slug(name):
        raise WrongUseError("a name needs at least one Latin letter or digit, for file names")
    return add_auditor(opened, free_key(slug(name), keys_of_others(opened, name)), name)
