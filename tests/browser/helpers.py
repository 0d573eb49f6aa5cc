"""What several tests do in a browser."""


def log_in(page, name):
    page.fill("[name=username]", name)
    page.fill("[name=password]", "secret")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
