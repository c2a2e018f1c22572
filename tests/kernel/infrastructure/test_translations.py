"""The check of translations finds what a reader would stumble over."""

from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import PoFileError

from apps.kernel.infrastructure.translations import (
    Text,
    catalogues,
    compile_catalogue,
    faults,
    known_texts,
    used_texts,
)

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);\\n"

"""


@pytest.fixture
def catalogue(tmp_path):
    def write(text: str, app: str = "apps/booking") -> Path:
        path = tmp_path / app / "locale" / "ru" / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True)
        path.write_text(HEADER + text)
        return path

    return write


def test_a_whole_catalogue_has_no_faults(catalogue):
    path = catalogue(
        'msgid "Hello, %(name)s"\nmsgstr "Здравствуйте, %(name)s"\n\n'
        'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
        'msgstr[0] "%(n)s день"\nmsgstr[1] "%(n)s дня"\nmsgstr[2] "%(n)s дней"\n'
    )

    assert list(faults(path)) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Hello"\nmsgstr ""\n', "not translated"),
        ('#, fuzzy\nmsgid "Hello"\nmsgstr "Привет"\n', "fuzzy"),
        ('msgid "Hello, %(name)s"\nmsgstr "Здравствуйте"\n', "the places to fill in differ"),
        ('msgid "Hello"\nmsgstr "Здравствуйте, %(name)s"\n', "the places to fill in differ"),
        (
            'msgid "day"\nmsgid_plural "days"\nmsgstr[0] "день"\nmsgstr[1] "дня"\nmsgstr[2] ""\n',
            "not translated",
        ),
        ('msgid "day"\nmsgid_plural "days"\nmsgstr[0] "день"\nmsgstr[1] "дня"\n', "not translated"),
    ],
)
def test_faults_are_found(catalogue, entry, fault):
    (found,) = faults(catalogue(entry))

    assert fault in found


def test_a_catalogue_is_compiled_once(catalogue):
    path = catalogue('msgid "Hello"\nmsgstr "Здравствуйте"\n')

    assert compile_catalogue(path) is True
    assert compile_catalogue(path) is False
    with path.with_suffix(".mo").open("rb") as file:
        assert read_mo(file)["Hello"].string == "Здравствуйте"


def test_a_broken_catalogue_is_refused(catalogue):
    path = catalogue("Hello = Здравствуйте\n")

    assert list(faults(path))
    with pytest.raises(PoFileError):
        compile_catalogue(path)


def test_catalogues_of_the_project_and_its_apps_are_found(catalogue, tmp_path):
    expected = [
        catalogue("", "apps/booking"),
        catalogue("", "apps/identity"),
        catalogue("", "."),
        catalogue("", "project"),
    ]
    catalogue("", ".venv")

    assert catalogues(tmp_path) == sorted(path.resolve() for path in expected)


def test_texts_with_context_are_told_apart(catalogue):
    path = catalogue('msgctxt "month"\nmsgid "May"\nmsgstr "Май"\n')

    assert known_texts([path]) == {("May", "month")}


def test_texts_are_found_in_code_and_templates(tmp_path):
    (tmp_path / "apps" / "x").mkdir(parents=True)
    (tmp_path / "apps" / "x" / "views.py").write_text(
        'from django.utils.translation import gettext as _\n\na = _("Plain")\n'
        'b = ngettext("%(n)s day", "%(n)s days", 3)\nc = pgettext("month", "May")\n'
        'd = gettext_noop("Marked")\ne = _(computed)\nf = _("Two " "parts")\n'
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '<p>{% translate "In a tag" %}\n  it\'s ("\n{% blocktranslate with a=b trimmed %}\n  In a {{ a }}\n'
        '  block\n{% endblocktranslate %}{{ _("In an expression") }}\n'
        '{% translate "May" context "month" %}</p>'
    )

    assert used_texts(tmp_path) == [
        Text("Plain", None, "apps/x/views.py:3"),
        Text("%(n)s day", None, "apps/x/views.py:4"),
        Text("May", "month", "apps/x/views.py:5"),
        Text("Marked", None, "apps/x/views.py:6"),
        Text("Two parts", None, "apps/x/views.py:8"),
        Text("In a tag", None, "templates/page.html:1"),
        Text("In a %(a)s block", None, "templates/page.html:3"),
        Text("In an expression", None, "templates/page.html:6"),
        Text("May", "month", "templates/page.html:7"),
    ]
