"""What a documentation tells, as far as counted words can say."""
