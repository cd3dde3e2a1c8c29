"""The place of the matter in a text.

Names that stand together make one mention (北京市 + 西城区). Mentions that speak of the caller's home, a product's
origin, a brand or a road are left out. Of namesakes the text decides, else the deployment's home region, else none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from hotline.intake import cleaning, gazetteer, place_cues, regions

if TYPE_CHECKING:
    from hotline.intake.gazetteer import Name, Spelling
    from hotline.records import Region

_HOME = re.compile(
    r"(?:家住|我住|住址|家庭地址|(?<!被)投诉人地址|(?<!被)举报人地址|联系地址|通讯地址|户籍地址)[^,，。;；！!？?\n]{0,40}"
)
_WRITER = re.compile(r"(?:^|\n)[ \u3000]*(?:来信|写信|来电|投诉|举报|反映|申诉|申请)人[ ]?[:：]")
_SIGNED = re.compile(
    r"\n(?![^\n]{0,6}(?:被|店|商家|对象|公司|单位))[^\n]*\n[ \u3000]*(?:地址|住址)[ ]?[:：][^\n]*"
    r"(?:\n[ \u3000]*(?:联系)?(?:电话|手机|方式|邮编|邮箱|日期|姓名)[^\n]*)*\s*\Z"
)
"""The contact lines below a letter; what stands above them is not of the shop."""
_GAP = re.compile(r"[ 的省市、,，/·-]{0,2}|的?[这那]个")
_LONGEST_GAP = 3
_DENIED = ("不是", "不在", "并非", "不叫", "不指")
_SCORE = {"county": 3, "city": 2, "province": 1}
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_AGAIN = 4
_FIELD = "地址："
_MAX_SCAN = 20_000


class _Mention(NamedTuple):
    """A place named at `start`–`end`, with what it may mean, narrowest level last named.

    A tuple because a text makes several: it costs a fraction of a frozen dataclass.
    """

    start: int
    end: int
    codes: tuple[str, ...]
    full: bool
    bound: bool
    everyday: bool = False


_Weighed: TypeAlias = tuple[int, _Mention]
"""How strongly a mention speaks for the place of the matter, and the mention."""


def _scan(text: str) -> list[_Mention]:
    """Every known name in the text, longest first, without overlaps."""
    starts, found, place, end = gazetteer.by_start(), [], -1, 0
    for start in gazetteer.beginning().findall(text, 0, _MAX_SCAN):
        if start not in starts:
            continue
        place = text.index("".join(start), place + 1)  # findall tells every start in its order, but not where.
        for spelling in starts[start] if place >= end else ():
            if text.startswith(spelling.text, place, _MAX_SCAN) and not (
                place and text[place - 1] in spelling.not_behind
            ):
                written, name = _before_shizhong(text, place, spelling)
                end = place + len(written)
                found.append(_Mention(place, end, name.codes, name.full, name.bound, name.everyday))
                break
    return found


def _before_shizhong(text: str, place: int, spelling: Spelling) -> tuple[str, Name]:
    """The name as it is meant there: 济南市中区 is 济南 and 市中区."""
    if spelling.text[-1] == "市" and text.startswith("市中区", place + len(spelling.text) - 1):
        short = spelling.text[:-1]
        return (short, gazetteer.names()[short]) if short in gazetteer.names() else (spelling.text, spelling.name)
    return spelling.text, spelling.name


def _below(code: str, above: tuple[str, ...]) -> bool:
    """Whether a region lies in one of those above."""
    return any(parent in above for parent in regions.parents(code))


def _ever_below(code: str, above: tuple[str, ...]) -> bool:
    """Whether a region lies, or lay in another year, in one of those above (四川省重庆市, 莱芜市钢城区)."""
    return _below(code, above) or any(held in above for held in regions.once_above().get(code, ()))


def _same_city(codes: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Those counties that lie in the same city as one of the others (苍南龙港: people name the old county first)."""
    cities = {code[:4] for code in others if not code.endswith("00") and code[:2] not in _MUNICIPALITIES}
    return tuple(code for code in codes if code[:4] in cities and code not in others)


