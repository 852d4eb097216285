/*{
  "ISFVSN": "2",
  "DESCRIPTION": "An engraved map: contours of the ground here and of the sea floor there, and between them the soundings of one ocean.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Map"],
  "INPUTS": [
    {"NAME": "level", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "The sea's level here", "fr": "Niveau de la mer ici"}},
    {"NAME": "level_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "The sea's level there", "fr": "Niveau de la mer là-bas"}},
    {"NAME": "place", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.2, 0.52],
     "LABEL": {"en": "Where we are", "fr": "Où nous sommes"}},
    {"NAME": "place_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.82, 0.5],
     "LABEL": {"en": "Where they are", "fr": "Où ils sont"}},
    {"NAME": "lines", "TYPE": "float", "MIN": 8.0, "MAX": 40.0, "DEFAULT": 20.0,
     "LABEL": {"en": "Contours to the map", "fr": "Courbes sur la carte"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: beyond our coast the map is blank", "fr": "Solitude : au-delà de notre côte la carte est vide"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: a chart read by lamplight", "fr": "Nuit : une carte lue à la lampe"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the sheet is folded and torn along the meridian", "fr": "Rupture : la feuille est pliée et déchirée au méridien"}}
  ]
}*/

// One height for the whole map: hills in the west, an ocean that deepens, a steep coast in the east. Lines are
// drawn where the height passes a whole number, all of one breadth however steep the ground: the height is
// divided by its own slope. That is the whole secret of a drawn map.

float hash(vec2 p) {                       // without sine: alike on every GPU
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);        // smooth twice: lines must not kink on the grid
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

// Above 0 land, below 0 sea, about -1..1. `u` is -1 at the western edge, 1 at the eastern.
float ground(vec2 p, float u) {
    vec2 w = p + 0.10 * vec2(noise(p * 2.3 + 7.0), noise(p * 2.3 + 41.0));
    float hills = noise(w * 2.6 + 3.0) * 0.62 + noise(w * 5.9 + 11.0) * 0.25 + noise(w * 12.5) * 0.10 - 0.42;
    float west = smoothstep(-0.10, -0.85, u + 0.16 * (noise(p * 1.9 + 60.0) - 0.5));
    float east = smoothstep(0.30, 0.80, u + 0.22 * (noise(p * 2.2 + 90.0) - 0.5));
    float shelf = max(west, east);
    // The floor between: a ridge in mid-ocean, and slow swells that the tide drags about.
    float floor_ = -0.52 - 0.22 * cos(3.1416 * u) + 0.30 * hills + 0.10 * noise(p * 1.3 + vec2(TIME / 60.0, 0.0));
    return mix(floor_, 0.13 + hills * (0.80 + 0.45 * east), shelf);
}

