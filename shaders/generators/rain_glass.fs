/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A window between two rooms. Breath mists it from either side, a hand wipes it, rain runs down; beyond are their lights.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Room"],
  "INPUTS": [
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.36, 0.5],
     "LABEL": {"en": "The hand here, which wipes", "fr": "La main ici, qui essuie"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.62, 0.56],
     "LABEL": {"en": "The hand there, which wipes", "fr": "La main là-bas, qui essuie"}},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4,
     "LABEL": {"en": "Our breath on the glass", "fr": "Notre souffle sur la vitre"}},
    {"NAME": "breath_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4,
     "LABEL": {"en": "Their breath on the glass", "fr": "Leur souffle sur la vitre"}},
    {"NAME": "rain", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55,
     "LABEL": {"en": "Rain", "fr": "Pluie"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: one lamp left on over there", "fr": "Solitude : une seule lampe restée allumée là-bas"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: their room is dark, the moon is in the drops", "fr": "Nuit : leur pièce est sombre, la lune est dans les gouttes"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the glass mists over for good", "fr": "Rupture : la vitre s'embue pour de bon"}}
  ],
  "PASSES": [
    {"TARGET": "mist", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(180*$WIDTH/$HEIGHT)", "HEIGHT": "180"},
    {}
  ]
}*/

// Red in the buffer is how clear the glass was wiped. It mists over again within half a minute, sooner where
// somebody breathes. Both hands wipe the same pane, from its two sides: where they have met one sees through.

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

// Their street and their windows, out of focus: round lights of one size, near ones brighter. `soft` 0 sharp.
vec3 beyond(vec2 p, float soft) {
    float h = p.y + 0.5;
    float day = 1.0 - night;
    vec3 col = mix(vec3(0.150, 0.120, 0.120), vec3(0.022, 0.070, 0.105), smoothstep(0.0, 0.75, h + 0.12 * p.x));
    col += vec3(0.42, 0.20, 0.09) * exp2(-6.0 * abs(h - 0.28)) * (1.0 - 0.75 * solitude);
    col *= mix(1.0, 0.26, night) * mix(1.0, 0.52, solitude);
    col += vec3(0.020, 0.034, 0.066) * night;
    for (int k = 0; k < 2; k++) {
        float cells = k == 0 ? 5.2 : 8.3;
        vec2 g = p * cells + vec2(k == 0 ? 3.1 : 9.7, 5.0), c = floor(g), f = g - c - 0.5;
        float one = hash(c + float(k) * 40.0), two = fract(one * 77.7);
        vec2 o = f - 0.08 * (vec2(two, fract(one * 31.3)) - 0.5) * 2.0;
        float r = (0.13 + 0.11 * two) * (0.45 + 0.42 * soft), edge = 0.03 + 0.07 * soft;
        float disc = smoothstep(r + edge, r - edge * 0.4, length(o));
        disc *= 0.75 + 0.25 * smoothstep(r * 0.5, r, length(o));            // a lens's circle is brighter at its rim
        float row = (c.y + 0.5 - 5.0) / cells + 0.16, band = exp2(-9.0 * row * row);
        float on = step(one, 0.18 + 0.60 * band) * (0.75 + 0.25 * cos(6.2832 * (TIME / 20.0 + one * 9.0)));
        vec3 tint = mix(mix(vec3(1.00, 0.50, 0.16), vec3(1.00, 0.78, 0.46), two), mix(vec3(0.30, 0.78, 0.82), vec3(0.90, 0.26, 0.16), step(0.8, two)), step(0.62, fract(one * 13.1)));
        col += tint * disc * on * (k == 0 ? 0.62 : 0.40) * day * (1.0 - 0.93 * solitude) / (0.5 + 0.6 * soft);
    }
    // Alone: somebody left one lamp on, as if to say that they will be back.
    vec2 l = p - vec2(0.13, -0.02);
    float lamp = length(l * vec2(1.0, 0.92));
    col += vec3(1.0, 0.64, 0.28) * solitude * day * (smoothstep(0.075 + 0.05 * soft, 0.055 - 0.04 * soft, lamp) * 0.85 + 0.16 / (1.0 + lamp * lamp * 26.0));
    vec2 m = p - vec2(0.17, 0.20);
    float moon = length(m);
    col += vec3(0.80, 0.88, 0.96) * night * (smoothstep(0.062 + 0.04 * soft, 0.056 - 0.05 * soft, moon) * 0.95 + 0.16 / (1.0 + moon * moon * 34.0));
    return col;
}

// Running drops: one to a column's cell. Gives its bend in xy, its cover in z, in w the wet path above it.
vec4 running(vec2 p, float cells, float seed) {
    vec2 g = vec2(p.x * cells, p.y * cells * 0.22);
    float col = floor(g.x), one = hash(vec2(col, seed));
    g.y += (TIME * (0.045 + 0.055 * one)) * (0.3 + 0.7 * rain) + one * 9.0;
    float row = floor(g.y), two = hash(vec2(col + 5.0, row + seed));
    float f = fract(g.y), x = fract(g.x) - 0.5;
    // It hesitates and goes on: within its cell it falls by fits, yet never jumps.
    float fall = 0.5 + 0.34 * cos(6.2832 * (TIME * 0.07 * (0.6 + two) + two)) * 0.5;
    float sway = 0.22 * (two - 0.5) + 0.055 * cos(f * 21.0 + two * 6.0);
    vec2 d = vec2((x - sway) / cells, (f - fall) / (cells * 0.22));
    float r = (0.10 + 0.12 * two) / cells, some = step(two, 0.30 + 0.55 * rain);
    float drop = some * smoothstep(r, r * 0.55, length(d * vec2(1.0, d.y > 0.0 ? 0.62 : 0.92)));
    float path = smoothstep(r * 0.75, r * 0.35, abs(x - sway) / cells) * smoothstep(0.0, 0.02, d.y) * smoothstep(0.95, 0.3, f - fall);
    return vec4(d / r * drop, drop, path * some);
}

// Beads that stand: three sizes are two calls of this and the runners.
vec3 beads(vec2 p, float cells, float seed, float many) {
    vec2 g = p * cells, c = floor(g);
    float one = hash(c + seed), life = fract(TIME / 40.0 + one * 13.0);
    vec2 o = fract(g) - 0.5 - 0.5 * (vec2(fract(one * 71.0), fract(one * 37.0)) - 0.5);
    float r = (0.08 + 0.15 * fract(one * 91.0)) * sqrt(4.0 * life * (1.0 - life)) + 0.002;
    float b = step(fract(one * 17.0), many) * smoothstep(r, r * 0.5, length(o));
    return vec3(o / r * b, b);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (uv - 0.5) * shape, a = (hand - 0.5) * shape, b = (hand_twin - 0.5) * shape;
    a += vec2(0.030, 0.060) * vec2(cos(6.2832 * TIME / 12.0), sin(6.2832 * TIME / 16.0));
    b += vec2(0.034, 0.055) * vec2(sin(6.2832 * TIME / 12.0), cos(6.2832 * TIME / 18.0)) * (1.0 - night);
    float there = (1.0 - solitude) * (1.0 - night);

    if (PASSINDEX == 0) {
        float was = IMG_NORM_PIXEL(mist, uv).r;
        vec2 da = p - a, db = p - b;
        // Before anybody came the pane was wiped once already, with a sleeve, from each side.
        vec2 rub = vec2(0.05 * (noise(p * vec2(3.0, 26.0)) - 0.5), 0.03 * (noise(p * 9.0) - 0.5));
        float oval = length((da + rub - vec2(0.01, 0.02)) * vec2(0.80, 1.0)), oval2 = length((db + rub + vec2(0.01, 0.0)) * vec2(0.88, 1.0));
        if (FRAMEINDEX == 0) was = max(smoothstep(0.215, 0.150, oval), there * smoothstep(0.185, 0.125, oval2)) * (1.0 - rupture);
        float dry = clamp(TIMEDELTA, 0.0, 0.1) * (0.022 + 0.05 * (breath / (1.0 + dot(da, da) * 12.0) + breath_twin * there / (1.0 + dot(db, db) * 12.0)) + 0.25 * rupture);
        float palm = smoothstep(0.072, 0.050, length(da * vec2(1.0, 0.82))), palm2 = smoothstep(0.072, 0.050, length(db * vec2(1.0, 0.82))) * there;
        was = max(was - dry, max(palm, palm2) * (1.0 - 0.85 * rupture));
        gl_FragColor = vec4(clamp(was, 0.0, 1.0), 0.0, 0.0, 1.0);
        return;
    }

    float wiped = smoothstep(0.10, 0.75, IMG_NORM_PIXEL(mist, uv).r + 0.16 * (noise(p * vec2(60.0, 34.0)) - 0.5));
    vec4 r1 = running(p, 9.0, 1.0), r2 = running(p + vec2(0.37, 0.0), 15.0, 4.0);
    vec3 s1 = beads(p, 26.0, 3.0, 0.25 + 0.5 * rain), s2 = beads(p + 0.31, 58.0, 8.0, 0.35 + 0.4 * rain);
    float drop = max(max(r1.z, r2.z), max(s1.z, s2.z * 0.8));
    vec2 bend = r1.z + r2.z > 0.02 ? r1.xy + r2.xy : (s1.z > 0.02 ? s1.xy : s2.xy);
    float clear = max(wiped, max(r1.w, r2.w) * 0.9);

    // A drop is a lens that turns the street upside down.
    vec2 look = p - bend * vec2(0.24, 0.34) * step(0.02, drop);
    vec3 sharp = beyond(look, drop > 0.02 ? 0.08 : 0.40) * 1.25;
    float grain = noise(p * 150.0) * 0.6 + noise(p * 70.0) * 0.4;
    vec3 dull = beyond(p * 0.97, 1.35);
    vec3 mist_ = mix(vec3(0.235, 0.215, 0.215), vec3(0.215, 0.260, 0.275), smoothstep(-0.5, 0.5, p.x)) * mix(1.0, 0.42, night) * mix(1.0, 0.74, solitude);
    dull = dull * 0.62 + mist_ * (0.62 + 0.20 * grain);
    vec3 white = mix(vec3(0.60, 0.585, 0.575), vec3(0.52, 0.57, 0.59), smoothstep(-0.5, 0.5, p.x)) * (0.88 + 0.16 * grain - 0.25 * p.y);
    dull = mix(dull, white, rupture * 0.86);
    // Breath: a paler round of mist before each mouth, that comes and goes as breath does.
    vec2 ma = p - a - vec2(-0.05, 0.19), mb = p - b - vec2(0.06, 0.18);
    float in_ = 0.55 + 0.45 * cos(6.2832 * TIME / 6.0), in2 = 0.55 + 0.45 * cos(6.2832 * TIME / 6.4 + 2.0);
    dull += vec3(0.30, 0.235, 0.190) * breath * in_ * exp2(-dot(ma, ma) * 55.0) + vec3(0.17, 0.235, 0.25) * breath_twin * there * in2 * exp2(-dot(mb, mb) * 55.0);

    vec3 col = mix(dull, sharp, clamp(max(clear, drop), 0.0, 1.0) * (1.0 - 0.35 * rupture * (1.0 - drop)));
    float shade = drop * smoothstep(0.45, 1.0, length(bend));
    col *= 1.0 - 0.42 * shade * step(0.0, bend.y);
    col += (vec3(0.30, 0.27, 0.24) * (1.0 - 0.55 * night) + vec3(0.10, 0.14, 0.20) * night) * drop * smoothstep(0.25, 0.75, bend.y) * smoothstep(1.0, 0.7, length(bend)) * 0.8;
    // Our own room, in the glass: the lamp behind whoever looks.
    vec2 w = p - vec2(-0.42 * min(shape.x, 1.5), 0.30);
    col += vec3(0.34, 0.17, 0.06) * (1.0 - 0.3 * rupture) / (1.0 + dot(w, w) * 9.0) * 0.55;
    col *= 1.0 - 0.36 * dot(p, p) / (0.25 + 0.25 * shape.x * shape.x);
    gl_FragColor = vec4(col, 1.0);
}
