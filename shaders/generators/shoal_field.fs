/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two shoals in one current: streaks of light carried by a slow, whirling flow, each turning towards its hand.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Flow"],
  "INPUTS": [
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.28, 0.58],
     "LABEL": {"en": "The hand here", "fr": "La main ici"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.74, 0.42],
     "LABEL": {"en": "The hand there", "fr": "La main là-bas"}},
    {"NAME": "draw", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "How strongly a hand draws them", "fr": "Combien une main les attire"}},
    {"NAME": "current", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Current", "fr": "Courant"}},
    {"NAME": "many", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "How many", "fr": "Combien ils sont"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: one shoal, and an empty sea", "fr": "Solitude : un banc, et la mer vide"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: theirs only glimmers when stirred", "fr": "Nuit : le leur ne luit que remué"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the current turns back at a line", "fr": "Rupture : le courant rebrousse à une ligne"}}
  ],
  "PASSES": [
    {"TARGET": "sea", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(400*$WIDTH/$HEIGHT)", "HEIGHT": "400"},
    {}
  ]
}*/

// The flow is the curl of a hill of noise: water runs along the contours of a height, so it never wells up and
// never drains. Each frame the light that is there is carried on a little and fades; new sparks are set in. So a
// streak is only a spark remembered: red holds ours, green theirs, and nothing has to be counted.

float hash(vec2 p) {                       // without sine: alike on every GPU
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);        // smooth twice: its slope is a current
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

// The height whose contours the water follows; p in heights of the picture.
float height(vec2 p, vec2 a, vec2 b) {
    float t = TIME / 40.0;
    float h = noise(p * 2.1 + vec2(t, 0.3 * t)) + 0.46 * noise(p * 4.7 - vec2(0.6 * t, t) + 20.0) - 0.72 * p.y;
    vec2 da = p - a, db = p - b;
    // A hand is a hill: the shoal circles it. The two turn opposite ways, so between them they swim together.
    h += draw * (0.62 / (1.0 + dot(da, da) * 16.0) - 0.62 * (1.0 - 0.8 * solitude) * (1.0 - 0.6 * night) / (1.0 + dot(db, db) * 16.0));
    float line = exp2(-p.x * p.x * 30.0);
    return mix(h, h * (1.0 - line), rupture);              // no contour crosses the cut
}

vec2 flow(vec2 p, vec2 a, vec2 b) {
    const float e = 0.02;
    float h = height(p, a, b);
    return vec2(height(p + vec2(0.0, e), a, b) - h, h - height(p + vec2(e, 0.0), a, b)) / e;
}

vec3 nextsea(vec2 uv, vec2 p, vec2 a, vec2 b, vec2 shape, bool first) {
    vec2 v = flow(p, a, b);
    float step_ = first ? 0.0 : (0.055 + 0.15 * current) * clamp(TIMEDELTA, 0.004, 0.034);
    vec2 back = uv - v * step_ / shape;
    vec3 was = IMG_NORM_PIXEL(sea, back).rgb;
    float keep = exp2(-clamp(TIMEDELTA, 0.004, 0.034) * 0.45);
    // What flows in over the picture's edge is dark water, not a copy of the edge.
    vec2 inside = smoothstep(vec2(0.0), vec2(0.012) / shape, min(back, 1.0 - back));
    was = was * keep * mix(0.86, 1.0, inside.x * inside.y);
    was.b = length(v);

    // New sparks: one cell in many is lit for a second, at a place of its own, and another the next.
    vec2 fresh = vec2(0.0);
    for (int k = 0; k < 2; k++) {
        float cells = 46.0, kind = float(k);
        vec2 g = p * cells + kind * 31.7, c = floor(g);
        float one = hash(c + kind * 77.0), beat = TIME / 2.5 + one * 19.0, n = floor(beat), f = beat - n;
        float lot = hash(c + 3.0 + n * 7.0 + kind * 51.0);
        // Each shoal keeps to its own side, but some of each are always among the others.
        float home = k == 0 ? smoothstep(0.75, -0.55, p.x / shape.x * 2.0) : smoothstep(-0.75, 0.55, p.x / shape.x * 2.0);
        float lit = step(lot, (0.06 + 0.26 * many) * home) * 4.0 * f * (1.0 - f);
        vec2 o = fract(g) - 0.3 - 0.4 * vec2(fract(lot * 391.0), fract(lot * 757.0));
        float spark = max(0.0, 1.0 - dot(o, o) * 16.0);
        fresh[k] = lit * spark * spark * (0.35 + 0.65 * one);
    }
    return vec3(max(was.rg, fresh), was.b);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (uv - 0.5) * shape, a = (hand - 0.5) * shape, b = (hand_twin - 0.5) * shape;

    if (PASSINDEX == 0) {
        // The first frame cannot remember: it walks upstream instead, and finds the sparks it would have seen.
        if (FRAMEINDEX == 0) {
            vec2 q = p;
            vec3 sum = vec3(0.0);
            for (int i = 0; i < 28; i++) {
                vec3 s = nextsea(q / shape + 0.5, q, a, b, shape, true);
                sum = max(sum, vec3(s.rg * exp2(-float(i) * 0.075), s.b));
                vec2 v = flow(q, a, b);
                q -= v * (0.0058 / (0.4 + length(v)));
            }
            gl_FragColor = vec4(sum, 1.0);
        } else gl_FragColor = vec4(nextsea(uv, p, a, b, shape, false), 1.0);
        return;
    }

    vec3 s = IMG_NORM_PIXEL(sea, uv).rgb;
    vec2 e = 3.0 / vec2(400.0 * shape.x, 400.0);
    vec2 soft = 2.0 * (IMG_NORM_PIXEL(sea, uv + e).rg + IMG_NORM_PIXEL(sea, uv - e).rg);
    vec2 da = p - a, db = p - b;
    float east = smoothstep(-0.5, 0.5, p.x / shape.x * 2.0);
    float depth = smoothstep(-0.6, 0.7, p.y);

    // Water: lit from above, a warm shaft where our hand is and a cool one where theirs is.
    vec3 col = mix(mix(vec3(0.040, 0.018, 0.036), vec3(0.002, 0.022, 0.040), east), mix(vec3(0.090, 0.042, 0.062), vec3(0.008, 0.070, 0.100), east), depth);
    col *= 1.0 - 0.72 * night * (0.35 + 0.65 * east);
    float gone = solitude * (1.0 - 0.4 * night);
    col += vec3(0.17, 0.07, 0.03) / (1.0 + dot(da, da) * 14.0) * (1.0 - 0.4 * rupture);
    col += vec3(0.01, 0.09, 0.11) * (1.0 - gone) * (1.0 - night) * (1.0 - 0.4 * rupture) / (1.0 + dot(db, db) * 14.0);

    float ours = s.r, theirs = s.g * (1.0 - 0.96 * gone);
    // Asleep they are seen only where the water moves quickly, as sea-fire is.
    float stirred = smoothstep(0.9, 2.6, s.b);
    theirs *= mix(1.0, 0.16 + 1.1 * stirred, night);
    vec3 amber = mix(vec3(0.95, 0.30, 0.10), vec3(1.00, 0.86, 0.58), smoothstep(0.15, 0.85, ours));
    vec3 jade = mix(vec3(0.05, 0.44, 0.52), vec3(0.74, 1.00, 0.92), smoothstep(0.15, 0.85, theirs));
    jade = mix(jade, vec3(0.35, 0.62, 1.0), 0.6 * night);
    vec3 ash = vec3(0.62, 0.64, 0.66);
    amber = mix(amber, ash * 1.1, 0.45 * rupture);
    jade = mix(jade, ash, 0.45 * rupture);
    col += amber * ours * (0.55 + 1.5 * ours) + vec3(1.0, 0.45, 0.18) * soft.x * 0.045;
    col += jade * theirs * (0.55 + 1.5 * theirs) + vec3(0.10, 0.62, 0.66) * soft.y * 0.045 * (1.0 - 0.96 * gone) * (1.0 - 0.6 * night);
    // Where the two shoals mix, white.
    col += vec3(1.0, 0.92, 0.74) * sqrt(max(0.0, soft.x * soft.y)) * 0.10 * (1.0 - gone) * (1.0 - night);
    col *= 1.0 - 0.40 * rupture * exp2(-p.x * p.x * 260.0);
    gl_FragColor = vec4(col / (0.94 + 0.22 * col), 1.0);
}
