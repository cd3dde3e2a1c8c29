"""What holds on every page: a title, Chinese, one of each id, labels, no inline code, a token in every form."""

import re
from html.parser import HTMLParser

import pytest

from hotline.web.access import rule_of

EVENTS = re.compile(r"^on[a-z]+$")


class Page(HTMLParser):
    """Collects what the invariants look at."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.labels, self.inputs, self.forms, self.faults = [], set(), [], [], []
        self.lang = self.title = ""
        self.inside = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids += [given["id"]] if "id" in given else []
        self.faults += [f"{tag} {name}" for name in given if name == "style" or EVENTS.match(name)]
        if tag == "script" and "src" not in given:
            self.faults.append("inline script")
        if tag == "style":
            self.faults.append("inline style")
        self.faults += [
            f"{tag} {name}={given[name]}"
            for name in ("src", "href")
            if re.match(r"(https?:)?//", given.get(name) or "") and tag != "a"
        ]
        if tag == "html":
            self.lang = given.get("lang")
        if tag == "label":
            self.labels.add(given.get("for"))
        if tag == "form":
            self.forms.append({"method": given.get("method", "get").lower(), "token": False})
        if tag == "input" and given.get("name") == "csrf_token":
            self.forms[-1]["token"] = True
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self.inputs.append(given)
        self.inside = tag

    def handle_data(self, data):
        if self.inside == "title" and not self.title:
            self.title = data.strip()


def faults_of(text):
    page = Page(text)
    found = list(page.faults)
    found += ["no title"] if not page.title or page.title.startswith("·") else []
    found += ["not in Chinese"] if page.lang != "zh-CN" else []
    found += [f"id {name} twice" for name in set(page.ids) if page.ids.count(name) > 1]
    found += ["a form without a token" for form in page.forms if form["method"] == "post" and not form["token"]]
    found += [
        f"no label for {given.get('name')}"
        for given in page.inputs
        if given.get("id") not in page.labels and "aria-label" not in given and "aria-labelledby" not in given
    ]
    return found


def plain_pages(app, role):
    """Every address without arguments that this role may open."""
    for rule in app.url_map.iter_rules():
        access = rule_of(app.view_functions[rule.endpoint])
        if access and role in {str(each) for each in access.roles} and "GET" in rule.methods and not rule.arguments:
            yield rule.rule


@pytest.mark.parametrize(
    ("username", "role"),
    [
        ("xc-operator", "operator"),
        ("xc-supervisor", "supervisor"),
        ("xc-clerk", "clerk"),
        ("xc-responsible", "responsible"),
        ("admin", "administrator"),
    ],
)
def test_every_page_keeps_the_rules(app, client, login, cases, username, role):
    login(client, username)
    addresses = list(plain_pages(app, role))
    addresses += [f"/cases/{case_id}" for case_id in cases.values()]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200 and answer.mimetype == "text/html":
            assert faults_of(answer.text) == [], address


def test_the_login_and_error_pages_keep_the_rules(client):
    for address in ("/login", "/nowhere"):
        assert faults_of(client.get(address).text) == []


def test_a_planted_fault_is_seen():
    text = '<html lang="en"><p id="a" style="x"></p><p id="a"></p><form method="post"><input name="q"></form>'
    assert len(faults_of(text + "<script>1</script>")) == 7
