"""Files to take along: tables, facts, references, feed, citation."""
