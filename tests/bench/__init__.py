"""`make bench`: every performance figure that we claim, beside a reference of the same run."""
