"""New: Python. The table is the one of lesson 10; `update`, sixty times a second, is what a table cannot say.

Nouveau : Python. La table est celle de la leçon 10 ; `update`, 60 fois par seconde, dit ce qu'une table ne peut dire.
"""

import numpy as np

from installation import Layer, Parameter, Scene


class Fireflies(Scene):
    title = {"fr": "Des lucioles", "en": "Fireflies"}
    transition = {"shader": "transitions/fog_through.fs", "seconds": 8.0}

    together = {"fade": 3.0}
    alone = {"solitude": 1.0, "fade": 8.0, "seen/opacity": 0.0}
    asleep = {"night": 1.0, "fade": 12.0, "seen/opacity": 0.0}
    cut = {"rupture": 1.0, "fade": 4.0, "seen/opacity": 0.0}

    layers = [
        Layer(shader="sky.fs"),
        Layer(shader="stars.fs", blend="screen", feedback=0.995),
        Layer(shader="sea.fs", filters=["filters/grain.fs"]),
        Layer(shader="hands.fs", blend="screen", images={"ours": "data:ours", "theirs": "data:theirs"}),
        Layer(points="flies", blend="add"),
        Layer(text={"fr": "Je vois ta lumière", "en": "I see your light"}, name="seen", size=0.038, position=[0.0, -0.43]),
    ]
    data = {
        "ours": {"kind": "trace", "of": "hand", "seconds": 8},
        "theirs": {"kind": "trace", "of": "hand_twin", "seconds": 8},
    }
    near = Parameter(share="each", smooth=1.5)
    hand = Parameter(share="each", smooth=0.3)
    dawn = Parameter(share="latest", smooth=2.0)
    presets = {
        "dusk": {"dawn": 0.0, "size": 0.12, "fade": 20.0},
        "dawn": {"dawn": 1.0, "size": 0.17, "fade": 40.0},
    }
    patches = {
        "/floor/distance": {"to": "near", "in": [0.3, 3.0], "out": [1.0, 0.0]},
        "/floor/x": "hand.x",
        "/floor/y": "hand.y",
    }

    def start(self):
        # 80 fireflies; every other one is theirs. The chance is the same in both cities: it comes from the seed.
        self.place = self.random.random((80, 2)) * [1.0, 0.4]
        self.speed = np.zeros((80, 2))
        self.phase = self.random.random(80) * 6.28
        self.theirs = np.arange(80) % 2 == 1

    def update(self, time, delta):
        # Each is drawn to its own hand, wanders on its way, and is slowed by the air; 0.9 and 1.2 are per second.
        facing = np.array([1.0 - self.twin.hand[0], self.twin.hand[1]])
        goal = np.where(self.theirs[:, None], facing, self.hand)
        wind = np.column_stack([np.sin(time + 5.0 * self.phase), 0.5 * np.sin(0.7 * time + 9.0 * self.phase)])
        self.speed += (0.9 * (goal - self.place) + 0.4 * wind - 1.2 * self.speed) * delta
        self.place += self.speed * delta

        # x, y, diameter (part of the height), red, green, blue, and how much: they breathe in 6.28 seconds.
        tint = np.where(self.theirs[:, None], [0.36, 0.80, 0.86], [1.00, 0.66, 0.36])
        glow = (0.5 + 0.5 * np.sin(time + self.phase)) * np.where(self.theirs, 1.0 - self.solitude, 1.0)
        self.points["flies"] = np.column_stack([self.place, np.full(80, 0.016), tint, glow])
