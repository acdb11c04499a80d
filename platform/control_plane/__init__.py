"""The HTTP door: the control-plane API, and the ingress of webhooks."""
