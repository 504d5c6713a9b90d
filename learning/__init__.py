"""디지털배움터: classes in centres, classes that come to people, and the experience zone."""
