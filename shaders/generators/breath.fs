/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A veil between two lamps. Each breath, ours and theirs, fills it from its own side, and its folds are the light's.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Breath"],
  "INPUTS": [
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "Our breath: 0 out, 1 in", "fr": "Notre souffle : 0 expiré, 1 inspiré"}},
    {"NAME": "breath_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.45,
     "LABEL": {"en": "Their breath: 0 out, 1 in", "fr": "Leur souffle : 0 expiré, 1 inspiré"}},
    {"NAME": "own", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "How deeply it breathes by itself", "fr": "Combien il respire de lui-même"}},
    {"NAME": "folds", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Folds", "fr": "Plis"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: one lamp, and the veil hangs towards it", "fr": "Solitude : une lampe, et le voile penche vers elle"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: slow, blue, asleep on their side", "fr": "Nuit : lent, bleu, endormi de leur côté"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the veil is drawn aside, bare light between", "fr": "Rupture : le voile s'écarte, lumière nue entre les deux"}}
  ]
}*/

// A cloth is its height h(p). Where it bulges towards our lamp it is warm, towards theirs cool; where the two
// breaths are equal it is flat, and both lights come through it at once. Folds are bent by folds (a domain bent
// twice), and their light is taken from the slope, as on silk: narrow across the fold, long along it.

float hash(vec2 p) {                       // without sine: alike on every GPU
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);        // smooth twice: its slope is seen as light
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

float wave(float x) { return cos(6.2831853 * x); }

