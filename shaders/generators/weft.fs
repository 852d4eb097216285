/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two looms, one cloth: threads from each city cross the picture, and the hands that hold them meet.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin"],
  "INPUTS": [
    {"NAME": "presence",      "LABEL": "People here",        "TYPE": "float", "MIN": 0.0, "MAX": 8.0, "DEFAULT": 1.0},
    {"NAME": "presence_twin", "LABEL": "People there",       "TYPE": "float", "MIN": 0.0, "MAX": 8.0, "DEFAULT": 1.0},
    {"NAME": "hand",          "LABEL": "The hand here",      "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.36, 0.60]},
    {"NAME": "hand_twin",     "LABEL": "The hand there",     "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.64, 0.42]},
    {"NAME": "tension",       "LABEL": "Tension",            "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35},
    {"NAME": "city",          "LABEL": "Tint of this city's thread", "TYPE": "color", "DEFAULT": [1.0, 1.0, 1.0, 1.0]},
    {"NAME": "side",          "LABEL": "Shore: -1 or 0 our loom stands left, 1 right", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "solitude",      "LABEL": "Solitude: nobody over there",  "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "night",         "LABEL": "Night: the other city sleeps", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture",       "LABEL": "Rupture: the threads are cut", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

// Both cities look at the same cloth. The left loom is Paris's, madder and saffron; the right one San
// Francisco's, indigo and sea-green. Each has three ribbons of threads, and a ribbon is only this: a middle
// c(s) and a half-width w(s) along the way s from one loom to the other. When w changes sign the ribbon
// turns over, and its threads draw together into one bright fold.

const float THREADS = 20.0;                // on each side of a ribbon's middle

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

float wave(float x) {                      // a sine of period 1 made of two parabolas: a fifth of the price
    float f = 2.0 * fract(x) - 1.0;
    return 4.0 * f * (abs(f) - 1.0);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    float s = uv.x;
    float t = TIME;
    bool east = side > 0.0;
    vec2 left = east ? hand_twin : hand;
    vec2 right = east ? hand : hand_twin;
    float here = clamp(east ? presence_twin : presence, 0.0, 1.0);
    float there = clamp(east ? presence : presence_twin, 0.0, 1.0);
    float day = (1.0 - night) * (1.0 - rupture);

    // The room: madder dark on one side, petrol on the other, a lamp behind the cloth; indigo asleep; raw
    // linen when the threads are cut.
    vec2 v = uv - vec2(0.5, 0.53);
    float lamp = 1.0 / (1.0 + dot(v, v) * 7.0);
    vec3 room = mix(vec3(0.130, 0.052, 0.048), vec3(0.022, 0.070, 0.092), s) * (0.18 + 1.05 * lamp * (1.0 - 0.5 * solitude));
    room = mix(room, vec3(0.005, 0.008, 0.028) + vec3(0.022, 0.034, 0.092) * lamp * lamp, night);
    room = mix(room, mix(vec3(0.890, 0.855, 0.800), vec3(0.800, 0.820, 0.812), s) * (0.84 + 0.22 * lamp), rupture);
    vec3 col = room;

    for (int i = 0; i < 6; i++) {
        float k = floor(float(i) * 0.5);
        bool ours = float(i) - 2.0 * k < 0.5;            // the left loom's
        float seed = k * 0.31 + (ours ? 0.0 : 0.47);
        float along = ours ? s : 1.0 - s;                // from its own loom
        vec2 held = ours ? left : right;
        float people = ours ? here : there;
        bool mine = ours != east;

        float slow = t * (0.009 + 0.003 * k);
        float turn = 0.16 + along * (0.33 + 0.15 * k) + seed + 0.06 * wave(slow * 2.0 + seed);
        float c = 0.5 + (0.25 - 0.05 * k) * wave(along * (0.52 + 0.13 * k) + seed * 1.7 + slow) + 0.045 * wave(along * 1.25 - slow * 2.3 + seed * 3.0);
        float w = wave(turn + 0.25) * (0.30 - 0.05 * k);

        // Asleep, the loom is at rest: every thread straight, hanging a little between the two shores.
        float sag = 4.0 * (s - s * s);
        c = mix(c, 0.30 + 0.20 * k + (ours ? 0.055 : 0.0) - sag * 0.040 * (1.0 + k), night);
        w = mix(w, 0.040 + 0.018 * k, night);

        // A hand gathers the threads to itself.
        float gx = (s - held.x) * 5.6;
        gx *= gx;
        float grip = people * (0.55 + 0.40 * tension) * day / (1.0 + gx * (1.0 + gx * 0.4)) * (mine ? 1.0 : 1.0 - solitude);
        c = mix(c, held.y + (k - 1.0) * 0.012, grip);
        w *= 1.0 - 0.93 * grip;

        // Cut, they fall: the farther from their own loom, the lower.
        c += rupture * (0.20 - along * along * (0.85 + 0.35 * k));
        w *= 1.0 + rupture * along * 0.9;

        float width = sqrt(w * w + 0.00005) * (w < 0.0 ? -1.0 : 1.0);
        float a = (uv.y - c) / width;

        // A software rasteriser pays for both arms of an `if`, but leaves a loop as soon as it can: so the
        // threads are drawn in a loop that runs once, and only where there are any.
        int draw = abs(a) < 1.6 ? 1 : 0;
        for (int once = 0; once < 64; once++) {
            if (once >= draw) break;
            a += rupture * along * 0.16 * wave(a * 1.1 + along * 2.0 + seed + t * 0.03);
            float pixel = (1.0 / RENDERSIZE.y + 0.35 / RENDERSIZE.x) / abs(width);
            float inside = clamp((1.0 - abs(a)) / pixel + 0.5, 0.0, 1.0);

            // Threads: round, each with its own tone. Finer than a pixel they melt into their mean.
            float n = a * THREADS;
            float id = floor(n);
            float f = 2.0 * (n - id) - 1.0;
            float melt = clamp(pixel * THREADS * 2.0 - 0.35, 0.0, 1.0);
            float tone = hash(vec2(id, seed));
            float body = mix(clamp((1.0 - abs(f)) * 2.4 - 0.30, 0.0, 1.0), 0.75, melt);
            float light = mix(1.0 - f * f * 0.75, 0.75, melt) * (0.44 + 0.32 * tone * (1.0 - 0.5 * melt));

            // Silk is bright where it is drawn together, and a gleam walks slowly along each thread.
            float fold = 1.0 / (1.0 + w * w * 260.0);
            float gleam = abs(2.0 * fract(along * 0.8 - t * 0.021 - tone * mix(0.10, 1.0, night) - seed) - 1.0);
            gleam = gleam * gleam; gleam = gleam * gleam; gleam = gleam * gleam;
            gleam *= mix(1.0, gleam * gleam, night);

            float across = clamp(0.5 + 0.5 * a + (tone - 0.5) * 0.25, 0.0, 1.0);
            vec3 dye = ours ? mix(vec3(0.86, 0.12, 0.15), vec3(1.00, 0.70, 0.27), across)
                            : mix(vec3(0.10, 0.27, 0.72), vec3(0.38, 0.88, 0.76), across);
            dye = mix(dye, ours ? vec3(1.0, 0.88, 0.66) : vec3(0.84, 1.0, 0.93), fold * 0.50 + gleam * 0.30);
            dye *= light * (1.0 + 0.75 * fold + 0.80 * gleam) * (0.62 + 0.38 * people);
            dye = mix(dye, (ours ? vec3(0.62, 0.64, 0.80) : vec3(0.42, 0.60, 0.84)) * (light * 0.42 + 1.3 * gleam * body), night);
            dye = mix(dye, (ours ? vec3(0.58, 0.20, 0.16) : vec3(0.16, 0.29, 0.42)) * (light * 1.5), rupture);

            // Alone, theirs is a memory of thread, and ours goes out and does not arrive.
            float cover = inside * body * (mine ? 1.0 - solitude * smoothstep(0.40, 0.98, along) : 1.0 - 0.96 * solitude);
            float end = 0.34 + 0.20 * tone;
            cover *= 1.0 - rupture * smoothstep(end - 0.01, end + 0.01, along);

            float shade = clamp((1.45 - abs(a + 0.12)) * 1.6, 0.0, 1.0) * (mine ? 1.0 - 0.8 * solitude * along : 1.0 - solitude);
            col *= 1.0 - 0.40 * shade * (1.0 - rupture) * (1.0 - 0.7 * night);
            col = mix(col, dye, cover);
        }
    }

    // Each hand is a small light; where the two come near each other the cloth between them kindles.
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (uv - left) * shape, q = (uv - right) * shape, gap = (left - right) * shape, m = 0.5 * (p + q);
    float both = here * there * day * (1.0 - solitude);
    float near = both / (1.0 + dot(gap, gap) * 9.0);
    float ray = 1.0 / (1.0 + dot(m, m) * 16.0);
    float one = 1.0 / (1.0 + dot(p, p) * 260.0), two = 1.0 / (1.0 + dot(q, q) * 260.0);
    float mineOne = east ? 1.0 - solitude : 1.0, mineTwo = east ? 1.0 : 1.0 - solitude;
    col += (vec3(1.00, 0.62, 0.32) * (one * here * mineOne) + vec3(0.42, 0.88, 0.80) * (two * there * mineTwo)) * (day * 0.34);
    col += vec3(1.00, 0.83, 0.56) * (near * ray * ray * 0.8) * (0.14 + col);

    col *= mix(vec3(1.0), city.rgb, 0.5);
    // A step of 8 bits shows as a band in a dark room: half a step of noise hides it.
    col += (hash(gl_FragCoord.xy + fract(TIME) * 61.0) - 0.5) / 255.0;
    gl_FragColor = vec4(col, 1.0);
}
