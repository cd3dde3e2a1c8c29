"""The place of the matter in a text.

Names that stand together make one mention (北京市 + 西城区). Mentions that speak of the caller's home, a product's
origin, a brand or a road are left out. Of namesakes the text decides, else the deployment's home region, else none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.intake import gazetteer, regions

if TYPE_CHECKING:
    from hotline.records import Region

_ROAD = re.compile(
    r"[东西南北中]?[一二三四五六七八九十]?(?:路|街(?!道)|大街|大道|"
    r"道(?=[0-9一二三四五六七八九])|巷|胡同|桥|高速|门(?!店|口|市|头)|滩|站台)"
)
_GOODS = re.compile(
    r"牌|产的|产(?!品|业)|特产|生产|制造|出品|烤鸭|扒鸡|板鸭|大枣|红枣|枣|苹果|大米|香米|羊绒|棉|二锅头|现代|大众|吉普|奔驰|啤酒|白酒|拉面|米粉|"
    r"米线|牛肉|火腿|小笼|煎饼|麻花|瓷|紫砂|香梨|龙井|老?陈醋|香醋|醋|豆瓣|榨菜|刺绣|丝绸|茶|普洱|白茶|大闸蟹|蟹|酥梨|葡萄|刀削面|热干面|烩面|"
    r"车牌|号牌|牌照|卷烟|香烟|烟(?!草|酒|台)|口音|话(?!费)|人(?!民|才|事)|籍|老乡|菜|小吃|风味|铁锅|同仁堂|稻香村|全聚德|大学|银行|卫视|日报|"
    r"户口|身份证|游客|客商|老板|黄酒|腊肉|腊肠|药材|枸杞|人参|木耳|月饼|阿胶|羊肉|鸭脖|汤包|橙|柚|荔枝|蜜桃|樱桃|地毯|家具城|红木|玉(?!泉|田|林|溪|门|环)"
)
_FROM_BEFORE = re.compile(
    r"(?:产地|原产地|发货地|产自|原产|产于|出自|厂址|厂家|生产商|生产企业|制造商|标称|标着|写着|印着|标注|标的是|号称|正宗|"
    r"带到|带回|带至|携带至|到达|回到|返回|"
    r"寄往|寄到|寄回|寄给|发往|发到|邮寄到|快递到|转到|来自|进口自|从小在|老家在?|籍贯|户籍)"
    r"(?:地|地址|是|为|在|的|于|:|：|“|\"|[ ]){0,3}$"
)
_HOME_BEFORE = re.compile(
    r"(?:家住|我住在?|本人住在?|我家在?|我家是|(?<![商厂店卖])家在|住址|家庭住址|家庭地址|"
    r"投诉人地址|举报人地址|联系地址|通讯地址|收货地址|收件地址|现居住?|暂住|居住在|常住)"
    r"(?:是|为|在|于|:|：|[ ]){0,3}$"
)
_I_AM = re.compile(r"(?:我是|本人是|我们是|我)(?:一名|一个|个|来自)?$")
_I_AM_AFTER = re.compile(r"的?(?:人|居民|市民|村民|业主|住户|户|消费者)|的(?=[,，。;；])|[,，]")
_SHIP = re.compile(r"发货|发的货|发出|寄出|寄来")
_HERE_BEFORE = re.compile(
    r"(?:在|位于|地址|地点|于|到|去|开在|店址|商户|摊位|经营地|发生地|现场)(?:了|是|为|在|:|：|我们|[ ]){0,2}$"
)
_COMPANY_AFTER = re.compile(r"[\u4e00-\u9fff]{0,14}(?:公司|集团)")
_HOME = re.compile(
    r"(?:家住|我住|住址|家庭地址|投诉人地址|举报人地址|联系地址|通讯地址|户籍地址)[^,，。;；！!？?\n]{0,40}"
)
_GAP = re.compile(r"[ 省市、,，/·-]{0,2}")
_LOOK = 12
_SCORE = {"county": 3, "city": 2, "province": 1}
_MAX_SCAN = 20_000


@dataclass(frozen=True, slots=True)
class _Mention:
    """A place named at `start`–`end`, with what it may mean, narrowest level last named."""

    start: int
    end: int
    codes: tuple[str, ...]
    full: bool
    bound: bool
    score: int = 0


def _scan(text: str) -> list[_Mention]:
    """Every known name in the text, longest first, without overlaps."""
    starts, table = gazetteer.by_start(), gazetteer.names()
    found, index, size = [], 0, min(len(text), _MAX_SCAN)
    while index < size:
        for name in starts.get(text[index : index + 2], ()):
            if text.startswith(name, index):
                entry = table[name]
                found.append(_Mention(index, index + len(name), entry.codes, entry.full, entry.bound))
                index += len(name) - 1
                break
        index += 1
    return found


def _below(code: str, above: tuple[str, ...]) -> bool:
    """Whether a region lies in one of those above."""
    return any(parent in above for parent in regions.parents(code))


def _join(text: str, mentions: list[_Mention]) -> list[_Mention]:
    """Put names that stand together into one mention, where the later lies in the earlier."""
    joined: list[_Mention] = []
    for mention in mentions:
        last = joined[-1] if joined else None
        if last and _GAP.fullmatch(text, last.end, mention.start):
            inner = tuple(code for code in mention.codes if _below(code, last.codes))
            if inner:
                joined[-1] = _Mention(last.start, mention.end, inner, full=True, bound=False)
                continue
        joined.append(mention)
    return joined


def _other_place(text: str, mention: _Mention) -> bool:
    """Whether the mention speaks of a home, an origin, a brand or a road."""
    before = text[max(0, mention.start - _LOOK) : mention.start]
    if _FROM_BEFORE.search(before) or _HOME_BEFORE.search(before):
        return True
    if _I_AM.search(before) and _I_AM_AFTER.match(text, mention.end):
        return True
    if _SHIP.match(text, mention.end) or text.startswith("路", mention.end):
        return True
    if mention.full:
        return bool(re.compile(r"产的|生产的|特产|人(?=[,，])|牌").match(text, mention.end))
    return bool(_ROAD.match(text, mention.end) or _GOODS.match(text, mention.end))


def _weigh(text: str, mention: _Mention) -> _Mention:
    """How strongly the mention speaks for the place of the matter."""
    here = bool(_HERE_BEFORE.search(text[max(0, mention.start - _LOOK) : mention.start]))
    company = bool(_COMPANY_AFTER.match(text, mention.end))
    level = max(_SCORE[regions.all_regions()[code].level] for code in mention.codes)
    return replace(mention, score=level + 4 * here + 2 * mention.full - 4 * company)


def _choose(codes: tuple[str, ...], said: tuple[str, ...], home: str | None) -> str | None:
    """Of namesakes the one inside another place of the text, else in the home region; None where several are left."""
    if len(codes) == 1:
        return codes[0]
    by_level = tuple(code for code in codes if regions.all_regions()[code].level != "county")
    inside = tuple(code for code in codes if _below(code, said))
    if len(inside) == 1:
        return inside[0]
    for area in (home, *regions.parents(home)) if home else ():
        near = tuple(code for code in inside or codes if code == area or _below(code, (area,)))
        if len(near) == 1:
            return near[0]
    return by_level[0] if len(by_level) == 1 else None


def _without_home(text: str, mentions: list[_Mention]) -> list[_Mention]:
    """Drop every mention inside a clause that announces the caller's home."""
    homes = [match.span() for match in _HOME.finditer(text, 0, _MAX_SCAN)]
    return [mention for mention in mentions if not any(start <= mention.start < end for start, end in homes)]


