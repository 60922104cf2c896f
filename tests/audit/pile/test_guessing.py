"""What a document seems to say of itself, and nothing where it does not."""

from __future__ import annotations

import pytest

from openbook.audit.pile.guessing.date import date_of, stamp_of
from openbook.audit.pile.guessing.kind import kind_of_document
from openbook.audit.pile.guessing.language import language_of
from openbook.audit.pile.guessing.release import releases_of
from openbook.audit.pile.guessing.title import short_title, title_of
from openbook.core.initiative import Initiative, Release, ReleaseId
from openbook.sources.about import About

PDF = About("pdf")
STAMP = "Some words.\narXiv:2412.19437v2 [cs.CL] 18 Feb 2025"


def test_the_stamp_of_arxiv_tells_number_version_and_day() -> None:
    stamp = stamp_of(STAMP, "a.pdf")
    assert stamp is not None
    assert (stamp.number, stamp.version, stamp.month) == ("2412.19437", "2", "2024-12")
    assert stamp.note == "arXiv version 2 of 18 February 2025, by its stamp."
    assert stamp.url == "https://arxiv.org/abs/2412.19437"


def test_a_number_of_arxiv_in_a_name_is_one_only_where_the_name_is_nothing_else() -> None:
    named = stamp_of("", "pile/2412.19437v2.pdf")
    assert named is not None
    assert (named.number, named.version, named.note) == ("2412.19437", "2", "")
    assert stamp_of("", "https://arxiv.org/pdf/2405.04434") is not None
    assert stamp_of("", "invoice 2405.04434 paid.pdf") is None
    assert stamp_of("We follow arXiv:2405.04434 closely.", "a.pdf") is None


DATES = {
    "GPT-4 System Card\nOpenAI\nMarch 14, 2023\nAbstract": "2023-03-14",
    "2024-06-27\nGemma 2": "2024-06-27",
    "A card\n7 May 2024": "2024-05-07",
    "A card\nMarch 2024\n": "2024-03",
    "A card\nSept. 2, 2025": "2025-09-02",
    "A card\n31 February 2024": "",
    "A card of 2024": "",
    "A card\nAbstract\nOn March 14, 2023 we released a model.": "",
}


@pytest.mark.parametrize("page", DATES)
def test_a_date_stands_above_the_abstract(page: str) -> None:
    assert date_of(PDF, page, None).value == DATES[page]


def test_a_number_on_arxiv_says_more_than_the_file() -> None:
    made = About("pdf", created="2025-02-19")
    assert date_of(made, STAMP, stamp_of(STAMP, "")).value == "2024-12"
    assert date_of(made, "No date.", None) == ("2025-02", "when the file was made, as it says")


TITLES = [
    (About("pdf", title="Acme One"), "ACME ONE\nby Acme", "Acme One"),
    (About("pdf", title="Microsoft Word - draft7.doc", heading="Acme One"), "Acme", "Acme One"),
    (About("pdf", title="ICLR 2024 Conference Submissions", heading="Acme"), "Acme", "Acme"),
    (About("pdf", title="Another file's title"), "Acme One", ""),
    (About("pdf", heading="Abstract"), "Abstract", ""),
    (About("markdown", title="Claude’s Constitution \\ Anthropic"), "", "Claude's Constitution"),
    (About("html", title="Acme One | Acme", heading="Acme One"), "x", "Acme One"),
    (About("markdown", heading="Model Information"), "Model Information", ""),
    (About("pdf", heading="x" * 400), "x", ""),
    (About("pdf", heading="\x1b[31mAcme\x07 One"), "", "[31mAcme One"),
]


@pytest.mark.parametrize(("about", "page", "title"), TITLES)
def test_a_title_is_what_the_document_shows(about: About, page: str, title: str) -> None:
    assert title_of(about, page).value == title


def test_the_short_title_is_what_it_is_called_by() -> None:
    assert short_title("DeepSeek-V2: A Strong, Economical Model") == "DeepSeek-V2"
    assert short_title("Training language models to follow instructions") == (
        "Training language models to follow"
    )


@pytest.mark.parametrize(
    ("title", "source", "kind"),
    [
        ("GPT-4 System Card", "a.pdf", "system-card"),
        ("Acme", "MODEL_CARD.md", "model-card"),
        ("Qwen Technical Report", "a.pdf", "report"),
        ("Acme", "https://github.com/acme/one", "repository"),
        ("Acme", "a.pdf", ""),
    ],
)
def test_a_kind_is_told_by_words(title: str, source: str, kind: str) -> None:
    assert kind_of_document(PDF, title, source, "Words.", None).value == kind


