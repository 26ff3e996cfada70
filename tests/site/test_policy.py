"""What pages may load and run: files of the site, scripts of the theme, nothing of the article."""

import base64
import hashlib

from livingreview.site.delivery import handlers_of, with_policy

PAGE = """<html><head>
  <meta charset="utf-8" /><title>T</title>
  <script>let theme = 'dark';</script>
  <script src="a.js"></script>
  </head><body><button onclick="print(&quot;x&quot;)">Print</button>
  <article class="bd-article"><script>let planted = 1;</script><img src=x onerror="bad()">
  <script type="application/json">{"data": 1}</script></article>
  <script type="module">late();</script><script type="application/ld+json">{}</script>
</body></html>"""


def policy(page: str) -> dict[str, str]:
    """Return the sources of each directive."""
    content = page.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    return dict(part.strip().split(" ", 1) for part in content.split(";"))


def digest(code: str) -> str:
    """Return a script's hash as a policy writes it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def test_scripts_of_the_theme_run_and_those_of_the_article_do_not() -> None:
    """Only what stands around the article is allowed, by its hash; data need no permission."""
    expected = ["'self'", digest("let theme = 'dark';"), digest("late();")]
    assert policy(with_policy(PAGE))["script-src"].split() == expected


def test_handlers_of_the_theme_run_and_those_of_the_article_do_not() -> None:
    """A button of the theme works; a picture of the article runs nothing."""
    assert handlers_of(PAGE) == ['print("x")']
    allowed = policy(with_policy(PAGE, ["other()"]))["script-src-attr"].split()
    assert allowed == ["'unsafe-hashes'", digest("other()"), digest('print("x")')]


def test_page_without_handlers_allows_none() -> None:
    """Where nothing is needed, nothing is allowed."""
    assert "script-src-attr" not in policy(with_policy("<head></head><article></article>"))


def test_nothing_else_is_allowed() -> None:
    """No other host, no evaluation of text, no script without a hash."""
    sources = policy(with_policy(PAGE))
    assert sources["default-src"] == "'none'"
    assert sources["base-uri"] == "'none'"
    words = {word for allowed in sources.values() for word in allowed.split()}
    assert not {word for word in words if "//" in word or "*" in word or "http" in word}
    assert not words & {"'unsafe-eval'", "'wasm-unsafe-eval'", "'strict-dynamic'"}
    assert [name for name in sources if "'unsafe-inline'" in sources[name]] == ["style-src"]


def test_policy_stands_before_all_that_it_rules_and_after_the_encoding() -> None:
    """Browsers apply a policy to what follows it, and look for the encoding at the start."""
    page = with_policy(PAGE)
    assert page.index("charset") < page.index("Content-Security-Policy") < page.index("<script")
    assert page.index("charset") < 1024


def test_policy_is_replaced_when_written_again() -> None:
    """A page has one policy, and the same each time."""
    page = with_policy(PAGE)
    assert with_policy(page) == page
    changed = with_policy(page.replace("late();", "later();"))
    assert changed.count("Content-Security-Policy") == 1
    assert digest("later();") in policy(changed)["script-src"]
