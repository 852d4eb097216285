/*{
  "ISFVSN": "2",
  "DESCRIPTION": "One body of water between two cities. What one pours, the other receives.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin"],
  "INPUTS": [
    {"NAME": "level",      "LABEL": "Level poured here",            "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "level_twin", "LABEL": "Level poured there",           "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "foam",       "LABEL": "Foam",                         "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.25},
    {"NAME": "swell",      "LABEL": "Swell",                        "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4},
    {"NAME": "stir",       "LABEL": "Rings on the water here",      "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "stir_twin",  "LABEL": "Rings on the water there",     "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "where",      "LABEL": "Where the rings start, here",  "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.2]},
    {"NAME": "where_twin", "LABEL": "Where the rings start, there", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.2]},
    {"NAME": "touch",      "LABEL": "Where a hand touched, here",   "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.2]},
    {"NAME": "touch_twin", "LABEL": "Where a hand touched, there",  "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.2]},
    {"NAME": "soon",       "LABEL": "The same, following soon",     "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.2]},
    {"NAME": "soon_twin",  "LABEL": "The same, following soon",     "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.2]},
    {"NAME": "late",       "LABEL": "The same, following late",     "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.2]},
    {"NAME": "late_twin",  "LABEL": "The same, following late",     "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.2]},
    {"NAME": "city",       "LABEL": "Tint of this city's light",    "TYPE": "color", "DEFAULT": [1.0, 1.0, 1.0, 1.0]},
    {"NAME": "side",       "LABEL": "Shore: -1 west bank of the picture, 0 both, 1 east", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "solitude",   "LABEL": "Solitude: nobody over there",  "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "night",      "LABEL": "Night: the other city sleeps", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture",    "LABEL": "Rupture: the link is lost in fog", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

// The two cities share one light. Their clocks are nine hours apart, so the sun that sets over Paris rises
// over San Francisco: it stands on the seam, and each city is given one half of it.
//
// Everything is drawn in one plane that both pictures look into: x = 0 is the seam, Paris lies at x < 0,
// San Francisco at x > 0, and the unit is the height of the picture. `side` only slides the window.

float hash(vec2 p) {                       // without sine: alike on every GPU, and cheap on none at all
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

float wave(float x) {                      // a sine of period 1 made of two parabolas: a fifth of the price
    float f = 2.0 * fract(x) - 1.0;
    return 4.0 * f * (abs(f) - 1.0);
}

// Paris from the river: houses of one height under steep zinc, chimneys where two of them meet, one dome.
// `d` is how far it is to the dome.
float roofs(float x, float d) {
    float b = x * 11.0 + 0.5 * wave(x * 1.1);
    float wall = abs(fract(b + 0.5) - 0.5);                      // from the nearest party wall
    float stack = fract(floor(b + 0.5) * 0.618034);
    float zinc = 0.034 + 0.009 * fract(floor(b) * 0.754878) + 0.011 * min(1.0, wall * 6.0) + 0.004 * wall;
    float chimney = 0.044 + 0.016 * stack - max(0.0, wall - 0.02 - 0.06 * stack) * 2.0;
    float r = d * d;
    float dome = min(0.066 + 1.15 * sqrt(max(0.0, 0.0013 - r)), 2.2 - 50.0 * abs(d));
    float lantern = 0.122 - max(0.0, abs(d) - 0.0045) * 9.0;
    return max(max(zinc, chimney), max(dome, max(lantern, 0.145 - abs(d) * 22.0)));
}

// A point of light at d, seen by a slightly wet eye. In the water d.y shrinks, and the point becomes a column.
float glow(vec2 d, float cells, float r) {  // `cells` to the unit: none shines into its neighbour's
    float c = d.x * cells;
    float near = max(0.0, 1.0 - 4.0 * c * c);
    return near * r / (1.0 + dot(d, d) * (80000.0 + 30000.0 * r));
}

void main() {
    vec2 uv = isf_FragNormCoord;
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    float x = (uv.x - 0.5 + 0.5 * side) * aspect;
    float reach = aspect * (0.5 + 0.5 * abs(side));      // from the seam to the outer edge
    float inverse = 1.0 / reach;
    float u = x * inverse;
    float narrow = max(1.0, 1.4 / (reach + 0.4));        // an upright picture: the city is smaller
    bool west = x < 0.0;

    // Which of the two levels is Paris's depends on where we stand.
    float paris = side > 0.0 ? level_twin : level;
    float frisco = side > 0.0 ? level : level_twin;

    // The water's edge: one curve for both, so it meets itself at the seam at the same height and slope.
    float lean = (frisco - paris) * 0.20;
    float rest = 0.40 + 0.06 * (paris + frisco - 1.0);
    float edge = rest - lean * u * (1.5 - 0.5 * u * u);
    float calm = 1.0 - 0.8 * night;
    edge += swell * calm * 0.009 * (wave(x * 0.49 - TIME * 0.049) + 0.6 * wave(x * 0.84 + TIME * 0.068 + 0.16));

    float d = edge - uv.y;                               // depth into the water, below zero in the air
    float wet = smoothstep(-0.0012, 0.0012, d);
    float deep = max(d, 0.0);

    // Ripples: trains of waves on a plane in perspective, each bending the next so that no pattern shows.
    // A parabola serves for the crest and a triangle for its slope: a tenth of the price of sin and cos.
    float z = 1.0 / (deep + 0.05);
    vec2 q = vec2(x * z * 0.60, z * 1.70);
    float blur = z * z * 1.70 * 2.0 / RENDERSIZE.y;      // how much of a wave one pixel covers
    vec2 slope = vec2(0.0);
    float crest = 0.0;
    float amount = 1.0;
    float drift = TIME * 0.10;
    vec2 way = vec2(0.28, 0.96);
    for (int i = 0; i < 5; i++) {
        float a = 2.0 * fract(dot(q, way) + drift) - 1.0;
        float k = amount * max(0.0, 1.0 - blur * 0.55);  // finer than a pixel: only a sheen is left
        float c = 1.0 - 2.0 * abs(a);
        slope += way * (c * k);
        crest += 4.0 * a * (1.0 - abs(a)) * k;
        q = (q + way * (c * 0.075 * amount)) * 1.83;
        blur *= 1.83;
        way = vec2(-0.30 * way.x - 0.95 * way.y, 0.95 * way.x - 0.30 * way.y);
        amount *= 0.72;
        drift *= 1.31;
    }

    // Rings, mine and theirs, on the same plane: theirs cross the seam.
    float rings = 0.0;
    for (int i = 0; i < 2; i++) {
        float power = i == 0 ? stir : stir_twin;
        vec2 w = i == 0 ? where : where_twin;
        vec2 e = vec2(x - (w.x - 0.5 + (i == 0 ? 0.5 : -0.5) * side) * aspect, (uv.y - 0.03 - 0.3 * w.y) * 2.8);
        float r = dot(e, e);
        float a = 2.0 * fract(sqrt(r) * 9.0 - TIME * 0.55) - 1.0;
        float k = max(0.0, 1.0 - 1.8 * r);
        k *= k * k * power * wet;
        slope += e * ((1.0 - 2.0 * abs(a)) * k * 12.0);
        float bright = max(0.0, 1.0 - abs(a) * 3.0);
        rings += bright * bright * k;
    }
    // A touch: one ring that widens and is gone after three seconds; of two touches the later. Two values
    // follow the hand, one sooner than the other, and what each has still to go tells how long ago it was.
    vec2 near = touch - soon, far = touch - late, near2 = touch_twin - soon_twin, far2 = touch_twin - late_twin;
    vec4 gap = vec4(dot(near, near), dot(far, far), dot(near2, near2), dot(far2, far2)) + vec2(0.0, 0.0000004).xyxy;
    bool theirs = gap.z * gap.y > gap.x * gap.w;
    float young = min(1.0, (theirs ? gap.z : gap.x) / (theirs ? gap.w : gap.y)), old = 1.0 - young;
    vec2 t = theirs ? touch_twin : touch;
    vec2 e = vec2(x - (t.x - 0.5 + (theirs ? -0.5 : 0.5) * side) * aspect, (uv.y - 0.03 - 0.3 * t.y) * 2.8);
    float front = (dot(e, e) + slope.y * 0.006 - 0.26 * old * old) * (22.0 + 60.0 * young);
    float swung = max(0.0, 1.0 - front * front) * min(1.0, 8.0 * old) * young * (2.0 - young) * wet;
    rings += swung * swung * 0.9;
    slope *= (0.4 + 0.6 * swell) * calm;

    // In the water we look at the air mirrored in the edge, shaken by the ripples.
    float shake = wet * (0.006 + deep * 0.24);
    float h = mix(-d, deep * 1.04 + slope.y * shake * 0.50, wet);
    float mx = x + slope.x * shake * 0.16;
    float up = clamp(abs(h) / 0.62, 0.0, 1.0);

    // The air: rose and ivory over Paris, blue-green over San Francisco, one horizon.
    float s = smoothstep(-0.9, 0.9, mx * inverse);
    // Alone, dusk falls; but over the seam comes light, as if they had left a lamp on next door.
    float door = max(0.0, 1.0 - abs(mx) * narrow * 2.8);
    float lone = solitude * (1.0 - abs(side) * door * door * door);
    float dusk = lone * (1.0 - night);
    float day = (1.0 - lone) * (1.0 - night);
    vec3 top = mix(day * vec3(0.150, 0.155, 0.265) + dusk * vec3(0.050, 0.060, 0.140) + night * vec3(0.010, 0.012, 0.040),
                   day * vec3(0.035, 0.180, 0.250) + dusk * vec3(0.010, 0.085, 0.135) + night * vec3(0.004, 0.018, 0.040), s);
    vec3 mid = mix(day * vec3(0.630, 0.425, 0.415) + dusk * vec3(0.190, 0.210, 0.350) + night * vec3(0.028, 0.030, 0.090),
                   day * vec3(0.265, 0.495, 0.510) + dusk * vec3(0.070, 0.240, 0.310) + night * vec3(0.010, 0.046, 0.086), s);
    vec3 low = mix(day * vec3(0.985, 0.750, 0.555) + dusk * vec3(0.470, 0.420, 0.500) + night * vec3(0.088, 0.080, 0.175),
                   day * vec3(0.800, 0.850, 0.740) + dusk * vec3(0.310, 0.500, 0.530) + night * vec3(0.040, 0.120, 0.170), s);

    float cloud = 0.65 * noise(vec2(mx * 1.7 + TIME * 0.012, up * 9.0 - TIME * 0.006))
                + 0.35 * (0.5 + 0.3 * wave(mx * 0.9 - TIME * 0.007 + 0.6 * wave(up * 2.3)) * wave(up * 4.1 + mx * 0.43));
    float lift = up + (cloud - 0.5) * 0.17;
    vec3 col = mix(low, mid, smoothstep(0.0, 0.42, lift));
    col = mix(col, top, smoothstep(0.25, 1.05, lift));

    // The light between: a sun when we are together, its outline when nobody is there, a boat of a moon
    // while they sleep. When the line is cut its two halves drift apart, and each city keeps its own.
    float size = 0.15 * min(1.0, 0.35 + 0.65 * reach);
    float apart = rupture * size * 0.55;
    vec2 l = vec2(abs(mx) - apart, h + edge - rest - size * mix(0.72, 1.06, night) + (west ? apart : -apart) * 0.8);
    float r = length(l);
    float lit = (1.0 - lone * (1.0 - night)) * (1.0 - rupture);
    float open = day * (1.0 - rupture);
    float soft = 1.5 / RENDERSIZE.y + wet * (0.012 + 0.10 * deep);
    float disc = smoothstep(size + soft, size - soft, r) * smoothstep(-soft, soft, l.x + soft * 4.0 * (1.0 - rupture) + 0.001);
    float halo = 1.0 / (1.0 + r * r * 24.0);
    col += (1.0 - min(col, 1.0)) * (open * halo) * (vec3(0.95, 0.66, 0.34) * halo + vec3(0.46, 0.33, 0.19));
    // Going to sleep is an eclipse: a shadow comes down over the sun and leaves the boat of a moon.
    vec2 m = l - vec2(0.0, size * mix(2.2, 0.36, night));
    float bite = clamp((dot(m, m) / size - size * 0.96) / (2.0 * soft) * 0.5 + 0.5, 0.0, 1.0);
    vec3 sun = mix(mix(vec3(1.0, 0.93, 0.78), vec3(1.0, 0.84, 0.58), wet * min(1.0, 0.4 + 4.0 * deep)), vec3(0.83, 0.89, 0.94), night);
    float body = disc * bite * lit;
    col = mix(col, sun, body * 0.97);
    col += vec3(0.09, 0.13, 0.21) * (night * halo);
    float rim = (r - size) * mix(300.0, 90.0, wet);
    col += vec3(0.62, 0.74, 0.84) * (0.62 * lone * (1.0 - night) * (1.0 - rupture) * (1.0 / (1.0 + rim * rim) + 0.10 * halo));

    float sky = h + edge - rest;                          // the heavens do not lean with the sea
    vec2 g = vec2(mx + 0.2 * sky, sky - 0.2 * mx) * 22.0;
    float star = hash(floor(g) + 7.0);
    vec2 o = fract(g) - 0.3 - 0.4 * fract(vec2(star * 91.0, star * 57.0));
    float size2 = smoothstep(0.62, 1.0, star);
    col += night * size2 * (1.0 - wet * 0.8) * smoothstep(0.04, 0.30, h) / (1.0 + dot(o, o) * mix(5000.0, 700.0, size2 * size2)) * vec3(0.92, 0.96, 1.0);

    // The shores: roofs in the west, hills in the east, sinking into haze before the seam.
    float inland = smoothstep(0.20, 1.0, abs(u));
    float hill = 0.40 + 0.24 * wave(mx * 1.45 - 1.42) + 0.22 * wave(mx * 0.63 - 0.90);
    float land = west ? roofs(mx * narrow, (mx + 0.70 * reach) * narrow) / narrow : 0.012 + 0.165 * hill * hill + 0.003 * wave(mx * 5.3);
    float fuzz = soft + 0.002;
    float mass = smoothstep(fuzz, -fuzz, h - land * inland * 1.35) * min(1.0, 2.0 * inland);
    col = mix(col, col * 0.26 + mid * 0.10, mass * 0.88);

    // Their lamps, long on the water.
    float stretch = mix(1.0, 0.09, wet);
    float lx = x + slope.x * wet * (0.003 + deep * 0.035);
    float i = floor(lx * 17.2);
    float some = hash(vec2(i, 1.0));
    float lamps = glow(vec2(lx - (i + 0.3 + 0.4 * some) / 17.2, (h - 0.008 - 0.055 * some * some) * stretch), 17.2, some);
    // A bridge each, told by its lights only: low arches in the west, one long hanging cable in the east.
    float posts = west ? 40.0 : 48.0;
    float post = (floor(lx * posts) + 0.5) * (west ? 0.025 : 1.0 / 48.0);
    float span = 2.0 * fract(post * (west ? 4.76 : 1.19) + 0.12) - 1.0;
    float deck = west ? 0.030 - 0.014 * span * span : 0.026 + 0.120 * span * span;
    lamps += glow(vec2(lx - post, (h - deck) * stretch), posts, 0.42) * smoothstep(0.70, 0.45, abs(u));
    vec3 warm = west ? vec3(1.0, 0.70, 0.42) : mix(vec3(1.0, 0.56, 0.22), vec3(0.80, 0.95, 0.87), clamp(wave(i * 0.381) * 2.0, 0.0, 1.0) * smoothstep(0.4, 0.7, u));
    if (west != (side > 0.0)) warm *= city.rgb;          // our own bank only
    col += warm * (lamps * 1.2 * smoothstep(0.14, 0.40, abs(u)) * max(0.0, 1.0 - wet * deep * 3.0));

    // The body of the water itself: deeper is darker, and the faces that lean towards us let us look in.
    vec3 depths = mix(vec3(0.10, 0.065, 0.13), vec3(0.00, 0.105, 0.125), s) * (1.0 - 0.8 * night);
    float facing = clamp(0.10 + deep * 1.25 - slope.y * (0.05 + deep * 0.22), 0.0, 0.86) * (1.0 - 0.7 * body);
    vec3 water = mix(col, depths, facing);
    float path = 0.004 + deep * deep * 0.16;
    path /= path + x * x;
    water += (vec3(1.0, 0.86, 0.62) * open + vec3(0.30, 0.38, 0.48) * night) * (path * path * 0.9 * smoothstep(0.50, 1.6, crest + slope.y * 0.25));

    // Foam: thin lace along the crests, where the water is near enough to be seen.
    vec2 bubble = abs(2.0 * fract(q * 0.21) - 1.0);
    float lace = max(0.0, 1.0 - abs(crest - 0.8 - slope.x * 0.5) * 1.5) * (0.25 + 1.5 * bubble.x * bubble.y);
    water += (0.06 + low * 0.5) * (foam * lace * lace * smoothstep(0.02, 0.25, deep) * smoothstep(0.25, 0.70, cloud) * 0.75);
    water += (0.05 + low * 0.55) * rings * (0.25 + cloud) * (1.0 - 0.5 * night);
    col = mix(col, water, wet);
    float line = d * 240.0;
    col += low * ((1.0 - rupture) * 0.16 / (1.0 + line * line));

    // Cut: fog comes in from the seam, and the far half of the world is only believed in.
    float bank = 0.7 * cloud + 0.16 * wave(x * 0.43 + uv.y * 0.35 - TIME * 0.012) - 0.35;
    float thick = rupture * clamp(1.06 - abs(u) * 0.62 + bank * 0.62, 0.5, 0.94);
    vec3 white = mix(vec3(0.86, 0.79, 0.76), vec3(0.70, 0.80, 0.81), s);
    white = mix(white * 0.84, white + 0.07, smoothstep(0.75, 0.0, abs(uv.y - 0.46))) + bank * 0.05;
    col = mix(col, white, thick);
    col = mix(col, vec3(0.975, 0.965, 0.945), disc * rupture * mix(0.72, 0.16, wet));

    // A step of 8 bits shows as a band in a slow sky: half a step of noise hides it.
    col += (hash(gl_FragCoord.xy + fract(TIME) * 61.0) - 0.5) / 255.0;
    gl_FragColor = vec4(col, 1.0);
}
