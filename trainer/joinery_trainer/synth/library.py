"""All templates together: importing this registers every kind."""

from __future__ import annotations

from importlib import import_module

from joinery_trainer.synth.registry import CONSTRUCTS, TEMPLATES

__all__ = ["CONSTRUCTS", "TEMPLATES"]

_KINDS = ("templates", "joined_templates", "which_templates")
for _kind in _KINDS:
    import_module(f"joinery_trainer.synth.{_kind}")
