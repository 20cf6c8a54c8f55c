"""All templates together: importing this registers every kind."""

from __future__ import annotations

from importlib import import_module

from joinery_trainer.synth.registry import CONSTRUCTS, TEMPLATES

__all__ = ["CONSTRUCTS", "TEMPLATES"]

for _kind in ("", "joined_", "which_", "relative_", "date_", "product_", "group_", "self_"):
    import_module(f"joinery_trainer.synth.{_kind}templates")
