/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A window at night. Beyond it two cities out of focus, and between them the post: folded sheets, ours rising, theirs coming down.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Paper", "Night"],
  "INPUTS": [
    {"NAME": "sent", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Letters sent from here", "fr": "Lettres envoyées d'ici"}},
    {"NAME": "sent_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Letters sent from there", "fr": "Lettres envoyées de là-bas"}},
    {"NAME": "wind", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.3,
     "LABEL": {"en": "Wind", "fr": "Vent"}},
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.3, 0.3],
     "LABEL": {"en": "The lamp in our hand", "fr": "La lampe dans notre main"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.72, 0.74],
     "LABEL": {"en": "The lamp in theirs", "fr": "La lampe dans la leur"}},
    {"NAME": "near", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4,
     "LABEL": {"en": "How near we are: our lamp's light", "fr": "Combien nous sommes près : la lumière de notre lampe"}},
    {"NAME": "near_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4,
     "LABEL": {"en": "How near they are: their lamp's light", "fr": "Combien ils sont près : la lumière de leur lampe"}},
    {"NAME": "soon", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A touch here, followed soon", "fr": "Un toucher ici, suivi de près"}},
    {"NAME": "late", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A touch here, followed late", "fr": "Un toucher ici, suivi de loin"}},
    {"NAME": "soon_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A touch there, followed soon", "fr": "Un toucher là-bas, suivi de près"}},
    {"NAME": "late_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A touch there, followed late", "fr": "Un toucher là-bas, suivi de loin"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: ours go up into the dark", "fr": "Solitude : les nôtres montent dans le noir"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: ours wait in a pile, by a lantern", "fr": "Nuit : les nôtres attendent en tas, près d'une lanterne"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the post has stopped", "fr": "Rupture : la poste est arrêtée"}}
  ]
}*/

const float TURN = 26.0;                   // seconds of a letter and its answer, as in words.fs

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

// A sheet folded once, seen from anywhere: two leaves that meet at a crease, each with its own light.
// Gives its shade in x, what it covers in y. `open` 0 shut … 1 flat.
vec2 sheet(vec2 p, float size, float turn, float open, float px) {
    float c = cos(turn), s = sin(turn);
    vec2 q = vec2(c * p.x + s * p.y, c * p.y - s * p.x) / size;
    float k = mix(0.16, 0.92, open), x = abs(q.x);
    float lift = (1.0 - open) * 0.75 * x + (q.x > 0.0 ? 0.12 : -0.05) * x;
    float d = max(x - k, abs(q.y - lift) - 0.62);
    float leaf = q.x > 0.0 ? 0.62 + 0.30 * open : 1.0;
    leaf -= 0.20 * smoothstep(0.10, 0.0, x) + 0.22 * q.y;
    return vec2(leaf, clamp(0.5 - d * size / px, 0.0, 1.0));
}

