"""What the words around a place say of it: where the matter happened, or a home, an origin, a way, a brand.

Precision comes first: a mention that nothing speaks for is left out. Every look reaches a few characters only.
"""

from __future__ import annotations

import re

_LOOK, _NEAR, _FAR = 16, 40, 120
_QUOTE, _QUOTES = 22, (("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"), ("‘", "’"))
_STRONG, _MARKED, _ALONE, _PREMISES_WEIGHT, _START, FULL, LAST = 12, 6, 5, 4, 3, 2, 1

_ROAD = re.compile(
    r"[东西南北中]?[一二三四五六七八九十]?(?:路|街(?!道|上|头|的)|大街|大道|"
    r"道(?=[0-9一二三四五六七八九])|巷|胡同|桥|高速|门(?!店|口|市|头)|滩|站台)"
)
_GOODS = re.compile(
    r"牌|产的|产(?!品|业)|特产|生产|制造|出品|烤鸭|扒鸡|板鸭|大枣|红枣|枣|苹果|大米|香米|羊绒|棉|二锅头|现代|大众|吉普|奔驰|啤酒|白酒|拉面|米粉|"
    r"米线|牛肉|火腿|小笼|煎饼|麻花|瓷|紫砂|香梨|龙井|老?陈醋|香醋|醋|豆瓣|榨菜|刺绣|丝绸|茶(?!城|叶?市场|楼)|普洱|白茶|毛尖|大闸蟹|河?蟹|酥?梨|葡萄|刀削面|热干面|"
    r"烩面|螺蛳粉|羊(?!山)|当归|早茶|大葱|萝卜|板栗|人参|脐橙|赤霞|杏花|"
    r"车牌|号牌|牌照|卷烟|香烟|烟(?!草|酒|台)|口音|话(?!费)|人(?!民|才|事)|籍|老乡|菜(?!市|场|博)|治(?!安|理)|小吃|风味|铁锅|同仁堂|稻香村|全聚德|大学(?!城)|银行|卫视|日报|晚报|"
    r"户口|身份证|游客|客商|客户|老板|黄酒|腊肉|腊肠|药材(?!市)|枸杞|木耳|月饼|阿胶|鸭脖|汤包|橙|柚|荔枝|蜜桃|樱桃|地毯|家具城|红木|"
    r"玉(?!泉|田|林|溪|门|环)|白药|老窖|奥运|号码|艺术中心|展览馆(?=路)|书店|平台|巴巴|货(?!场|架|运|站|车)"
)
_GOODS_OF = re.compile(
    r"的?[\u4e00-\u9fff]{0,3}?(?:红肠|腊味|酥饼|鲜花饼|肉夹馍|朋友|同学|网友|战友|早茶|龙井|鸭梨|大桃|酥梨|散货|螃蟹|河蟹|大米|枸杞|苗子|果子|口音|青片|散烟|老师傅|亲戚|菜农|养殖场|客户|"
    r"冬奥|奥运|亚运|残特?奥|世博|大运会|时间|20\d\d)"
)
# A dish or a kind of shop by its town: 重庆火锅店 stands in any city.
_DISH = re.compile(
    r"(?:老|特色|正宗|风味|麻辣|手工)?(?:火锅|串串|凉皮|肉夹馍|小面|酸辣粉|泡馍|胡辣汤|烤鱼|烤肉|烧烤|炒鸡|大盘鸡|炒饼|羊肉串|米皮|麻辣烫|冒菜|面馆|拌面|炸酱面|卤煮|担担面|板面|臭豆腐|肠粉|砂锅粥|小龙虾|馄饨|包子)"
)
_OTHER_WORD = re.compile(r"沙县(?:特色)?(?:小吃|拌面|扁肉|蒸饺)|和田(?:大|县)?玉|柳州螺蛳粉|长白山|新浦京")
_SUFFIXES = frozenset("省市区县旗")
_AWAY = re.compile(
    r"(?:那边|这边|那里|一带|口岸|整车)?(?:过来|嚟|出来的|流出|来的|来(?=[?？,，。吗办呢]|$)|来玩|来京|运来|拉来|倒过来|搭车|发货|发的货|发出|寄出|寄来|转口|产的|生产的|种的|特产|[,，。]?[呃哦啊]?[,，]?(?:不对|错了|说错|讲错)|的不对|方向|打工|"
    r"[^,，。;；]{0,4}(?:农业局|监管局|工商局|消协|消费者协会|派出所|法院)(?:说|回复|让|查|告知|答复|表示)|不是|不晓得|不清楚|籍|等地|[两二三四五]地|人(?=[,，。;；!！?？])|牌|货|老家|邮办处的包裹)|的?(?:工厂|厂家|厂子|厂里?|公司)(?:生产|做|造|加工)的|(?:那边|这边)的(?!赶|店|市场|厂|一|陵园|公墓|小区|商场|超市|饭店|酒店|学校|医院)|到[\u4e00-\u9fff]{2,4}(?:那条线|的路|方向)|那一?段|的乡镇|[^,，。;；]{0,4}客户|[^,，。;；]{0,4}账户|人(?!民|才|事|口|和|社|家|保)"
)
_BOUGHT = re.compile(
    r"[^,，。;；!！?？\n]{0,24}(?:买|购|订|玩|逛|换|一[家间所]|拿药|上坟|扫墓|旅游|吃饭|赶集|爬山|泡温泉|出差|进了|进的|上班|做工|开|读|修|租|当|被[^,，。;；]{0,6}[骗坑宰讹]|打车|坐车)"
)
_BOUGHT_HERE = re.compile(r"(?![山脚顶])(?:[^,，。;；!！?？\n“”\"的]{0,10}?买的|(?:[这那][边里儿])?买[了到过咗])")
"""香格里拉买的松茸酱, but not 海南椰子买了一箱."""
_WENT = re.compile(
    r"[^,，。;；!！?？\n]{0,8}?(?:买[了的过到]|一[家间所]|拿药|上坟|扫墓|购|玩|逛|旅游|吃饭|赶集|爬山|泡温泉)"
)
"""去青州古城玩, 去宝坻赶集: who went there and bought or was charged means that place."""
_TENANCY = re.compile(r"房东|租客|中介|租房|退租|[房月]租|租的|物业|开发商|漏水|装修|暖气|供暖|地板|楼下")
"""Where a text speaks of these, the house (房子在…) is the matter itself."""
_VISITED = re.compile(r"(?<!准备)(?<!打算)(?<!听说)(?<![过回拿送寄拉运带发要想再往])去(?:了)?$")
"""去合肥巢湖市半汤温泉: who went there tells what happened there, unless another place is spoken of more strongly."""
_NEIGHBOUR = re.compile(
    r"[^,，。;；]{0,8}?(?:店主|摊主|商户|业主|老板|店).{0,50}?(?:另一[家间个]?|隔壁|对面|同[一条]{0,2}街|旁边)",
    re.DOTALL,
)
"""A shopkeeper who speaks of the shop next door."""
_TRIED = re.compile(r"找了|看病(?!被)|检测|鉴定|送检|打工|(?:注册|登记)(?:咗|过|了)?(?:嘅|的)?商标|测(?!试)|上大学")
_ACTOR_AT = re.compile(
    r"(?:一家|一个|某)?[^,，。;；]{0,8}?(?:公司|代理商|企业|厂商|老板)在(?:你们|我们|我市|我区|本市|本区|贵|这里|这边)"
)
_HOTLINE = re.compile(r"(?:的|市|这?边|这里)?(?:电话|热线|号码|1[0-9]{4}|能不?能?[查管]|管不管|管得?了?吗|归不归)")
_COMPANY = re.compile(r"[^,，。;；]{0,4}公司")
_IN_BRACKETS = re.compile(r"[^()（）]{0,8}[)）]")
_FROM = re.compile(r"(?:从|由|打|(?<!各)自|(?<!过)去|回|(?<!过)来)(?:了|的)?$")
_WAY = re.compile(
    r"(?:[运发送开拉卖寄带销流倒搬捎转汇跑回赶飞调贩批](?:往|到|去|给|向|至|回)(?:了)?|[往奔朝飞经赴销]|(?<!润)发|出口|去向为|回到|转手卖到|越南|进口自|目的国)$"
)
_NAMED = re.compile(
    r"(?:系|(?<!现在)(?<!如今)叫|冒充|自称|号称|真正|(?:写|印|标|刻|喷)(?:的|着|著|明|成|了|为)?|问了?|被?一[个家]|人家|那家|正宗|假冒|说是|版权页|外地|到过|去过|实为|收自|产区|"
    r"像|比|叫做|名为|听|来个|来了个|(?<![点方位])就(?:像|比)|有家|(?:产地|原产地|发货地|始发地|发货仓|产自|原产|产于|灌装地|分装地|装瓶地|酿造地|加工地|出自|厂家|生产商|生产企业|"
    r"制造商|生产方|标称|来自|从小在|老家在?|籍贯|户籍|"
    r"归属地?)(?:地|地址)?(?:是|为|在|的|于|写的?|写着|:|：|“|\"|[ ]){0,3})$"
)
_IS = re.compile(
    r"(?:^|发票|我说的|我指的|[。！？\n]|(?:不对|错了|不不)[，,]?|这|就|地址|地点|地方|店|现场|而|对方|位置|一直|我|们|本人|地)是$"
)
_MAKER = re.compile(
    r"(?:产地|产自|厂家|生产商|生产企业|制造商|标称|产地栏|厂子)[^,，。;；]{0,6}(?:写|标|印)的?是?(?:也是)?$"
)
_SELLER = re.compile(
    r"(?:(?:发货地|发货仓)(?:址|库)?(?:上|里|都|也|就|一?直)?(?:显示|写|查)"
    r"|(?:发货单|面单|营业?执照|备案|工商登记|企业信息|天眼查|企查查)(?:上|里|信息|主体|单位|公司)?)"
    r"(?:都|就|也)?(?:显示|写明|写|查到|查|登记|标)?(?:的|着|出来)?(?:地址|注册地|住所)?(?:是|为|在|:|：){0,2}$"
)
"""What a shop on the web is known by: where it sends from, its licence, its registration."""
_FACTORY_PRINT = re.compile(r"(?:背面|瓶子上|袋子上|外箱|条码|印的|瓶上)[^,，。;；]{0,4}(?:厂址|地址)(?:在|是)?$")
_HOME_BEFORE = re.compile(
    r"(?:家住|我住在?|[，,。；;]现?住|本人住在?|我家在?|俺家在?|我家是|我老家|(?<![商厂店卖那])家在|房子在|住址|家庭住址|家庭地址|"
    r"(?<!被)投诉人地址|(?<!被)举报人地址|联系地址|通讯地址|收货地址?|收件地址?|退货地址?|寄回地址|我的?地址|[他她]住在?|现居住?|暂住|居住在|常住|公司设在|(?:我们?|本)(?:公司|司|厂)(?:是|位于|坐落在?|地址|设)|我们家是|户籍地址?)"
    r"(?:就|是|为|在|于|:|：|[ ]){0,3}$"
)
_HOUSE = re.compile(r"(?<!我)(?<!我的)(?<!我家)房子在[ ]?$")
_REPORTER = re.compile(
    r"(?:我司|我公司|我社|我厂|我局|本公司|本厂|本所|我单位|单位|我方|(?<!被)申请人|(?<!被)请求人|(?<!被)投诉人|(?<!被)举报人|权利人|委托人|受|寄件人|"
    r"来函单位|反映单位|(?<!被)反映人|来电人|其)(?:[某系是为:：(（“\" ]{0,3})$"
    r"|(?:我司|我公司|我社|我厂|我方|我单位|本公司|本厂|委托人|权利人)[(（](?:注册地址?|住所地?|地址|总部)(?:在|位于|是|为|:|：)?$"
    r"|(?<!被)(?:申请人|投诉人|举报人)[\u4e00-\u9fff]{1,4}[（(]$"
)
_REPORTS = re.compile(
    r"[^,，。;；\n]{0,10}(?:打假|维权|法务)(?:组|部|办|专员|中心|人员)"
    r"|[^,，。;；:：\n]{0,14}(?:公司|企业|集团|协会|商会|科所|研究所|职业人|本厂)[^,，。;；被]{0,5}(?:来电|来函|反映|报案|函告|诉称|会员)"
)
_SELF = re.compile(
    r"(?:我姓[\u4e00-\u9fff]{1,3}[,，]|我叫[\u4e00-\u9fff]{2,4}[,，]|我是|俺是|本人是|我们是|我|俺|本人)"
    r"(?:一名|一个|个|来自)?$"
)
_SELF_AFTER = re.compile(
    r"(?:市|省|县)?(?:人|居民|市民|村民|业主|住户|户|消费者|那边|这边|总代)|种[^,，。]{0,4}的|搞|做[^,，。]{0,10}的|的(?:小|，|,|。)|[,，]"
    r"|[^,，。;；]{0,3}(?:一家|一个)?(?:小厂子|茶农|合作社)"
)
_VILLAGE = "县城|镇上|乡里|村里|屯里|[猪鸡羊牛鱼]场|地头"
_IN_VILLAGE = re.compile(_VILLAGE)
_HERE = re.compile(_VILLAGE + "|我们[这村县镇乡旗市区]|咱们?[这村县镇]|俺们?[这村县镇]|本地|当地|上门")
"""A caller who speaks of the village or the county seat means their own."""
_CALLER_OF = re.compile(
    r"的(?:一[名个位])?(?:小微)?(?:企业主|个体户|消费者|市民|居民|村民|学生|教师|老师|农民|农户|业主|读者|家长|网友)(?=[,，。;；、\n]|$)"
)
"""上海南汇的小微企业主。"""
_PERSON_IN = re.compile(
    r"(?:客服|总公司|老板|客户|儿子|女儿|闺女|亲戚|朋友|同事|爸|妈|老公|丈夫|孩子|总部|(?<![商厂店卖那])家|姐|哥|弟|我|我们|俺|咱|咱们|本人|我公司|们公司|我司|人)(?:现|就|都|也|正|住|们)?[在喺]$|(?:儿子|女儿|闺女|亲戚|朋友|同事)[,，](?:现|就|都|也|正|住|们)?在$"
)
_MARK = re.compile(
    r"(?:在|喺|(?<![影反音])响|位于|地址|地点|于|开在|店址|厂址|摊位|商户|经营地|发生地|设在|现场|你们|贵|辖区内?|地方在?|"
    r"供应商|供货商|供货的(?:是|那家在)?|发货的是|发货人是|货主是|致|到|走访|入职了?|我们?这(?:里|儿|边)|对方|对方就是|拿去|窝点)"
    r"(?:了|是|为|在|一直是|:|：|我们|你们|[ ]){0,2}$"
)
_MARK_STRONG = re.compile(
    r"(?:被投诉(?:人|方|单位)?|被举报(?:人|方|单位)?|被请求人|被申请人|当事人|卖家(?:注册地|地址)?(?:显示)?|厂子|地址|地点|店(?<!书店)|店铺|铺子|仓库|窑|"
    r"注册地址?|住所地?|登记住所|地址[^,，。;；]{0,3}|受件|致|货主|发货人|[供发卖做收报][\u4e00-\u9fff]{0,2}的|被投诉人厂址|厂址|对方|[商卖店]家|机构|发货地址|主体|指向|供货的那家|指使人|[系查]你区|你们|贵辖区|贵局辖区内|贵区|不是[，,]是|这(?:里|儿|边)?是|我只说)"
    r"(?:登记|就|都)?(?:了|是|为|在|一直是|:|：|[ ]){0,3}$"
)
_SENTENCE = re.compile(
    r"(?:^|[。！？!?\n；;：:—])(?:这是|这里是|嗯|喂|那个|就是|这个|就|我们|咱|咱们|"
    r"举报|检举|投诉|反映|市民反映|发现|有个|某|说|现|在|请问|想问下|今年|上礼拜|[ （(]){0,4}$"
)
_CLAUSE = re.compile(r"(?:^|[。！？!?\n；;：:，,（(、])(?:就|是|在|那个|这里是|这是){0,2}$")
# With what character the expressions above can end: a look that spares most texts the search. $ stands before a last
# line feed too; what _MARK_STRONG says with 地址 may end with any.
_FROM_ENDS = frozenset("从由打自去回来了的\n")
_WAY_ENDS = frozenset("往到去给向至回了奔朝飞经赴销发口为南自国\n")
_LABEL_ENDS = frozenset("写标印的是址在\n")
_SELF_ENDS = frozenset(",，是我俺人们名个自\n")
_NAMED_ENDS = frozenset(
    ' ":“业个为了于产仓做像充冒写刻区印叫听商喷在地址宗家属成方明是标正比的着著称籍系自贯过问页：\n'
)
_HOME_ENDS = frozenset("就 :：为于住在地址家居是落设\n")
_REPORTER_ENDS = frozenset(' 在于地址部"“(（:：为人位其厂受司局所方是某社系\n')
_MARK_ENDS = frozenset("喺响 :：为了于们位儿内到区去商在地场址户方是点的职致访贵边里\n")
_STRONG_ENDS = frozenset(" :：为主了人们件位体内区向在地址子家就库店所报方是构点的示窑致记诉说都铺\n")
_SELLER_ENDS = frozenset("也就明都示写查单照案记息到标的着来址地所是为在上里体位司:：\n")
_CLAUSE_ENDS = frozenset("!！(（,，:：;；?？、。个在就是\n")
_SENTENCE_ENDS = frozenset(" !！(（:：;；?？—。下个举们咱喂嗯在就年报拜映是某现诉说问\n")
_CLAUSE_END = re.compile(r"(?:的|那边|这边|县城|市区|城里|大街上)?(?:[。！？!?\n；;，,）)]|$)")
_PREMISES = re.compile(
    r"[^,，。;；!！?？\n“”\"]{0,12}?(?:店|铺|大厦|商行|庄|馆|楼|院|厂|市场|商场|超市|[商贸茶电品装车饰材金鞋具书食胎]城|公司|集团|企业|事务所|代理|中心|医院|门诊|诊所|学校|小学|初中|中学|"
    r"中专|高校|幼儿园|合作社|基地|苗|大棚|育苗|仓|库(?!尔)|[车快递水油加服机气]站|物流|网点|站(?!出)|快递|速递|我们这|咱这|通那个|口岸|港|海关|机场|展|博会|交会|双交会|酒会|夜市|早市|"
    r"大集|赶圩|赶场|路|街|巷|胡同|镇|乡|村|小区|工业园|园区|开发区|新区|公园|广场|景区|农贸|药市|摊|民房|厂房|平房|居民楼|作坊|车间|影院|影吧|酒店|"
    r"宾馆|分行|政务|监管所|某|一家|一个|一位|一所|一间|好几|职高|一设计|一民房|一处|有家|有个|有间|有人|那家|这家|那个|这边|那边|街上|路边|这批|邮办处|几个人|底下|旁边?|附近|对面|海上|旅游|数码|(?:道|线)(?=[,，。]|$)|自然人|业务员|贸易行|移送|贸易|前经销商)"
)


