from itertools import zip_longest
from time import monotonic

from django.core.management.base import BaseCommand, CommandError

from learningcities import bounds
from learningcities.care.checker import Checker
from learningcities.care.models import Link, Mention
from learningcities.publishing.version.content_version import moment


class Command(BaseCommand):
    help = (
        "Try the links to other sites on public pages: websites, sources, links in texts. Each at most once a week, "
        "one site at a time, for two hours; what is left is tried the next time. A link counts as broken when it has "
        "failed, and failed again a day later. Run it every night. "
        "Example: manage.py check_links --most 100"
    )

    #: What follows the links.
    checker = Checker

    def add_arguments(self, parser):
        parser.add_argument("--most", type=int, metavar="N", help="try at most so many links: --most 100")
        parser.add_argument("--minutes", type=int, default=120, help="begin no link after so many minutes (120)")

    def handle(self, *args, most, minutes, verbosity, **options):
        if most is not None and most < 1:
            raise CommandError("--most is the number of links to try, from 1 on.")
        Mention.objects.collect()
        links = one_of_each_site(Link.objects.due(moment() - bounds.LINK_CHECK_LASTS))[:most]
        checker, heard, unheard = self.checker(), False, []
        until = monotonic() + minutes * 60
        for number, link in enumerate(links, start=1):
            if monotonic() > until:
                self.stdout.write(f"\nThe time is over: {len(links) - number + 1} links are left for the next run.")
                break
            outcome = checker.check(link.address)
            unheard.append((link, outcome))
            heard = heard or outcome.was_heard
            if heard:
                unheard = note(unheard)
            if verbosity:
                self.stdout.write(f"\r{number} of {len(links)} links tried", ending="")
        if verbosity:
            self.stdout.write("" if links else "No link is due.")
        if len({link.host for link, _outcome in unheard}) > 2:
            raise CommandError("No other site answered: this machine seems to be offline. Nothing was written down.")
        note(unheard)
        if verbosity:
            self.stdout.write(f"Broken links on public pages: {Mention.objects.broken().count()}")


def note(outcomes):
    """Write down what became of each link; none of them is left to be noted."""
    for link, outcome in outcomes:
        link.note(outcome.status, outcome.reason)
    return []


def one_of_each_site(links):
    """The links in an order that lets each site rest: the first of every site, then the second."""
    by_host = {}
    for link in links:
        by_host.setdefault(link.host, []).append(link)
    return [link for turn in zip_longest(*by_host.values()) for link in turn if link]
