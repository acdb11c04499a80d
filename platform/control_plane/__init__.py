"""The HTTP door: the control-plane API, and the ingress of webhooks."""

from lumenpay.telegram.loading import load_aiogram

load_aiogram()