def _quoted(text: str, start: int) -> bool:
    """Whether the place stands inside a short quotation: a brand, a slogan or a title."""
    before = text[max(0, start - _QUOTE) : start]
    after = text[start : start + _QUOTE]
    for opening, closing in _QUOTES:
        if opening in before and before.rfind(opening) > before.rfind(closing) and closing in after:
            return True
    return '"' in after and text.count('"', 0, start) % 2 == 1


def _listed(text: str, start: int, end: int) -> bool:
    """Whether the place is one of several named in a row (惠州、河源、梅州)."""
    return text.startswith(("、", "和", "及"), end) or text[max(0, start - 1) : start] in {"、", "和"}


def short_elsewhere(text: str, end: int) -> bool:
    """Whether what follows a name without its suffix makes it a road, a product or a people."""
    return bool(_ROAD.match(text, end) or _GOODS.match(text, end))


def _callers(text: str, start: int, end: int, before: str) -> bool:
    """Whether the place is the caller's own, or that of the one who writes in their name."""
    if before.endswith("们") and (_COMPANY.match(text, end) or _HOTLINE.match(text, end)):
        return True
    if before[-1:] in _HOME_ENDS and _HOME_BEFORE.search(before):
        return not (_HOUSE.search(before) and _TENANCY.search(text))
    if (before[-1:] in _REPORTER_ENDS and _REPORTER.search(before)) or _REPORTS.match(text, end):
        return True
    return _resident(text, start, end, before)


