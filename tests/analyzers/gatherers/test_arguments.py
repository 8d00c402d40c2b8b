from analyzers.artifacts.arguments import Arguments
from analyzers.gatherers.lint import arguments
from tests import builders as make

TEXT = "FROM node:22\nCOPY web web\nARG SHOP_URL\nARG OTHER_NAME\nRUN make site\n"


def found(tmp_path, files):
    return make.lint(tmp_path, TEXT, files).get(Arguments)


def test_a_copied_file_that_names_an_argument_is_found(tmp_path):
    files = {"web/a.ts": "0\n", "web/b.ts": "use(SHOP_URL)\n"}
    assert found(tmp_path, files) == Arguments({"SHOP_URL": "web/b.ts"})


def test_only_whole_names_in_copied_text_files_count(tmp_path):
    files = {"web/a.ts": "SHOP_URLS\n", "web/b.bin": b"\0SHOP_URL", "docs/c.md": "SHOP_URL\n"}
    assert found(tmp_path, files) == Arguments()


def test_past_the_limit_the_answer_is_marked_incomplete(tmp_path, monkeypatch):
    monkeypatch.setattr(arguments, "FILE_LIMIT", 1)
    assert found(tmp_path, {"web/a.ts": "0\n", "web/b.ts": "SHOP_URL\n"}) == Arguments(complete=False)
