"""
Which templates are kept from training, to measure with. They are kept back as wholes, and every construct of theirs stays with others that are
trained on: a model that never writes DISTINCT while it trains unlearns it, and would be measured on that alone.
"""

from __future__ import annotations

import random
from collections import Counter

from joinery_trainer.synth.library import CONSTRUCTS, TEMPLATES


def split_templates(held_out: float, seed: int = 1) -> tuple[frozenset[str], frozenset[str]]:
    """
    Return the names of templates for training and of those kept back, by ``seed``.

    ``held_out`` (0..1) of every difficulty are kept back, or fewer where more would leave a construct with fewer templates in training than were
    taken from it.
    """
    back: set[str] = set()
    left = Counter(construct for constructs in CONSTRUCTS.values() for construct in constructs)
    taken: Counter[str] = Counter()
    for level in sorted(TEMPLATES):
        names = sorted(template.__name__ for template in TEMPLATES[level])
        wanted = round(held_out * len(names))
        for name in random.Random(f"{seed}:{level}").sample(names, len(names)):
            constructs = CONSTRUCTS[name]
            if wanted == 0 or any(taken[construct] + 1 > left[construct] - 1 for construct in constructs):
                continue
            back.add(name)
            left.subtract(constructs)
            taken.update(constructs)
            wanted -= 1
    return frozenset(CONSTRUCTS.keys() - back), frozenset(back)
