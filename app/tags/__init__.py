"""Zero-shot tags: a vocabulary becomes prototypes, stored vectors become proposals, the user decides."""
