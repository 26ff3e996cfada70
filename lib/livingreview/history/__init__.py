"""What a version of the review said, and what changed from one to the next."""
