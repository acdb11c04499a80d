"""The referral programme over HTTP."""
