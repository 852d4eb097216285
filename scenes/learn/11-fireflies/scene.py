"""New: Python. The table is lesson 10's; `update`, sixty times a second, does what a table cannot say.
Nouveau : Python. La table est celle de la leçon 10 ; `update`, 60 fois par seconde, fait ce qu'elle ne sait dire.
"""

import numpy as np

from installation import Layer, Parameter, Scene

WARM, COOL, PALE = [1.00, 0.66, 0.36], [0.36, 0.80, 0.86], [1.00, 0.86, 0.70, 0.80]
SEEN = {"fr": "Je vois ta lumière", "en": "I see your light"}


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
        Layer(text=SEEN, name="seen", size=0.038, color=PALE, position=[0.0, -0.43]),
    ]
    data = {name: {"kind": "trace", "of": of, "seconds": 8} for name, of in (("ours", "hand"), ("theirs", "hand_twin"))}
    near = Parameter(share="each", smooth=1.5)
    hand = Parameter(share="each", smooth=0.3)
    dawn = Parameter(share="latest", smooth=2.0)
    presets = {"dusk": {"dawn": 0.0, "size": 0.12, "fade": 20}, "dawn": {"dawn": 1.0, "size": 0.17, "fade": 40}}
    patches = {
        "/floor/distance": {"to": "near", "in": [0.3, 3.0], "out": [1.0, 0.0]},
        "/floor/x": "hand.x",
        "/floor/y": "hand.y",
    }

    def start(self):
        # 80 fireflies, every other one theirs; chance comes from the scene's seed, so it is alike in both cities.
        # 80 lucioles, une sur deux est à eux ; le hasard vient de la graine de la scène, le même dans les deux villes.
        self.place = self.random.random((80, 2)) * [1.0, 0.4]
        self.speed, self.phase = np.zeros((80, 2)), self.random.random(80) * 6.28
        self.theirs = np.arange(80) % 2 == 1

    def update(self, time, delta):
        # Each is drawn to its own hand, carried off by the wind, slowed by the air.
        # Chacune est attirée par sa main, emportée par le vent, freinée par l'air.
        facing = np.array([1.0 - self.twin.hand[0], self.twin.hand[1]])
        goal = np.where(self.theirs[:, None], facing, self.hand)
        wind = np.column_stack([np.sin(time + 5.0 * self.phase), 0.5 * np.sin(0.7 * time + 9.0 * self.phase)])
        self.speed += (0.9 * (goal - self.place) + 0.25 * wind - 1.2 * self.speed) * delta
        self.place += self.speed * delta
        # A row each: x, y, diameter in heights, red, green, blue, alpha. They breathe in 6.28 seconds.
        # Une ligne chacune : x, y, diamètre en hauteurs, rouge, vert, bleu, alpha. Elles respirent en 6,28 secondes.
        tint = np.where(self.theirs[:, None], COOL, WARM)
        gone = max(self.solitude, self.night, self.rupture)
        glow = (0.5 + 0.5 * np.sin(time + self.phase)) * np.where(self.theirs, 1.0 - gone, 1.0)
        self.points["flies"] = np.column_stack([self.place, np.full(80, 0.016), tint, glow])