def test_a_kind_is_told_by_shape() -> None:
    paper = "Acme\nAbstract\nWe align.\nReferences\n[1] Nobody."
    assert kind_of_document(PDF, "Acme", "a.pdf", paper, None).value == "paper"
    assert kind_of_document(About("html"), "Acme", "a.html", "Words.", None).value == "web-page"


# --- releases ---------------------------------------------------------------------------------


def family(key: str, name: str, **labels: str) -> Initiative:
    """An initiative whose releases are ``v2_5="Acme 2.5"``."""
    releases = [(one[1:].replace("_", "."), label) for one, label in labels.items()]
    made = tuple(Release(ReleaseId(key, one), label) for one, label in releases)
    return Initiative(key, "", name, "", made)


QWEN = family("alibaba-qwen", "Qwen", v2="Qwen 2", v2_5="Qwen 2.5")
GPT = family("openai-gpt", "GPT", v4="GPT 4", v4_5="GPT 4.5")
KNOWN = (QWEN, GPT)


@pytest.mark.parametrize(
    ("title", "release"),
    [
        ("Qwen2.5 Technical Report", "alibaba-qwen/2.5"),
        ("QWEN2 TECHNICAL REPORT", "alibaba-qwen/2"),
        ("GPT-4 System Card", "openai-gpt/4"),
        ("GPT 4.5: a card", "openai-gpt/4.5"),
        ("Qwen Technical Report", ""),
        ("Qwen25 and GPT-40", ""),
        ("DeepSeek-V2: A Strong Model", "deepseek/v2"),
        ("Mistral 7B", "mistral/7b"),
        ("The Llama 3 Herd of Models", "llama/3"),
        ("LLaMA: Open and Efficient Models", ""),
        ("ICLR 2024", ""),
        ("Chapter 3", ""),
        ("", ""),
    ],
)
def test_a_release_is_named_by_the_title(title: str, release: str) -> None:
    named = releases_of(KNOWN, title, "a.pdf", "")
    assert " ".join(map(str, named.releases)) == release


def test_known_releases_are_not_proposed_anew_and_new_ones_keep_their_spelling() -> None:
    assert releases_of(KNOWN, "Qwen2 Technical Report", "a.pdf", "").family is None
    new = releases_of(KNOWN, "DeepSeek-V2: A Strong Model", "a.pdf", "")
    assert new.family is not None
    assert new.release is not None
    assert (new.family.name, new.release.label) == ("DeepSeek", "DeepSeek-V2")


def test_a_name_then_the_first_page_tell_where_the_title_does_not() -> None:
    assert releases_of(KNOWN, "", "qwen2.5_card.md", "").why == "named in its file's name"
    page = "We present GPT-4. GPT-4 is a model, better than Qwen2."
    assert releases_of(KNOWN, "", "a.pdf", page).releases == (ReleaseId("openai-gpt", "4"),)
    undecided = "GPT-4 and GPT-4 beside Qwen2 and Qwen2."
    assert releases_of(KNOWN, "", "a.pdf", undecided).releases == ()


def test_a_family_named_in_the_title_is_not_another_family_of_the_first_page() -> None:
    page = "Unlike GPT-4, and GPT-4 again."
    assert releases_of(KNOWN, "Qwen: a report", "a.pdf", page).releases == ()


def test_a_declared_language_is_taken_and_others_need_letters() -> None:
    assert language_of(About("html", language="de-CH"), "").value == "de"
    assert language_of(About("html", language="nonsense!"), "").value == ""
    assert language_of(About("html", language="zh-Hant-TW"), "").value == "zh-Hant"
    assert language_of(About("html", language="zh-tw"), "").value == "zh-Hant"
    assert language_of(About("html", language="zh-CN"), "").value == "zh"


def test_a_script_tells_the_language_without_any_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openbook.audit.pile.guessing.language._identifier", lambda: None)
    assert language_of(PDF, "我们使用人类反馈训练模型，并公布数据。" * 20).value == "zh"
    assert language_of(PDF, "データを学習に使っています。" * 30).value == "ja"
    assert language_of(PDF, "We train the model on data from people. " * 20).value == ""
    assert language_of(PDF, "1 2 3 4 5").value == ""


def test_a_language_is_told_by_the_text() -> None:
    pytest.importorskip("py3langid")
    german = "Die Gutachterinnen und Gutachter haben jede Antwort zweimal gelesen. " * 20
    assert language_of(PDF, german).value == "de"
