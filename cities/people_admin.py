"""People and their cities, from the side of the person: the same relation as on a city's form."""

from django import forms
from django.contrib import messages
from django.contrib.auth.forms import UserChangeForm
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from learningcities.desk.boards.handover import HandOverAdmin
from learningcities.desk.people import InvitationForm, UserAdmin
from learningcities.people.models import User
from learningcities.web.primary_keys import RowsField

from .models import City


class CitiesForm(forms.ModelForm):
    cities = RowsField(
        City.objects.active(),
        label=_("Cities"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those whose pages this person prepares. A coordinator needs none."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["cities"] = self.instance.cities.all()

    def _save_m2m(self):
        super()._save_m2m()
        binned = self.instance.cities.in_bin()
        self.instance.cities.set([*self.cleaned_data["cities"], *binned])


class PersonWithCitiesForm(CitiesForm, UserChangeForm):
    pass


class InvitationToCitiesForm(CitiesForm, InvitationForm):
    pass


def with_cities(fieldsets):
    return [
        (name, {**options, "fields": [*options["fields"], "cities"]} if "role" in options["fields"] else options)
        for name, options in fieldsets
    ]


class PersonAdmin(HandOverAdmin, UserAdmin):
    help_part = "people-coordinators"
    form = PersonWithCitiesForm
    add_form = InvitationToCitiesForm
    fieldsets = with_cities(UserAdmin.fieldsets)
    add_fieldsets = with_cities(UserAdmin.add_fieldsets)

    def get_deleted_objects(self, objs, request):
        """Named are the person and what keeps them from being deleted; that they edit a city goes without saying."""
        _all, _counts, _rights, protected = super().get_deleted_objects(objs, request)
        denied = {str(person) for person in objs if not self.has_delete_permission(request, person)}
        return [str(person) for person in objs], {self.opts.verbose_name_plural: len(objs)}, denied, protected

    def response_change(self, request, obj):
        if not obj.is_active and (left := City.objects.active().filter(editors=obj).exclude(has_another_editor(obj))):
            text = _("Nobody edits these cities any more: %(cities)s.")
            messages.warning(request, text % {"cities": ", ".join(map(str, left))})
        return super().response_change(request, obj)


def has_another_editor(person):
    others = User.objects.filter(cities=OuterRef("pk"), is_active=True, is_staff=True).exclude(pk=person.pk)
    return Exists(others)
