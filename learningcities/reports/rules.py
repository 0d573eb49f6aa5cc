import rules

from learningcities.people.rules import allow, is_coordinator, is_staff

from .models import Report


@rules.predicate
def looks_after_its_item(user, report=None):
    return report is None or Report.objects.edited_by(user).filter(pk=report.pk).exists()


# Visitors send reports, and closing one forgets its sender: nobody adds or deletes any.
allow("reports", ["report"], ["view", "change"], is_coordinator | (is_staff & looks_after_its_item))
rules.add_perm("reports", is_staff)
