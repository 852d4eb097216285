"""The two rooms: all that the ladder taught, and the sky of lesson 1 seen at last through a window.

Each city has this room. In each, the warm sun and the warm fireflies are one's own, and the cool ones are theirs: look
out of your window, and somebody looks out of theirs.

Les deux chambres : tout ce que l'échelle a appris, et le ciel de la leçon 1, vu enfin par une fenêtre.

Chaque ville a cette chambre. Dans chacune, le soleil chaud et les lucioles chaudes sont les siens, et les froids les
leurs : regarde par ta fenêtre, quelqu'un regarde par la sienne.
"""

import numpy as np

from installation import Layer, Parameter, Scene

WARM, COOL, PALE = [1.00, 0.66, 0.36], [0.36, 0.80, 0.86], [1.00, 0.86, 0.70, 0.80]
SEEN = {"fr": "Je vois ta lumière", "en": "I see your light"}
LEFT = {"fr": "On laisse une lumière pour toi", "en": "A light is left on for you"}


class TwoRooms(Scene):
    title = {"fr": "Deux chambres", "en": "Two rooms"}
    transition = {"shader": "transitions/fog_through.fs", "seconds": 8.0}
    together = {"fade": 3.0}
    alone = {"solitude": 1.0, "fade": 8.0, "seen/opacity": 0.0, "left/opacity": 1.0}
    asleep = {"night": 1.0, "fade": 12.0, "seen/opacity": 0.0, "left/opacity": 1.0}
    cut = {"rupture": 1.0, "fade": 4.0, "seen/opacity": 0.0}

    layers = [
        Layer(shader="sky.fs"),
        Layer(shader="stars.fs", blend="screen", feedback=0.995),
        Layer(shader="sea.fs", filters=["filters/grain.fs"]),
        Layer(shader="room.fs"),  # a filter: all the layers above this line are outside / au-dessus, le dehors
        Layer(shader="hands.fs", blend="screen", images={"ours": "data:ours", "theirs": "data:theirs"}),
        Layer(points="flies", blend="add"),
        Layer(text=SEEN, name="seen", size=0.038, color=PALE, position=[0.0, -0.43]),
        Layer(text=LEFT, name="left", size=0.038, color=PALE, position=[0.0, -0.43], opacity=0.0),
    ]
    data = {name: {"kind": "trace", "of": of, "seconds": 8} for name, of in (("ours", "hand"), ("theirs", "hand_twin"))}
    near = Parameter(share="each", smooth=1.5)
    hand = Parameter(share="each", smooth=0.3)
    dawn = Parameter(0.35, share="latest", smooth=2.0)
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
