"""The public form: plain HTML for a person on an old phone who may be watched."""
