"""Joinery's trainer: data, rewards and training stages for a small text-to-SQL model."""

__version__ = "0.1.0"
