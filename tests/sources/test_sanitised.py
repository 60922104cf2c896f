"""Documents as harmless HTML: nothing runs, and what is shown is what the text layer holds."""

from __future__ import annotations

import html as escapes
import re
import subprocess
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from openbook.sources import shown
from openbook.sources.errors import ExtractionError
from openbook.sources.extract import extract
from openbook.sources.html import visible_text
from openbook.sources.pdf import Limits
from openbook.sources.sanitised import sanitised
from openbook.sources.shown import clean, html_page, markdown_page
from tests.corpus import CORPUS, needs_corpus

PLAIN: dict[str, str] = {}
ALLOWED = {
    **dict.fromkeys(
        "abbr b blockquote br caption cite code dd del dfn div dl dt em figcaption h1 h2 h3 h4 h5 "
        "h6 hr i ins kbd li p pre s samp small strong sub sup table tbody tfoot thead tr u ul "
        "var".split(),
        PLAIN,
    ),
    "a": {
        "href": r"(https?://|mailto:)\S+",
        "rel": "noopener noreferrer nofollow",
    },
    "ol": {"start": r"\d{1,6}"},
    "td": {"colspan": r"\d{1,2}", "rowspan": r"\d{1,3}"},
    "th": {"colspan": r"\d{1,2}", "rowspan": r"\d{1,3}"},
    "section": {"data-page": r"\d+"},
}


def elements(markup: str) -> Iterator[LexborNode]:
    body = LexborHTMLParser(markup).body
    assert body is not None
    stack = list(body.iter(include_text=True))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.iter(include_text=True))


def assert_harmless(markup: str, sections: int = 1) -> None:
    """Nothing but allowed elements with allowed attributes, as another parser than the sanitiser's
    reads it; and sections are ours."""
    found = 0
    for node in elements(markup):
        tag = node.tag or ""
        if tag == "-text":
            continue
        assert tag in ALLOWED, markup
        for name, value in node.attributes.items():
            assert name in ALLOWED[tag], markup
            assert re.fullmatch(ALLOWED[tag][name], value or ""), markup
        assert tag != "a" or "rel" in node.attributes, markup
        if tag == "section":
            found += 1
            assert node.parent is not None
            assert node.parent.tag == "body"
    assert found == sections
    assert "<!--" not in markup


def of_html(markup: str) -> str:
    return sanitised(markup.encode(), "text/html; charset=utf-8", "x.html")


def of_markdown(text: str) -> str:
    return sanitised(text.encode(), "text/markdown", "x.md")


def inside(page: str) -> str:
    (found,) = re.findall('<section data-page="1">\n(.*)\n</section>', page, re.S)
    return str(found)