def _join(text: str, mentions: list[_Mention]) -> list[_Mention]:
    """Put names that stand together into one mention, where the later lies in the earlier."""
    joined: list[_Mention] = []
    for mention in mentions:
        last = joined[-1] if joined else None
        if last and mention.start - last.end <= _LONGEST_GAP and _GAP.fullmatch(text, last.end, mention.start):
            inner = tuple(code for code in mention.codes if _ever_below(code, last.codes))
            if not inner and len(last.codes) > 1:  # 雄安新区容城: one of the counties that it is made of.
                inner = tuple(code for code in mention.codes if code in last.codes and mention.codes != last.codes)
            if not inner and last.end == mention.start:
                inner = _same_city(mention.codes, last.codes)
            if inner:
                joined[-1] = _Mention(last.start, mention.end, inner, full=True, bound=False)
                continue
        joined.append(mention)
    return joined


def _weigh(text: str, mention: _Mention, home: str | None) -> int:
    """How strongly the mention speaks for the place of the matter; 0 where it speaks of something else."""
    sure = not mention.bound or _at_home(mention.codes, home)
    score = place_cues.weigh(text, mention.start, mention.end, full=mention.full, sure=sure)
    level = _level(mention.codes)
    if score == place_cues.LAST:
        return score
    if score <= place_cues.FULL and level == 1:
        return 0  # A province that nothing points at.
    return score and score + level


@lru_cache(maxsize=10_000)
def _level(codes: tuple[str, ...]) -> int:
    """The narrowest level among these regions."""
    return max(_SCORE[regions.all_regions()[code].level] for code in codes)


def _at_home(codes: tuple[str, ...], home: str | None) -> bool:
    """Whether one of them is the home region itself or stands beside it in the same city."""
    return home is not None and any(code == home or code[:4] == home[:4] for code in codes)


def _choose(
    text: str, mention: _Mention, said: tuple[str, ...], named: tuple[str, ...], home: str | None
) -> str | None:
    """Of namesakes the one that the text decides, else the home region; None where several are left.

    First counts the place of the matter (`said`), then the home region, then any place that the text names at all, be
    it a way or the caller's own (去南京旅游，在鼓楼区一家店). A name of today goes before one that ended long ago.
    """
    codes = mention.codes
    if len(codes) == 1:
        return codes[0]
    by_level = tuple(code for code in codes if regions.all_regions()[code].level != "county")
    inside = tuple(code for code in codes if code in said or _below(code, said))
    if len(inside) == 1:
        return inside[0]
    for area in (home, *regions.parents(home)) if home else ():
        near = tuple(code for code in inside or codes if code == area or _below(code, (area,)))
        if len(near) == 1:
            return near[0]
    beside = tuple(code for code in codes if code in named or _below(code, named))
    if len(beside) == 1:
        return beside[0]
    lately = tuple(code for code in codes if text.endswith(gazetteer.lately(code), mention.start, mention.end))
    for left in (by_level, lately):
        if len(left) == 1:
            return left[0]
    return None


def _without_home(text: str, mentions: list[_Mention]) -> list[_Mention]:
    """Drop every mention inside a clause that announces the caller's home."""
    if not mentions or ("住" not in text and "址" not in text):
        return mentions
    homes = [match.span() for match in _HOME.finditer(text, 0, _MAX_SCAN)]
    if "\n" in text and _WRITER.search(text, 0, _MAX_SCAN) and (signed := _SIGNED.search(text, 0, _MAX_SCAN)):
        homes.append((text.index("址", signed.start()), signed.end()))
    return [mention for mention in mentions if not any(start <= mention.start < end for start, end in homes)]


def _is_county(code: str) -> bool:
    """Whether a region is of the lowest level."""
    return regions.all_regions()[code].level == "county"


def _meant(mentions: list[_Mention], home: str | None) -> list[_Mention]:
    """What short names can mean; those that can mean nothing here are left out."""
    kept = []
    for mention in mentions:
        codes = mention.codes
        if not mention.full or mention.bound:
            codes = _short_means(codes, home, full=mention.full, bound=mention.bound, everyday=mention.everyday)
        if codes:
            kept.append(mention if codes is mention.codes else mention._replace(codes=codes))
    return kept


