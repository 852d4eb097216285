"""A shoal of light crosses the sea. It gathers round a hand, flees a touch, and swims to where people are.

Un banc de lumière traverse la mer. Il se rassemble autour d'une main, fuit un toucher, et va où il y a du monde.
"""

import numpy as np

from installation import Layer, Parameter, Scene

FISH = 420
BODY = 8  # dots that make one fish
COLUMNS, ROWS = 24, 14  # the water, in cells: what fish know of one another they know through it

WARM, COOL = np.array([1.00, 0.58, 0.26], np.float32), np.array([0.28, 0.86, 0.88], np.float32)
SILVER, MOON = np.array([0.78, 0.86, 0.90], np.float32), np.array([0.30, 0.50, 1.00], np.float32)


class Shoal(Scene):
    title = {"fr": "Banc", "en": "Shoal"}
    description = {
        "fr": "Un banc de poissons de lumière traverse la mer entre deux villes",
        "en": "A shoal of fish of light crosses the sea between two cities",
    }
    credit = "Jumelage"
    seed = 1996

    layers = [
        Layer(shader="water.fs", name="water"),
        Layer(points="fish", name="fish", blend="add"),
        Layer(shader="surface.fs", name="surface"),
    ]

    hand = Parameter((0.5, 0.5), share="each", smooth=0.4, label={"fr": "Main", "en": "Hand"})
    near = Parameter(0.3, share="each", smooth=1.5, label={"fr": "Proximité", "en": "Nearness"})
    stir = Parameter(0.2, share="each", smooth=1.0, label={"fr": "Remous", "en": "Stir"})
    fright = Parameter(0.0, share="each", smooth=0.25, label={"fr": "Effroi", "en": "Fright"})
    calling = Parameter(0.6, share="each", smooth=4.0, label={"fr": "Ce qui les appelle", "en": "What calls them"})
    close = Parameter(0.5, label={"fr": "Banc serré", "en": "How close they keep"})
    solitude = Parameter(0.0, label={"fr": "Solitude : ils restent chez nous", "en": "Solitude: they stay with us"})
    night = Parameter(0.0, label={"fr": "Nuit : ils dorment au fond", "en": "Night: they sleep near the ground"})
    rupture = Parameter(0.0, label={"fr": "Rupture : une vitre dans la mer", "en": "Rupture: a pane in the sea"})

    presets = {
        "wide": {"label": {"fr": "Au large", "en": "At large"}, "close": 0.15, "fade": 8.0},
        "ball": {"label": {"fr": "En boule", "en": "A ball"}, "close": 1.0, "fade": 8.0},
    }

    patches = {
        "/floor/x": {"to": "hand.x", "in": [0.0, 1.0], "out": [0.0, 1.0]},
        "/floor/y": {"to": "hand.y", "in": [0.0, 1.0], "out": [0.1, 0.9]},
        "/floor/distance": {"to": "near", "in": [0.3, 3.0], "out": [1.0, 0.0], "curve": "smooth"},
        "/floor/energy": {"to": "stir", "in": [0.0, 1.0], "out": [0.0, 1.0]},
        "/floor/count": {"to": "calling", "in": [0.0, 4.0], "out": [0.0, 1.0]},
        "/floor/touch": "fright",
    }

    together = {"fade": 6.0}
    alone = {"solitude": 1.0, "close": 0.9, "fade": 8.0}
    asleep = {"night": 1.0, "close": 0.2, "fade": 12.0}
    cut = {"rupture": 1.0, "fade": 4.0}

    def start(self):
        # Each fish has a nature: depth, pace, a place in the shoal. It comes of the seed, alike in both cities.
        self.wide = self.size[0] / self.size[1]
        self.depth = np.sort(self.random.random(FISH)).astype(np.float32)
        self.pace = (0.8 + 0.4 * self.random.random(FISH)).astype(np.float32)
        self.phase = (6.2832 * self.random.random(FISH)).astype(np.float32)
        self.ring = np.sqrt(self.random.random(FISH)).astype(np.float32)
        self.place = None  # until the first step says what time it is
        self.way = np.column_stack([np.cos(self.phase), 0.3 * np.sin(self.phase)]).astype(np.float32) * 0.1
        self.bend = np.zeros(FISH, np.float32)
        self.rows = np.zeros((FISH * BODY, 7), np.float32)
        self.scared = 0.0

    def update(self, time, delta):
        self.wide = self.size[0] / self.size[1]
        if self.place is None:
            self.place = self._station(time - 2.0)
            for step in range(120):  # two seconds unseen, so that the first picture is a shoal already
                self._swim(time - 2.0 + step * delta, delta)
        self._swim(time, delta)
        self.points["fish"] = self._drawn(time)

    def _middle(self, time):
        """Where the shoal is bound for: the hands that are near, and between whiles the city that calls it."""
        here, there = float(self.calling), float(self.twin.calling)
        lean = np.clip(0.8 * (there - here), -0.6, 0.6) + 0.45 * np.sin(6.2832 * time / 90.0)
        lean = lean * (1.0 - self.solitude) - 0.52 * self.solitude
        room = 0.5 * self.wide - 1.75 * self._size() - 0.03  # so that all of it is seen, in a tall picture too
        return np.array([0.5 * self.wide + max(room, 0.04 * self.wide) * lean / 0.55, 0.52 + 0.08 * np.sin(time / 9.0)])

    def _size(self):
        return (0.10 + 0.26 * (1.0 - self.close)) * min(1.0, 0.42 + 0.36 * self.wide)

    def _station(self, time):
        """Each fish's own place at this instant: a slow turning figure about the middle, known to both cities."""
        turn = self.phase + time * 0.33 * self.pace
        size = self._size() * (0.30 + 0.70 * self.ring)
        round_ = np.column_stack([1.55 * size * np.cos(turn), size * np.sin(turn + 0.5 * np.sin(turn))])
        goal = self._middle(time) + round_
        # Asleep they hang over the ground, far apart; cut off, they go up and down along the pane.
        spread = self.phase / 6.2832
        low = np.column_stack([self.wide * (0.03 + 0.94 * spread), 0.13 + 0.22 * self.ring**2 + 0.012 * np.sin(turn)])
        rise = np.cos(self.phase * 3.0 + time * 0.30 * self.pace)
        pane = np.column_stack([self.wide * 0.5 - 0.035 - 0.20 * self.ring**3, 0.5 + 0.42 * rise])
        pane[1::2, 0] = self.wide - pane[1::2, 0]
        goal = goal + self.night * (low - goal)
        return (goal + self.rupture * (pane - goal)).astype(np.float32)

    def _swim(self, time, delta):
        place, way = self.place, self.way
        wish = 1.5 * (self._station(time + 0.8) - place)
        wish += self._neighbours(place, way)
        self._hands(place, wish)
        # Water: small eddies that both cities know.
        wish[:, 0] += 0.05 * np.sin(7.0 * place[:, 1] + 0.7 * time + self.phase)
        wish[:, 1] += 0.04 * np.sin(6.0 * place[:, 0] - 0.6 * time + self.phase)
        # The picture has an edge, and nobody is lost beyond it.
        edge = np.array([min(0.06, 0.05 * self.wide), 0.05], np.float32)
        wish += 9.0 * (np.clip(place, edge, [self.wide, 1.0] - edge) - place)
        # No fish turns on the spot, and none stands still: they have a pace, quicker in a fright.
        speed = np.sqrt((wish * wish).sum(1, keepdims=True)) + 1e-6
        calm = (0.20 + 0.55 * self.scared) * (1.0 - 0.72 * self.night)
        wish *= np.minimum(calm * self.pace[:, None] / speed, 1.0) * 0.8 + 0.2 * calm / np.maximum(speed, calm)
        turned = way + (wish - way) * min(1.0, (2.2 + 5.0 * self.scared) * delta)
        cross = way[:, 0] * turned[:, 1] - way[:, 1] * turned[:, 0]
        long_ = (turned * turned).sum(1) + 1e-5
        self.bend += (np.clip(cross / long_ / delta, -2.5, 2.5) - self.bend) * 0.08
        self.way = turned
        self.place = place + turned * delta

    def _neighbours(self, place, way):
        """Crowding and company, through a grid: away from where it is thick, along with those about."""
        x = np.clip((place[:, 0] * (COLUMNS / self.wide)).astype(np.intp), 0, COLUMNS - 1)
        y = np.clip((place[:, 1] * ROWS).astype(np.intp), 0, ROWS - 1)
        cell = y * COLUMNS + x
        count, east, north = (_cells(cell, weight) for weight in (None, way[:, 0], way[:, 1]))
        rise, run = np.gradient(count)
        push = np.column_stack([run[y, x], rise[y, x]])
        mean = np.column_stack([east[y, x], north[y, x]]) / (count[y, x, None] + 0.2)
        return (0.8 * mean - 0.030 * (1.2 - self.close) * push).astype(np.float32)

    def _hands(self, place, wish):
        """A hand draws those about it into a ring; a quick touch drives them off. Theirs is over there, mirrored."""
        self.scared *= 0.985
        ours, theirs = self.hand, self.twin.hand
        both = (
            (ours[0] * 0.5, ours[1], self.near, self.fright),
            (1.0 - theirs[0] * 0.5, theirs[1], self.twin.near, self.twin.fright),
        )
        for side, (x, y, near, fright) in enumerate(both):
            there = 1.0 if side == 0 else (1.0 - self.solitude) * (1.0 - self.night) * (1.0 - self.rupture)
            away = place - np.array([x * self.wide, y], np.float32)
            far = (away * away).sum(1, keepdims=True)
            pull = near * there * (1.0 - 0.8 * self.night) * 0.9 / (1.0 + far * 9.0)
            round_ = np.column_stack([-away[:, 1], away[:, 0]]) * (1.0 if side == 0 else -1.0)
            wish += pull * (round_ * 2.2 - away * (1.0 - 0.016 / (far + 0.008)))
            wish += fright * there * 1.5 * away / (0.02 + far * 12.0)
            self.scared = max(self.scared, float(fright) * there)

    def _drawn(self, time):
        """Every fish as a few dots from head to tail, along a bend; it flashes where its flank turns to the light."""
        speed = np.sqrt((self.way**2).sum(1)) + 1e-5
        ahead = self.way / speed[:, None]
        beat = np.sin(time * 5.0 * self.pace + self.phase) * np.clip(speed * 4.0, 0.15, 1.0)
        long_ = (
            min(1.0, 0.55 + 0.45 * self.wide)
            * (0.036 + 0.036 * self.depth)
            * (0.8 + 0.2 * np.clip(speed * 5.0, 0.0, 1.5))
        )
        flank = np.abs(ahead[:, 0] * 0.80 + ahead[:, 1] * 0.60)
        glint = 0.35 + 1.05 * flank**6
        east = 1.0 / (1.0 + np.exp(-9.0 * (self.place[:, 0] / self.wide - 0.5)))
        tint = WARM + (COOL - WARM) * east[:, None]
        tint = tint + (SILVER - tint) * (0.75 * self.rupture + 0.22 * (1.0 - self.rupture) * flank[:, None] ** 8)
        tint = tint + (MOON - tint) * (0.85 * self.night)
        glow = glint * (0.25 + 0.75 * self.depth)
        asleep = 0.45 + 0.55 * np.sin(0.5 * time + self.phase) ** 2
        glow = glow * (1.0 - self.night) + 0.85 * asleep * (0.3 + 0.7 * self.depth) * self.night
        rows = self.rows.reshape(FISH, BODY, 7)
        for n in range(BODY):
            back = n / (BODY - 1.0)
            off = -back * long_
            aside = (0.20 * beat * back * back - 0.16 * self.bend * back * back) * long_
            rows[:, n, 0] = (self.place[:, 0] + ahead[:, 0] * off - ahead[:, 1] * aside) / self.wide
            rows[:, n, 1] = self.place[:, 1] + ahead[:, 1] * off + ahead[:, 0] * aside
            rows[:, n, 2] = (0.0135 + 0.011 * self.depth) * (1.0 - 0.70 * back) * (0.72 if n == 0 else 1.0)
            rows[:, n, 3:6] = tint
            rows[:, n, 6] = glow * (0.60 - 0.36 * back)
        return self.rows


def _cells(cell, weight):
    """What lies in each cell of the water, spread to those about it."""
    grid = np.bincount(cell, weight, COLUMNS * ROWS).reshape(ROWS, COLUMNS)
    grid[1:-1] = 0.5 * grid[1:-1] + 0.25 * (grid[:-2] + grid[2:])
    grid[:, 1:-1] = 0.5 * grid[:, 1:-1] + 0.25 * (grid[:, :-2] + grid[:, 2:])
    return grid