def _resident(text: str, start: int, end: int, before: str) -> bool:
    """Whether callers say that they are from there (我是张家口人, 上海南汇的小微企业主)."""
    if _CALLER_OF.match(text, end):
        return True
    return bool(start and before[-1:] in _SELF_ENDS and _SELF.search(before) and _SELF_AFTER.match(text, end))


def _callers_matter(text: str, start: int, end: int, before: str, *, full: bool) -> bool:
    """Whether the matter is at the caller's own place, as the text goes on to say (我是甘南舟曲的村民，前年村里…)."""
    if full and before.endswith(("系", "是")) and _NEIGHBOUR.match(text, end):
        return True
    here, far = (_HERE, _FAR) if full else (_IN_VILLAGE, _NEAR)
    return _resident(text, start, end, before) and here.search(text, end, end + far) is not None


def _goods(text: str, start: int, end: int, before: str, *, full: bool) -> bool:
    """Whether the place is part of a brand, a road or a product, or what a label says."""
    if not full and short_elsewhere(text, end):
        return True
    if _DISH.match(text, end) and (not full or text[end - 1] not in _SUFFIXES):
        return True
    if _OTHER_WORD.match(text, end - 2):
        return True
    if _GOODS_OF.match(text, end) or text.startswith("路", end) or _quoted(text, start):
        return True
    return before[-1:] in _LABEL_ENDS and bool(_MAKER.search(before) or _FACTORY_PRINT.search(before))