def _is_county(code: str) -> bool:
    """Whether a region is of the lowest level."""
    return regions.all_regions()[code].level == "county"


def _unbound(text: str, mentions: list[_Mention], home: str | None) -> list[_Mention]:
    """Leave out short county names that stand alone (昌平), unless in the home province and after 在."""
    area = (regions.parents(home) or (home,))[-1:] if home else ()
    kept = []
    for mention in mentions:
        codes = tuple(code for code in mention.codes if _below(code, area)) if mention.bound else mention.codes
        higher = tuple(code for code in codes if not _is_county(code))
        if not mention.full and higher:
            codes = higher  # 河北 alone is the province, also beside 天津.
        if codes and (not mention.bound or _HERE_BEFORE.search(text[max(0, mention.start - _LOOK) : mention.start])):
            kept.append(replace(mention, codes=codes))
    return kept


def find_place(text: str, home: str | None) -> Region | None:
    """The place of the matter in one text, or None where it is silent or leaves several."""
    mentions = _without_home(text, _unbound(text, _join(text, _scan(text)), home))
    usable = [_weigh(text, mention) for mention in mentions if not _other_place(text, mention)]
    said = tuple(mention.codes[0] for mention in usable if len(mention.codes) == 1)
    best: str | None = None
    for mention in sorted(usable, key=lambda each: (-each.score, each.start)):
        code = _choose(mention.codes, said, home)
        if code is None:
            if best is None and mention.full:
                return None
            continue
        if best is None or _below(code, (best,)):
            best = code
    return regions.all_regions()[best] if best else None


def find_place_of_matter(text: str, location_hint: str, home_region: str | None) -> Region | None:
    """From the text, else from the hint. The home region decides between namesakes and is never filled in."""
    home = region.adcode if home_region and (region := regions.find_region(home_region)) else None
    found = find_place(text, home)
    if found or not location_hint.strip():
        return found
    return regions.find_region(location_hint) or find_place(location_hint, home)
