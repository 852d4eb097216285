/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two cities on one horizon: ours stands on it, theirs hangs from it in the water. Windows are lit where the sun is down.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Twin", "City"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "elevation", "TYPE": "float", "MIN": -18.0, "MAX": 60.0, "DEFAULT": 2.5,
     "LABEL": {"en": "Height of the sun here, degrees", "fr": "Hauteur du soleil ici, degrés"}},
    {"NAME": "elevation_twin", "TYPE": "float", "MIN": -18.0, "MAX": 60.0, "DEFAULT": 26.0,
     "LABEL": {"en": "Height of the sun there, degrees", "fr": "Hauteur du soleil là-bas, degrés"}},
    {"NAME": "azimuth", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": -0.28,
     "LABEL": {"en": "Where our sun stands, left to right", "fr": "Où se tient notre soleil, de gauche à droite"}},
    {"NAME": "azimuth_twin", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.3,
     "LABEL": {"en": "Where their sun stands, left to right", "fr": "Où se tient leur soleil, de gauche à droite"}},
    {"NAME": "lit", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Windows lit here", "fr": "Fenêtres allumées ici"}},
    {"NAME": "lit_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Windows lit there", "fr": "Fenêtres allumées là-bas"}},
    {"NAME": "near", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Somebody near: our sun comes to the horizon", "fr": "Quelqu'un tout près : notre soleil vient à l'horizon"}},
    {"NAME": "near_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Somebody near there: their sun comes to the horizon", "fr": "Quelqu'un tout près là-bas : leur soleil vient à l'horizon"}},
    {"NAME": "site_index", "TYPE": "float", "MIN": 0.0, "MAX": 63.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Which city this is, by name", "fr": "Quelle ville est ici, par ordre de nom"}},
    {"NAME": "glitter", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4,
     "LABEL": {"en": "Light scattered on the sea", "fr": "Lumière éparse sur la mer"}},
    {"NAME": "soon", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A hand here, followed soon", "fr": "Une main ici, suivie de près"}},
    {"NAME": "late", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A hand here, followed late", "fr": "Une main ici, suivie de loin"}},
    {"NAME": "soon_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A hand there, followed soon", "fr": "Une main là-bas, suivie de près"}},
    {"NAME": "late_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A hand there, followed late", "fr": "Une main là-bas, suivie de loin"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: one window over there is left on for us", "fr": "Solitude : là-bas une fenêtre nous est laissée"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: they sleep, the moon lies in the water", "fr": "Nuit : ils dorment, la lune est dans l'eau"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: their city is gone in the fog", "fr": "Rupture : leur ville a disparu dans le brouillard"}}
  ]
}*/

// A filter, so that the houses are made of the sky behind them: the same colour, darker, and less dark far away.
// That is what air does, and no palette can do it for every hour.

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

float risen(float e) { return sign(e) * 0.44 * pow(abs(e) / 60.0, 0.62); }   // as in generators/sun.fs

// Paris: even roofs, party walls with chimneys; the hill with its white domes, and the tower, thin, behind it all.
float paris(float x, float wide) {
    float b = x / 0.034 + 0.5 * noise(vec2(x * 9.0, 2.0)), id = floor(b), f = abs(b - id - 0.5);
    float one = hash(vec2(id, 3.0)), two = hash(vec2(id, 9.0)), at = b - id - 0.2 - 0.6 * two;
    float h = 0.016 + 0.006 * one + (0.003 + 0.004 * two) * (min(1.0, (0.5 - f) * 9.0) + 0.35 * min(1.0, (0.5 - f) * 2.5));
    h += 0.0045 * step(abs(at), 0.045) * step(0.3, one) + 0.003 * step(abs(at + 0.22), 0.03) * step(one, 0.6);
    h += 0.008 * noise(vec2(x * 4.0, 7.0));
    float m = x + 0.36 * wide;                                          // the hill
    h += 0.030 * exp2(-m * m * 90.0);
    float dome = sqrt(max(0.0, 1.0 - m * m * 12000.0));
    float side = abs(abs(m) - 0.0135), small = sqrt(max(0.0, 1.0 - side * side * 60000.0));
    h = max(h, step(abs(m), 0.0098) * (0.058 + 0.016 * dome + 0.007 * step(abs(m), 0.0012)));
    h = max(h, step(side, 0.0042) * (0.054 + 0.007 * small));
    float t = abs(x - 0.62 * wide);                                     // the tower: its legs are a curve that forgets itself
    float tower = min(0.114, -log(max(t, 1e-5) / 0.023) * 0.034);
    return max(h, tower * step(t, 0.020) * step(0.0, tower));
}

// San Francisco: hills with houses like teeth, towers where the hills meet the bay, one of them a needle.
float francisco(float x, float wide) {
    float b = x / 0.0145 + 0.3 * noise(vec2(x * 40.0, 5.0)), id = floor(b), f = abs(b - id - 0.5);
    float one = hash(vec2(id, 23.0)), two = hash(vec2(id, 31.0));
    float c = (x - 0.12 * wide) / (0.30 * wide), down = exp2(-c * c * 3.0);      // downtown
    float d = (x - 0.72 * wide) / (0.22 * wide), hill = 0.045 * exp2(-d * d * 2.0);
    float h = 0.009 + hill + 0.004 * one + 0.004 * step(0.4, two) * (0.5 - f) + down * (0.012 + 0.066 * one * (0.35 + 0.65 * two) * step(f, 0.32 + 0.18 * two));
    h = max(h, 0.118 * (1.0 - abs(x - 0.02 * wide) / 0.0135));
    float s = x - 0.72 * wide;                                          // the mast on its hill, three-pronged
    float prong = abs(abs(s) - 0.0055);
    h = max(h, step(min(prong, abs(s)), 0.0010) * (hill + 0.052));
    float land = smoothstep(-0.42, -0.36, x / wide);                    // and to the west the strait
    return mix(0.004 + 0.012 * noise(vec2(x * 6.0, 3.0)) * smoothstep(-0.80, -1.1, x / wide), h, land);
}

// The bridge over the strait: two towers, and the cable's line between them.
float bridge(vec2 q, float wide, float px) {
    float u = (q.x + 0.62 * wide) / (0.26 * wide);                      // -1 … 1 from shore to shore
    float tower = abs(abs(u) - 0.55) * 0.26 * wide;
    float main = 0.016 + 0.058 * u * u / 0.3025, back = 0.074 * (1.0 - (abs(u) - 0.55) / 0.45);
    float cable = abs(u) < 0.55 ? main : max(back, 0.012);
    float d = min(abs(q.y - 0.0125) - 0.0014, abs(q.y - cable) - 0.0009);
    d = min(d, max(tower - 0.0027, q.y - 0.080));
    return clamp(0.5 - d / px, 0.0, 1.0) * step(abs(u), 1.0);
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0);
    float px = 1.0 / RENDERSIZE.y, wide = 0.5 * min(aspect, 1.6), grow = mix(1.5, 1.25, smoothstep(0.6, 1.5, aspect));
    bool sea = p.y < 0.0;
    float deep = max(-p.y, 0.0);
    vec3 col = IMG_THIS_PIXEL(inputImage).rgb;

    float up = elevation * (1.0 - near), up_twin = elevation_twin * (1.0 - near_twin);
    float there = mix(mix(up_twin, -18.0, night), min(up_twin, -7.0), solitude * (1.0 - night));
    float e = sea ? there : up;
    bool pacific = sea != (mod(site_index, 2.0) > 0.5);                 // each house stands on its own city
    float z = 1.0 / (deep + 0.03);
    float ripple = noise(vec2(p.x * z * 0.6, z * 1.5 + TIME * 0.22)) - 0.5;
    float fine = clamp(1.6 - z * z * 3.4 * px, 0.0, 1.0);
    vec2 q = sea ? vec2(p.x + ripple * fine * deep * 0.10, deep * (1.0 + ripple * fine * 0.22)) / grow : p / grow;

    // The houses, averaged over the width of a pixel; in the water they are a little softer.
    float soft = (sea ? px * 1.5 + 0.05 * deep : px) / grow, cover = 0.0, top = 0.0;
    for (int i = 0; i < 3; i++) {
        float x = q.x + (float(i) - 1.0) * soft * 0.4;
        float h = pacific ? francisco(x, wide / grow) : paris(x, wide / grow);
        cover += clamp(0.5 - (q.y - h) / soft, 0.0, 1.0) / 3.0;
        top = max(top, h);
    }
    if (pacific) cover = max(cover, 0.85 * bridge(q, wide / grow, soft * 1.2));
    float low = exp2(-abs(e) * 0.16);
    float far = smoothstep(0.0, 0.13, q.y);                             // what rises highest stands farthest
    float sun = risen(e) * step(-2.0, e), ax = (sea ? azimuth_twin : azimuth) * wide;
    float against = 1.0 / (1.0 + 26.0 * dot(vec2(p.x - ax, abs(p.y) - sun), vec2(p.x - ax, abs(p.y) - sun)));
    // Straight below the sun its light eats into the roofs.
    vec3 mass = min(col, vec3(0.62, 0.52, 0.44)) * (0.14 + 0.16 * far + 0.20 * against * low + 0.20 * smoothstep(5.0, 24.0, e)) + vec3(0.004, 0.006, 0.012);
    float there_ = sea ? (1.0 - 0.92 * rupture) * (1.0 - 0.25 * solitude) : 1.0 - 0.55 * rupture;
    col = mix(col, mass, cover * there_);

    // Windows: by day none, at the blue hour the first.
    float dusk = smoothstep(1.5, -7.0, e), share = sea ? lit_twin * (1.0 - solitude) * (1.0 - night) : lit;
    vec2 grid = q / vec2(0.0052, 0.0066), cell = floor(grid), off = abs(grid - cell - 0.5);
    float own = hash(cell + (sea ? 70.0 : 0.0)), kind = fract(own * 37.7);
    float wake = 0.5 + 0.5 * cos(6.2832 * (TIME / 60.0 + kind * 7.0));
    float on = smoothstep(0.0, 0.12, share * 0.62 + 0.02 - own * 0.9 - 0.14 * wake);
    vec2 pane = clamp((vec2(0.27, 0.33) - off) / (soft / 0.0058) + 0.5, 0.0, 1.0);
    vec3 glow = pacific ? mix(vec3(0.62, 0.90, 0.95), vec3(1.0, 0.84, 0.58), step(0.6, kind)) : mix(vec3(1.0, 0.60, 0.24), vec3(1.0, 0.82, 0.52), kind);
    float inside = cover * step(1.0, cell.y) * smoothstep(0.0, 0.003, top - q.y) * step(q.y, pacific ? 0.085 : 0.034);
    col += glow * (pane.x * pane.y * on * dusk * inside * (0.5 + 0.5 * fract(own * 91.3)) * there_);
    // Alone, one window is left on over there, and its light comes all the way down the water to us.
    vec2 w = vec2(p.x - 0.30 * wide, deep - 0.022);
    float shiver = noise(vec2(p.x * z * 1.4, z * 5.0 + TIME * 0.35)) - 0.5;
    float lamp = 1.0 / (1.0 + dot(w, w) * 30000.0) + 0.30 / (1.0 + dot(w, w) * 900.0);
    float off_way = (w.x + shiver * 0.05 * deep) / (0.005 + 0.060 * deep);
    float way = exp2(-deep * 4.2) * (0.55 + 0.9 * shiver * fine) / (1.0 + off_way * off_way * 4.0) * smoothstep(0.0, 0.05, deep);
    if (sea) col += vec3(1.0, 0.66, 0.30) * ((lamp + 0.60 * way) * solitude * (1.0 - night));

    // Asleep, the moon keeps the place of their sun.
    vec2 mo = vec2(q.x * grow - azimuth_twin * wide, q.y * grow - 0.20);
    float r = length(mo * vec2(1.0, 0.96)), edge = px + 0.006;
    if (sea) {
        float moon = smoothstep(0.040 + edge, 0.040 - edge, r);
        float mare = 0.90 - 0.16 * smoothstep(0.45, 0.7, noise(mo * 42.0 + 3.0));
        float road = (p.x - azimuth_twin * wide) / (0.03 + 0.25 * deep);
        col = mix(col, vec3(0.93, 0.94, 0.92) * mare, moon * night * 0.92);
        col += vec3(0.46, 0.56, 0.78) * (night * (0.30 / (1.0 + r * r * 70.0) + 0.16 * smoothstep(0.0, 0.4, ripple) / (1.0 + road * road * 5.0)));
    }

    // The sun's road on the water: theirs and ours are one road when they stand in one place.
    float open_ = sea ? (1.0 - rupture) * (1.0 - solitude * 0.85) : 0.0;
    float road = (p.x - azimuth * wide) / (0.035 + deep * 0.30);
    float spark = smoothstep(0.10, 0.42, noise(vec2(p.x * z * 2.2, z * 4.2 + TIME * 0.45)) - 0.45);
    col += vec3(1.0, 0.72, 0.42) * (open_ * glitter * spark * fine * smoothstep(-4.0, 2.0, up) * 0.55 / (1.0 + road * road * 2.2) / (1.0 + deep * 3.0));

    // One place, one height: two halves are one sun, and its light goes round both skies.
    float dx = azimuth - azimuth_twin, de = up - there;
    float whole = exp2(-dx * dx * 24.0 - (de * de + up * up) * 0.03) * (1.0 - rupture) * (1.0 - solitude) * (1.0 - night);
    float c = length(vec2(p.x - 0.5 * (azimuth + azimuth_twin) * wide, p.y));
    col += (1.0 - min(col, 1.0)) * vec3(1.0, 0.74, 0.42) * (whole * (0.34 / (1.0 + c * c * 30.0)));

    // A hand: a ring of ice light opens about the sun of whoever called, once, and is gone.
    float s = sea ? soon_twin * (1.0 - night) * (1.0 - solitude) * (1.0 - rupture) : soon, l = sea ? late_twin : late;
    float ring = length(vec2(p.x - ax, abs(p.y) - max(sun, 0.0)));
    float open2 = 0.10 + 0.24 * l, thin = (ring - open2) / 0.016;
    col += (1.0 - min(col, 1.0)) * mix(vec3(1.0, 0.72, 0.50), vec3(0.80, 0.92, 1.0), smoothstep(-1.0, 1.0, thin)) * (0.50 * s / (1.0 + thin * thin));
    gl_FragColor = vec4(col, 1.0);
}