VECTORS = [
    # elements that run something
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<SCRIPT>alert(1);//\\<</SCRIPT>",
    "<script/xss src=data:,alert(1)></script>",
    "<script\x0ctype=text/javascript>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)><param name=src value=x></object>",
    "<embed src=data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==>",
    "<applet code=x></applet><frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
    "<portal src=https://evil.example></portal><fencedframe></fencedframe>",
    # event handlers
    "<img src=x onerror=alert(1)>",
    "<img src=x:x onerror=alert(1)//",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\"\\>",
    "<img/src/onerror=alert(1)>",
    "<image src=x onerror=alert(1)>",
    "<body onload=alert(1)>a",
    "<p onclick=alert(1) ONMOUSEOVER=alert(1) on\nfocus=alert(1) tabindex=0 autofocus>a</p>",
    "<details open ontoggle=alert(1)><summary>a</summary>b</details>",
    "<b/onpointerenter=alert(1)>a</b>",
    "<a onclick=alert(1) href=https://x.org>a</a>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1) loop=1>a</marquee>",
    "<input onfocus=alert(1) autofocus><select onfocus=alert(1)><option>a</select>",
    "<table background=javascript:alert(1) onmouseover=alert(1)><td onclick=alert(1)>a</table>",
    "<xss onanimationstart=alert(1) style='animation-name:x'>a</xss>",
    "<p \x00onclick=alert(1)>a", "<p\x0bonclick=alert(1)>a", "<p/\x0conclick=alert(1)>a",
    # addresses
    "<a href=javascript:alert(1)>a</a>",
    "<a href='JaVaScRiPt:alert(1)'>a</a>",
    "<a href=' javascript:alert(1)'>a</a>",
    "<a href='\x01javascript:alert(1)'>a</a>",
    "<a href='java\tscript:alert(1)'>a</a>",
    "<a href='java&#10;script&colon;alert(1)'>a</a>",
    "<a href='&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)'>a</a>",
    "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)'>a</a>",
    "<a href='&#0000106avascript:alert(1)'>a</a>",
    "<a href='javascript&NewLine;:alert(1)'>a</a>",
    "<a href='java&Tab;script:alert(1)'>a</a>",
    "<a href='vbscript:msgbox(1)'>a</a><a href='livescript:1'>b</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>a</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>a</a>",
    "<a href='blob:https://x.org/1'>a</a><a href='filesystem:https://x/1'>b</a>",
    "<a href='file:///etc/passwd'>a</a><a href='about:blank'>b</a><a href='ws://x'>c</a>",
    "<a href='view-source:javascript:1'>a</a><a href='feed:javascript:1'>b</a>",
    "<a href='jar:javascript:1!/'>a</a><a href='intent://x#Intent;end'>b</a>",
    "<a href='/findings/delete'>a</a><a href='?delete=1'>b</a><a href='//evil.example'>c</a>",
    "<a href='#x'>a</a><a href=''>b</a><a href>c</a><a href='\\\\evil.example'>d</a>",
    "<a href='https:evil.example'>a</a><a href='https:/\\evil.example'>b</a>",
    "<a href='https://x.org\" onclick=alert(1) x=\"'>a</a>",
    "<a href='https://x.org&quot; onclick=alert(1) x=&quot;'>a</a>",
    "<a href=`javascript:alert(1)`>a</a>",
    "<a ping=https://evil.example href=https://x.org target=_top download>a</a>",
    "<a xlink:href=javascript:alert(1)>a</a><area href=javascript:alert(1)><map name=a></map>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>a</button>b</form>",
    "<isindex type=image src=1 onerror=alert(1)><input type=image formaction=javascript:alert(1)>",
    "<blockquote cite=javascript:alert(1)>a</blockquote><q cite=javascript:1>b</q>",
    # what acts on the page around it
    "<base href=https://evil.example/>a",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>a",
    "<link rel=stylesheet href=https://evil.example/x.css>a",
    "<style>@import 'https://evil.example/x.css'; body{display:none}</style>a",
    "<style><img src='</style><img src=x onerror=alert(1)//'>",
    "<p style=\"background:url(javascript:alert(1))\">a</p>",
    "<div style='position:fixed;inset:0'>a</div>",
    "<p style='width:expression(alert(1))'>a</p>",
    "<p class=finding id=content slot=x part=y>a</p>",
    "<form name=getElementById><input name=parentNode id=attributes></form>",
    "<a id=config href=https://x.org>a</a><a id=config name=url href=https://evil.example>b</a>",
    "<section data-page=99>a</section><div data-page=7 data-action=delete>b</div>",
    "</section></div></body></html><p>a",
    "</section><section data-page=5>a",
    "<p contenteditable draggable=true accesskey=x popover popovertarget=y inert>a</p>",
    "<p is=x-evil>a</p><x-evil>b</x-evil><slot name=x>c</slot>",
    "<dialog open>a</dialog><p hidden>b</p>",
    "<mark>a</mark><q>b</q>",
    # content that parsers read in different ways
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script><img src=x onerror=alert(1)></template>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea><title><img src=x onerror=alert(1)></title>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<noembed><img title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<noframes><img title='</noframes><img src=x onerror=alert(1)>'></noframes>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<pre>\n\n&lt;img src=x onerror=alert(1)&gt;</pre>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->a",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><?php echo '<script>alert(1)</script>' ?>",
    "<!DOCTYPE x [<!ENTITY y '<script>alert(1)</script>'>]>&y;",
    "<comment><img src='</comment><img src=x onerror=alert(1)//'></comment>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) /></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>a</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /><a id=x>a</a></svg>",
    "<svg><foreignObject><iframe onload=alert(1)></foreignObject></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<svg><p><style><img src=x title='</style><img src=x onerror=alert(1)>'>",
    "<svg><title><a title='</title><img src=x onerror=alert(1)>'></svg>",
    "<svg><desc><noscript><img title='</noscript><img src onerror=alert(1)>'></svg>",
    "<math href=javascript:alert(1)>a</math>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>a</maction></math>",
    "<math><mi><style><img src=x onerror=alert(1)></style></mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title='</style><img src "
    "onerror=alert(1)>'></style></h1>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math><mtext><option><FAKEFAKE><option></option><mglyph><svg><mtext><style><a title=\""
    "</style><img src='#' onerror='alert(1)'>\">",
    "<a><table><a href=javascript:alert(1)>a</a><tr><td><a onclick=alert(1)>b</table></a>c",
    "<table><form><tr><td><form onsubmit=alert(1)>a<script>alert(1)</script></table>",
    "<b><p><a href=https://x.org><i>a</b></p>b</a></i>",
    "<p " + "a=1 " * 500 + "onclick=alert(1)>a</p>",
    "<p onclick=alert(1)", "<a href='javascript:alert(1)", "<img src=x onerror=alert(1) <p>a",
    "<\x00script>alert(1)</script>", "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\ufeff<script>alert(1)</script>", "＜script＞alert(1)＜/script＞", "<ſcript>alert(1)</ſcript>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;script&amp;gt;alert(1)",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= 1 %> {% 1 %}",
]  # fmt: skip
AROUND = ["{}", "one {} two", "<b><i>{}", "<table><tr><td>{}</td></tr></table>", "<ul><li>{}</ul>"]


