/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two looms, one cloth: threads from each city cross the picture, and the hands that hold them meet.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin"],
  "INPUTS": [
    {"NAME": "presence",      "LABEL": "People here",        "TYPE": "float", "MIN": 0.0, "MAX": 8.0, "DEFAULT": 1.0},
    {"NAME": "presence_twin", "LABEL": "People there",       "TYPE": "float", "MIN": 0.0, "MAX": 8.0, "DEFAULT": 1.0},
    {"NAME": "hand",          "LABEL": "The hand here",      "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.50, 0.56]},
    {"NAME": "hand_twin",     "LABEL": "The hand there",     "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.50, 0.48]},
    {"NAME": "tension",       "LABEL": "Tension",            "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35},
    {"NAME": "city",          "LABEL": "Tint of this city's thread", "TYPE": "color", "DEFAULT": [1.0, 1.0, 1.0, 1.0]},
    {"NAME": "side",          "LABEL": "Loom: -1 ours stands left and near, 0 left, 1 right and near", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "solitude",      "LABEL": "Solitude: nobody over there",  "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "night",         "LABEL": "Night: the other city sleeps", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture",       "LABEL": "Rupture: the threads are cut", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

// One cloth between two looms. The left loom is Paris's, madder and saffron; the right one San Francisco's,
// indigo and sea-green. Each has two ribbons of threads, and a ribbon is only this: a middle c(s) and a
// half-width w(s) along the way s from the left loom to the right. When w changes sign the ribbon turns over,
// and its threads draw together into one bright fold.
//
// A city's own ribbons lie one upon the other. Where they meet the other city's they are woven: bands of
// threads go over and under by turns. So there is a cloth only where two cities cross.

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

float wave(float x) {                      // a sine of period 1 made of two parabolas: a fifth of the price
    float f = 2.0 * fract(x) - 1.0;
    return 4.0 * f * (abs(f) - 1.0);
}

// Each city stands near its own loom, and the cloth narrows towards the other. Both views end alike at the
// seam: hung side by side, Paris left, the two pictures are one cloth. From a picture to the cloth, and back.
float grown(float x) {                     // how much nearer than the far end
    float near = side > 0.0 ? x : 1.0 - x;
    return 1.0 + 0.28 * abs(side) * near * near;
}

vec2 cloth(vec2 p, float bend, float nearer) {
    return vec2(p.x + bend * p.x * (1.0 - p.x), 0.5 + (p.y - 0.5) / nearer);
}

// One ribbon at one point: its colour, and in .a how much of the point it covers. `knot` is 1 and -1 by turns
// from band to band, and `blur` is 1 where they are too fine to be seen.
vec4 ribbon(float k, bool ours, vec2 at, float loom, vec2 held, float hold, vec3 low, vec3 high,
            out vec3 knot, out float shadow) {
    float seed = k * 0.57 + (ours ? 0.0 : 0.47);
    float along = ours ? at.x : 1.0 - at.x;               // from its own loom
    float slow = TIME * (0.009 + 0.003 * k);

    // In whole waves from loom to loom: what leaves one picture enters the other.
    float c = 0.5 + (ours ? 0.05 : -0.05) + (0.19 - 0.02 * k) * wave(along + seed * 1.7 + slow) + 0.03 * wave(along * 2.0 - slow * 2.3 + seed * 3.0);
    float w = mix(0.160 + 0.065 * wave(along + seed + 0.3 - 0.7 * slow), 0.05 + 0.190 * wave(along - seed + 0.6 * slow), k);

    // Asleep, the loom is at rest: every thread straight, hanging a little between the two shores.
    c = mix(c, 0.29 + 0.46 * k + (ours ? 0.115 : -0.115) - (at.x - at.x * at.x) * 0.17, night);
    w = mix(w, 0.106, night);

    // A hand gathers the threads to itself.
    float gx = (at.x - held.x) * 2.3;
    float grip = max(0.0, 1.0 - gx * gx);
    grip *= grip * grip * hold * loom;
    c = mix(c, held.y + (k - 0.5) * 0.02, grip);
    w *= 1.0 - 0.95 * grip;

    // Cut, they fall: the farther from their own loom, the lower.
    c += rupture * (0.12 - along * along * (0.85 + 0.55 * k));
    w *= 1.0 + rupture * along * 0.9;

    float a = (at.y - c) / (abs(w) + 0.006);
    vec2 rise = vec2(dFdx(a), dFdy(a));                   // before it turns over: there it leaps
    float pixel = min(sqrt(dot(rise, rise)), 8.0);
    a *= w < 0.0 ? -1.0 : 1.0;
    a += rupture * along * 0.08 * wave(a * 1.1 + along * 2.0 + seed + TIME * 0.03);
    float inside = clamp((1.0 - abs(a)) / pixel + 0.5, 0.0, 1.0);
    shadow = clamp(2.2 - 1.5 * abs(a + 0.12), 0.0, 1.0);

    // Threads are round, each with its own tone. Finer than a pixel they melt into their mean.
    float threads = mix(30.0, 13.0, night);               // on each side of a ribbon's middle
    float n = a * threads;
    float id = floor(n);
    float tone = fract((id + 31.0) * (id + 57.0) * 0.618034 + seed);
    float f = 2.0 * (n - id) - 1.0;
    float fine = pixel * threads * 2.0;
    float melt = clamp(fine - 0.35, 0.0, 1.0);
    float slack = mix(0.875, 0.38, night);                // how much of its place one fills
    float sharp = mix(1.0 / (fine + 0.05), 1.0, melt);
    float body = mix(clamp((slack - abs(f)) * sharp + 0.5, 0.0, 1.0), 0.86 * slack, melt);
    float light = mix(1.0 - f * f * 0.75, 0.75, melt) * (0.56 + 0.38 * tone * (1.0 - 0.5 * melt));
    body *= clamp((0.30 + 0.24 * tone + 3.0 * (1.0 - rupture) - along) * 300.0, 0.0, 1.0);  // cut, each ends where it broke

    // Eight threads are a band.
    float turn = 2.0 * fract(n / 16.0) - 1.0;
    turn = 4.0 * turn * (1.0 - abs(turn));
    float blur = clamp(fine * 0.12 - 0.2, 0.0, 1.0);
    knot = vec3(clamp(turn / (fine * 0.20 + 0.001), -1.0, 1.0) * (1.0 - blur), turn * (1.0 - blur) * inside, blur);

    // Silk is bright where it is drawn together, and a gleam walks slowly along each thread.
    float fold = max(0.0, 1.0 - abs(w) * 5.5);
    fold *= fold;
    float gleam = 2.0 * fract(along - TIME * 0.021 - tone * mix(0.10, 1.0, night) - seed) - 1.0;
    gleam *= gleam; gleam *= gleam; gleam *= gleam;
    float shine = fold * (0.55 - 0.40 * night) + gleam * mix(0.75, 2.6 * gleam * gleam, night);
    shine *= light * (1.0 - rupture);

    vec3 dye = mix(low, high, clamp(0.5 + 0.5 * a + (tone - 0.5) * 0.25, 0.0, 1.0));
    return vec4(dye * (light + shine) + vec3(0.34, 0.31, 0.26) * (shine * (1.0 + night)), inside * body);
}

// How far one ribbon lies over another that it is woven with; drawn together, it lies on top.
float over(vec3 one, vec3 other) {
    return 0.5 + 0.5 * clamp(one.x * other.x + (one.z - other.z) * 2.0, -1.0, 1.0);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    bool east = side > 0.0;
    float bend = 0.34 * side;
    vec2 at = cloth(uv, bend, grown(uv.x));
    float s = at.x;

    // Where the hands are in the cloth: ours by our view of it, theirs by theirs.
    vec2 mine = cloth(hand, bend, grown(hand.x));
    vec2 other = cloth(hand_twin, -bend, grown(1.0 - hand_twin.x));
    vec2 left = east ? other : mine;
    vec2 right = east ? mine : other;
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
    float wall = mix(uv.x, 0.5 * uv.x + (east ? 0.5 : 0.0), abs(side));
    vec3 room = mix(vec3(0.230, 0.084, 0.074), vec3(0.030, 0.120, 0.150), wall) * (0.12 + 1.20 * lamp * lamp * (1.0 - 0.55 * solitude));
    room = mix(room, vec3(0.006, 0.010, 0.034) + vec3(0.050, 0.080, 0.190) * lamp * lamp, night);
    room = mix(room, mix(vec3(0.890, 0.855, 0.800), vec3(0.800, 0.820, 0.812), wall) * (0.84 + 0.22 * lamp), rupture)
         * (1.0 - rupture * (1.0 - rupture) * vec3(0.10, 0.62, 0.66));  // on its way to linen it passes through warmth

    // The dyes, once for each city: by day, asleep in moonlight, cut and laid on linen.
    float l = 0.66 + 0.34 * here, r = 0.66 + 0.34 * there;
    vec3 madder  = mix(mix(vec3(1.00, 0.13, 0.17) * l, vec3(0.50, 0.52, 0.76), night), vec3(0.72, 0.20, 0.18), rupture);
    vec3 saffron = mix(mix(vec3(1.14, 0.78, 0.28) * l, vec3(0.92, 0.90, 1.02), night), vec3(0.86, 0.42, 0.30), rupture);
    vec3 indigo  = mix(mix(vec3(0.11, 0.30, 0.86) * r, vec3(0.20, 0.36, 0.72), night), vec3(0.16, 0.28, 0.50), rupture);
    vec3 jade    = mix(mix(vec3(0.40, 1.02, 0.86) * r, vec3(0.50, 0.80, 1.10), night), vec3(0.25, 0.46, 0.56), rupture);
    if (east) { indigo *= city.rgb; jade *= city.rgb; } else { madder *= city.rgb; saffron *= city.rgb; }

    float pull = (0.78 + 0.20 * tension) * day;
    float leftHand = here * pull * (1.0 - leftLone), rightHand = there * pull * (1.0 - rightLone);

    float loom = 2.0 * s - 1.0;                           // there no hand moves them: both pictures end alike
    loom *= loom; loom *= loom; loom = 1.0 - loom * loom; loom *= loom;

    vec3 ka, kb, kc, kd;
    vec4 shade;
    vec4 a = ribbon(0.0, true,  at, loom, left,  leftHand,  madder, saffron, ka, shade.x);
    vec4 b = ribbon(1.0, true,  at, loom, left,  leftHand,  madder, saffron, kb, shade.y);
    vec4 c = ribbon(0.0, false, at, loom, right, rightHand, indigo, jade,    kc, shade.z);
    vec4 d = ribbon(1.0, false, at, loom, right, rightHand, indigo, jade,    kd, shade.w);

    // Alone, ours goes out and does not arrive.
    float ourGone = solitude * smoothstep(0.40, 0.98, s), theirGone = solitude * smoothstep(0.60, 0.02, s);
    float leftSeen = (1.0 - leftLone) * (1.0 - (east ? 0.0 : ourGone));
    float rightSeen = (1.0 - rightLone) * (1.0 - (east ? theirGone : 0.0));
    vec4 cover = vec4(a.a, b.a, c.a, d.a) * vec4(leftSeen, leftSeen, rightSeen, rightSeen);
    shade *= 0.34 * day * (1.0 - 0.5 * solitude) * vec4(leftSeen, leftSeen, rightSeen, rightSeen);

    // Who lies over whom: what is above hides by its threads, and by its shadow darkens.
    vec4 o = vec4(over(ka, kc), over(ka, kd), over(kb, kc), over(kb, kd));
    vec4 u = 1.0 - o;
    vec4 seen = cover * vec4((1.0 - cover.y) * (1.0 - cover.z * u.x) * (1.0 - cover.w * u.y),
                             (1.0 - cover.z * u.z) * (1.0 - cover.w * u.w),
                             (1.0 - cover.w) * (1.0 - cover.x * o.x) * (1.0 - cover.y * o.z),
                             (1.0 - cover.x * o.y) * (1.0 - cover.y * o.w)) + cover * 0.01;
    vec4 lit = vec4((1.0 - shade.y) * (1.0 - shade.z * u.x) * (1.0 - shade.w * u.y),
                    (1.0 - shade.z * u.z) * (1.0 - shade.w * u.w),
                    (1.0 - shade.w) * (1.0 - shade.x * o.x) * (1.0 - shade.y * o.z),
                    (1.0 - shade.x * o.y) * (1.0 - shade.y * o.w));
    // A band that goes over rounds its back to the light.
    vec4 back = vec4(ka.y * kc.y, ka.y * kd.y, kb.y * kc.y, kb.y * kd.y) * (0.30 * leftSeen * rightSeen);
    lit *= 1.0 + vec4(back.x + back.y, back.z + back.w, -back.x - back.z, -back.y - back.w);

    vec4 bare = 1.0 - cover, open = 1.0 - shade;
    float through = bare.x * bare.y * bare.z * bare.w;
    float all = seen.x + seen.y + seen.z + seen.w;
    seen *= lit * ((1.0 - through) / (all + 0.0001));
    vec3 col = room * (through * open.x * open.y * open.z * open.w)
             + a.rgb * seen.x + b.rgb * seen.y + c.rgb * seen.z + d.rgb * seen.w;

    // Each hand is a small light; where the two come near each other the cloth between them kindles.
    // Their hand, seen from here.
    float tx = 2.0 * other.x / (1.0 + bend + sqrt((1.0 + bend) * (1.0 + bend) - 4.0 * bend * other.x));
    vec2 far = vec2(tx, 0.5 + (other.y - 0.5) * grown(tx));
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (uv - (east ? far : hand)) * shape, q = (uv - (east ? hand : far)) * shape, gap = p - q, m = 0.5 * (p + q);
    float near = here * there * day * (1.0 - solitude) / (1.0 + dot(gap, gap) * 9.0);
    float ray = 1.0 / (1.0 + dot(m, m) * 16.0);
    col += (vec3(1.00, 0.62, 0.32) * (here * (1.0 - leftLone) / (1.0 + dot(p, p) * 260.0))
          + vec3(0.42, 0.88, 0.80) * (there * (1.0 - rightLone) / (1.0 + dot(q, q) * 260.0))) * (day * 0.34);
    col += vec3(1.00, 0.83, 0.56) * (near * ray * ray * 0.55) * (0.14 + col);

    // A step of 8 bits shows as a band in a dark room: half a step of noise hides it.
    col += (hash(gl_FragCoord.xy + fract(TIME) * 61.0) - 0.5) / 255.0;
    gl_FragColor = vec4(col, 1.0);
}
