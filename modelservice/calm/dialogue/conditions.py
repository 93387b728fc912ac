"""Conditions of flows, guards, rejections and responses at run time: Jinja first, then values."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateError

from modelservice.calm.dialogue.templates import render
from modelservice.project.conditions import evaluation
from modelservice.project.conditions.syntax import parse

logger = logging.getLogger(__name__)
# Conditions that hold a long value, filled in by a template, are not kept.
_LONGEST_KEPT = 1000
# What a comparison of values that cannot be compared raises, and a template that fails.
UNFIT = (*evaluation.UNFIT, ValueError, AttributeError, TemplateError)


def holds(text: str, *, slots: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> bool:
    """Evaluate a condition; a comparison that fails (null > 3) counts as false.

    Raises `ConditionError` if the text is no condition.
    """
    try:
        return evaluate(text, slots=slots, context=context)
    except UNFIT as error:
        logger.warning("condition '%s' counts as false: %s", text, error)
        return False


def evaluate(
    text: str, *, slots: Mapping[str, Any], context: Mapping[str, Any] | None = None
) -> bool:
    """As `holds`, but lets the error of an unfit comparison through."""
    rendered = render(text, {"context": context or {}}) if "{" in text else text
    known = len(rendered) <= _LONGEST_KEPT
    tree = parse(rendered) if known else parse.__wrapped__(rendered)
    return evaluation.evaluate(tree, {"slots": slots, "context": context or {}})
