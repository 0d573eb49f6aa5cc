"""Which admin a screen of the desk belongs to, and which of its screens it is: by the name of its address."""


def screen_of(site, url_name):
    """The admin and the name of the screen ("change", "history" …); (None, "") for a screen of no model."""
    app, _underscore, rest = (url_name or "").partition("_")
    model, _underscore, step = rest.partition("_")
    for row_admin in site._registry.values():
        if (row_admin.opts.app_label, row_admin.opts.model_name) == (app, model):
            return row_admin, step
    return None, ""
