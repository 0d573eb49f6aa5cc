def daily(get_response):
    return get_response
