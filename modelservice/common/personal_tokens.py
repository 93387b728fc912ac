"""How personal access tokens look, which the backend makes and checks."""

# Secret scanners look for it; log formats mask what follows.
PREFIX = "studio_pat_"


def is_personal(token: str) -> bool:
    return token.startswith(PREFIX)
