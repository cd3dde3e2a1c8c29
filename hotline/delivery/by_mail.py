"""Handing a mail to the configured server (RFC 5321): with a time limit, and encrypted where that is asked for."""

from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING

from hotline.delivery.outcome import DeliveryError

if TYPE_CHECKING:
    from email.message import EmailMessage

    from hotline.settings import Smtp

TIMEOUT_SECONDS = 15
_PERMANENT = 500


def send_mail(smtp: Smtp, message: EmailMessage) -> None:
    """Send one mail.

    Raises:
        DeliveryError: The server is away, cannot encrypt as asked, or does not take the mail or the recipient.
    """
    try:
        with _connected(smtp) as server:
            if smtp.user:
                server.login(smtp.user, _password(smtp))
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = min((code for code, _ in error.recipients.values()), default=0)
        problem = f"邮件服务器不接受收件地址（{code}）"
        raise DeliveryError(problem, for_good=code >= _PERMANENT) from None
    except smtplib.SMTPAuthenticationError as error:
        problem = f"邮件服务器不接受用户名或口令（{error.smtp_code}）"
        raise DeliveryError(problem, down=True) from None
    except smtplib.SMTPNotSupportedError:
        problem = "邮件服务器不支持要求的加密或登录方式，没有发送"
        raise DeliveryError(problem, down=True) from None
    except smtplib.SMTPResponseException as error:
        problem = f"邮件服务器没有接受（{error.smtp_code}）"
        raise DeliveryError(problem, for_good=error.smtp_code >= _PERMANENT) from None
    except ssl.SSLError:
        problem = "与邮件服务器的加密连接没有建立，请核对证书"
        raise DeliveryError(problem, down=True) from None
    except (OSError, smtplib.SMTPException) as error:
        problem = f"连接邮件服务器失败（{type(error).__name__}）"
        raise DeliveryError(problem, down=True) from None


def _connected(smtp: Smtp) -> smtplib.SMTP:
    if smtp.tls == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS)
    if smtp.tls == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _password(smtp: Smtp) -> str:
    if smtp.password_file is None:
        return ""
    try:
        return smtp.password_file.read_text(encoding="utf-8").strip()
    except OSError:
        problem = "读不到邮件口令文件，请核对 HOTLINE_SMTP_PASSWORD_FILE"
        raise DeliveryError(problem, down=True) from None
