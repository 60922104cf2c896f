"""Words and regions of documents become evidence, are verified and anchored."""
