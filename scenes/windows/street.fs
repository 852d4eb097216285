/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two façades face each other across a street of water. Left, the tall windows of Paris; right, the bays of San Francisco.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "City"],
  "INPUTS": [
    {"NAME": "people", "TYPE": "image", "LABEL": {"en": "Those who are here", "fr": "Ceux qui sont ici"}},
    {"NAME": "people_twin", "TYPE": "image", "LABEL": {"en": "Those who are there", "fr": "Ceux qui sont là-bas"}},
    {"NAME": "presence", "TYPE": "float", "MIN": 0.0, "MAX": 1000.0, "DEFAULT": 2.0},
    {"NAME": "presence_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1000.0, "DEFAULT": 2.0},
    {"NAME": "home", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.42,
     "LABEL": {"en": "Neighbours who are at home", "fr": "Voisins qui sont chez eux"}},
    {"NAME": "near", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35,
     "LABEL": {"en": "How near somebody stands", "fr": "Combien quelqu'un est près"}},
    {"NAME": "near_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35,
     "LABEL": {"en": "How near somebody stands there", "fr": "Combien quelqu'un est près là-bas"}},
    {"NAME": "knock", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A hand on our pane", "fr": "Une main sur notre vitre"}},
    {"NAME": "knock_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A hand on theirs", "fr": "Une main sur la leur"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: over there the shutters are closed, and it is still day", "fr": "Solitude : en face les volets sont fermés, et il fait encore jour"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: one lamp left on over there", "fr": "Nuit : une lampe restée allumée en face"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: a power cut, candles", "fr": "Rupture : une panne de courant, des bougies"}}
  ]
}*/

// We stand in the middle of the street and look along it. A point of the picture is a ray; where it meets a wall
// gives how far along the street (z) and how high (v), both in storeys. All that is seen is drawn in those two.

float hash(vec2 p) {                       // without sine: alike on every GPU
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

// 1 within [-w, w], soft by e.
float band(float x, float w, float e) { return smoothstep(w + e, w - e, abs(x)); }

// Of the people in a table, how much one of them lives behind this window (each has a window of their own).
float lodger(vec2 cell, float side) {
    float most = 0.0;
    for (int n = 0; n < 4; n++) {
        vec2 at = vec2((float(n) + 0.5) / 4.0, 0.5);
        vec4 one = side < 0.0 ? IMG_NORM_PIXEL(people, at) : IMG_NORM_PIXEL(people_twin, at);
        vec2 own = vec2(3.0 + floor(one.x * 8.99), 1.0 + floor(one.y * 3.99));
        vec2 d = abs(cell - own);
        most = max(most, one.a * step(d.x + d.y, 0.5));
    }
    return most;
}

// The sky's colours by height alone: what panes, walls and the far end of the street take from it.
vec3 air_at(float y) {
    float up = clamp(y * 1.4, 0.0, 1.0);
    vec3 dusk = mix(mix(vec3(0.98, 0.56, 0.36), vec3(0.44, 0.30, 0.46), smoothstep(0.0, 0.24, up)), vec3(0.055, 0.085, 0.21), smoothstep(0.10, 0.75, up));
    vec3 day = mix(vec3(0.99, 0.86, 0.70), vec3(0.46, 0.60, 0.72), smoothstep(0.0, 0.6, up));
    vec3 dark = mix(vec3(0.040, 0.066, 0.130), vec3(0.006, 0.010, 0.030), up);
    vec3 fog = mix(vec3(0.52, 0.545, 0.55), vec3(0.215, 0.245, 0.270), smoothstep(0.0, 0.8, up));
    return mix(mix(mix(dusk, day, solitude), dark, night), fog, rupture);
}

// The whole sky: with clouds, the sun of the other city's day, or the moon over both and its stars.
vec3 sky(vec2 p) {
    float up = clamp(p.y * 1.4, 0.0, 1.0), clear = 1.0 - rupture;
    vec3 col = air_at(p.y);
    float cloud = noise(vec2(p.x * 2.2 + TIME / 60.0, p.y * 9.0)) * 0.6 + noise(vec2(p.x * 5.0 - TIME / 75.0, p.y * 21.0)) * 0.4;
    vec3 lit = mix(vec3(0.30, 0.10, 0.06) * smoothstep(0.45, 0.8, cloud) * exp2(-up * 5.0), vec3(0.25) * smoothstep(0.5, 0.85, cloud) * exp2(-up * 2.0), solitude);
    vec2 d = p - vec2(0.035, 0.075), m = p - vec2(-0.030, 0.30);
    lit += mix(vec3(1.0, 0.58, 0.30), vec3(1.0, 0.90, 0.72), solitude) * (0.015 / (0.030 + dot(d, d) * 8.0));
    float r = length(m);
    vec2 cell = floor(p * 58.0), at = p * 58.0 - cell - 0.5;
    float lot = hash(cell + 7.0);
    vec2 o = at - 0.6 * (vec2(fract(lot * 91.0), fract(lot * 57.0)) - 0.5);
    float star = step(0.86, lot) * exp2(-dot(o, o) * 260.0) * (0.5 + 0.3 * sin(TIME * (0.3 + lot) + lot * 90.0));
    vec3 moon = vec3(0.85, 0.90, 1.0) * (star + smoothstep(0.036, 0.033, r) * (0.86 - 0.25 * (cloud - 0.3)) + 0.0028 / (0.012 + r * r) * 0.25);
    return col + mix(lit, moon, night) * clear;
}

void main() {
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (isf_FragNormCoord - vec2(0.5, 0.36)) * shape;           // the horizon lies low: the rest is sky and walls
    float wide = 0.30 * clamp(shape.x, 0.62, 1.5);                    // half the street, at a distance of 1
    float side = p.x < 0.0 ? -1.0 : 1.0;
    float x = max(abs(p.x), 1e-3);
    float depth = wide / x;                                           // how far off the wall is met
    // The walls end: beyond, the street is open sea. Each house has a roof line of its own.
    float z = depth * 4.6, v = p.y * depth * 9.5;
    float house = floor(z / 3.0), inHouse = z - house * 3.0;
    float theirs = step(0.0, side);
    float far = 27.0, there = step(z, far);
    float pixel = depth * 9.5 / RENDERSIZE.y;                         // one of the picture's pixels, in storeys
    float pixelz = pixel * 0.5 * depth / wide;

    float tall = 4.0 + floor(hash(vec2(house, 11.0 + side)) * 2.6) * 0.5;
    // Paris: a mansard, leaning back; San Francisco: a flat cornice, sometimes a gable.
    float gable = theirs * step(0.5, hash(vec2(house, 5.0))) * max(0.0, 0.75 - abs(inHouse - 1.5) * 0.62);
    float roof = tall + mix(0.85, 0.32 + gable, theirs);
    float wall = there * smoothstep(roof + pixel, roof - pixel, v);
    float chimney = there * (1.0 - theirs) * band(inHouse - 0.55, 0.20, pixelz) * smoothstep(roof + 0.5 + pixel, roof + 0.5 - pixel, v);
    wall = max(wall, chimney);
    float mansard = (1.0 - theirs) * smoothstep(tall - pixel, tall + pixel, v);

    // Stone: warm limestone here, painted wood there, each house in a tone of its own.
    float tone = hash(vec2(house, 3.0 + side));
    vec3 lime = mix(vec3(0.36, 0.29, 0.25), vec3(0.44, 0.38, 0.32), tone);
    vec3 paint = mix(mix(vec3(0.22, 0.35, 0.38), vec3(0.44, 0.30, 0.31), step(0.4, tone)), vec3(0.40, 0.39, 0.30), step(0.72, tone));
    vec3 stone = mix(lime, paint, theirs);
    stone = mix(stone, vec3(0.17, 0.19, 0.24), mansard);
    float floorAt = v - floor(v), cellz = floor(z), inz = z - cellz - 0.5;
    vec2 cell = vec2(cellz, floor(v));
    // Ledges, the siding's boards, and the bays that stand out and are lit from the end of the street.
    float fine = smoothstep(0.5, 0.12, pixel), ledge = fine * band(floorAt - 0.04, 0.035, pixel);
    stone *= 1.0 + 0.32 * ledge * (1.0 - mansard);
    stone *= 1.0 + theirs * fine * smoothstep(0.16, 0.05, pixel) * 0.10 * (fract(v * 9.0) - 0.5);
    float bay = theirs * band(inz, 0.40, max(0.03, pixelz));
    stone *= 1.0 + 0.16 * bay * sign(inz) * -1.0 - 0.30 * smoothstep(0.06 + pixelz, 0.0, inHouse);
    stone *= 0.85 + 0.3 * noise(vec2(z * 2.0, v * 3.0) + side * 40.0) * fine + 0.15 * (1.0 - fine);

    // Light that falls on the walls: the sky's, stronger where the street opens.
    float open_ = smoothstep(2.0, 22.0, z);
    vec3 air = mix(mix(vec3(0.26, 0.20, 0.28), vec3(0.98, 0.86, 0.74), solitude), vec3(0.058, 0.074, 0.130), night);
    air = mix(air, vec3(0.46, 0.50, 0.53), rupture);
    air += night * vec3(0.11, 0.14, 0.20) * theirs;                    // the moon stands over our roofs and lights theirs
    vec3 col = stone * air * (0.75 + 1.1 * open_ * (1.0 - 0.5 * night) + 0.25 * v / 5.0);

    // A window: tall and parted here, broad and sashed there.
    vec2 half_ = mix(vec2(0.21, 0.35), vec2(0.27, 0.30), theirs);
    half_ *= mix(1.0, 0.66, mansard);
    vec2 c = vec2(inz, floorAt - 0.52);
    float ground = step(v, 0.9);                                      // the lowest storey is shops, closed
    float pane = band(c.x, half_.x, pixelz + 0.012) * band(c.y, half_.y, pixel + 0.012) * step(0.0, v) * smoothstep(roof - 0.05, roof - 0.25, v) * (1.0 - ground);
    float arch = (1.0 - theirs) * smoothstep(half_.y - 0.10 + 0.10 * sqrt(max(0.0, 1.0 - c.x * c.x / (half_.x * half_.x))) + pixel, half_.y - 0.12, c.y);
    pane *= mix(arch, 1.0, theirs);
    float bars = max(band(c.x, 0.018, pixelz), band(c.y - mix(0.12, 0.0, theirs), 0.016, pixel)) * smoothstep(0.30, 0.06, pixelz);

    // Who is at home: neighbours by lot, and each visitor.
    float lot = hash(cell + side * 31.0), kind = hash(cell * 1.7 + side * 13.0 + 4.0);
    float count = side < 0.0 ? presence : presence_twin;
    float share = home * mix(0.75, 1.05, clamp(count / 6.0, 0.0, 1.0));
    float slow = 0.5 + 0.5 * sin(TIME * 6.2831853 / (90.0 + 60.0 * floor(kind * 4.0)) + lot * 60.0);
    float lit = smoothstep(share + 0.05, share - 0.05, lot + 0.24 * (slow - 0.5));
    float guest = lodger(cell, side);
    // Somebody near: the window closest to us, on their side of the street, opens its light.
    float close = side < 0.0 ? near : near_twin, touched = side < 0.0 ? knock : knock_twin;
    float mine = step(abs(cellz - 4.0) + abs(floor(v) - 2.0), 0.5);
    guest = max(guest, mine * (0.35 + 0.65 * close));
    float gone = theirs * solitude, asleep_ = theirs * night;
    lit *= 1.0 - 0.75 * (1.0 - theirs) * night;
    lit = max(lit, guest) * (1.0 - gone) * (1.0 - asleep_);
    float lamp = theirs * night * step(abs(cellz - 5.0) + abs(floor(v) - 2.0), 0.5);
    lit = max(lit, lamp);

    // A room seen through its window: brighter above where the lamp hangs, a curtain, a wall of its own colour.
    vec3 warm = mix(vec3(1.00, 0.56, 0.20), vec3(1.00, 0.78, 0.46), kind);
    vec3 cool = mix(vec3(1.00, 0.64, 0.34), vec3(0.62, 0.86, 0.86), step(0.55, kind));
    vec3 room = mix(warm, cool, theirs) * (0.50 + 0.55 * exp2(-dot(c - vec2(0.05 * (kind - 0.5), 0.16), c - vec2(0.0, 0.16)) * 12.0));
    float curtain = smoothstep(0.04, 0.11, abs(c.x) / half_.x * 0.25 - 0.10 * step(0.4, lot * 7.0 - floor(lot * 7.0)));
    room *= 1.0 - 0.35 * curtain;
    // A silhouette passes, from window to window along a floor: head, shoulders, a slow step.
    float walk = mod(TIME * mix(0.34, 0.29, theirs) + side * 9.0 + floor(v) * 7.3, 18.0) - 1.0;
    float stay = cellz + 0.5 + 0.10 * sin(TIME * 0.5 + lot * 30.0) + 0.12 * (kind - 0.5);
    float who = guest > 0.3 ? stay : walk + 3.0;
    vec2 b = vec2(z - who, floorAt - 0.52 + 0.004 * sin(TIME * 3.4 + lot * 9.0));
    float head = smoothstep(0.064 + pixel, 0.058 - pixel, length((b - vec2(0.0, 0.055)) * vec2(1.0, 0.86)));
    float neck = smoothstep(0.035 + pixelz, 0.025, abs(b.x)) * step(b.y, 0.05) * step(-0.05, b.y);
    float body = smoothstep(pixel, -pixel, b.y + 0.035 + b.x * b.x * 5.0) * smoothstep(0.135 + pixelz, 0.105, abs(b.x));
    float figure = max(head, max(neck, body)) * step(0.12, 0.2 - pixelz);
    room = mix(room, vec3(0.10, 0.045, 0.055), 0.88 * figure);
    room *= 1.0 + 0.28 * mine * touched;

    // A power cut: candles behind a few panes, breathing and not flickering.
    float sway = 0.05 * sin(TIME * 0.9 + lot * 40.0) + 0.03 * sin(TIME * 2.3 + kind * 50.0);
    vec2 f = c - vec2(0.04 * sin(TIME * 0.7 + lot * 20.0) * max(0.0, c.y + 0.14), -0.14);
    float candle = step(lot, 0.26) + guest * step(0.3, guest) + step(abs(cellz - 5.0) + abs(floor(v) - 2.0), 0.5) * theirs;
    candle = min(candle, 1.0) * (0.86 + sway);
    vec2 fl = f * vec2(1.0, f.y > 0.0 ? 0.52 : 1.4);
    vec3 taper = vec3(1.0, 0.50, 0.16) * (0.030 / (0.020 + dot(f, f))) * 0.62 + vec3(1.0, 0.88, 0.60) * smoothstep(0.034, 0.012, length(fl));
    taper = mix(taper, vec3(0.05, 0.03, 0.03), 0.8 * figure * step(0.3, guest));
    taper += vec3(0.30, 0.22, 0.15) * band(c.x, 0.020, pixelz) * step(c.y, -0.15);

    // Panes without a light hold the sky; closed shutters are the wall's, slatted.
    vec3 glass = mix(air_at(0.12 + 0.06 * v) * 0.50, stone * air * 0.3, 0.4);
    vec3 shutter = stone * air * vec3(0.66, 0.74, 0.78) * (0.86 + 0.24 * smoothstep(0.3, 0.7, fract(c.y * 13.0)) * smoothstep(0.07, 0.02, pixel)) * (0.8 + 1.1 * open_);
    vec3 inside = mix(glass, shutter, gone);
    inside = mix(inside, room * mix(1.15, 0.92, solitude), lit * (1.0 - rupture));
    inside += taper * candle * rupture;
    inside *= 1.0 - (0.75 - 0.25 * gone) * bars;
    float frame = band(c.x, half_.x + 0.05, pixelz) * band(c.y, half_.y + 0.06, pixel) * step(0.0, v) * smoothstep(roof - 0.05, roof - 0.25, v) * (1.0 - ground);
    col = mix(col, stone * air * (1.5 + open_), 0.55 * frame * (1.0 - mansard * 0.5) * fine);
    col = mix(col, inside, pane);
    // A lit window lights the stone round it, and the balcony before it.
    float spill = lit * (1.0 - rupture) + 0.9 * candle * rupture;
    col += stone * mix(warm, cool, theirs) * spill * (1.0 - pane) * exp2(-dot(c, c) * 5.0) * (0.55 - 0.35 * solitude) * (1.0 - ground) * step(v, roof);
    float rail = (1.0 - theirs) * step(1.0, v) * step(v, tall) * step(floorAt, 0.30) * max(band(floorAt - 0.28, 0.018, pixel), 0.75 * band(fract(z * 9.0) - 0.5, 0.16, min(0.5, pixelz * 9.0)) * smoothstep(0.14, 0.04, pixelz));
    rail *= step(0.35, hash(vec2(house, floor(v) + 50.0)));
    col = mix(col, vec3(0.030, 0.028, 0.040) + 0.10 * air, rail * 0.85);

    // The lowest storey: arches on the quay, a lamp inside some; then the wet stone of the quay itself.
    float door = band(inz, 0.34, pixelz + 0.01) * smoothstep(0.70 + 0.12 * sqrt(max(0.0, 1.0 - inz * inz * 8.0)) + pixel, 0.66, v) * ground * step(0.10, v);
    float open = step(0.60, kind) * smoothstep(5.5, 8.0, z) * (1.0 - rupture) * (1.0 - night) * (1.0 - gone);
    vec3 under = mix(glass * 0.35, mix(warm, cool, theirs) * (0.20 + 0.45 * exp2(-8.0 * (0.75 - v) * (0.75 - v))), open);
    col = mix(col * mix(1.0, 0.72, ground), under, door);
    col = mix(col, stone * air * 0.55 + 0.02 * air, step(v, 0.10) * step(0.0, v));
    // Air between: the far end of the street takes the sky's colour.
    vec3 back = sky(p);
    float mist = 1.0 - exp2(-max(z - 3.0, 0.0) * (0.030 + 0.028 * solitude + 0.060 * rupture));
    col = mix(col, air_at(0.03) + 0.25 * vec3(1.0, 0.6, 0.3) * (1.0 - night) * (1.0 - rupture) * exp2(-p.x * p.x * 30.0), clamp(mist, 0.0, 0.95) * (1.0 - 0.75 * pane * max(lit * (1.0 - rupture), candle * rupture)));
    col = mix(back, col, wall);
    gl_FragColor = vec4(col / (0.94 + 0.16 * col), 1.0);
}
