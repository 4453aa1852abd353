"""WeChat Pay 微信支付, API v3: one merchant, JSAPI."""
