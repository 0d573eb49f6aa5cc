"""Pages and steps of a change, as several files of this folder take them."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from learningcities.publishing.models import Change
from learningcities.publishing.patches.patch_key import PatchKey
from tests.forms import page_of as page_of_item
from tests.forms import section_at

#: A moment to come, and how it is typed.
DUE = timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)
TYPED = localtime(DUE).strftime("%Y-%m-%dT%H:%M")
BOARD = reverse("admin:publishing_translations_changelist")


def page_of(change):
    return reverse("admin:publishing_change_change", args=[change.pk])


def happened_to(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_happened", args=[row.pk])


def way_back_of(change):
    opts = change.content_type.model_class()._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_back", args=[change.object_id, change.pk])


def go_back(client, step, change):
    """Look at what would be lost, then press the button."""
    page = client.get(way_back_of(change))
    if page.status_code != 200:
        return page
    return client.post(way_back_of(change), {"step": step, "seen": page.context["seen"]})


def take(client, change, key):
    """Take up the words of one key as they were before a change."""
    return client.post(happened_to(change.item), {"take": f"{change.pk} {key}"}, follow=True)


def write(row, **values):
    vars(row).update(values)
    row.save()
    return Change.objects.of(row).happened().first()


def draft_of(row):
    return {key: after for key, (_, after) in Change.objects.of(row).unfinished().get().patch.items()}


class Window:
    """A small form of an item that is open in someone's browser; with a `uuid`, that of a row of a part."""

    def __init__(self, client, item, section, uuid=None):
        self.client, key = client, uuid and PatchKey(section, str(uuid))
        self.address, self.data = section_at(client, item, section, key)

    def save(self, **words):
        return self.client.post(self.address, self.data | words)

    def keep(self, **words):
        """What the site answers to the words that are sent while someone writes."""
        response = self.client.post(f"{self.address}autosave/", self.data | words)
        if response.status_code != 200:
            return response
        answer = response.json()
        self.data |= {"seen": answer["seen"]} if "seen" in answer else {}
        return answer


def outline_of(client, item):
    return client.get(page_of_item(item, "change"))


def decide(client, item, page=None, **choices):
    """Choose between two versions of the same text, "mine" or "theirs", on the page where they were read."""
    page = page or outline_of(client, item)
    data = {f"_choice {key}": side for key, side in choices.items()} | {"seen": page.context["clashes_seen"]}
    return client.post(page_of_item(item, "steps"), {"step": "decide"} | data)


def remove(client, item, section, uuid, page=None):
    """Press the button that takes a row out, on the page where it was read."""
    page = page or client.get(page_of_item(item, "section", section))
    card = next(card for card in page.context["outline"].all_cards if card.section.name == section)
    line = next(line for line in card.lines if str(line.key.uuid) == str(uuid))
    return client.post(page_of_item(item, "section", section), {"remove": str(uuid), "seen": line.seen})
