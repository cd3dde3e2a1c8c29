"""What the caller wants: 投诉, 举报 or 咨询, proposed from the text and decided by the operator.

A dispute asks for a settlement of the caller's own purchase; a report gives a clue of a violation (121号令第3条). A
text that holds both is offered as a split (第9、27条).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hotline.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class KindProposal:
    """The proposed kind, the second one where the text holds both, and why. `sure` is False where no word spoke."""

    kind: Kind
    also: Kind | None
    why: str
    sure: bool = True


_MAX = 20_000
_STRONG = 4
_DEMAND = 3
_COMPLAINED = ("投诉",)
_BOUGHT = ("买", "消费", "办", "花", "充值", "充了", "订购", "交了")
_ASKED = ("吗", "?", "？", "不。", "问:", "问：", "问下")
# A cue with its weight and, where the look for it is costly, strings of which every text that holds it holds one.
_CUES: dict[Kind, tuple[tuple[re.Pattern[str], int, tuple[str, ...]], ...]] = {
    Kind.DISPUTE: (
        (re.compile(r"我要投诉|要求投诉|现投诉|来电投诉|特此投诉|投诉(?=该|商家|店|他|你们)"), 4, _COMPLAINED),
        (
            re.compile(
                r"退一赔[一三十]|假一赔[一三十]|退货退款|退赔|赔偿(?!金额巨大)|赔我|赔钱|理赔|索赔|退款|退货|退钱|退还|退费|换货|更换|维修|保修|三包"
            ),
            3,
            (),
        ),
        (
            re.compile(
                r"协调解决|帮我(?:协调|解决|要回|退|讨)|调解|维权|给(?:我|市民)个说法|不给(?:我|市民)?退|拒绝退|不予退|道歉"
            ),
            3,
            (),
        ),
        (
            re.compile(
                r"(?:我|俺|咱|本人|市民|消费者|诉求人|其)[^。；;]{0,30}(?:购买|买了|买的|买个|充值|充了|消费|办理|办了|订购|交了|花了?[0-9一二三四五六七八九十百千万两])"
            ),
            2,
            _BOUGHT,
        ),
    ),
    Kind.REPORT: (
        (re.compile(r"举报"), 4, ()),
        (
            re.compile(
                r"查处|严查|取缔|查封|端掉|依法(?:处理|处罚|打击)|打击|曝光|吊销|立案|处罚|重罚|派人(?:去|来)?查|来查|去查一?下|执法"
            ),
            3,
            (),
        ),
        (
            re.compile(
                r"窝点|黑作坊|黑工厂|地下(?:工厂|作坊)|仓库里|批量|大量(?:生产|销售|印|囤|批发)|制假|售假|造假|贩卖|倒卖|"
                r"私自(?:生产|印)|长期(?:销售|卖)|公开(?:叫卖|兜售|销售)|无证(?:经营|生产)"
            ),
            2,
            (),
        ),
        (
            re.compile(
                r"线索|反映.{0,12}(?:违法|违规|侵权|假冒)|有人(?:在)?(?:卖|生产|印|制作|做)|不愿(?:透露|留)|匿名|保密|奖励"
            ),
            2,
            (),
        ),
        (re.compile(r"假冒|侵权|盗版|冒充|仿冒|假货|假酒|假烟|假药|山寨|高仿"), 1, ()),
    ),
    Kind.INQUIRY: (
        (
            re.compile(
                r"咨询|请问|想问一?下?|问一下|想了解|了解一下|怎么(?:申请|办理|注册|查询|举报|投诉|辨别|维权)|如何(?:申请|办理|注册|查询|举报|投诉|辨别|维权)"
            ),
            4,
            (),
        ),
        (
            re.compile(
                r"需要(?:什么|哪些)(?:材料|手续|条件)|在哪里?办|哪个部门|电话是多少|是否(?:可以|需要|属于)|能不能|可不可以|有没有规定|收费标准"
            ),
            2,
            (),
        ),
        (
            re.compile(
                r"(?:合法|算不算|算|还?能|可以|归谁|归哪|该找|要不要|会不会|违法|侵权|属于)[^。！]{0,14}(?:[吗么]?[?？]|吗|不[?？。])|^问[:：下]"
            ),
            3,
            _ASKED,
        ),
        (re.compile(r"[?？吗]\s*$"), 2, _ASKED[:3]),
    ),
}
_FULL = {kind: sum(weight for _, weight, _ in cues) for kind, cues in _CUES.items()}
_NEGATED = re.compile(r"(?:不是|并非|不想|不|没有?|怎么|如何|电话)[^，。]{0,3}$")


def _weigh(text: str, kind: Kind, above: int = -1) -> tuple[int, list[str]]:
    """The weight of a kind's cues and the words that carried it; nothing as soon as it cannot come above a bound."""
    total, words, left = 0, [], _FULL[kind]
    for pattern, weight, needed in _CUES[kind]:
        if total + left <= above:
            return 0, []
        left -= weight
        if needed and not _holds(text, needed):
            continue
        match = pattern.search(text)
        if match and not (weight == _STRONG and kind is Kind.REPORT and _negated(text, match.start())):
            total += weight
            words.append(match[0][:12])
    return total, words