float px;
float stroke(float d, float w) { return clamp((w - abs(d)) / px + 0.5, 0.0, 1.0) * min(1.0, 2.0 * w / px); }

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    px = 1.0 / RENDERSIZE.y;
    vec2 s = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0);
    // Upright, the map is turned: our coast below, theirs above.
    bool tall = aspect < 0.8;
    vec2 across = tall ? vec2(s.y, -s.x) : s;
    float half_ = 0.5 * (tall ? 1.0 : aspect);
    vec2 a = (place - 0.5) * vec2(aspect, 1.0), b = (place_twin - 0.5) * vec2(aspect, 1.0);
    if (tall) { a = vec2((place.x - 0.5), -(place.y - 0.5) * aspect); b = vec2(place_twin.x - 0.5, -(place_twin.y - 0.5) * aspect); }

    // Torn along the meridian: two sheets, each turned a little on the table.
    float rag = 0.014 * (noise(vec2(across.y * 9.0, 4.0)) - 0.5) + 0.005 * (noise(vec2(across.y * 50.0, 8.0)) - 0.5);
    float gap = 0.042 * rupture * (1.0 + 0.6 * across.y);
    bool east = across.x > rag;
    float turn = 0.05 * rupture * (east ? 1.0 : -1.0);
    vec2 p = across + vec2(-turn * across.y, turn * across.x) + vec2(east ? -gap : gap, east ? 0.022 : -0.022) * vec2(1.0, rupture);
    float u = p.x / half_;

    float rise = mix(level, level_twin, smoothstep(-0.6, 0.6, u)) - 0.5;
    rise += 0.012 * cos(6.2832 * (TIME / 24.0)) ;        // the tide, so small that only the coastlines breathe
    float h = ground(p, u) - rise * 0.36;
    float hx = ground(p + vec2(0.003, 0.0), (p.x + 0.003) / half_) - rise * 0.36, hy = ground(p + vec2(0.0, 0.003), u) - rise * 0.36;
    vec2 slope = vec2(hx - h, hy - h) / 0.003;
    float steep = max(length(slope), 0.05);
    float land = smoothstep(-px * steep, px * steep, h);

    float n = h * lines, inv = 1.0 / (steep * lines);
    float thin = (abs(fract(n) - 0.5) - 0.5) * inv;       // distance to the nearest contour, in heights
    float fifth = (abs(fract(n / 5.0) - 0.5) - 0.5) * 5.0 * inv;
    float crowd = clamp(inv / (px * 3.0) - 0.3, 0.0, 1.0);
    // Sea contours are dashed by depth and drift with the current; land's are whole.
    float contour = stroke(thin, 0.0006) * crowd, index = stroke(fifth, 0.0012);
    float sunken = 1.0 - land;
    float coast = stroke(h / steep, 0.0022);
    // Water-lining: engravers repeat the coast out to sea, each line fainter.
    float out_ = -h / steep;
    float lining = stroke((abs(fract(out_ * 80.0) - 0.5) - 0.5) / 80.0, 0.0005) * smoothstep(0.075, 0.0, out_) * sunken;

    // The graticule, and soundings: small crosses, as deep as the sea is there.
    vec2 g = p * 8.0;
    float grid = stroke((abs(fract(g.x) - 0.5) - 0.5) / 8.0, 0.0004) + stroke((abs(fract(g.y) - 0.5) - 0.5) / 8.0, 0.0004);
    vec2 c = floor(p * 22.0), o = fract(p * 22.0) - 0.5 - 0.5 * (vec2(hash(c), hash(c + 9.0)) - 0.5);
    float cross_ = max(stroke(o.x / 22.0, 0.0005) * step(abs(o.y), 0.09), stroke(o.y / 22.0, 0.0005) * step(abs(o.x), 0.09));
    cross_ *= step(0.55, hash(c + 3.0)) * sunken * smoothstep(-0.10, -0.25, h);

    // The rhumb line from our place to theirs: a bow over the ocean, dashed, and a ship's light along it.
    float t = clamp((p.x - a.x) / max(b.x - a.x, 0.01), 0.0, 1.0);
    float bow = mix(a.y, b.y, t) + 0.42 * (b.x - a.x) * t * (1.0 - t);
    float tilt = (b.y - a.y) / max(b.x - a.x, 0.01) + 0.42 * (1.0 - 2.0 * t);
    float way = (p.y - bow) / sqrt(1.0 + tilt * tilt);
    float on = step(a.x, p.x) * step(p.x, b.x);
    float sailed = 0.5 - 0.5 * cos(6.2832 * TIME / 72.0);
    float dash = smoothstep(0.20, 0.26, abs(fract(t * 30.0) - 0.5));
    float route = stroke(way, 0.0016) * on * mix(dash, 1.0, step(t, sailed)) * (1.0 - solitude * smoothstep(0.25, 0.55, t));
    vec2 ship = vec2(mix(a.x, b.x, sailed), mix(a.y, b.y, sailed) + 0.42 * (b.x - a.x) * sailed * (1.0 - sailed));

    // Paper and inks. Land is washed with layers of tint by height, the sea by depth.
    float side = smoothstep(-0.5, 0.5, u);
    float fibre = noise(p * vec2(190.0, 230.0)) - 0.5 + 0.7 * (noise(p * 16.0) - 0.5);
    vec3 paper = mix(vec3(0.945, 0.905, 0.820), vec3(0.905, 0.915, 0.880), side);
    float band = floor(n / 2.5) * 2.5 / lines;
    vec3 wash = mix(mix(vec3(0.960, 0.880, 0.720), vec3(0.880, 0.900, 0.790), side), mix(vec3(0.820, 0.440, 0.230), vec3(0.280, 0.530, 0.450), side), clamp(band * 1.9, 0.0, 1.0));
    vec3 deep = mix(mix(vec3(0.880, 0.900, 0.870), vec3(0.760, 0.870, 0.865), side), mix(vec3(0.480, 0.560, 0.640), vec3(0.070, 0.350, 0.440), side), clamp(-band * 1.15, 0.0, 1.0));
    float blank = solitude * smoothstep(-0.42, 0.05, u + 0.10 * (noise(p * 5.0) - 0.5));
    float shade = clamp(dot(slope, vec2(-0.7, 0.7)) * 0.16, -0.16, 0.16) * land;
    vec3 col = mix(deep, wash, land) * (1.0 + shade + 0.030 * fibre);
    vec3 ink = mix(mix(vec3(0.36, 0.15, 0.10), vec3(0.07, 0.22, 0.22), side), vec3(0.06, 0.20, 0.32), sunken * 0.8);
    float drawn = max(max(contour * (0.50 - 0.12 * sunken), index * (0.85 - 0.25 * sunken)), max(lining * 0.55, cross_ * 0.6));
    col = mix(col, ink, max(drawn, coast * 0.95));
    col = mix(col, mix(paper * (1.0 + 0.03 * fibre), ink, grid * 0.05), blank);
    col = mix(col, ink, grid * 0.10 * (1.0 - blank) + grid * 0.16 * blank);

    // Asleep: the same plate in negative, and a lamp on our side of the table.
    vec2 la = p - a, lb = p - b, ls = p - ship;
    float lamp = 1.0 / (1.0 + dot(la, la) * 5.0);
    vec3 nightInk = mix(vec3(1.00, 0.70, 0.36), vec3(0.34, 0.60, 0.78), smoothstep(-0.7, 0.3, u));
    vec3 dark = mix(vec3(0.030, 0.028, 0.062), vec3(0.008, 0.026, 0.058), side) * (0.8 + 0.7 * land) + vec3(0.200, 0.095, 0.040) * lamp * lamp;
    dark += nightInk * max(drawn * 0.8, coast) * (0.20 + 0.75 * lamp) * (1.0 - blank) + nightInk * grid * 0.05;
    col = mix(col, dark, night);

    vec3 red = mix(vec3(0.80, 0.13, 0.08), vec3(1.0, 0.62, 0.28), night);
    col = mix(col, red, route * 0.92 * (1.0 - 0.7 * rupture));
    for (int i = 0; i < 2; i++) {
        float r = length(i == 0 ? la : lb);
        vec3 tint = i == 0 ? red : mix(mix(vec3(0.02, 0.34, 0.42), vec3(0.50, 0.86, 0.95), night), red, 0.0);
        float seen = i == 0 ? 1.0 : 1.0 - 0.85 * solitude;
        col = mix(col, tint, seen * max(clamp((0.0080 - r) / px + 0.5, 0.0, 1.0), stroke(r - 0.017, 0.0013)));
        float ring = fract(TIME / 9.0 + float(i) * 0.5);
        col = mix(col, tint, seen * stroke(r - 0.017 - 0.05 * ring, 0.0008) * (1.0 - ring) * (1.0 - night * float(i)));
    }
    float boat = length(ls);
    col = mix(col, mix(vec3(0.99, 0.97, 0.90), vec3(1.0, 0.86, 0.6), night), (1.0 - rupture) * (1.0 - solitude) * clamp((0.0075 - boat) / px + 0.5, 0.0, 1.0));
    col = mix(col, red, (1.0 - rupture) * (1.0 - solitude) * stroke(boat - 0.0085, 0.0014));

    // Torn edges: white fibre, the table beneath, the sheets' shadow on it.
    float off = abs(across.x - rag) - gap;
    float torn = smoothstep(0.0085 + 0.005 * clamp(fibre, -0.8, 0.8), 0.003, off) * min(1.0, rupture * 5.0);
    col = mix(col, mix(vec3(0.965, 0.955, 0.930), vec3(0.30, 0.31, 0.36), night), torn);
    vec3 table = mix(vec3(0.150, 0.095, 0.070), vec3(0.070, 0.080, 0.085), side) * (0.7 + 0.5 * noise(across * vec2(90.0, 5.0))) * (1.0 - 0.6 * smoothstep(-0.03, 0.0, off));
    col = mix(col, table * (1.0 - 0.6 * night), clamp(0.5 - off / px, 0.0, 1.0) * step(0.01, rupture));
    col *= 1.0 - 0.22 * dot(s, s) / (0.25 + 0.25 * aspect * aspect);
    gl_FragColor = vec4(col, 1.0);
}
