/*{
  "ISFVSN": "2",
  "DESCRIPTION": "One table shared by two rooms, from above: candle pools, cups, bread, and the shadows of hands that reach across.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Room"],
  "INPUTS": [
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.47, 0.36],
     "LABEL": {"en": "The hand here", "fr": "La main ici"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.53, 0.66],
     "LABEL": {"en": "The hand there", "fr": "La main là-bas"}},
    {"NAME": "candle", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.7,
     "LABEL": {"en": "Candle here", "fr": "Bougie ici"}},
    {"NAME": "candle_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.7,
     "LABEL": {"en": "Candle there", "fr": "Bougie là-bas"}},
    {"NAME": "wine", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "How full the cups are", "fr": "Combien les verres sont pleins"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: their place is laid, nobody sits there", "fr": "Solitude : leur couvert est mis, personne n'y est assis"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: their candle is out, the moon lies on their half", "fr": "Nuit : leur bougie est éteinte, la lune est sur leur moitié"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the table is two tables", "fr": "Rupture : la table est deux tables"}}
  ]
}*/

// Half of this table stands in Paris, walnut in candlelight; half in San Francisco, ash-grey in the light from a
// window. The cloth down the middle belongs to both. Everything lies on it twice, turned about the centre: what I
// have before me they have before them.

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

float px;

float disc(float d) { return clamp(0.5 - d / px, 0.0, 1.0); }

float segment(vec2 p, vec2 a, vec2 b, float wa, float wb) {   // distance to a limb: thick at a, thin at b
    vec2 e = b - a, v = p - a;
    float t = clamp(dot(v, e) / dot(e, e), 0.0, 1.0);
    return length(v - e * t) - mix(wa, wb, t);
}

// A hand as its shadow is: palm, four fingers a little spread, a thumb, and the arm that brings it.
float palm(vec2 p, vec2 at, vec2 from) {
    vec2 y = normalize(at - from), x = vec2(y.y, -y.x), q = vec2(dot(p - at, x), dot(p - at, y));
    float d = segment(q, vec2(0.0, -1.90), vec2(0.0, -0.05), 0.110, 0.028);
    d = min(d, segment(q, vec2(-0.010, -0.012), vec2(0.010, 0.030), 0.038, 0.034));
    float curl = 0.006 * cos(6.2832 * TIME / 9.0);
    d = min(d, segment(q, vec2(-0.026, 0.030), vec2(-0.044, 0.096 + curl), 0.0125, 0.0085));
    d = min(d, segment(q, vec2(-0.008, 0.036), vec2(-0.011, 0.116 - curl), 0.0130, 0.0088));
    d = min(d, segment(q, vec2(0.012, 0.036), vec2(0.018, 0.110 + curl), 0.0125, 0.0085));
    d = min(d, segment(q, vec2(0.030, 0.026), vec2(0.046, 0.080 - curl), 0.0110, 0.0075));
    return min(d, segment(q, vec2(-0.030, -0.014), vec2(-0.078, 0.036), 0.0150, 0.0095));
}

// One place, p in its own turn: light comes from `lamp`; returns colour in rgb, how much it covers in a.
vec4 laid(vec2 p, vec2 lamp, vec3 glow, float full, float used) {
    vec4 col = vec4(0.0);
    // A plate: rim, well, glaze that mirrors the flame on the side away from it.
    vec2 c = vec2(-0.30, -0.255), d = p - c;
    float r = length(d), toward = dot(d / max(r, 0.001), normalize(lamp - c));
    float cover = disc(r - 0.118);
    float ring = 1.0 - 0.16 * smoothstep(0.005, 0.0, abs(r - 0.082)) + 0.10 * toward * smoothstep(0.118, 0.09, r) * step(0.082, r) - 0.14 * toward * smoothstep(0.05, 0.082, r) * step(r, 0.082);
    col = vec4(glow * vec3(0.90, 0.88, 0.84) * ring, cover);
    col.rgb += glow * 0.35 * smoothstep(0.004, 0.0, abs(r - 0.115)) * max(0.0, toward);
    // Bread, torn: more of it is gone where somebody sits.
    vec2 b = d - vec2(0.012, -0.008);
    float crumb = noise(p * 46.0);
    float loaf = length(b * vec2(1.0, 1.5)) - 0.050 + 0.010 * (noise(p * 22.0) - 0.5);
    loaf = max(loaf, 0.040 * used - length(b - vec2(0.044, 0.018)));
    float on = disc(loaf);
    col.rgb = mix(col.rgb, glow * mix(vec3(0.62, 0.36, 0.15), vec3(0.98, 0.84, 0.60), smoothstep(-0.006, -0.018, loaf)) * (0.72 + 0.4 * crumb), on);
    // A glass: its wine is a dark disc with a moon of light, its shadow carries a bright heart.
    vec2 g = p - vec2(-0.115, -0.115);
    float q = length(g), light = dot(g / max(q, 0.001), normalize(lamp - vec2(-0.115, -0.115)));
    float glass = disc(q - 0.044);
    float surface = disc(q - 0.037 * (0.62 + 0.38 * full)) * smoothstep(0.0, 0.05, full);
    vec3 wine = mix(vec3(0.34, 0.012, 0.035), vec3(0.78, 0.10, 0.07), smoothstep(0.2, -1.0, light) * q / 0.037) * glow;
    vec3 body = mix(mix(col.rgb, glow * 0.35, 0.35 * (1.0 - col.a)), wine, surface);
    col = mix(col, vec4(body, 1.0), glass * max(surface, 0.35));
    float gleam = smoothstep(0.0030 + px, 0.0008, abs(q - 0.042)) * (0.18 + 0.82 * smoothstep(0.3, 0.95, abs(light)));
    return mix(col, vec4(glow * 1.15 + 0.03, 1.0), gleam * 0.75);
}