@pytest.mark.parametrize("around", AROUND)
def test_no_vector_leaves_anything_but_allowed_elements(around: str) -> None:
    for vector in VECTORS:
        markup = around.format("\x07").replace("\x07", vector)
        assert_harmless(of_html(markup))


IN_MARKDOWN = [
    "{}", "one {} two", "\n\n{}\n\n", "> {}", "- {}", "| a |\n|---|\n| {} |", "# {}", "**{}**",
    "[{}](https://x.org)", "[a]({})", "![{}](x)", "<div>\n\n{}\n\n</div>", "```{}\na\n```",
]  # fmt: skip
MARKDOWN_VECTORS = [
    "[a](javascript:alert(1))",
    "[a](  javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "[a](//evil.example)",
    "[a](/delete)",
    "[a](https://x.org 'x\" onclick=\"alert(1)')",
    '[a](https://x.org"onclick="alert(1))',
    "[a][b]\n\n[b]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<https://x.org\"onclick=\"alert(1)>",
    '![a](x"onerror="alert(1))',
    "![a](data:image/svg+xml;base64,PHN2Zz4=)",
    "![<script>alert(1)</script>](x)",
    '``` "><script>alert(1)</script>\na\n```',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "a<br onclick=alert(1)>b",
    "<!-- page 7 --><script>alert(1)</script>",
    "<table>\n\n<tr><td onclick=alert(1)>a</td></tr>\n\n<script>alert(1)</script>\n\n</table>",
]  # fmt: skip


@pytest.mark.parametrize("around", IN_MARKDOWN)
def test_no_vector_in_markdown_leaves_anything_but_allowed_elements(around: str) -> None:
    for vector in (*VECTORS, *MARKDOWN_VECTORS):
        text = around.replace("{}", vector)
        pages = len(extract_pages(text))
        assert_harmless(of_markdown(text), pages)


def extract_pages(text: str) -> list[tuple[int, str]]:
    """Page by page, also where there is no word at all."""
    layer = extract(f"{text}\n\nend".encode(), "text/markdown", "x.md")
    return [(page.number, page.text) for page in layer.pages]


@given(st.lists(st.sampled_from([*VECTORS, "<p>", "</p>", "<table>", "<td>", "a ", "'", '"', ">"])))
def test_no_mixture_of_vectors_does_harm(parts: list[str]) -> None:
    assert_harmless(of_html("a" + "".join(parts)))


@pytest.mark.parametrize("vector", VECTORS)
def test_what_a_process_sends_that_was_taken_over_is_cleaned(
    vector: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader of a long document answers with the vector itself."""
    import json

    answer = json.dumps({"pages": [[1, vector]]}).encode()
    done = subprocess.CompletedProcess([], 0, stdout=answer)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert_harmless(of_html("<p>a</p>" * 2000))


@pytest.mark.parametrize(
    "answer", [b"", b"[", b"5", b"{}", b'{"pages": 1}', b'{"pages": [["x", "y"]]}']
)
def test_nonsense_of_a_reader_is_an_error(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], 0, stdout=answer)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(ExtractionError, match="answered nonsense"):
        of_html("<p>a</p>" * 2000)


# What is shown is what the text layer holds


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>a <em>b</em> <strong>c</strong></p>", "<p>a <em>b</em> <strong>c</strong></p>"),
        ("<h2 id=x>a</h2><hr>", "<h2>a</h2><hr>"),
        ("<ol start=3><li>a</ol>", '<ol start="3"><li>a</li></ol>'),
        ("<ul><li value=3>a</ul>", "<ul><li>a</li></ul>"),
        (
            "<table><tr><td colspan=2 rowspan=9999>a<td colspan='x'>b</table>",
            '<table><tbody><tr><td colspan="2">a</td><td>b</td></tr></tbody></table>',
        ),
        ("<pre><code class=x>a\n  b</code></pre>", "<pre><code>a\n  b</code></pre>"),
        (
            "<a href='https://x.org/?a=1&b=2' class=x>a</a>",
            '<a href="https://x.org/?a=1&amp;b=2" rel="noopener noreferrer nofollow">a</a>',
        ),
        (
            "<a href=mailto:a@x.org>a</a>",
            '<a href="mailto:a@x.org" rel="noopener noreferrer nofollow">a</a>',
        ),
        ("<form><p>a</p></form>", "<div><p>a</p></div>"),
        ("<mark>a</mark> <q>b</q> <span>c</span>", "a b c"),
        ("<p>a<p hidden>no<p style='display: none'>no<p aria-hidden=true>no", "<p>a</p>"),
        ("a<script>no</script><noscript>no</noscript><title>no</title>b", "ab"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("ab\u202edc\u2066", "abdc"),
    ],
)
def test_structure_is_kept_and_nothing_else(markup: str, expected: str) -> None:
    assert inside(of_html(markup)) == expected


def test_markdown_is_rendered_and_html_in_it_counts_as_in_the_text_layer() -> None:
    text = "# A\n\n*b* <b hidden>c</b><br>![d](x.png) `e`\n\n<div hidden>no</div>\n\n- f"
    assert inside(of_markdown(text)).split("\n") == [
        "<h1>A</h1>",
        "<p><em>b</em> c<br>d <code>e</code></p>",
        "",
        "<ul>",
        "<li>f</li>",
        "</ul>",
        "",
    ]


def test_pages_are_sections() -> None:
    text = "---\ntitle: x\n---\nbefore\n\n<!-- page 3 -->\n\nc\n\n<!-- page 4 -->\n\nd"
    assert of_markdown(text) == (
        '<section data-page="2">\n<p>before</p>\n\n</section>\n'
        '<section data-page="3">\n<p>c</p>\n\n</section>\n'
        '<section data-page="4">\n<p>d</p>\n\n</section>'
    )


def test_plain_text_is_kept_as_it_is() -> None:
    assert sanitised(b"\n<b>  a\n\tb & c\fd", "text/plain") == (
        '<section data-page="1">\n<pre>\n\n&lt;b&gt;  a\n\tb &amp; c</pre>\n</section>\n'
        '<section data-page="2">\n<pre>\nd</pre>\n</section>'
    )


def words(markup: str) -> list[str]:
    return visible_text(markup).split()


@given(st.lists(st.sampled_from([
    *VECTORS, "word ", "<p>", "</p>", "<b>", "</b>", "<table>", "<tr>", "<td>", "</table>", "<ul>",
    "<li>", "<pre>", "</pre>", "<p hidden>", "<div style='display:none'>", "</div>", "<br>", "\n",
])))  # fmt: skip
def test_html_is_shown_with_the_words_of_its_text_layer(parts: list[str]) -> None:
    markup = "".join(parts)
    assert words(html_page(markup)) == visible_text(markup).replace("\0", "\ufffd").split()


@given(st.text("ab \n#*_`[]()!<>|-:\\&;1.>~\t"))
def test_markdown_is_shown_with_the_words_of_its_text_layer(text: str) -> None:
    from openbook.sources.markdown import plain

    assert words(markdown_page(text)) == plain(text).split()


@given(st.text())
def test_any_text_is_shown_with_its_words(text: str) -> None:
    from openbook.sources.markdown import plain

    expected = shown.without_turns
    assert words(markdown_page(text)) == expected(plain(text)).split()
    assert words(html_page(text)) == expected(visible_text(text)).split()


@given(st.text("<>/abpdiv!-=\"' &;#\n"))
def test_cleaning_twice_is_cleaning_once(markup: str) -> None:
    once = clean(markup)
    assert clean(once) == once


def test_where_two_parsers_disagree_the_text_layer_is_shown() -> None:
    page = shown._certain("<p>other words</p>", "its <own> words")
    assert page == "<pre>\nits &lt;own&gt; words</pre>"


@needs_corpus
@pytest.mark.parametrize("key", sorted(path.stem for path in (CORPUS / "docs").glob("*.md")))
def test_real_documents_are_shown_with_the_words_of_their_text_layer(key: str) -> None:
    data = (CORPUS / "docs" / f"{key}.md").read_bytes()
    page = sanitised(data, "text/markdown", key)
    layer = extract(data, "text/markdown", key)
    assert_harmless(page, len(layer.pages))
    numbered = re.findall(r'<section data-page="(\d+)">\n(.*?)\n</section>', page, re.S)
    assert [int(number) for number, _ in numbered] == [one.number for one in layer.pages]
    for (_, inside), one in zip(numbered, layer.pages, strict=True):
        assert words(inside) == one.text.split()
        assert not inside.startswith("<pre>\n")  # rendered, not the text layer alone


# Refusals and limits


@pytest.mark.parametrize(
    ("data", "media_type", "said"),
    [
        (b"", "text/html", "x is empty"),
        (b"%PDF-1.7", "", "x is a PDF: show its pages as pictures"),
        (b"caf\xe9", "text/html", "declares no encoding but is not utf-8"),
        (b"caf\xe9", "text/markdown", "is not UTF-8 at byte 4"),
        (b"caf\xe9", "text/plain", "is not UTF-8 at byte 4"),
        (b"<b>" * 2000, "text/html", "nests more than 1000 elements"),
        (b"> " * 150 + b"a", "text/markdown", "nests more than 100 blocks"),
        (b"[" * 3000, "text/markdown", "2000 brackets"),
    ],
)
def test_what_has_no_text_layer_is_not_shown(data: bytes, media_type: str, said: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        sanitised(data, media_type, "x")
    assert said in str(caught.value)


def test_what_takes_long_is_stopped() -> None:
    with pytest.raises(ExtractionError, match=r"took longer than 0\.5 s"):
        sanitised(b"![a](" * 50_000, "text/markdown", "x.md", Limits(seconds=0.5))


@pytest.mark.parametrize("markup", ["<b>" * 990, "<div>" * 990, "<table><tr><td>" * 330])
def test_deep_markup_is_shown(markup: str) -> None:
    began = time.process_time()
    page = of_html(markup + "deep")
    assert words(page) == ["deep"]
    assert_harmless(page)
    assert time.process_time() - began < 5


def test_long_and_short_documents_are_shown_alike() -> None:
    short, long = of_html("<p>a &amp; b</p>"), of_html("<p>a &amp; b</p>" * 1000)
    assert inside(long) == inside(short) * 1000
    assert escapes.unescape(visible_text(short)) == "a & b"
