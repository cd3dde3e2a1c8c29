"""A corpus so small that it is learnt in a second: three categories, two settings, two hands."""

import json

SAYS = {
    "copyright": ("盗版光盘", "盗印教辅书", "盗版软件", "翻录影碟", "盗版小说"),
    "trademark": ("假冒商标的运动鞋", "仿冒名牌的皮包", "贴牌假酒商标", "冒牌手表商标", "山寨商标的衬衫"),
    "other": ("路灯不亮", "公交卡在哪里办", "楼上装修太吵", "下水道堵了", "停车位被占"),
}
PLACES = (("market", "农贸市场里"), ("online", "网店上"))
HANDS = {"a": ("投诉", "，请尽快处理"), "b": ("我发现", "，麻烦查一下")}


def lines(hand, extra=""):
    before, after = HANDS[hand]
    for category, things in SAYS.items():
        for thing in things:
            for setting, place in PLACES:
                yield {
                    "text": f"{before}{place}{thing}{extra}{after}",
                    "category": category,
                    "setting": "unknown" if category == "other" else setting,
                }


def write_corpus(root, extra=""):
    """`root/texts/*.jsonl` and a sealed part `root/test/*.jsonl`."""
    for folder, hands in (("texts", ("a", "b")), ("test", ("b",))):
        (root / folder).mkdir(parents=True)
        for hand in hands:
            rows = [
                json.dumps({"id": f"{hand}-{number}", **row}, ensure_ascii=False)
                for number, row in enumerate(lines(hand, extra if folder == "texts" else ""))
            ]
            (root / folder / f"{hand}.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    return root
