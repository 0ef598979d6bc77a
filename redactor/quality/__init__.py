"""Making and measuring the embedded model; nothing here runs while documents are redacted."""