@lru_cache(maxsize=20_000)
def _short_means(
    codes: tuple[str, ...], home: str | None, *, full: bool, bound: bool, everyday: bool
) -> tuple[str, ...]:
    """A province or city before a county (河北), a lone county in the home province first; nothing where it is open.

    A short county name (昌平) counts where it is the only one of the country, or of the home province.
    """
    if bound:
        near = tuple(code for code in codes if _below(code, _home_province(home)))
        codes = near or codes
        cities = tuple(code for code in codes if not _is_county(code))
        if everyday and not near and len(cities) == 1 and cities[0] not in gazetteer.never_alone():
            codes = cities  # 中山一家店: the city, not the districts of that name.
        elif len(codes) > 1 or (everyday and not near):
            return ()
    higher = tuple(code for code in codes if not _is_county(code))
    return higher if higher and not full else codes


def _home_province(home: str | None) -> tuple[str, ...]:
    """The province of the home region."""
    return (regions.parents(home) or (home,))[-1:] if home else ()


def _no_place(text: str, mention: _Mention) -> bool:
    """Whether a name says that it is not this place (不是杭州那个), or is that of a road or a product (北京路)."""
    other = not mention.full and place_cues.short_elsewhere(text, mention.end)
    return other or text.endswith(_DENIED, 0, mention.start)


def _said_again(usable: list[_Weighed]) -> list[_Weighed]:
    """A county that the text names again is the more surely meant (通州区金沙街道的，南通这个通州)."""
    again = {
        each.codes[0]
        for index, (_, each) in enumerate(usable)
        if len(each.codes) == 1 and any(each.codes[0] in other.codes for _, other in usable[:index])
    }
    if not again:
        return usable
    return [(score + _AGAIN * bool(again.intersection(each.codes)), each) for score, each in usable]


def find_place(text: str, home: str | None) -> Region | None:
    """The place of the matter in one text, or None where it is silent or leaves several."""
    found = _scan(text)
    mentions = _without_home(text, _meant(_join(text, found), home)) if found else found
    usable = [(score, mention) for mention in mentions if (score := _weigh(text, mention, home))]
    if not usable:
        return None
    if len(usable) > 1:
        usable = sorted(_said_again(usable), key=lambda each: (-each[0], each[1].start))
    code = _best(text, mentions, usable, home)
    return regions.all_regions()[code] if code else None


def _best(text: str, mentions: list[_Mention], usable: list[_Weighed], home: str | None) -> str | None:
    """The place that most speaks for, or a narrower one in it; none where the namesakes of a full name stay open."""
    said = tuple(mention.codes[0] for _, mention in usable if len(mention.codes) == 1)
    named: tuple[str, ...] = ()
    if len(said) < len(usable):
        named = tuple(each.codes[0] for each in mentions if len(each.codes) == 1 and not _no_place(text, each))
    best: str | None = None
    for _, mention in usable:
        code = _choose(text, mention, said, named, home)
        if code is None:
            if best is None and mention.full:
                return None
            continue
        if best is None or _below(code, (best,)):
            best = code
    return best


@lru_cache(maxsize=64)
def _home_code(home_region: str | None) -> str | None:
    """The adcode of the deployment's home region."""
    return region.adcode if home_region and (region := regions.find_region(home_region)) else None


def find_place_in_field(text: str, home_region: str | None) -> Region | None:
    """The place a form's field names (西城区马连道路11号): the field itself says that it is the place."""
    home = _home_code(home_region)
    text = cleaning.clean(text).text
    return regions.find_region(text) or find_place(f"{_FIELD}{text}", home)


def find_place_of_matter(text: str, location_hint: str, home_region: str | None) -> Region | None:
    """From the text, else from the hint. The home region decides between namesakes and is never filled in.

    Of namesakes that the text leaves open the hint decides: 鼓楼区 with the hint 徐州市 is that city's.
    """
    found = find_place(text, _home_code(home_region))
    if found or not location_hint.strip():
        return found
    hinted = find_place_in_field(location_hint, home_region)
    if hinted is None or hinted.level == "county":
        return hinted
    inside = find_place(text, hinted.adcode)
    return inside if inside and _below(inside.adcode, (hinted.adcode,)) else hinted