// What stands in the light: soft shadows that point away from the flame.
float cast(vec2 p, vec2 lamp, vec2 c, float r, float tall) {
    vec2 way = normalize(c - lamp);
    float d = segment(p, c, c + way * tall, r, r * 1.12);
    return smoothstep(0.020 + tall * 0.12, -0.012, d);
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    // Upright, the table stands the other way: we sit below, they sit above.
    bool tall = aspect < 0.85;
    vec2 s = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0);
    vec2 h = (hand - 0.5) * vec2(aspect, 1.0), t = (hand_twin - 0.5) * vec2(aspect, 1.0);
    float scale = tall ? max(aspect, 0.5) * 1.0 : min(1.0, 0.45 + 0.40 * aspect);
    px = 1.3 / (RENDERSIZE.y * scale);
    if (tall) { s = vec2(s.y, -s.x); h = vec2(h.y, -h.x); t = vec2(t.y, -t.x); }
    s /= scale; h /= scale; t /= scale;
    bool east = s.x > 0.0;
    // Cut, there is a gap of dark floor between two tables.
    float gap = rupture * 0.055;
    vec2 p = s - vec2((east ? gap : -gap), east ? 0.03 * rupture : -0.03 * rupture);

    // Flames breathe slowly, each in its own time.
    float fa = candle * (0.94 + 0.06 * cos(6.2832 * TIME / 5.0) * cos(6.2832 * TIME / 3.6));
    float fb = candle_twin * (1.0 - night) * (1.0 - 0.86 * solitude) * (0.94 + 0.06 * cos(6.2832 * TIME / 4.8 + 1.0) * cos(6.2832 * TIME / 4.0));
    vec2 la = vec2(-0.205, 0.10), lb = -la;
    vec2 da = p - la, db = p - lb;
    float pa = fa / (1.0 + dot(da, da) * 6.0), pb = fb / (1.0 + dot(db, db) * 6.0);
    float reach_ = 1.0 - 0.88 * rupture;                 // cut, no light crosses
    if (east) pa *= reach_; else pb *= reach_;

    // Two rooms' own light: embers here; there a cool window, or, asleep, the moon through its bars.
    float win = smoothstep(0.1, 0.9, p.x + 0.25 * p.y);
    vec2 bars = vec2(p.x * 0.9 + p.y * 0.35 - 0.13, p.y * 0.9 - p.x * 0.35 + 0.22);
    vec2 pane = abs(fract(bars * vec2(4.4, 3.4)) - 0.5);
    float moon = smoothstep(0.47, 0.43, max(pane.x, pane.y)) * smoothstep(0.02, 0.06, bars.x) * smoothstep(0.48, 0.44, bars.x) * smoothstep(-0.31, -0.27, bars.y) * smoothstep(0.33, 0.28, bars.y);
    vec3 room = vec3(0.040, 0.024, 0.020) + vec3(0.030, 0.058, 0.070) * win * (1.0 - 0.5 * night) + vec3(0.30, 0.42, 0.60) * moon * night * 0.75;

    // Shadows: whatever stands, for both flames; the hands too, long and soft.
    vec2 fromA = vec2(-1.05, -0.42), fromB = -fromA;
    float sa = smoothstep(0.022, -0.010, palm(s, h, fromA)), sb = smoothstep(0.022, -0.010, palm(s, t, fromB));
    sb *= (1.0 - solitude) * (1.0 - night);
    float dark = max(cast(p, la, vec2(-0.115, -0.115), 0.040, 0.10), cast(p, la, vec2(-0.30, -0.255), 0.116, 0.02));
    float dark2 = max(cast(p, lb, vec2(0.115, 0.115), 0.040, 0.10), cast(p, lb, vec2(0.30, 0.255), 0.116, 0.02));
    float cross1 = cast(p, la, vec2(0.115, 0.115), 0.040, 0.16), cross2 = cast(p, lb, vec2(-0.115, -0.115), 0.040, 0.16);
    vec3 flame = vec3(1.00, 0.66, 0.33), flame2 = vec3(0.98, 0.80, 0.56);
    float open_ = 1.0 - 0.80 * max(sa, sb);
    vec3 bright = room + (flame * pa + flame2 * pb) * open_;
    vec3 light = room + flame * pa * (1.0 - 0.72 * max(dark, 0.6 * cross1)) * open_
                      + flame2 * pb * (1.0 - 0.72 * max(dark2, 0.6 * cross2)) * open_;

    // The wood: planks along the table, walnut that turns to grey ash where their room begins.
    float plank = floor(p.y * 6.0), one = hash(vec2(plank, 3.0));
    float grain = noise(vec2(p.x * 2.2 + one * 40.0, p.y * 80.0)) * 0.6 + noise(vec2(p.x * 7.0 + one * 9.0, p.y * 230.0)) * 0.4;
    float knotty = noise(vec2(p.x * 1.3 + one * 17.0, p.y * 9.0));
    float seam = smoothstep(0.010, 0.022, abs(fract(p.y * 6.0) - 0.0) * (1.0 - fract(p.y * 6.0)));
    vec3 walnut = mix(vec3(0.25, 0.115, 0.050), vec3(0.66, 0.37, 0.18), 0.6 * grain + 0.5 * knotty);
    vec3 ash = mix(vec3(0.19, 0.22, 0.225), vec3(0.50, 0.59, 0.60), 0.6 * grain + 0.5 * knotty);
    vec3 wood = mix(walnut, ash, smoothstep(-0.12, 0.12, p.x)) * (0.80 + 0.4 * one) * (0.45 + 0.55 * seam);
    // The runner: linen across the middle, its weave and two stitched lines, one of each city's thread.
    float across = abs(p.x) - 0.056;
    float linen = disc(across);
    float weave = 0.90 + 0.10 * cos(p.x * 900.0) * cos(p.y * 900.0) * smoothstep(0.004, 0.001, px) + 0.05 * (grain - 0.5);
    vec3 cloth = vec3(0.90, 0.85, 0.76) * weave;
    float stitch = smoothstep(0.0035, 0.0020, abs(abs(p.x) - 0.044)) * step(0.35, fract(p.y * 30.0));
    cloth = mix(cloth, p.x < 0.0 ? vec3(0.72, 0.20, 0.12) : vec3(0.10, 0.42, 0.50), stitch);
    wood *= 1.0 - 0.45 * smoothstep(0.018, 0.0, across) * (1.0 - linen);
    vec3 col = mix(wood, cloth, linen) * light * 1.75;

    // Two places, the second turned about the centre.
    vec4 a = laid(p, la, bright * 1.9, wine, 1.0), b = laid(-p, -lb, bright * 1.9, wine * (1.0 - solitude), 1.0 - solitude);
    col = mix(mix(col, a.rgb, a.a), b.rgb, b.a);
    // The candles, seen from straight above: wax, a pool, the flame as a small star.
    for (int i = 0; i < 2; i++) {
        vec2 d = i == 0 ? da : db;
        float f = i == 0 ? fa : fb, r = length(d);
        float lit = min(1.0, f * 1.6);
        col = mix(col, mix(vec3(0.42, 0.40, 0.37) * (light + 0.05), vec3(1.0, 0.80, 0.50), lit * (0.35 + 0.65 * smoothstep(0.034, 0.0, r))), disc(r - 0.030));
        col = mix(col, vec3(0.05), disc(r - 0.003) * (1.0 - lit));
        col += vec3(1.0, 0.72, 0.36) * f * (0.9 / (1.0 + r * r * 9000.0) + 0.30 / (1.0 + r * r * 110.0));
    }
    // Between two tables: the floor, and the edges of the wood.
    float edge = abs(s.x) - gap;
    col = mix(col, vec3(0.010, 0.011, 0.014), clamp(0.5 - edge / px, 0.0, 1.0) * step(0.001, rupture));
    col *= 1.0 - 0.5 * rupture * smoothstep(0.012, 0.0, edge);
    gl_FragColor = vec4(col / (0.85 + 0.35 * col), 1.0);
}
