"""Following a link politely, and never into the network that the site itself is in."""

import socket
import ssl
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address, ip_network
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri, punycode

from learningcities import bounds

from .models import Reason

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
        addresses = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Refused(Reason.UNKNOWN) from error
    if not addresses or not all(is_public(address) for address in addresses):
        raise Refused(Reason.PRIVATE)
    return addresses


#: Where the internet is. Whatever isn't there belongs to someone's own network, or to nobody yet.
OPEN_V6 = ip_network("2000::/3")
#: What stands for an IPv4 address behind a translator, as a network without IPv4 has it.
TRANSLATED = ip_network("64:ff9b::/96")
#: Tunnels, relays, benchmarks and examples, which lead into other networks or nowhere.
CLOSED = [
    ip_network(network)
    for network in (
        *("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "100.64.0.0/10", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
]


def is_public(address):
    """Whether an address is open to everyone; one that carries another inside is so only behind a translator."""
    ip = ip_address(address.partition("%")[0])
    if ip.version == 6 and ip in TRANSLATED:
        ip = ip_address(int(ip) & 0xFFFFFFFF)
    if not ip.is_global or ip.is_multicast or (ip.version == 6 and ip not in OPEN_V6):
        return False
    return not any(ip in network for network in CLOSED if network.version == ip.version)


class Line:
    """What one check is connected by; whoever waits for it can cut it."""

    connection, is_cut = None, False

    def cut(self):
        self.is_cut = True
        if self.connection and self.connection.sock:
            with suppress(OSError):
                # Of the socket below TLS: nothing is said to the other side any more.
                socket.socket.shutdown(self.connection.sock, socket.SHUT_RDWR)


class Checker:
    """Follows links one at a time, with a pause for each site."""

    def __init__(
        self,
        resolve=public_addresses,
        pause=bounds.LINK_PAUSE_SECONDS,
        timeout=bounds.LINK_TIMEOUT_SECONDS,
        deadline=bounds.LINK_SECONDS,
    ):
        self.resolve, self.pause, self.timeout, self.deadline = resolve, pause, timeout, deadline
        self.asked_at = {}

    def check(self, address):
        """What becomes of someone who follows the link, at the latest after the deadline.

        In a thread, since nothing else ends a look-up of a name, or a read that gets a letter now and then.
        """
        line, outcome = Line(), Future()

        def follow():
            try:
                outcome.set_result(self.follow(address, line))
            except BaseException as error:  # whatever it is, it is raised where someone waits
                outcome.set_exception(error)

        threading.Thread(target=follow, name="link", daemon=True).start()
        try:
            return outcome.result(self.deadline)
        except TimeoutError:
            line.cut()
            return Outcome(None, Reason.SILENT)

    def follow(self, address, line):
        try:
            for _hop in range(bounds.LINK_REDIRECTS + 1):
                status, target = self.visit(address, line)
                if target is None:
                    return Outcome(status, reason_of(status))
                address = target
        except Refused as refusal:
            return Outcome(None, refusal.reason)
        return Outcome(status, Reason.LOOP)

    def visit(self, address, line):
        """The status of one page, and where it leads on to; some sites answer only the longer question."""
        status, target = self.ask("HEAD", address, line)
        return (status, target) if status < 400 else self.ask("GET", address, line)

    def ask(self, method, address, line):
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
        connection = line.connection = kind(host, port, self.resolve(host, port)[: bounds.LINK_ADDRESSES], self.timeout)
        try:
            if line.is_cut:
                raise Refused(Reason.SILENT)
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
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


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
