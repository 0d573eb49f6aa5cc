"""What years of use leave in a site, in a minute: for backups and upgrades. Run inside a site with demo content."""

from datetime import timedelta

from cities.models import City, CityPhoto
from initiatives.models import Initiative
from learningcities.operations.models import Letter
from learningcities.people.models import User
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.models import Change, Preview
from learningcities.publishing.version.content_version import moment
from tests import factories


def live():
    city = City.objects.get(slug="benguerir")
    editor, chief = User.objects.get(username="editor-benguerir"), User.objects.get(username="coordinator")
    with acting(chief):
        photo = factories.make_photo(city, alternative_ar="ساحة المدرسة", credit="Ä « œuvre » 😀")
        CityPhoto.objects.create(city=city, photo=photo)
        for number in range(3):
            city.set_dates()
            city.summary_fr = f"Résumé numéro {number}"
            city.save()
        one = Initiative.objects.filter(city=city).first()
        one.slug = "une-nouvelle-adresse"
        one.save()
        gone = factories.make_initiative(city, slug="disparue")
        gone.delete()
        Initiative.objects.filter(city=city).last().move_to_bin()
        factories.make_report(city, sender_name="Une visiteuse", sender_email="v@example.org")
    Change.propose(city, editor, {"summary_ar": [city.summary_ar, "ملخص جديد"]})
    later = Change.propose(one, chief, {"title_fr": [one.title_fr, "Titre pour plus tard"]})
    later.schedule(moment() + timedelta(days=30), chief)
    Preview.objects.create(item=city, author=chief, pages={"fr": "<p>Bientôt</p>", "ar": "<p>قريبا</p>"})
    Letter.objects.create(to=["a@example.org"], sender="s@example.org", subject="Gardée", body="Plus tard")