def _elsewhere(text: str, start: int, end: int, before: str, *, full: bool) -> bool:
    """Whether the words around say that the place is a home, an origin, a way, a brand or the caller's own."""
    if _AWAY.match(text, end) or _goods(text, start, end, before, full=full) or _listed(text, start, end):
        return True
    if (before[-1:] in _WAY_ENDS and _WAY.search(before)) or _TRIED.match(text, end) or _ACTOR_AT.match(text, end):
        return True
    if before[-1:] in _FROM_ENDS and _FROM.search(before):
        return not (_BOUGHT.match(text, end) or (full and _VISITED.search(before)))
    return _callers(text, start, end, before)


def weigh(text: str, start: int, end: int, *, full: bool, sure: bool) -> int:
    """How strongly the words around `text[start:end]` make it the place of the matter; 0 where they do not.

    Args:
        text: The cleaned text.
        start: Where the mention begins.
        end: Where it ends.
        full: It has its suffix (西城区) or stands behind its parent (北京西城).
        sure: It is no everyday word, so that a shop or a road behind it is enough.
    """
    before = text[max(0, start - _LOOK) : start]
    if not sure and text.startswith("广场", end):
        return 0  # 二七广场: the square's name.
    strong, marked, clause, alone = _spoken(text, end, before)
    if not strong and _ends(before, _SELLER_ENDS, _SELLER):
        return 0 if _goods(text, start, end, before, full=full) else LAST
    if (full or sure) and _callers_matter(text, start, end, before, full=full):
        return FULL
    if not (strong or marked or alone or full or _shops(text, end, sure=sure, clause=clause)):
        return 0
    premises = _shops(text, end, sure=sure, clause=True)
    if _elsewhere(text, start, end, before, full=full) or (
        not strong and _only_named(text, end, before, premises=premises)
    ):
        return 0
    first = _ends(before, _SENTENCE_ENDS, _SENTENCE)
    return (
        _STRONG * strong
        + _MARKED * (marked and not strong)
        + _ALONE * alone
        + _PREMISES_WEIGHT * premises
        + _START * first
        + FULL * full
    )


