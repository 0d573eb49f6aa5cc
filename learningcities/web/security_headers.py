"""Headers that no package of ours sets: what a page may not ask of the browser, and who may embed its answers."""

#: Nothing here needs them; what a page does use (sharing, copying, passkeys) is its own by default.
DENIED = ("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer")
DENIED += ("microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking")
PERMISSIONS = ", ".join(f"{name}=()" for name in DENIED)


def guarded(get_response):
    """Middleware: pictures may be shown on other sites; pages and data may only be fetched as their own rules say."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        is_picture = response.headers.get("Content-Type", "").startswith("image/")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_picture else "same-origin")
        return response

    return middleware
