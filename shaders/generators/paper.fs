/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A lightbox of cut paper: roofs from one side, waves from the other, and one lamp behind all the sheets.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Paper"],
  "INPUTS": [
    {"NAME": "open", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "How far our side is opened", "fr": "Combien notre côté s'ouvre"}},
    {"NAME": "open_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "How far theirs is opened", "fr": "Combien le leur s'ouvre"}},
    {"NAME": "lamp", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.56],
     "LABEL": {"en": "Where the lamp stands", "fr": "Où se tient la lampe"}},
    {"NAME": "depth", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "Depth between the sheets", "fr": "Profondeur entre les feuilles"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: their side is closed", "fr": "Solitude : leur côté est fermé"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: pinholes for stars, a lamp of the moon", "fr": "Nuit : des trous d'épingle pour étoiles, une lampe de lune"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: a tear from top to bottom", "fr": "Rupture : une déchirure de haut en bas"}}
  ]
}*/

// A theatre of six sheets. Each is cut below into a land and above into a cloud; the farther a sheet, the more
// of the lamp it lets through, so depth here is only light. A sheet throws its shadow on the one behind it.

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

float wave(float x) {                      // a sine of period 1 made of two parabolas
    float f = 2.0 * fract(x) - 1.0;
    return 4.0 * f * (abs(f) - 1.0);
}

// Houses cut with a knife: a gable, a chimney, now and then a spire.
float roofs(float x, float k) {
    float b = x * 6.5 + k * 3.7;
    float id = floor(b), f = b - id - 0.5;
    float one = hash(vec2(id, k)), two = hash(vec2(id, k + 20.0));
    float h = 0.020 + 0.055 * one + 0.065 * max(0.0, 0.5 - abs(f)) * (0.5 + two);
    h = max(h, step(abs(f - 0.24 + 0.3 * two), 0.055) * (0.088 + 0.035 * one));
    return max(h, step(0.90, two) * (0.20 - 1.1 * abs(f)));
}

// Waves as paper has them: scallops with a sharp crest that leans.
float waves(float x, float k) {
    float b = x * (2.6 + 0.35 * k) + k * 0.37 + TIME * (0.010 + 0.003 * k);
    float f = fract(b + 0.08 * wave(b));
    return 0.010 + 0.105 * pow(abs(1.0 - f), 1.8) * f * 2.6 + 0.035 * wave(x * 0.8 + k * 0.3);
}