def _shops(text: str, end: int, *, sure: bool, clause: bool) -> bool:
    """Whether a shop, a road or a purchase follows; that is enough for a sure name or at the head of a clause."""
    if sure and _BOUGHT_HERE.match(text, end):
        return True
    return (sure or clause) and _PREMISES.match(text, end) is not None


def _ends(before: str, ends: frozenset[str], pattern: re.Pattern[str]) -> bool:
    """Whether the words before the place end so; nothing at all before it counts as an end, too."""
    return (not before or before[-1] in ends) and pattern.search(before) is not None


def _spoken(text: str, end: int, before: str) -> tuple[bool, bool, bool, bool]:
    """Whether the words before say that it is the place, strongly or not; that it begins a clause; that it is one."""
    strong = _ends(before, _STRONG_ENDS, _MARK_STRONG) or ("地址" in before and bool(_MARK_STRONG.search(before)))
    marked = _ends(before, _MARK_ENDS, _MARK)
    marked = marked or (before.endswith("去") and not before.endswith("过去") and _WENT.match(text, end) is not None)
    clause = _ends(before, _CLAUSE_ENDS, _CLAUSE)
    closes = clause and (_CLAUSE_END.match(text, end) or (before[-1:] in {"(", "（"} and _IN_BRACKETS.match(text, end)))
    return strong, marked, clause, bool(closes)


def _only_named(text: str, end: int, before: str, *, premises: bool) -> bool:
    """Whether the words before only name the place (冒充北京…) or put a person there (我儿子在北京)."""
    named = (before.endswith("是") and not _IS.search(before)) or _ends(before, _NAMED_ENDS, _NAMED)
    at_home = before.endswith("在老家")
    person = before.endswith(("在", "在\n", "喺")) and _PERSON_IN.search(before) is not None
    if not named and not person:
        return False
    bought = premises or _BOUGHT.match(text, end) is not None
    return (named and not (at_home and bought)) or (person and not bought)
