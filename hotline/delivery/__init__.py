"""What leaves the house: digests by mail and webhook, from the outbox, after the commit of what they tell."""
