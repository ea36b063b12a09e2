"""What tenants are told of their verifications (Standard Webhooks): the message, its signature, its times."""
