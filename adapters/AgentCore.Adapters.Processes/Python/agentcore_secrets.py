"""Cuts texts where no part of a secret is left: the host masks whole ones, before it cuts. Standard library only, Python 3.8 or later."""
import json
import os

# What stands for a secret in a text, the longest first.
WRITTEN = []


def keep(names):
    """Reads the secrets from the variables of these names."""
    for secret in (os.environ.get(n, "") for n in names):
        # Shorter ones, and shorter lines, stand in much else.
        if len(secret) >= 4:
            lines = [line.strip() for line in secret.splitlines()]
            WRITTEN.extend([secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]] + [line for line in lines if len(line) >= 8])
    WRITTEN.sort(key=len, reverse=True)


def beginning(text, most):
    return text if len(text) <= most else masked(text)[:most]


def end(text, most):
    return text if len(text) <= most else masked(text)[-most:]


def masked(text):
    for secret in WRITTEN:
        text = text.replace(secret, "***")
    return text
