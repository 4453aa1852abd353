"""A thin client of the WeChat server API: customer-service messages, media, the menu.

Enters: plain values and a `SharedCache`. Leaves: plain values and `backends.errors`. Built by
bot/app.py: Transport (one HTTP exchange) → SharedToken → WechatClient → messages, media, menu.
"""
