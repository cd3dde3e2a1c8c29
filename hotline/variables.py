"""All environment variables with their defaults and what they are for, in one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable with its default and what it is for."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("HOTLINE_VAR", "var", "数据目录：SQLite 数据库、密钥、封存文件、演示账号"),
    Setting("HOTLINE_DATABASE_URL", "", "数据库地址；空则用数据目录下的 SQLite，PostgreSQL 写 postgresql://…"),
    Setting("HOTLINE_KEYS", "", "密钥目录；空则为数据目录下的 keys/（生产环境应放在别处）"),
    Setting(
        "HOTLINE_CIPHER",
        "aes-256-gcm",
        "加密算法：aes-256-gcm 或 sm4-gcm（国密）；改后旧数据照常可读，并在后台改用新算法",
    ),
    Setting(
        "HOTLINE_FOLLOW",
        "0",
        "1 表示对外开放“查进度”页（/follow）：来电人凭工单编号和查询码看进展、补充情况，不显示身份",
    ),
    Setting(
        "HOTLINE_OPEN311",
        "0",
        "1 表示开放 Open311 公众接口（/open311/v2）：只列督办员逐件公开的投诉的类别、地区、状态和日期",
    ),
    Setting("HOTLINE_SEALS", "", "封存文件；空则为数据目录下的 seals.jsonl（生产环境应放在另一块盘）"),
    Setting("HOTLINE_HOST", "127.0.0.1", "监听地址；有演示账号时只允许本机地址"),
    Setting("HOTLINE_PORT", "8000", "监听端口"),
    Setting("HOTLINE_WORKERS", "2", "Web 进程数"),
    Setting("HOTLINE_HOME_REGION", "", "本部署所在行政区划代码（六位），用于分辨重名地区；空则各办公室用自己的"),
    Setting("HOTLINE_MODEL", "", "模型目录；空则用随程序发布的模型"),
    Setting(
        "HOTLINE_PROXIES",
        "0",
        "前面有几层自己的反向代理；0 表示不信任 X-Forwarded-For。设了代理而为 0，全体用户会共用一个登录限次",
    ),
    Setting(
        "HOTLINE_RETENTION",
        "",
        "到期删除：空则只由 `hotline retention --delete` 删；1 表示调度进程按随程序的期限删，也可写期限文件的路径",
    ),
    Setting("HOTLINE_SECURE_COOKIES", "0", "1 表示只在 HTTPS 下发送登录 Cookie"),
    Setting("HOTLINE_SWEEP_SECONDS", "5", "调度进程巡查时限的间隔（秒）"),
    Setting(
        "HOTLINE_BASE_URL",
        "",
        "邮件、推送和 Word 报表里链接的开头，例如 https://hotline.example.gov.cn；启用邮件或推送时必填",
    ),
    Setting("HOTLINE_DIGEST_MINUTES", "60", "同一收件人两封提醒之间至少隔多久（分钟）；特急件不等"),
    Setting("HOTLINE_KEEP_DAYS", "400", "已送出的邮件、推送和已读的时限提醒保留多少天；等待和放弃的不清理"),
    Setting("HOTLINE_SMTP_HOST", "", "邮件服务器；空则不发邮件"),
    Setting("HOTLINE_SMTP_PORT", "25", "邮件服务器端口"),
    Setting("HOTLINE_SMTP_TLS", "starttls", "starttls、tls 或 none（仅限内网）；要求加密而服务器不支持时不发"),
    Setting("HOTLINE_SMTP_FROM", "", "发件地址；启用邮件时必填"),
    Setting("HOTLINE_SMTP_USER", "", "邮件服务器的用户名；空则不登录"),
    Setting("HOTLINE_SMTP_PASSWORD_FILE", "", "存放邮件口令的文件（0600），每次发送时读取"),
    Setting("HOTLINE_WEBHOOKS", "0", "1 表示向系统管理员登记的接收地址推送"),
    Setting(
        "HOTLINE_OFFICE_WEEKLY",
        "5 17:00",
        "办公室自己的周报每周何时报出：星期（1 为周一）和时刻；方案写明的以方案为准，遇休息日顺延到下一个工作日",
    ),
    Setting(
        "HOTLINE_INBOX",
        "",
        "收件目录；空则不收。每个渠道一个子目录（渠道代码，或“渠道代码@办公室编号”），收完移到 done/ 或 refused/",
    ),
    Setting(
        "HOTLINE_LOCAL_TARGETS",
        "0",
        "1 表示推送和拉取的地址可以指向本机（127.0.0.1、::1、localhost）；链路本地、云主机元数据、组播地址总是不行",
    ),
    Setting("HOTLINE_PULL", "", "拉取配置文件（TOML）；空则不拉取。每个渠道写 url、token_file、interval"),
)