// Hangs from above: folds are long and upright, closer together where the veil is gathered.
float cloth(vec2 p, float ours, float theirs, float reach) {
    float hang = 0.5 - p.y;
    vec2 q = vec2(p.x * (1.0 + 0.22 * p.y), p.y);
    float t = TIME / 50.0;
    q.x += 0.085 * wave(q.y * 0.55 + 0.3 * q.x + t) * hang + 0.10 * (noise(q * vec2(1.7, 1.1) + vec2(0.0, t * 2.0)) - 0.5);
    q.x += 0.035 * wave(q.y * 1.3 - q.x * 0.8 - 2.0 * t);
    float pleat = 0.5 + 0.5 * wave(q.x * 3.3 + 0.20 * wave(q.x * 0.9 + t));
    pleat = 0.62 * pleat * pleat + 0.24 * (0.5 + 0.5 * wave(q.x * 7.3 + 0.35 * q.y + 0.3 * wave(q.y * 0.7 + t))) + 0.10 * noise(vec2(q.x * 25.0, q.y * 1.6 + 2.0 * t));
    // A full lung smooths the folds on its side and swells the cloth.
    vec2 a = p - vec2(-0.30 * reach, -0.04), b = p - vec2(0.30 * reach, 0.02);
    float la = exp2(-dot(a, a) * 7.0), lb = exp2(-dot(b, b) * 7.0);
    float smooth_ = 1.0 - 0.62 * (la * ours + lb * theirs);
    return pleat * (0.028 + 0.046 * folds) * smooth_ * (0.6 + 0.8 * hang) + 0.235 * (la * ours - lb * theirs);
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0);
    float reach = clamp(aspect, 0.62, 1.6);

    // Its own breath: in for four seconds, out for five, theirs a little slower, asleep much slower.
    float ours = mix(breath, 0.5 + 0.5 * wave(TIME / 9.0 + 0.5), own * 0.55);
    float theirs = mix(breath_twin, 0.5 + 0.5 * mix(wave(TIME / 10.0), wave(TIME / 15.0), night), own * 0.55);
    theirs *= (1.0 - solitude) * (1.0 - 0.55 * night);

    // Cut, the veil is drawn to both sides, and gathered there.
    float gap = 0.125 * rupture * reach * (1.0 - 0.35 * p.y) + 0.012 * rupture * wave(p.y * 1.2 + TIME / 30.0);
    float west = p.x < 0.0 ? -1.0 : 1.0;
    float room = 0.5 * aspect;
    vec2 q = vec2(west * room * (abs(p.x) - gap) / max(room - gap, 0.05), p.y);
    q.x = mix(p.x, q.x, step(0.001, rupture));

    const float e = 0.004;
    float h = cloth(q, ours, theirs, reach);
    vec2 slope = vec2(cloth(q + vec2(e, 0.0), ours, theirs, reach) - h, cloth(q + vec2(0.0, e), ours, theirs, reach) - h) / e;

    // Two lamps: ours before the veil at the left, theirs behind it at the right.
    vec2 la = vec2(-0.46 * reach, 0.08), lb = vec2(0.46 * reach, 0.12);
    vec2 da = p - la, db = p - lb;
    float fa = 1.0 / (1.0 + dot(da, da) * 2.2), fb = (1.0 / (1.0 + dot(db, db) * 2.2)) * (1.0 - 0.90 * solitude) * (1.0 - 0.62 * night);
    vec3 normal = normalize(vec3(-slope, 0.62));
    vec3 toA = normalize(vec3(-da, 0.36)), toB = normalize(vec3(-db, 0.36));
    float front = max(0.0, dot(normal, toA)), back = max(0.0, dot(vec3(-normal.x, -normal.y, normal.z), toB));

    vec3 madder = mix(vec3(0.62, 0.13, 0.12), vec3(1.00, 0.60, 0.30), smoothstep(-0.05, 0.24, h));
    vec3 sea = mix(vec3(0.03, 0.22, 0.33), vec3(0.34, 0.86, 0.82), smoothstep(0.10, -0.22, h));
    sea = mix(sea, vec3(0.10, 0.17, 0.46), 0.8 * night);
    // Silk: a gleam across each fold, along the lamp's side of it.
    float ga = max(0.0, dot(normal, normalize(toA + vec3(0.0, 0.0, 1.0)))), gb = max(0.0, dot(vec3(-normal.xy, normal.z), normalize(toB + vec3(0.0, 0.0, 1.0))));
    ga *= ga; ga *= ga; ga *= ga; ga *= ga; gb *= gb; gb *= gb; gb *= gb; gb *= gb;
    vec3 dark = mix(vec3(0.050, 0.016, 0.036), vec3(0.004, 0.030, 0.050), smoothstep(-0.5, 0.5, p.x / reach));
    vec3 col = dark + madder * front * fa * 1.12 + sea * back * fb * 1.12;
    col += vec3(1.0, 0.78, 0.52) * ga * fa * 0.42 + mix(vec3(0.62, 0.96, 0.94), vec3(0.36, 0.48, 0.86), night) * gb * fb * 0.42;
    // Where neither presses, the cloth is thin: both lamps at once.
    float level = 1.0 / (1.0 + h * h * 420.0), both = min(ours, theirs) * level * sqrt(fa * fb);
    col += vec3(1.0, 0.88, 0.70) * both * 0.42 * (1.0 - rupture);
    // Thread, seen only near the lamps.
    float weave = (noise(q * vec2(330.0, 90.0)) - 0.5) * (fa + fb);
    col *= 1.0 + 0.055 * weave;
    col *= 1.0 - 0.52 * rupture * exp2(-max(abs(p.x) - gap, 0.0) * 16.0);

    // Behind the veil when it is drawn: the plain pale wall between two rooms.
    float off = abs(p.x) - gap;
    float bare = 1.0 / (1.0 + dot(p - vec2(0.0, 0.30), p - vec2(0.0, 0.30)) * 2.6);
    vec3 wall = mix(vec3(0.90, 0.80, 0.70), vec3(0.74, 0.83, 0.84), smoothstep(-0.10, 0.10, p.x)) * (0.34 + 0.62 * bare + 0.03 * noise(p * 90.0));
    wall *= 1.0 - 0.55 * exp2(off * 26.0);
    wall *= mix(1.0, 0.35, night);
    col = mix(col, wall, clamp(0.5 - off * RENDERSIZE.y / 1.5, 0.0, 1.0) * step(0.001, rupture));
    col *= 1.0 - 0.35 * dot(p, p) / (0.25 + 0.25 * aspect * aspect);
    gl_FragColor = vec4(col / (0.90 + 0.24 * col), 1.0);
}
