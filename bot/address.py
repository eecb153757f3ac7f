"""The EHR's address: is it one, and does anything answer there? Looked at without a browser, before anything is kept.

No judge of whether a page is RevolutionEHR's (automation decides that at the login form, in a browser): only what is
certain is refused here, and what a browser might see otherwise (a certificate, a proxy's mood) is left to the browser.
No password is ever sent from here.
"""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from bot.problems import SettingsProblem

PATIENCE = 10.0
NAME = b"revolutionehr"
HEADERS = {"Accept": "text/html", "User-Agent": "Mozilla/5.0 (compatible; OneSpot provisioner)"}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def read_address(text: str) -> str:
    """The address, trimmed. Raises `SettingsProblem` when it isn't a web address, or when it holds a password."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or any(letter.isspace() for letter in url):
        raise SettingsProblem(
            "The RevolutionEHR address must be a web address such as https://revolutionehr.com/static/."
        )
    if parts.username is not None or parts.password is not None:
        raise SettingsProblem("The RevolutionEHR address must not hold a user name or a password.")
    return url


def must_answer(url: str, patience: float = PATIENCE) -> None:
    """Raises `SettingsProblem` when nothing is at the address, or surely no RevolutionEHR. A slow one passes."""
    try:
        look(url, patience)
    except TimeoutError:
        return


def look(url: str, patience: float = PATIENCE) -> bool:
    """True when the page at the address names RevolutionEHR. Raises `SettingsProblem`, or TimeoutError when slow."""
    request = urllib.request.Request(url, headers=HEADERS)
    try:
        with _opener(url).open(request, timeout=patience) as page:
            return NAME in page.read(300_000).lower()
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (404, 410):
            problem = f"{url} has no such page (status {error.code}): copy the address of your RevolutionEHR login."
        else:
            return False
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLError):
            return False
        problem = f"{url} can't be reached ({_reason(error)}): check the address and the network."
    except ConnectionError:
        return False
    except (http.client.HTTPException, ValueError):
        problem = f"{url} does not answer as a web site: check the address."
    raise SettingsProblem(problem)


def _opener(url: str) -> urllib.request.OpenerDirector:
    """An opener that reads the usual proxy variables, except for this very machine."""
    proxies: dict[str, str] | None = {} if urlsplit(url).hostname in LOOPBACK else None
    return urllib.request.build_opener(urllib.request.ProxyHandler(proxies))


def _reason(error: urllib.error.URLError) -> str:
    reason = error.reason
    if isinstance(reason, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(reason, TimeoutError):
        return "no answer"
    return "no such host or no network"
