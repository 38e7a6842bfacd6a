"""What every page of the address looks like, and its plain ones: signing in, a refusal, a receipt's line."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from markupsafe import Markup

from xlcheck import data
from xlcheck.county.dashboard.html import NOTHING, icons, shared_parts
from xlcheck.county.submission import Campaign
from xlcheck.data.county import Status, county
from xlcheck.data.dashboard import dashboard
from xlcheck.data.serve import serve
from xlcheck.report.page_style import palettes

STYLES = ("dashboard.css", "serve.css")
CODE_MOST = 60  # letters that are typed for a code


class Visitor(NamedTuple):
    """Who looks at a page: by which name, empty where nobody is signed in, and what her forms carry."""

    name: str
    seal: str
    is_office: bool = False


@cache
def site_style() -> str:
    """The colours and style sheets of all pages, as one file."""
    return palettes() + "".join((data.HERE / name).read_text(encoding="utf-8") for name in STYLES)


@cache
def style_mark() -> str:
    """A mark of the style sheet in its address, so that it is fetched again when it changes."""
    return sha256(site_style().encode()).hexdigest()[:12]


def site_page(campaign: Campaign, visitor: Visitor, body: Markup) -> Markup:
    """A page: whose collection it is, who is signed in, and what it is about."""
    words = serve().page
    sub = words.sub_office if visitor.is_office else words.sub
    foot = words.foot_office if visitor.is_office else words.foot
    title = words.title.format(county=campaign.county, year=campaign.year)
    return Markup(
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<title>{title} {sub}</title>\n<link rel="stylesheet" href="/style.css?{mark}">\n</head>\n<body>\n'
        '{icons}<a class="skip" href="#main">{skip}</a>\n<header class="top"><div class="wide">\n'
        '<h1><a href="/">{title}</a> <span class="sub">{sub}</span></h1>\n{who}</div></header>\n'
        '<main class="wide site" id="main">\n{body}</main>\n'
        '<footer class="wide"><p>{foot}</p></footer>\n</body>\n</html>\n'
    ).format(
        title=title, sub=sub, mark=style_mark(), icons=icons(), skip=words.skip, body=body, foot=foot,
        who=_who(visitor) if visitor.name else NOTHING,
    )  # fmt: skip


def _who(visitor: Visitor) -> Markup:
    return Markup(
        '<p class="asof">{}</p>\n<form method="post" action="/sign-out" class="out">{}'
        '<button type="submit">{}</button></form>\n'
    ).format(visitor.name, seal_field(visitor), serve().page.sign_out)


def seal_field(visitor: Visitor) -> Markup:
    return Markup('<input type="hidden" name="seal" value="{}">').format(visitor.seal)


def sign_in_page(campaign: Campaign, visitor: Visitor, wrong: str = "", offline: bool = False) -> Markup:
    """The page for who is not known; ``wrong`` is why she still is not."""
    words = serve().sign_in
    body = Markup(
        '<section class="panel sign-in"><div class="panel-head"><h2>{title}</h2></div><div class="body">\n'
        '{wrong}<form method="post" action="/sign-in">{seal}\n<label for="code">{lead}</label>\n'
        '<input id="code" name="code" type="text" required autofocus autocomplete="off" '
        'autocapitalize="characters" spellcheck="false" maxlength="{most}" aria-describedby="hint" '
        'placeholder="{code}">\n<p class="quiet" id="hint">{hint}</p>\n'
        '<button type="submit" class="main">{button}</button></form>\n{offline}</div></section>\n'
    ).format(
        title=words.title, wrong=alert(wrong) if wrong else NOTHING, seal=seal_field(visitor),
        lead=words.lead, code=words.code, hint=words.hint, button=words.button, most=CODE_MOST,
        offline=offline_link() if offline else NOTHING,
    )  # fmt: skip
    return site_page(campaign, visitor, body)


def refusal_page(campaign: Campaign, visitor: Visitor, why: str, lost: bool = True) -> Markup:
    """Why nothing was done; ``lost`` says that nothing was taken."""
    words = serve().refused
    body = Markup(
        '<h2 class="verdict-line">{title}</h2>\n{why}{lost}<p><a href="/">{back}</a></p>\n'
    ).format(
        title=words.title if lost else "", why=alert(why), back=serve().page.back,
        lost=text_line(words.nothing_lost) if lost else NOTHING,
    )  # fmt: skip
    return site_page(campaign, visitor, body)


def alert(text: str) -> Markup:
    return Markup('<p class="unreadable" role="alert">{}</p>\n').format(text)


def text_line(text: str | Markup, kind: str = "") -> Markup:
    return Markup('<p class="{}">{}</p>\n').format(kind, text)


def offline_link() -> Markup:
    return Markup('<p class="quiet"><a href="/page">{}</a></p>\n').format(serve().page.offline)


def state_line(status: Status) -> Markup:
    """A state as everywhere: an icon and its word."""
    parts = shared_parts()
    icon = parts["icon"].format(state=status)
    return parts["state"].format(state=status, icon=icon, word=county().status[status])


def panel(heading: str | Markup, body: Markup, kind: str = "") -> Markup:
    return Markup(
        '<section class="panel {}"><div class="panel-head"><h2>{}</h2></div>'
        '<div class="body">{}</div></section>\n'
    ).format(kind, heading, body)


def table(heads: Sequence[str], rows: Iterable[Sequence[str | Markup]]) -> Markup:
    """A list; each cell says of what it is where a phone stacks them."""
    head = NOTHING.join(Markup('<th scope="col">{}</th>').format(name) for name in heads)
    cell = Markup('<td data-head="{}">{}</td>')
    lines = NOTHING.join(
        Markup("<tr>{}</tr>\n").format(NOTHING.join(map(cell.format, heads, row))) for row in rows
    )
    return Markup(
        '<table class="plain list-of"><thead><tr>{}</tr></thead>\n<tbody>{}</tbody></table>\n'
    ).format(head, lines)


def moment(at: datetime) -> str:
    return dashboard().moment.minute.format(at=at)
