"""Enrolment as a step of sign-in: photos, face, confirmation, sign-in means, one account.

States: front -> back -> face -> review -> credential -> done; the engine's decision may lead to
``waiting`` (an officer looks), ``refused`` or ``exists`` (the number already has an account).
"""