def _holds(text: str, strings: tuple[str, ...]) -> bool:
    """Whether one of the strings stands in the text."""
    for string in strings:  # noqa: SIM110 - a generator in `any` would take twice as long.
        if string in text:
            return True
    return False


def _negated(text: str, place: int) -> bool:
    """Whether what stands there is denied or only asked about."""
    return bool(_NEGATED.search(text[max(0, place - 8) : place]))


def kind_of(text: str) -> Kind:
    """The kind alone that `propose_kind` proposes, in half the time: what cannot change it is not looked for."""
    text = text[:_MAX]
    dispute, _ = _weigh(text, Kind.DISPUTE)
    report, _ = _weigh(text, Kind.REPORT, above=dispute)  # a report of no more weight gives way
    inquiry, _ = _weigh(text, Kind.INQUIRY, above=max(dispute, report, _DEMAND - 1))  # fewer make no inquiry
    return _decided(dispute, report, inquiry)


def _decided(dispute: int, report: int, inquiry: int) -> Kind:
    """The kind that these weights make."""
    most = max(dispute, report)
    if inquiry > most and (inquiry >= _STRONG or (inquiry >= _DEMAND and most < _DEMAND)):
        return Kind.INQUIRY
    # Without a purchase or a demand of the caller's own a text is a clue (第3条).
    return Kind.DISPUTE if dispute and dispute >= report else Kind.REPORT


def propose_kind(text: str) -> KindProposal:
    """Propose a kind. Without any cue a clue (举报), marked not `sure`: the channel's default goes before it."""
    text = text[:_MAX]
    dispute, demands = _weigh(text, Kind.DISPUTE)
    report, clues = _weigh(text, Kind.REPORT)
    most = max(dispute, report)
    inquiry, questions = _weigh(text, Kind.INQUIRY, above=most)  # questions of no more weight decide nothing
    if not most and not inquiry:
        return KindProposal(Kind.REPORT, None, "未见投诉、举报或咨询的用语，暂按举报线索，请坐席确认", sure=False)
    best = _decided(dispute, report, inquiry)
    if best is Kind.INQUIRY:
        return KindProposal(best, None, f"{_quoted(questions)}，按{best.label}")
    words, also, others = (demands, Kind.REPORT, clues) if best is Kind.DISPUTE else (clues, Kind.DISPUTE, demands)
    why = f"{_quoted(words) or '没有本人赔退的请求'}，按{best.label}"
    if min(dispute, report) < _DEMAND:
        return KindProposal(best, None, why)
    return KindProposal(best, also, f"{why}；另有{also.label}内容（“{others[0]}”），建议拆成两件")


def _quoted(words: list[str]) -> str:
    return "、".join(f"“{word}”" for word in words)
