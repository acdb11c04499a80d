"""Figures of a tenant: revenue, recurring revenue, churn, cohorts, the funnel and sources."""
