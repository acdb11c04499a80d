"""The referral programme: settings, invitations, and which purchases count."""
