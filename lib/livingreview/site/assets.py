"""Static files of the site: styles, scripts, fonts, and the chart library."""

import filecmp
import shutil
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livingreview.data.files import fingerprint_of
from livingreview.site import delivery
from livingreview.site.delivery import add_policies

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

_HERE = Path(__file__).parent
_ASSETS = _HERE / "assets"

# A page loads a script only when it holds what the script works on.
_SCRIPTS = {
    "chart.js": 'class="chart"',
    "table.js": "table-interactive",
    "cards.js": 'class="card-jump"',
    "choices.js": 'class="choices"',
    "explorer.js": 'class="explorer"',
    "facts.js": 'class="fact"',
    "factlist.js": 'class="facts"',
}


def install(app: "Sphinx") -> None:
    """Connect the styles and scripts to a Sphinx application; call it from an extension's setup."""
    # Pages name their assets with a checksum, so a changed asset means that pages are rewritten.
    app.add_config_value("show_assets", "", "html")
    app.connect("config-inited", _add_static_files)
    app.connect("html-page-context", _add_scripts)
    app.connect("html-page-context", _refuse_other_hosts, priority=900)  # after all who add
    app.connect("build-finished", _add_vendored_files)
    app.connect("build-finished", add_policies, priority=900)  # after all who write pages
    app.add_css_file("book.css")
    delivery.install(app)


def _add_static_files(app: "Sphinx", config: "Config") -> None:
    config["show_assets"] = fingerprint_of(filter(Path.is_file, _ASSETS.rglob("*")), _ASSETS)
    config.html_static_path.append(str(_ASSETS))
    config.templates_path.append(str(_HERE / "templates"))


def _add_scripts(
    app: "Sphinx", page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    context["mend"] = delivery.mend
    for script, mark in _SCRIPTS.items():
        if mark in context.get("body", ""):
            # Not as a module: browsers load no modules from a folder on disk.
            app.add_js_file(script, loading_method="defer")


def _refuse_other_hosts(
    app: "Sphinx", page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    from sphinx.util import logging

    for asset in (*context["script_files"], *context["css_files"]):
        if "://" in str(asset.filename):
            logging.getLogger(__name__).warning(
                "%s would be loaded from another host", asset.filename, location=page
            )


def _add_vendored_files(app: "Sphinx", error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    vendor = Path(app.outdir, "_static", "vendor")
    vendor.mkdir(parents=True, exist_ok=True)
    bundle = vega_bundle(Path(app.srcdir, "_build", ".assets"))
    _copy_if_changed(bundle, vendor / "vega.js")
    _copy_if_changed(
        Path(str(files("itables") / "html" / "dt_bundle.js")), vendor / "datatables.js"
    )


def vega_bundle(cache: Path) -> Path:
    """Return the path of the one chart bundle, made at most once per version of vl-convert."""
    path = cache / f"vega-script-{version('vl-convert-python')}.js"
    if not path.exists():
        import vl_convert

        # A module's names are its own; browsers load no modules from a folder on disk.
        bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
        bundle = f"(() => {{\n{bundle}\n}})();\n"
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".tmp")
        unfinished.write_text(bundle, encoding="utf-8")
        unfinished.replace(path)
    return path


def _copy_if_changed(source: Path, target: Path) -> None:
    if not target.exists() or not filecmp.cmp(source, target, shallow=False):
        shutil.copyfile(source, target)