// Far lights out of focus: discs in a grid, each at its own pace.
vec3 lights(vec2 p, float cells, float seed, float low, float soft) {
    vec2 g = mat2(0.848, 0.530, -0.530, 0.848) * p * cells + seed, c = floor(g), f = g - c - 0.5;   // turned: no rows
    float one = hash(c + seed), two = fract(one * 77.7), three = fract(one * 31.3);
    float r = 0.07 + 0.13 * three * three, d = length(f - (0.94 - 2.2 * r) * (vec2(two, three) - 0.5));
    float disc = smoothstep(r + soft, r - soft * 0.4, d) * (0.72 + 0.28 * smoothstep(r * 0.4, r, d));
    float on = step(one, low) * (0.72 + 0.28 * cos(6.2832 * (TIME / 23.0 + one * 9.0)));
    vec3 warm = mix(vec3(1.00, 0.52, 0.18), vec3(1.00, 0.80, 0.50), two), cool = mix(vec3(0.30, 0.72, 0.78), vec3(0.74, 0.90, 0.96), two);
    return mix(warm, cool, smoothstep(-0.12, 0.12, p.y)) * (disc * on);
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0);
    float px = 1.4 / RENDERSIZE.y;
    float there = (1.0 - solitude) * (1.0 - night) * (1.0 - rupture), still = max(night, rupture);

    // Night: our street below, theirs above as if hung from the sky; the dark between them is the ocean.
    float up = p.y + 0.5;
    vec3 col = mix(vec3(0.060, 0.034, 0.038), vec3(0.010, 0.016, 0.036), smoothstep(0.0, 0.42, up));
    col = mix(col, mix(vec3(0.006, 0.010, 0.026), vec3(0.016, 0.052, 0.066), there), smoothstep(0.45, 1.0, up));
    float haze = noise(vec2(p.x * 1.3 + TIME * 0.01, p.y * 2.2)) - 0.5;
    col *= 1.0 + 0.35 * haze;
    float ours = exp2(-pow(abs(p.y + 0.43) * 6.5, 2.0)), theirs = exp2(-pow(abs(p.y - 0.43) * 6.5, 2.0));
    // What is not there is not drawn: a loop of no turns, which without a graphics card is cheaper than an `if`.
    float far = ours * (1.0 - 0.55 * night) * (1.0 - rupture) + theirs * there;
    int n = far > 0.004 ? 1 : 0;
    for (int i = 0; i < n; i++) col += far * (lights(p, 6.0, 3.1, 0.50, 0.035) * 0.32 + lights(p, 13.0, 17.7, 0.66, 0.09) * 0.22);
    // Their stars, while they sleep.
    float dark = max(night, 0.25 * solitude);
    n = dark > 0.0 && p.y > -0.1 ? 1 : 0;
    for (int i = 0; i < n; i++) {
        vec2 g = (p + vec2(0.2, -0.2) * p.yx) * 24.0, cell = floor(g);
        float star = hash(cell + 31.0);
        vec2 o = fract(g) - 0.25 - 0.5 * vec2(fract(star * 91.7), fract(star * 57.3));
        col += vec3(0.85, 0.92, 1.0) * (dark * smoothstep(0.60, 1.0, star) * smoothstep(-0.1, 0.35, p.y) / (1.0 + dot(o, o) * 1500.0));
    }

    // The lamps in both hands: they light the air a little, and every sheet that passes.
    vec2 a = p - (hand - 0.5) * vec2(aspect, 1.0), b = p - (hand_twin - 0.5) * vec2(aspect, 1.0);
    float la = (0.25 + 0.75 * near) / (1.0 + dot(a, a) * 14.0), lb = (0.25 + 0.75 * near_twin) / (1.0 + dot(b, b) * 14.0) * there;
    vec3 lamp = vec3(1.0, 0.62, 0.30) * la + vec3(0.42, 0.86, 0.92) * lb;
    col += lamp * (0.085 + 0.05 * haze);
    vec3 moon = vec3(0.135, 0.150, 0.180);

    // The post: two depths of it each way. A sheet keeps to its cell, and the cells go by.
    for (int i = 0; i < 4; i++) {
        bool mine = i < 2;
        float deep = mod(float(i), 2.0), cells = mix(4.6, 8.5, deep), pace = mix(0.020, 0.011, deep) * (mine ? 1.0 : -1.0);
        vec2 q = p;
        q.x += (0.03 + 0.09 * wind) * sin(p.y * 2.6 + TIME * 0.11 + float(i) * 1.7) + (mine ? -1.0 : 1.0) * 0.10 * p.y;
        q.y -= TIME * pace;
        vec2 h = q * cells + float(i) * 19.3, id = floor(h), f = h - id - 0.5;
        float one = hash(id + float(i) * 7.0), two = fract(one * 57.3), three = fract(one * 131.7);
        vec2 at = f - (vec2(two, three) - 0.5) * 0.5;
        float share = mine ? sent : sent_twin * there;
        float on = smoothstep(0.0, 0.06, 0.05 + 0.40 * share - one) * (1.0 - still);
        n = on > 0.0 && dot(at, at) < 0.05 ? 1 : 0;
        for (int turns = 0; turns < n; turns++) {
            float sway = TIME * (0.10 + 0.12 * two) + one * 40.0;
            vec2 s = sheet(at, 0.145, 0.5 * sin(sway) + three * 6.28, 0.55 + 0.40 * sin(sway * 1.3), px * cells);
            // Alone they are lost sight of; else they fade at both ends of their way, where they are posted and read.
            float seen = smoothstep(0.54, 0.36, abs(p.y)) * mix(1.0, smoothstep(0.30, -0.30, p.y), mine ? solitude : 0.0);
            vec3 paper = (moon + lamp * 1.5 + (mine ? vec3(0.30, 0.175, 0.085) : vec3(0.07, 0.20, 0.225))) * mix(1.0, 0.42, deep);
            col = mix(col, paper * s.x, s.y * on * seen * mix(0.95, 0.8, deep));
        }
    }

    // The one that was just read goes over: it leaves where our line stood, and opens where theirs will be.
    float t = mod(TIME, TURN), go = smoothstep(11.0, 16.5, t), flies = smoothstep(10.2, 11.4, t) * smoothstep(17.4, 16.2, t) * there;
    float side = 0.16 * max(0.0, aspect - 0.6);
    n = flies > 0.0 ? 1 : 0;
    for (int i = 0; i < n; i++) {
        vec2 road = vec2(mix(-side, side, go) + 0.09 * sin(go * 6.2832), mix(-0.17, 0.22, go));
        vec2 letter = sheet(p - road, 0.050, -0.35 + 0.9 * sin(go * 7.0) * (1.0 - go), 0.50 + 0.45 * cos(go * 9.0), px);
        vec2 r = p - road;
        vec3 glow = mix(vec3(1.0, 0.70, 0.40), vec3(0.50, 0.90, 0.95), go);
        col += glow * (flies * 0.16 / (1.0 + dot(r, r) * 120.0));
        col = mix(col, mix(glow, vec3(1.0), 0.55) * letter.x * 0.92, letter.y * flies);
    }

    // A touch holds a sheet; let go, it climbs. Theirs comes down to us in the same way.
    for (int i = 0; i < 2; i++) {
        float s = i == 0 ? soon : soon_twin, l = i == 0 ? late : late_twin, climb = (1.0 - s) * (i == 0 ? 0.5 : -0.5);
        float shown = smoothstep(0.02, 0.16, l) * (i == 0 ? 1.0 : there) * (1.0 - rupture);
        n = shown > 0.0 ? 1 : 0;
        for (int turns = 0; turns < n; turns++) {
            vec2 w = (i == 0 ? a : b) - vec2(0.05 * sin(climb * 9.0), climb);
            vec2 one = sheet(w, 0.036, 0.7 * sin(climb * 8.0 + 1.0), 0.55 + 0.4 * cos(climb * 11.0), px);
            vec3 tint = i == 0 ? vec3(1.0, 0.88, 0.70) : vec3(0.76, 0.96, 1.0);
            col += tint * (shown * 0.10 / (1.0 + dot(w, w) * 200.0));
            col = mix(col, tint * one.x * 0.9, one.y * shown);
        }
    }

    // Asleep: what we wrote lies by their door, by a lantern that somebody set down.
    int asleep = night > 0.0 && p.y < 0.0 ? 1 : 0;
    for (int once = 0; once < asleep; once++) {
        vec2 d = p - vec2(0.155, -0.395);
        float light = 1.0 / (1.0 + dot(d, d) * 18.0), floor_ = smoothstep(-0.385, -0.43, p.y);
        vec3 amber = vec3(1.0, 0.66, 0.30);
        float breath = 0.94 + 0.06 * sin(TIME * 0.8);
        vec3 under = mix(col, vec3(0.016, 0.014, 0.018) + amber * (0.10 + 0.05 * noise(p * vec2(9.0, 60.0))) * light, floor_);
        under += amber * (light * light * 0.20 * breath);
        for (int i = 0; i < 32; i++) {
            float k = float(i), one = hash(vec2(k, 3.0)), two = hash(vec2(k, 8.0)), row = floor(k / 8.0);
            vec2 at = vec2(-0.04 + (one - 0.5) * (0.46 - 0.11 * row), -0.425 + 0.026 * row + 0.014 * two);
            vec2 s = sheet((p - at) * vec2(1.0, 1.75), 0.050 + 0.012 * two, (two - 0.5) * 1.5, 0.75 + 0.25 * one, px);
            under = mix(under, (vec3(0.085, 0.085, 0.11) + amber * (0.98 * light * breath)) * s.x, s.y);
        }
        float body = max(abs(d.x) - 0.022, abs(d.y - 0.006) - 0.034), bars = smoothstep(0.0035, 0.0018, abs(abs(d.x) - 0.020));
        vec3 flame = mix(amber * 0.9, vec3(1.0, 0.90, 0.66), exp2(-dot(d, d) * 4000.0)) * breath;
        under = mix(under, flame * (1.0 - 0.7 * bars), clamp(0.5 - body / px, 0.0, 1.0));
        under = mix(under, vec3(0.03), clamp(0.5 - max(abs(d.x) - 0.026, abs(abs(d.y - 0.006) - 0.037) - 0.004) / px, 0.0, 1.0));
        col = mix(col, under, night);
    }
    gl_FragColor = vec4(col / (0.92 + 0.20 * col), 1.0);
}
