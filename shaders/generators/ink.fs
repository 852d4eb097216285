/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two inks in one bowl of water: madder falls from here, indigo from there, and the water carries both.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Ink", "Flow"],
  "INPUTS": [
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.34, 0.66],
     "LABEL": {"en": "The hand that pours here", "fr": "La main qui verse ici"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.66, 0.62],
     "LABEL": {"en": "The hand that pours there", "fr": "La main qui verse là-bas"}},
    {"NAME": "pour", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Ink poured here", "fr": "Encre versée ici"}},
    {"NAME": "pour_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Ink poured there", "fr": "Encre versée là-bas"}},
    {"NAME": "stir", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.45,
     "LABEL": {"en": "How restless the water is", "fr": "L'agitation de l'eau"}},
    {"NAME": "fade", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35,
     "LABEL": {"en": "How soon the ink is thinned", "fr": "Combien vite l'encre se dilue"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: one ink, and the mark of where the other was", "fr": "Solitude : une encre, et la trace de l'autre"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: black water, ink of light", "fr": "Nuit : eau noire, encre de lumière"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: oil between the two, they cannot mix", "fr": "Rupture : de l'huile entre les deux, elles ne se mêlent plus"}}
  ],
  "PASSES": [
    {"TARGET": "motion", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(90*$WIDTH/$HEIGHT)", "HEIGHT": "90"},
    {"TARGET": "motion", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(90*$WIDTH/$HEIGHT)", "HEIGHT": "90"},
    {"TARGET": "motion", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(90*$WIDTH/$HEIGHT)", "HEIGHT": "90"},
    {"TARGET": "motion", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(90*$WIDTH/$HEIGHT)", "HEIGHT": "90"},
    {"TARGET": "dye", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(256*$WIDTH/$HEIGHT)", "HEIGHT": "256"},
    {}
  ]
}*/

// A fluid after Stam: the water's motion (red, green) is carried by itself, then made free of sources by a
// pressure (blue) that three passes relax; pressure is kept from frame to frame, so three are enough. Motion is
// smooth, so 90 rows do; the ink is fine, so it has 256. Time is stepped by the frame's own length.

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

float billow(vec2 p) { return noise(p) * 0.55 + noise(p * 2.1 + 7.0) * 0.28 + noise(p * 4.3 + 3.0) * 0.17; }

vec2 shape;

// Whirls that the room itself makes: the curl of a slow hill of noise.
vec2 draught(vec2 p) {
    vec2 q = p * 2.4 + vec2(0.0, TIME / 25.0);
    const float e = 0.06;
    float h = noise(q);
    return vec2(noise(q + vec2(0.0, e)) - h, h - noise(q + vec2(e, 0.0))) / e;
}

// The first frame has its cloud already: two plumes as if they had been falling for a while.
vec2 plumes(vec2 p, vec2 a, vec2 b) {
    vec2 w = p + 0.17 * (vec2(billow(p * 4.0), billow(p * 4.0 + 40.0)) - 0.5) + 0.05 * (vec2(billow(p * 11.0), billow(p * 11.0 + 20.0)) - 0.5);
    vec2 da = w - a, db = w - b;
    float wa = 0.035 + 0.24 * max(0.0, -da.y), wb = 0.035 + 0.24 * max(0.0, -db.y);
    float fa = exp2(-da.x * da.x / (wa * wa)) * smoothstep(0.05, -0.03, da.y) * smoothstep(-0.72, -0.10, da.y);
    float fb = exp2(-db.x * db.x / (wb * wb)) * smoothstep(0.05, -0.03, db.y) * smoothstep(-0.72, -0.10, db.y);
    float veins = 0.25 + 1.3 * abs(billow(w * 6.0) - 0.48) * 3.0;
    return clamp(vec2(fa, fb) * veins, 0.0, 1.0);
}

void main() {
    vec2 uv = isf_FragNormCoord, e = 1.0 / RENDERSIZE;
    shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (uv - 0.5) * shape, a = (hand - 0.5) * shape, b = (hand_twin - 0.5) * shape;
    // A hand that pours is never still; where it hangs, the ink falls in a moving thread.
    a += vec2(0.040, 0.016) * vec2(cos(6.2832 * TIME / 16.0), cos(6.2832 * TIME / 12.0));
    b += vec2(0.040, 0.016) * vec2(cos(6.2832 * TIME / 18.0 + 2.0), cos(6.2832 * TIME / 15.0));
    float there = (1.0 - solitude) * pour_twin;
    float dt = clamp(TIMEDELTA, 0.0, 0.034);
    float wall = rupture * smoothstep(0.055, 0.020, abs(p.x + 0.03 * cos(6.2832 * (p.y * 0.8 + TIME / 30.0))));

    if (PASSINDEX == 0) {
        vec3 m = IMG_NORM_PIXEL(motion, uv).rgb;
        if (FRAMEINDEX == 0) { gl_FragColor = vec4(draught(p) * 0.018, 0.0, 1.0); return; }
        vec2 v = IMG_NORM_PIXEL(motion, uv - m.rg * dt / shape).rg;
        vec2 ink_ = IMG_NORM_PIXEL(dye, uv).rg;
        vec2 da = p - a, db = p - b;
        v += dt * (draught(p) * 0.050 * stir - vec2(0.0, 0.10) * (ink_.r + ink_.g)
                 + vec2(0.0, -0.55) * (pour * exp2(-dot(da, da) * 500.0) + there * exp2(-dot(db, db) * 500.0)));
        v *= exp2(-dt * 0.35) * (1.0 - wall);
        v *= smoothstep(vec2(0.0), vec2(0.03), min(uv, 1.0 - uv)).yx * 0.15 + 0.85;
        gl_FragColor = vec4(clamp(v, -1.5, 1.5), m.b * 0.92, 1.0);
        return;
    }
    if (PASSINDEX < 4) {
        vec3 m = IMG_NORM_PIXEL(motion, uv).rgb;
        vec3 l = IMG_NORM_PIXEL(motion, uv - vec2(e.x, 0.0)).rgb, r = IMG_NORM_PIXEL(motion, uv + vec2(e.x, 0.0)).rgb;
        vec3 d = IMG_NORM_PIXEL(motion, uv - vec2(0.0, e.y)).rgb, u = IMG_NORM_PIXEL(motion, uv + vec2(0.0, e.y)).rgb;
        // Each pass relaxes the pressure and at once takes a part of its slope from the motion.
        float spring = 0.5 * (r.r - l.r + u.g - d.g);
        float q = 0.25 * (l.b + r.b + d.b + u.b - spring);
        gl_FragColor = vec4(m.rg - 0.30 * vec2(r.b - l.b, u.b - d.b), q, 1.0);
        return;
    }
    if (PASSINDEX == 4) {
        if (FRAMEINDEX == 0) { vec2 s = plumes(p, a, b); gl_FragColor = vec4(s.r, s.g * (1.0 - solitude), s.g, 1.0); return; }
        vec2 v = IMG_NORM_PIXEL(motion, uv).rg;
        vec2 back = uv - v * dt / shape;
        vec3 was = IMG_NORM_PIXEL(dye, back).rgb;
        // Carrying blurs a little; this gives the edge back.
        vec2 k = 1.2 * e;
        vec3 mean = 0.5 * (IMG_NORM_PIXEL(dye, back + k).rgb + IMG_NORM_PIXEL(dye, back - k).rgb);
        vec2 inside = smoothstep(vec2(0.0), vec2(0.015) / shape, min(back, 1.0 - back));
        was *= mix(0.9, 1.0, inside.x * inside.y);        // clear water flows in over the edge
        was += (was - mean) * 0.008;
        was *= exp2(-dt * vec3(0.02 + 0.15 * fade, 0.02 + 0.15 * fade + 0.5 * solitude, 0.01));
        vec2 da = p - a, db = p - b;
        float pulse = 0.75 + 0.25 * cos(6.2832 * TIME / 3.0);
        vec2 fresh = vec2(pour, there) * pulse * exp2(-vec2(dot(da, da), dot(db, db)) * 300.0);
        was.rg = max(was.rg, fresh * 0.92) * (1.0 - 0.04 * wall);
        gl_FragColor = vec4(clamp(was, 0.0, 1.0), 1.0);
        return;
    }

    vec3 ink_ = IMG_NORM_PIXEL(dye, uv).rgb;
    float side = smoothstep(-0.5, 0.5, p.x), px = 1.0 / RENDERSIZE.y;
    float fibre = noise(p * vec2(170.0, 210.0)) - 0.5 + 0.8 * (noise(p * 15.0) - 0.5);
    // Milk-white water with light behind it; each ink takes its own colours out of the light, more where thick.
    float lamp = 1.0 / (1.0 + dot(p - vec2(0.0, 0.06), p - vec2(0.0, 0.06)) * 0.95);
    vec3 water = mix(vec3(0.975, 0.935, 0.870), vec3(0.895, 0.935, 0.930), side) * (0.70 + 0.32 * lamp) * (1.0 + 0.012 * fibre);
    vec3 madder = mix(vec3(0.30, 1.75, 1.95), vec3(0.75, 2.60, 2.10), ink_.r), indigo = mix(vec3(2.40, 1.15, 0.42), vec3(2.90, 1.90, 0.85), ink_.g);
    vec3 stain = vec3(0.16, 0.10, 0.05) * ink_.b * solitude;
    vec3 col = water * exp2(-(madder * ink_.r * (0.5 + 1.5 * ink_.r) + indigo * ink_.g * (0.5 + 1.5 * ink_.g) + stain) * 1.35);

    // Asleep: the same ink gives light instead of taking it, ours much and theirs hardly.
    vec3 dark = mix(vec3(0.026, 0.014, 0.026), vec3(0.004, 0.016, 0.034), side) * (0.5 + lamp);
    float r = ink_.r, g = ink_.g * 0.55;
    dark += vec3(1.00, 0.42, 0.14) * r + vec3(0.55, 0.55, 0.34) * r * r + vec3(0.10, 0.26, 0.60) * g + vec3(0.30, 0.42, 0.36) * g * g;
    col = mix(col, dark / (0.9 + 0.35 * dark), night);
    // Cut: a clear oil stands between, seen only by its two edges.
    float seam = abs(p.x + 0.03 * cos(6.2832 * (p.y * 0.8 + TIME / 30.0))) - 0.034;
    float edge = 1.0 / (1.0 + seam * seam * 90000.0);
    col = mix(col, mix(vec3(0.985, 0.965, 0.900), vec3(0.07, 0.07, 0.08), night), rupture * smoothstep(px, -px, seam) * 0.75);
    col *= 1.0 - rupture * edge * 0.45 * (1.0 - night);
    col += rupture * edge * 0.12 * night;
    gl_FragColor = vec4(col, 1.0);
}
