from pathlib import Path

from django.conf import settings

from config.staticfiles import STYLES, in_one_file, is_in_comment

FILES = {
    "css/main.css": '@layer base, parts;\n@import url("base.css") layer(base);\n@import url("parts/a.css") layer(parts);\n',
    "css/base.css": '@font-face { src: url("../fonts/a.woff2"); }',
    "css/parts/a.css": '.a { mask: url("../../marks/a.svg"); background: url("data:,x"); }',
}


def test_production_sends_the_styles_in_one_file_in_their_layers_and_order() -> None:
    assert in_one_file("css/main.css", FILES.__getitem__) == (
        "@layer base, parts;\n"
        '@layer base {\n@font-face { src: url("../fonts/a.woff2"); }\n}\n'
        '@layer parts {\n.a { mask: url("../marks/a.svg"); background: url("data:,x"); }\n}\n'
    )


def test_nothing_is_left_to_fetch_one_by_one() -> None:
    static = Path(settings.STATICFILES_DIRS[0])
    joined = in_one_file(STYLES, lambda name: (static / name).read_text())
    assert "@import" not in joined
    assert joined.count("{") == joined.count("}")
    assert sum(len((static / "css" / file).read_text()) for file in ("reset.css", "utilities.css")) < len(
        joined
    )


def test_a_type_that_a_comment_imports_is_no_file_to_fetch() -> None:
    script = '/** @type {import("./a.js").A} */\nimport "./b.js"; /* c */ import("./d.js")'
    assert [is_in_comment(script, script.index(name)) for name in ("a.js", "b.js", "d.js")] == [
        True,
        False,
        False,
    ]
