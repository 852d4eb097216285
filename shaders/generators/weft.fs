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
// Francisco's, indigo and sea-green. Each has two ribbons of threads, and a ribbon is only this: a middle
// c(s) and a half-width w(s) along the way s from one loom to the other. When w changes sign the ribbon
// turns over, and its threads draw together into one bright fold.

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

float wave(float x) {                      // a sine of period 1 made of two parabolas: a fifth of the price
    float f = 2.0 * fract(x) - 1.0;
    return 4.0 * f * (abs(f) - 1.0);
}

// One ribbon at one point: its threads' colour, and in .a how much of the point they cover. `a` runs from -1
// to 1 across the ribbon, `w` is its half-width; `low` and `high` are the dyes at its two borders.
vec4 silk(float a, float w, float threads, float tone, float along, float seed, vec3 low, vec3 high) {
    float point = 1.0 / RENDERSIZE.y + 0.35 / RENDERSIZE.x;
    float pixel = point / (abs(w) + 0.006);
    float inside = clamp((1.0 - abs(a)) * (abs(w) + 0.006) / point + 0.5, 0.0, 1.0);

    // Threads are round, each with its own tone. Finer than a pixel they melt into their mean.
    float f = 2.0 * fract(a * threads) - 1.0;
    float melt = clamp(pixel * threads * 2.0 - 0.35, 0.0, 1.0);
    float slack = mix(0.875, 0.38, night);
    float sharp = mix(1.0 / (pixel * threads * 2.0 + 0.05), 1.0, melt);
    float body = mix(clamp((slack - abs(f)) * sharp + 0.5, 0.0, 1.0), 0.86 * slack, melt);
    float light = mix(1.0 - f * f * 0.75, 0.75, melt) * (0.56 + 0.38 * tone * (1.0 - 0.5 * melt));

    // Silk is bright where it is drawn together, and a gleam walks slowly along each thread.
    float fold = max(0.0, 1.0 - abs(w) * 5.5);
    fold *= fold;
    float gleam = 2.0 * fract(along * 0.8 - TIME * 0.021 - tone * mix(0.10, 1.0, night) - seed) - 1.0;
    gleam *= gleam; gleam *= gleam; gleam *= gleam;
    float shine = fold * (0.55 - 0.40 * night) + gleam * mix(0.75, 2.6 * gleam * gleam, night);
    shine *= light * (1.0 - rupture);

    vec3 dye = mix(low, high, clamp(0.5 + 0.5 * a + (tone - 0.5) * 0.25, 0.0, 1.0));
    return vec4(dye * (light + shine) + vec3(0.34, 0.31, 0.26) * (shine * (1.0 + night)), inside * body);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    float s = uv.x;
    bool east = side > 0.0;
    vec2 left = east ? hand_twin : hand;
    vec2 right = east ? hand : hand_twin;
    // Nobody near still leaves the threads lightly held: the loom waits, it is not switched off.
    float here = 0.4 + 0.6 * clamp(east ? presence_twin : presence, 0.0, 1.0);
    float there = 0.4 + 0.6 * clamp(east ? presence : presence_twin, 0.0, 1.0);
    float day = (1.0 - night) * (1.0 - rupture);
    float lone = solitude * (1.0 - rupture);
    float leftLone = east ? lone : 0.0, rightLone = east ? 0.0 : lone;   // whose threads are only remembered

    // The room: madder dark on one side, petrol on the other, a lamp behind the cloth; indigo asleep; raw
    // linen when the threads are cut.
    vec2 v = uv - vec2(0.5, 0.53);
    float lamp = 1.0 / (1.0 + dot(v, v) * 7.0);
    vec3 room = mix(vec3(0.230, 0.084, 0.074), vec3(0.030, 0.120, 0.150), s) * (0.12 + 1.20 * lamp * lamp * (1.0 - 0.55 * solitude));
    room = mix(room, vec3(0.006, 0.010, 0.034) + vec3(0.050, 0.080, 0.190) * lamp * lamp, night);
    room = mix(room, mix(vec3(0.890, 0.855, 0.800), vec3(0.800, 0.820, 0.812), s) * (0.84 + 0.22 * lamp), rupture);

    float pull = (0.78 + 0.20 * tension) * day;
    float leftHand = here * pull * (1.0 - leftLone), rightHand = there * pull * (1.0 - rightLone);

    // Four ribbons, two from each loom, from the back to the front. All are found, but only the nearest
    // thread at this point is drawn; of the one beneath it the softened border needs no more than its dye.
    vec3 first = vec3(9.0, 0.1, 0.0);                         // across, half-width, number and tone
    vec2 second = vec2(9.0, 0.0);
    float threads = mix(30.0, 13.0, night);                   // on each side of a ribbon's middle
    float slack = mix(0.875, 0.38, night);                    // how much of its place one fills
    float grain = threads * 2.2 / RENDERSIZE.y;
    float near1 = -8.0, near2 = -8.0;                         // how near they are
    float overRoom = 1.0, overFirst = 1.0;                    // shadows of what lies beside and above
    float dark = 0.42 * day * (1.0 - 0.5 * solitude);
    for (int i = 0; i < 4; i++) {
        float k = floor(float(i) * 0.5);
        bool ours = float(i) - 2.0 * k < 0.5;            // the left loom's
        float seed = k * 0.57 + (ours ? 0.0 : 0.47);
        float along = ours ? s : 1.0 - s;                // from its own loom
        vec2 held = ours ? left : right;
        float only = ours ? leftLone : rightLone;

        float slow = TIME * (0.009 + 0.003 * k);
        float c = 0.5 + (0.27 - 0.09 * k) * wave(along * (0.52 + 0.20 * k) + seed * 1.7 + slow) + 0.045 * wave(along * 1.25 - slow * 2.3 + seed * 3.0);
        float w = wave(0.41 + along * (0.33 + 0.22 * k) + seed + 0.6 * slow) * (0.34 - 0.08 * k);

        // Asleep, the loom is at rest: every thread straight, hanging a little between the two shores.
        c = mix(c, 0.29 + 0.46 * k + (ours ? 0.115 : -0.115) - (s - s * s) * 0.17, night);
        w = mix(w, 0.106, night);

        // A hand gathers the threads to itself.
        float gx = (s - held.x) * 2.3;
        float grip = max(0.0, 1.0 - gx * gx);
        grip *= grip * grip * (ours ? leftHand : rightHand);
        c = mix(c, held.y + (k - 0.5) * 0.02, grip);
        w *= 1.0 - 0.95 * grip;

        // Cut, they fall: the farther from their own loom, the lower.
        c += rupture * (0.12 - along * along * (0.85 + 0.55 * k));
        w *= 1.0 + rupture * along * 0.9;

        float inverse = 1.0 / (w + (w < 0.0 ? -0.006 : 0.006));
        float a = (uv.y - c) * inverse;
        a += rupture * along * 0.08 * wave(a * 1.1 + along * 2.0 + seed + TIME * 0.03);

        float n = a * threads;
        float id = floor(n);
        float tone = fract((id + 31.0) * (id + 57.0) * 0.618034 + seed);
        float broken = 0.30 + 0.24 * tone + 3.0 * (1.0 - rupture);       // cut, each ends where it broke

        bool hit = abs(a) < 1.03 - 0.03 * night && abs(2.0 * (n - id) - 1.0) < slack + grain * abs(inverse) && only < 0.97 && along < broken;
        // A ribbon turns: one of its borders is nearer to us than the other. So neither city lies on top,
        // and by their tones single threads change places where two ribbons pass through each other.
        float depth = 0.55 * k + (ours ? a : -a);
        float shade = 1.0 - dark * (1.0 - only) * clamp(2.2 - 1.5 * abs(a + 0.12), 0.0, 1.0);
        overRoom *= shade;
        overFirst *= depth + 0.3 > near1 ? shade : 1.0;
        depth = hit ? depth + 0.8 * tone : -9.0;
        vec3 thread = vec3(a, w, float(i) + 0.99 * tone);
        second = depth > near1 ? first.xz : depth > near2 ? thread.xz : second;
        near2 = max(near2, min(near1, depth));
        overFirst = depth > near1 ? 1.0 : overFirst;
        first = depth > near1 ? thread : first;
        near1 = max(near1, depth);
    }

    // The dyes, once for each city: by day, asleep in moonlight, cut and laid on linen.
    float l = 0.66 + 0.34 * here, r = 0.66 + 0.34 * there;
    vec3 madder  = mix(mix(vec3(1.00, 0.13, 0.17) * l, vec3(0.50, 0.52, 0.76), night), vec3(0.72, 0.20, 0.18), rupture);
    vec3 saffron = mix(mix(vec3(1.14, 0.78, 0.28) * l, vec3(0.92, 0.90, 1.02), night), vec3(0.86, 0.42, 0.30), rupture);
    vec3 indigo  = mix(mix(vec3(0.11, 0.30, 0.86) * r, vec3(0.20, 0.36, 0.72), night), vec3(0.16, 0.28, 0.50), rupture);
    vec3 jade    = mix(mix(vec3(0.40, 1.02, 0.86) * r, vec3(0.50, 0.80, 1.10), night), vec3(0.25, 0.46, 0.56), rupture);

    if (east) { indigo *= city.rgb; jade *= city.rgb; } else { madder *= city.rgb; saffron *= city.rgb; }

    // Odd numbers come from the right loom. Alone, ours goes out and does not arrive.
    float number = floor(first.z), k = floor(number * 0.5);
    bool r1 = number - 2.0 * k > 0.5, r2 = fract(floor(second.y) * 0.5) > 0.25;
    float along = r1 ? 1.0 - s : s;
    vec3 beneath = mix(r2 ? indigo : madder, r2 ? jade : saffron, 0.5 + 0.5 * clamp(second.x, -1.0, 1.0)) * mix(0.34, 0.70, rupture);
    vec4 top = silk(first.x, first.y, threads, fract(first.z), along, k * 0.57 + (r1 ? 0.47 : 0.0), r1 ? indigo : madder, r1 ? jade : saffron);
    float gone = solitude * smoothstep(0.40, 0.98, along);
    float hidden = (r1 ? rightLone : leftLone) + (r1 == east ? gone : 0.0);
    vec3 col = room * overRoom;
    col = mix(col, beneath * overRoom, near2 > -8.0 ? 1.0 - gone : 0.0);
    col = mix(col, top.rgb * overFirst, near1 > -8.0 ? top.a * (1.0 - hidden) : 0.0);

    // Each hand is a small light; where the two come near each other the cloth between them kindles.
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (uv - left) * shape, q = (uv - right) * shape, gap = p - q, m = 0.5 * (p + q);
    float near = here * there * day * (1.0 - solitude) / (1.0 + dot(gap, gap) * 9.0);
    float ray = 1.0 / (1.0 + dot(m, m) * 16.0);
    col += (vec3(1.00, 0.62, 0.32) * (here * (1.0 - leftLone) / (1.0 + dot(p, p) * 260.0))
          + vec3(0.42, 0.88, 0.80) * (there * (1.0 - rightLone) / (1.0 + dot(q, q) * 260.0))) * (day * 0.34);
    col += vec3(1.00, 0.83, 0.56) * (near * ray * ray * 0.8) * (0.14 + col);

    // A step of 8 bits shows as a band in a dark room: half a step of noise hides it.
    col += (hash(gl_FragCoord.xy + fract(TIME) * 61.0) - 0.5) / 255.0;
    gl_FragColor = vec4(col, 1.0);
}
