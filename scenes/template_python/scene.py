"""A new scene in Python: sparks that circle a hand here, and a hand in the other city. Save, and the wall follows."""

import numpy as np

from installation import Layer, Parameter, Scene


class NewScene(Scene):
    title = {"fr": "Nouvelle scène", "en": "New scene"}
    hand = Parameter((0.36, 0.46), share="each", smooth=0.4, label={"fr": "Main", "en": "Hand"})
    theirs = Parameter(1.0, label={"fr": "Les leurs", "en": "Theirs"})
    layers = [Layer(points="sparks", blend="add", feedback=0.94, filters=["filters/bloom.fs"])]
    patches = {"/floor/x": "hand.x", "/floor/y": "hand.y"}
    alone = {"theirs": 0.3}
    cut = {"theirs": 0.0}

    def start(self):
        self.place, self.speed = self.random.random((300, 2)), self.random.normal(0, 0.1, (300, 2))
        self.ours = np.arange(300)[:, None] % 2 == 0

    def update(self, time, delta):
        away = np.where(self.ours, self.hand, self.twin.hand) - self.place
        around = away[:, ::-1] * np.where(self.ours, (1, -1), (-1, 1))
        self.speed += delta * (1.2 * away + 0.5 * around - 0.7 * self.speed + self.random.normal(0, 0.6, (300, 2)))
        self.place += delta * self.speed
        colour = np.where(self.ours, (1.0, 0.5, 0.2), np.multiply((0.2, 0.55, 1.0), self.theirs))
        self.points["sparks"] = np.column_stack([self.place, np.full(300, 0.02), colour, np.full(300, 0.6)])
