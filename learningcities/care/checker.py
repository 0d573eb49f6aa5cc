"""Following a link politely, and never into the network that the site itself is in."""

import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri, punycode

from .models import Reason

#: Seconds between two requests to one site, and until an answer must have come.
PAUSE, TIMEOUT = 2, 10
REDIRECTS = 5
#: The other site is there, and refuses programs or asks for a login: only a person can tell.
UNDECIDED = {401, 402, 403, 405, 406, 407, 408, 418, 423, 425, 429, 451, 501, 503, 999}
GONE = {404, 410}


class Refused(Exception):  # noqa: N818 - what happens is no error of ours
    """The link must not, or cannot, be followed."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass
class Outcome:
    status: int | None
    reason: str = ""

    @property
    def was_heard(self):
        """Whether the network was there."""
        return self.reason not in (Reason.SILENT, Reason.UNKNOWN)


def public_addresses(host, port):
    """The host's addresses, all of which must be open to everyone; Refused otherwise."""
    try:
        found = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Refused(Reason.UNKNOWN) from error
    if not found or not all(is_public(address) for address in found):
        raise Refused(Reason.PRIVATE)
    return found


def is_public(address):
    ip = ip_address(address.partition("%")[0])
    inner = [getattr(ip, name, None) for name in ("ipv4_mapped", "sixtofour")] + [translated(ip)]
    return ip.is_global and not ip.is_multicast and all(one is None or one.is_global for one in inner)


def translated(ip):
    """The IPv4 address that an IPv6 one stands for behind a translator (64:ff9b::/96)."""
    is_translated = ip.version == 6 and int(ip) >> 32 == 0x64FF9B << 64
    return ip_address(int(ip) & 0xFFFFFFFF) if is_translated else None


class Checker:
    """Follows links one at a time, with a pause for each site."""

    def __init__(self, resolve=public_addresses, pause=PAUSE, timeout=TIMEOUT):
        self.resolve, self.pause, self.timeout = resolve, pause, timeout
        self.asked_at = {}

    def check(self, address):
        """What becomes of someone who follows the link."""
        try:
            for _hop in range(REDIRECTS + 1):
                status, target = self.visit(address)
                if target is None:
                    return Outcome(status, reason_of(status))
                address = target
        except Refused as refusal:
            return Outcome(None, refusal.reason)
        return Outcome(status, Reason.LOOP)

    def visit(self, address):
        """The status of one page, and where it leads on to; some sites answer only the longer question."""
        status, target = self.ask("HEAD", address)
        return (status, target) if status < 400 else self.ask("GET", address)

    def ask(self, method, address):
        try:
            parts = urlsplit(iri_to_uri(address))
            host, port = punycode(urlsplit(address).hostname or ""), parts.port
        except (UnicodeError, ValueError) as error:
            raise Refused(Reason.WRONG) from error
        if parts.scheme not in SCHEMES or not host:
            raise Refused(Reason.WRONG)
        self.wait(host)
        kind = SCHEMES[parts.scheme]
        port = port or kind.default_port
        connection = kind(host, port, self.resolve(host, port), self.timeout)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, headers=headers())
            response = connection.getresponse()
            onward = response.headers.get("Location") if 300 <= response.status < 400 else None
            return response.status, onward and urljoin(address, onward)
        except ssl.SSLCertVerificationError as error:
            raise Refused(Reason.UNSAFE) from error
        except (OSError, HTTPException, ValueError) as error:
            raise Refused(Reason.SILENT) from error
        finally:
            connection.close()
            self.asked_at[host] = time.monotonic()

    def wait(self, host):
        if host in self.asked_at:
            time.sleep(max(0, self.asked_at[host] + self.pause - time.monotonic()))


class Plain(HTTPConnection):
    """A connection to addresses that were looked at before, so that the host can't be another one by then."""

    default_port = 80

    def __init__(self, host, port, addresses, timeout):
        super().__init__(host, port, timeout=timeout)
        self.addresses = addresses

    def connect(self):
        for address in self.addresses:
            try:
                self.sock = socket.create_connection((address, self.port), self.timeout)
                return
            except OSError as error:
                failure = error
        raise failure


class Secure(Plain):
    default_port = 443

    def connect(self):
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


SCHEMES = {"http": Plain, "https": Secure}


def headers():
    return {
        "User-Agent": f"learningcities-links/1.0 (+{settings.SITE_ADDRESS})",
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "Connection": "close",
    }


def reason_of(status):
    if status in GONE:
        return Reason.GONE
    return Reason.BROKEN if status >= 400 and status not in UNDECIDED else ""
