"""``make bench``: measure, print, and write bench/results.md, which the README quotes.

``python -m bench reanchor`` (``needles``, ``viewing``, ``room``, ``install``, ``dense``, ``lint``,
``intake``, ``languages``, ``scans``) measures one thing and writes its section alone. ``python -m
bench guesses`` writes the table of docs/forty-files.md, ``python -m bench verdicts`` what lint has
learned.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import sys
import tempfile
from pathlib import Path

from bench import (
    commands,
    dense,
    ingest,
    intake,
    languages,
    lint,
    needles,
    peers,
    ranking,
    reanchor,
    room,
    scans,
    viewing,
)
from openbook.sources.scan_engine import INSTALL, engine

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "docs"
RESULTS = ROOT / "bench" / "results.md"


def main() -> int:
    """Run every measurement; 1 when there are no PDFs to measure on."""
    if not CORPUS.is_dir():
        print(f"no PDFs to measure on: {CORPUS} is not there", file=sys.stderr)
        return 1
    alone = {
        "reanchor": _reanchor,
        "needles": _needles,
        "viewing": _viewing,
        "room": _room,
        "install": _install,
        "dense": _dense,
        "lint": _lint,
        "intake": _intake,
        "scans": _scans,
        "languages": languages.section,
    }
    with tempfile.TemporaryDirectory() as library:
        os.environ["OPENBOOK_LIBRARY"] = library
        if sys.argv[1:] == ["guesses"]:
            print(intake.write_guesses())
            return 0
        if len(sys.argv) == 2 and sys.argv[1] in alone:
            return _renew(alone[sys.argv[1]]())
        if sys.argv[1:] == ["verdicts"]:
            commands.timed("library", "add", *map(str, sorted(CORPUS.iterdir())), runs=1)
            lint.write()
            return 0
        first = (_head, _ingest, _commands, _install, _needles, _reanchor, _viewing, _room)
        measured = (*first, _dense, _lint, _intake, _scans, languages.section)
        lines = [line for section in measured for line in section()]
    text = "\n".join(lines) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return 0


def _head() -> list[str]:
    cores, today = os.cpu_count(), dt.datetime.now().astimezone().date()
    return [
        "# Measurements",
        "",
        f"Written by `make bench` on {today}: Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {cores} cores. All on one machine, in one "
        "run but for sections renewed by themselves since; the ratios say more than the seconds.",
        "",
    ]


def _ingest() -> list[str]:
    rates = ingest.measure(CORPUS)
    ours, his, theirs = ingest.medians(rates)
    rows = [
        f"| {rate.document} | {rate.pages} | {rate.ours:.0f} | {rate.pypdf:.0f} | "
        f"{rate.pdfplumber:.1f} |"
        for rate in rates
    ]
    return [
        "## Reading PDFs, pages a second",
        "",
        f"openbook {ours:.0f}, pypdf {his:.0f}, pdfplumber {theirs:.1f} (medians over "
        f"{len(rates)} documents): {ours / his:.1f} times pypdf, {ours / theirs:.0f} times "
        "pdfplumber. openbook's figure includes a box for every character, computed in the "
        "isolated process.",
        "",
        "| document | pages | openbook | pypdf | pdfplumber |",
        "|---|---:|---:|---:|---:|",
        *rows,
        "",
    ]


def _commands() -> list[str]:
    commands.timed("library", "add", *map(str, sorted(CORPUS.iterdir())), runs=1)
    start = commands.timed("--help")
    verify = commands.timed("audit", "verify", str(commands.AUDIT))
    check = commands.timed("audit", "check", str(commands.AUDIT))
    with tempfile.TemporaryDirectory() as folder:
        audits = [str(one) for one in needles.bundled()]
        learn = commands.timed("ranker", "train", *audits, "-o", f"{folder}/r.json", runs=3)
    size, count, seconds = ranking.measure()
    rows = [
        _row("`openbook --help`", start),
        _row("`openbook audit verify` of the bundled audit, warm", verify),
        _row("`openbook audit check` of the bundled audit, warm", check),
        _row("`openbook ranker train` on both bundled audits, warm", learn),
    ]
    return [
        "## Commands, seconds as whole processes",
        "",
        "| command | median | least | most | runs |",
        "|---|---:|---:|---:|---:|",
        *rows,
        "",
        f"check and verify together: {verify.median + check.median:.2f} s. Learning to rank anew: "
        f"{learn.median:.1f} s. Ranking {ranking.PAGES} pages ({size:,} characters, {count} "
        f"passages) for all ten questions: {seconds:.2f} s.",
        "",
    ]


def _row(name: str, found: commands.Seconds) -> str:
    return f"| {name} | {found.median:.2f} | {found.least:.2f} | {found.most:.2f} | {found.runs} |"


def _install() -> list[str]:
    found = commands.installed()
    return [
        "## Base install",
        "",
        f"{found.megabytes:.0f} MB in a fresh environment with pip, {found.packages} packages; "
        f"openbook itself {found.openbook:.1f} MB, with the bundled audit.",
        "",
    ]


def _needles() -> list[str]:
    commands.timed("library", "add", *map(str, sorted(CORPUS.iterdir())), runs=1)
    found = needles.measure()
    return [
        "## Finding the needle",
        "",
        f"{needles.summary(found)}.",
        "",
        *needles.tables(found),
    ]


def _dense() -> list[str]:
    head = ["## A dense model beside the ranker", ""]
    commands.timed("library", "add", *map(str, sorted(CORPUS.iterdir())), runs=1)
    try:
        found = dense.measure()
    except peers.MissingError as missing:
        return [*head, f"Not measured: {missing}."]
    return [*head, f"{dense.summary(found)}.", "", *dense.tables(found)]


def _lint() -> list[str]:
    commands.timed("library", "add", *map(str, sorted(CORPUS.iterdir())), runs=1)
    found = lint.measure()
    return ["## Lint", "", f"{lint.summary(found)}.", "", *lint.tables(found)]


def _reanchor() -> list[str]:
    found = reanchor.measure(CORPUS)
    return [
        "## Finding quotes again in a changed document",
        "",
        f"{reanchor.summary(found)}.",
        "",
        f"{reanchor.QUOTES} stretches of 40 to 240 characters of {_documents()} documents, looked "
        "for in versions with a share of the words edited (replaced, left out, put in), and in "
        "versions in which the stretch was taken out, where every answer is wrong. Percent correct "
        f"/ wrong / abstained; correct is an overlap of {reanchor.SAME} or more with the true "
        "place (intersection over union). The text is extracted once, before it is edited.",
        "",
        *reanchor.table(found),
    ]


def _viewing() -> list[str]:
    found = viewing.measure(CORPUS)
    return [
        "## Looking at a long PDF",
        "",
        f"A PDF of {found.pages} pages ({found.megabytes:.0f} MB) is there to look at after "
        f"{found.first:.2f} s.",
        "",
        "That is: the confined process started, the size of every page, the first page's picture "
        f"and its lines of text. After that a picture {viewing.WIDTH} pixels wide takes "
        f"{1000 * found.picture:.0f} ms ({found.picture_kb:.0f} kB; the slowest page "
        f"{1000 * found.slowest:.0f} ms), a page's lines {1000 * found.lines:.0f} ms; medians. "
        f"Looking through all pages, the process that asks took {found.ours_mb:.0f} MB of memory "
        f"at most, the confined one {found.theirs_mb:.0f} MB.",
        "",
    ]


def _room() -> list[str]:
    load, killed = room.load(), room.kills()
    opened, long = room.openings(), room.long_document(CORPUS)
    return [
        "## The reading room",
        "",
        f"{room.AUDITORS} auditors at once, saving for {load.seconds:.0f} s: {load.saves:,} saves, "
        f"median {1000 * load.median:.0f} ms, 95 of 100 within {1000 * load.p95:.0f} ms; "
        f"{load.refused} refused, {load.lost} lost or mixed. Killed {killed.kills} times while it "
        f"saved: {killed.lost} acknowledged saves lost. A PDF of {long.pages} pages is there in a "
        f"room just started after {long.first:.2f} s.",
        "",
        f"Each auditor saves a judgement of up to eighty words, waits for the answer and "
        f"{1000 * room.PAUSE:.0f} ms, and saves the next; clients and room share the machine. The "
        f"slowest save took {1000 * load.most:.0f} ms; the room took {load.megabytes:.0f} MB. "
        f"{killed.saves:,} saves were acknowledged between the kills (SIGKILL, at random moments), "
        f"and {killed.half_written} files were half-written. Killed {opened.kills} times while it "
        f"wrote to the audit what two auditors submitted, {opened.during} of them half way: after "
        f"the next start {opened.lost} judgements were missing or different, and "
        f"{opened.half_written} files had faults. The reading page with the first page of the long "
        f"PDF is timed from the request to its picture and words; looking at every tenth page, the "
        f"room and its processes took {long.megabytes:.0f} MB.",
        "",
    ]


def _intake() -> list[str]:
    found = intake.measure()
    return [
        "## A pile of files",
        "",
        f"{found.files} mixed files become an audit of {found.documents} documents and "
        f"{found.copies} further copies, and a site, in {found.seconds:.0f} s.",
        "",
        f"Read, guessed and compared with each other in {found.planned:.1f} s, written in "
        f"{found.added:.1f} s, reported in {found.reported:.1f} s, with nothing remembered from "
        "before. The pile is of the documents beside the checkout, as they are, twice, renamed, "
        "saved again, edited, in part, as web pages, as a scan, and broken (bench/pile.py).",
        "",
    ]


def _scans() -> list[str]:
    head = ["## Scans", ""]
    if engine() is None:
        return [*head, f"Not measured: {INSTALL}", ""]
    found = scans.measure(CORPUS)
    ours = [one for one in found if one.by == engine()]
    clean, turned = ours[0], ours[1]
    beside = scans.tesseract()
    told = (
        f"{beside} of Debian reads" if beside else "Not installed here: tesseract, which would read"
    )
    return [
        *head,
        f"Of {clean.quotes} quotes of the paper, {clean.found} stand word for word in what was "
        f"read from clean scans of their {clean.pages} pages, {turned.found} from turned and noisy "
        f"ones; {100 * clean.errors:.1f} and {100 * turned.errors:.1f} % of the characters of a "
        "page are read wrongly (median). None of these quotes is called verified.",
        "",
        f"Engine: {engine()}, on {os.cpu_count()} cores, in a confined process. Load of the "
        f"machine, five minutes' mean: {os.getloadavg()[1]:.1f}; above the number of cores the "
        "times are those of a busy machine. Errors count against the text of the PDF, in the order "
        "in which it has it: formulas, tables and figures whose words it lacks make the worst "
        f"pages. {told} the same pictures, with its English model, as it comes.",
        "",
        *scans.table(found),
        "",
    ]


def _documents() -> int:
    return sum(path.suffix in (".pdf", ".md") for path in CORPUS.iterdir())


def _renew(section: list[str]) -> int:
    """Put one section in the place of an older one of its name; the others stay as they are."""
    text = RESULTS.read_text(encoding="utf-8")
    old = re.compile(rf"\n{re.escape(section[0])}\n.*?(?=\n## |\Z)", re.S)
    fresh = "\n" + "\n".join(section) + "\n"
    kept = old.sub("", text).rstrip("\n") + "\n"
    RESULTS.write_text(kept + fresh, encoding="utf-8")
    print(fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main())
