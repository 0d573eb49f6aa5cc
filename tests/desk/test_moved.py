"""Addresses of the desk that mails of earlier releases name."""

import pytest
from django.urls import reverse

from learningcities.publishing.models import Comment


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("publishing/hold/", "publishing/pagelock/"),
        ("publishing/hold/export/csv/", "publishing/pagelock/export/csv/"),
        ("publishing/remark/?state=to_read", "publishing/comment/?state=to_read"),
    ],
)
def test_an_earlier_address_of_a_list_leads_to_the_list(as_editor, old, new):
    response = as_editor.get(f"/admin/{old}")
    assert (response.status_code, response["Location"]) == (301, f"/admin/{new}")
    assert as_editor.get(response["Location"]).status_code == 200


def test_an_earlier_address_of_the_remarks_beside_an_item_leads_to_them(as_editor, city, editor):
    Comment.write(city, editor, "À vérifier")
    for step in ("remarks", "comments", "history"):
        response = as_editor.get(f"/admin/cities/city/{city.pk}/{step}/", follow=True)
        assert response.redirect_chain == [(reverse("admin:cities_city_happened", args=[city.pk]), 301)]
        assert "À vérifier" in response.content.decode()


def test_an_earlier_address_shows_nothing_to_who_is_not_logged_in(client, city):
    for step in ("remarks", "comments", "history"):
        response = client.get(f"/admin/cities/city/{city.pk}/{step}/", follow=True)
        assert response.redirect_chain[-1][0].startswith("/admin/login/?next=")


def test_what_was_typed_into_a_page_of_before_the_upgrade_arrives(as_editor, city):
    for step in ("remarks", "comments"):
        as_editor.post(f"/admin/cities/city/{city.pk}/{step}/", {"text": f"À vérifier : {step}"}, follow=True)
    assert [comment.text for comment in Comment.objects.of(city)] == ["À vérifier : remarks", "À vérifier : comments"]