// The signed depth of p inside sheet k's paper: above 0 it is paper, in heights of the picture.
float sheet(vec2 p, float k, float aspect, vec2 opened) {
    float side = smoothstep(-0.16, 0.16, p.x + 0.05 * wave(p.y * 0.7 + k * 0.21));
    float away = mix(opened.x, opened.y, side);
    float span = min(aspect, 1.78) * 0.5;
    float u = p.x / span;
    // Nearer sheets leave a wider opening; what is closed comes down from above and up from below.
    float room = mix(0.02, 0.055 + 0.043 * k, away);
    float valley = 0.10 * u * u * (0.5 + 0.1 * k) - 0.03;
    float land = 0.015 - room * 1.72 + valley + mix(roofs(p.x, k), waves(p.x, k), side) * (0.75 + 0.16 * k);
    float puff = abs(wave(p.x * (1.05 + 0.07 * k) + k * 0.29 - TIME * 0.0035 * (1.0 + k))) * 0.055
               + abs(wave(p.x * 2.3 - k * 0.41 + TIME * 0.004)) * 0.030;
    float cloud = 0.13 + room * 1.62 - 0.13 * u * u - puff;
    return max(land - p.y, p.y - cloud);
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    float px = 1.0 / RENDERSIZE.y;
    float near = aspect < 0.9 ? 0.86 : 1.0;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0) * near;
    px *= near;

    // The tear: a ragged line down the middle; each half hangs where it was left.
    float rag = 0.022 * wave(p.y * 1.3 + 0.2) + 0.020 * (noise(vec2(p.y * 14.0, 3.0)) - 0.5) + 0.008 * (noise(vec2(p.y * 60.0, 9.0)) - 0.5);
    float half_ = p.x - rag;
    float gap = 0.050 * rupture;
    bool west = half_ < 0.0;
    vec2 at = p + (west ? vec2(gap * 0.6, -0.030 * rupture) : vec2(-gap * 0.6, 0.034 * rupture));
    float fibre = noise(p * vec2(210.0, 260.0)) - 0.5 + 0.6 * (noise(p * vec2(60.0, 34.0) + 40.0) - 0.5);

    float closed = solitude * (1.0 - 0.5 * night);
    vec2 opened = vec2(open, open_twin * (1.0 - closed) * (1.0 - 0.35 * night));
    opened += 0.025 * vec2(cos(6.2832 * TIME / 18.0), cos(6.2832 * TIME / 24.0)) * (1.0 - vec2(0.0, closed));

    // The lamp behind everything: tissue lit from the back, its disc, its breadth.
    vec2 l = at - (lamp - 0.5) * vec2(aspect, 1.0) * near;
    float r = length(l);
    float halo = 1.0 / (1.0 + r * r * 5.0);
    float side = smoothstep(-0.5, 0.5, at.x);
    vec3 tissue = mix(vec3(1.000, 0.800, 0.540), vec3(0.760, 0.900, 0.840), side);
    tissue = mix(tissue, vec3(0.20, 0.31, 0.50), night);
    vec3 flame = mix(vec3(1.000, 0.965, 0.860), vec3(0.860, 0.930, 0.980), night);
    vec3 col = tissue * (0.56 + 0.36 * halo);
    float size = 0.088;
    col = mix(col, flame, clamp((size - r) / (px * 2.0) + 0.5, 0.0, 1.0));
    col += flame * (0.20 * halo * halo * smoothstep(size, size + 0.01, r));

    // Six sheets, from the lamp to the eye.
    for (int i = 0; i < 6; i++) {
        float k = float(i), n = k / 5.0;
        vec2 q = at * (1.0 - 0.02 * depth * k);
        float d = sheet(q, k, aspect, opened);
        float cover = clamp(d / (px * 1.4) + 0.5, 0.0, 1.0);
        // Its shadow on everything behind it, wider the nearer it hangs.
        col *= 1.0 - (0.44 - 0.14 * night) * (0.4 + 0.6 * depth) * smoothstep(-0.026 - 0.014 * n, 0.018, d);
        vec3 warm = mix(mix(vec3(0.985, 0.640, 0.380), vec3(0.800, 0.260, 0.220), min(1.0, 2.0 * n)), vec3(0.215, 0.070, 0.130), max(0.0, 2.0 * n - 1.0));
        vec3 cool = mix(mix(vec3(0.640, 0.850, 0.780), vec3(0.130, 0.500, 0.540), min(1.0, 2.0 * n)), vec3(0.030, 0.130, 0.220), max(0.0, 2.0 * n - 1.0));
        vec3 dye = mix(warm, cool, smoothstep(-0.16, 0.16, at.x + 0.05 * wave(at.y * 0.7 + k * 0.21)));
        float grey = dot(dye, vec3(0.30, 0.59, 0.11));
        dye = mix(dye, vec3(grey) * vec3(0.42, 0.56, 0.95) * 0.62 + 0.012, night * 0.85);
        dye = mix(dye, vec3(grey) * vec3(1.00, 0.97, 0.94), 0.45 * rupture);
        // Lit through near the lamp, and a bright edge where the knife went.
        dye *= 0.78 + (0.62 - 0.40 * n) * halo + 0.055 * fibre;
        dye += flame * ((0.26 - 0.13 * n) * halo * smoothstep(0.006, 0.0, abs(d)));
        // Pinholes: asleep, the lamp is seen through them.
        vec2 g = q * (15.0 + k) + k * 7.3, cell = floor(g);
        float star = hash(cell);
        vec2 o = fract(g) - 0.3 - 0.4 * vec2(fract(star * 91.0), fract(star * 57.0));
        float hole = step(0.70, star) * clamp((0.030 + 0.045 * fract(star * 13.0) - length(o)) / (px * 15.0) + 0.5, 0.0, 1.0);
        hole *= step(0.02, d) * step(0.02, q.y);
        dye = mix(dye, flame * 0.95, hole * night * (0.55 + 0.35 * cos(6.2832 * (TIME * 0.06 + star * 9.0)) * 0.5));
        col = mix(col, dye, cover);
    }

    // The torn edge: white fibre, its shadow, and between the halves only the lamp's bare light.
    float off = abs(half_) - gap;
    float bare = clamp(-off / (px * 1.4) + 0.5, 0.0, 1.0) * step(0.001, rupture);
    float white = smoothstep(0.013 + 0.012 * fibre, 0.010 + 0.012 * fibre, off) * min(1.0, rupture * 4.0);
    col = mix(col, vec3(0.955, 0.945, 0.920) * (0.94 + 0.10 * fibre), white);
    vec3 through = mix(vec3(0.74, 0.745, 0.74), vec3(0.98, 0.965, 0.93), halo);
    through *= 1.0 - 0.38 * smoothstep(-0.030, 0.0, west ? off * 0.4 - 0.02 : off);
    col = mix(col, through, bare);
    gl_FragColor = vec4(col, 1.0);
}
