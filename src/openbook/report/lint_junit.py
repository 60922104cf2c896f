"""What lint found as JUnit's XML: a suite for a question, a case for a point.

A case fails where its question is below what was asked for, so that the file and the exit status
say the same; elsewhere a point that is not told plainly is skipped, with why.
"""

from __future__ import annotations

from collections.abc import Collection
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from openbook.core.lint import NOTICE, Linted, LintedPoint, LintedQuestion
from openbook.core.verdict import Verdict
from openbook.report.lint_words import heading, said
from openbook.report.wording import one_line


def junit(found: Linted, below: Collection[LintedQuestion]) -> bytes:
    """The report as the bytes of a file; ``below`` are the questions that fail."""
    root = Element("testsuites", name="openbook lint")
    totals = {"tests": 0, "failures": 0, "skipped": 0}
    for one in found.questions:
        counts = _suite(root, one, one in below)
        totals = {key: totals[key] + counts[key] for key in totals}
    for key, count in totals.items():
        root.set(key, str(count))
    indent(root)
    text: str = tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _suite(root: Element, one: LintedQuestion, is_below: bool) -> dict[str, int]:
    lacking = [point for point in one.points if point.verdict is not Verdict.STATED]
    counts = {
        "tests": len(one.points),
        "failures": len(lacking) if is_below else 0,
        "skipped": 0 if is_below else len(lacking),
    }
    name = one_line(heading(one))
    suite = SubElement(root, "testsuite", name=name, errors="0")
    for key, count in counts.items():
        suite.set(key, str(count))
    SubElement(SubElement(suite, "properties"), "property", name="notice", value=NOTICE)
    for point in one.points:
        _case(suite, one, point, "failure" if is_below else "skipped")
    return counts


def _case(suite: Element, one: LintedQuestion, point: LintedPoint, how: str) -> None:
    name = one_line(point.text)
    case = SubElement(suite, "testcase", classname=f"openbook.{point.ref}", name=name)
    if point.passage:
        case.set("file", one_line(point.passage.file))
        if point.passage.line:
            case.set("line", str(point.passage.line))
    if point.verdict is not Verdict.STATED:
        told = SubElement(case, how, message=one_line(said(one, point)))
        if how == "failure":
            told.set("type", point.verdict.value)
