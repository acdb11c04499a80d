"""Rewards of the referral programme: given once for each invited person, taken back with the purchase."""
