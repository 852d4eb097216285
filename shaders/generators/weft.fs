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

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

void main() {
    vec2 uv = isf_FragNormCoord;
    float s = uv.x;
    bool east = side > 0.0;
    vec2 left = east ? hand_twin : hand;
    vec2 right = east ? hand : hand_twin;
    float here = clamp(east ? presence_twin : presence, 0.0, 1.0);
    float there = clamp(east ? presence : presence_twin, 0.0, 1.0);
    float awake = 1.0 - night;
    float t = TIME;

    // The room: warm dark on one side, cool on the other; indigo asleep; raw linen when the threads are cut.
    float far = length((uv - vec2(0.5, 0.52)) * vec2(1.1, 1.25));
    vec3 room = mix(vec3(0.060, 0.030, 0.026), vec3(0.014, 0.034, 0.048), s) * (1.25 - far);
    room = mix(room, mix(vec3(0.020, 0.030, 0.085), vec3(0.006, 0.009, 0.028), clamp(far * 1.5, 0.0, 1.0)), night);
    room = mix(room, mix(vec3(0.875, 0.845, 0.795), vec3(0.800, 0.815, 0.805), s) * (1.06 - 0.22 * far), rupture);
    vec3 col = room;

    for (int i = 0; i < 6; i++) {
        float k = floor(float(i) * 0.5);
        bool ours = float(i) - 2.0 * k < 0.5;            // the left loom's
        float sgn = ours ? 1.0 : -1.0;
        float seed = k * 1.9 + (ours ? 0.0 : 2.6);
        float along = ours ? s : 1.0 - s;                // from its own loom
        vec2 held = ours ? left : right;
        float people = ours ? here : there;

        float slow = t * (0.050 + 0.017 * k) * awake;
        float c = 0.5 + awake * ((0.20 - 0.05 * k) * sin(s * (3.1 + 0.7 * k) * sgn + seed + slow) + 0.05 * sin(s * 7.3 - slow * 2.3 + seed * 3.0)) + night * (k - 1.0) * 0.17 + night * (ours ? -0.012 : 0.012);
        float turn = (0.6 + along * (2.3 + 0.8 * k) + seed + 0.5 * sin(slow * 1.7 + seed)) * awake + 0.25 * night;
        float w = cos(turn) * (0.23 - 0.035 * k) * (1.0 - 0.68 * night);

        // A hand gathers the threads to itself.
        float gx = (s - held.x) * 5.0;
        float grip = people * (0.25 + 0.75 * tension) * (1.0 - rupture) * awake / (1.0 + gx * gx * gx * gx * 0.6 + gx * gx);
        c = mix(c, held.y, grip * (1.0 - 0.12 * k));
        w *= 1.0 - 0.86 * grip;

        // Cut, they fall: the farther from their own loom, the lower.
        float fallen = rupture * along * along;
        c += -fallen * (0.85 + 0.35 * k) + rupture * 0.22;
        w *= 1.0 + rupture * along * 0.9;
        float width = sqrt(w * w + 0.00006) * (w < 0.0 ? -1.0 : 1.0);

        float a = (uv.y - c) / width;
        a += rupture * along * 0.16 * sin(a * 7.0 + along * 13.0 + seed + t * 0.2);
        float pixel = (1.0 / RENDERSIZE.y + 0.35 / RENDERSIZE.x) / abs(width);
        float inside = clamp((1.0 - abs(a)) / pixel + 0.5, 0.0, 1.0);

        // Threads: round, each with its own tone. Finer than a pixel they melt into their mean.
        float n = a * 21.0;
        float id = floor(n);
        float f = 2.0 * (n - id) - 1.0;
        float melt = clamp(pixel * 21.0 * 1.3 - 0.25, 0.0, 1.0);
        float tone = hash(vec2(id, seed));
        float body = mix(clamp((1.0 - abs(f)) * 2.4 - 0.35, 0.0, 1.0), 0.72, melt);
        float round = mix(1.0 - f * f * 0.75, 0.72, melt);

        // Silk is bright where it faces the light, and a gleam walks slowly along it.
        float face = abs(width) * 4.6;
        float fold = 1.0 / (1.0 + face * face * 10.0);
        float gleam = along * 1.6 - t * 0.031 - tone * 0.10 - k * 0.37;
        gleam = abs(2.0 * fract(gleam) - 1.0);
        gleam = gleam * gleam; gleam = gleam * gleam; gleam = gleam * gleam;
        float lit = 0.40 + 0.30 * tone + 0.55 * fold + 0.65 * gleam;

        float across = clamp(0.5 + 0.5 * a + (tone - 0.5) * 0.25, 0.0, 1.0);
        vec3 dye = ours ? mix(vec3(0.74, 0.10, 0.12), vec3(1.00, 0.66, 0.24), across)
                        : mix(vec3(0.10, 0.22, 0.62), vec3(0.36, 0.83, 0.72), across);
        dye = mix(dye, vec3(1.0, 0.90, 0.74), fold * 0.55 + gleam * 0.30);
        dye *= lit * round * (0.62 + 0.38 * people);
        dye = mix(dye, vec3(0.46, 0.56, 0.78) * (0.25 + 0.35 * tone + 1.1 * gleam) * round, night);
        dye = mix(dye, (ours ? vec3(0.42, 0.20, 0.17) : vec3(0.17, 0.25, 0.34)) * (0.6 + 0.8 * tone) * round, rupture);

        float cover = inside * body;
        // Alone, theirs is a memory of thread, and ours goes out and does not arrive.
        bool mine = ours != east;
        cover *= mine ? 1.0 - solitude * smoothstep(0.45, 1.0, along) : 1.0 - 0.95 * solitude;
        float end = 0.34 + 0.20 * tone;
        cover *= 1.0 - rupture * smoothstep(end - 0.01, end + 0.01, along);

        col *= 1.0 - 0.42 * clamp(1.25 - abs(a + 0.10) * 1.0, 0.0, 1.0) * (mine ? 1.0 : 1.0 - solitude) * (1.0 - rupture);
        col = mix(col, dye, cover);
    }

    // Where the two hands come near each other the cloth takes light.
    vec2 gap = left - right;
    vec2 middle = uv - 0.5 * (left + right);
    middle.x *= RENDERSIZE.x / RENDERSIZE.y;
    float meet = here * there * (1.0 - solitude) * awake * (1.0 - rupture) / (1.0 + dot(gap, gap) * 14.0);
    float ray = 1.0 / (1.0 + dot(middle, middle) * 26.0);
    col += vec3(1.0, 0.80, 0.52) * (meet * ray * ray * 0.55) * (0.25 + col);

    col += (hash(gl_FragCoord.xy + fract(TIME) * 61.0) - 0.5) / 255.0;
    gl_FragColor = vec4(col, 1.0);
}
