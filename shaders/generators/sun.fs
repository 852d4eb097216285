/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two skies at one horizon. Above it ours, by the height of the sun; the sea below holds not ours but theirs.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Sky"],
  "INPUTS": [
    {"NAME": "elevation", "TYPE": "float", "MIN": -18.0, "MAX": 60.0, "DEFAULT": 2.5,
     "LABEL": {"en": "Height of the sun here, degrees", "fr": "Hauteur du soleil ici, degrés"}},
    {"NAME": "elevation_twin", "TYPE": "float", "MIN": -18.0, "MAX": 60.0, "DEFAULT": 26.0,
     "LABEL": {"en": "Height of the sun there, degrees", "fr": "Hauteur du soleil là-bas, degrés"}},
    {"NAME": "azimuth", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": -0.28,
     "LABEL": {"en": "Where our sun stands, left to right", "fr": "Où se tient notre soleil, de gauche à droite"}},
    {"NAME": "azimuth_twin", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.3,
     "LABEL": {"en": "Where their sun stands, left to right", "fr": "Où se tient leur soleil, de gauche à droite"}},
    {"NAME": "near", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Somebody near: our sun comes to the horizon", "fr": "Quelqu'un tout près : notre soleil vient à l'horizon"}},
    {"NAME": "near_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Somebody near there: their sun comes to the horizon", "fr": "Quelqu'un tout près là-bas : leur soleil vient à l'horizon"}},
    {"NAME": "site_index", "TYPE": "float", "MIN": 0.0, "MAX": 63.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Which city this is, by name", "fr": "Quelle ville est ici, par ordre de nom"}},
    {"NAME": "cloud", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.45,
     "LABEL": {"en": "High cloud", "fr": "Nuages hauts"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: the sea gives nothing back", "fr": "Solitude : la mer ne rend plus rien"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: their stars in the sea, under our day", "fr": "Nuit : leurs étoiles dans la mer, sous notre jour"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: fog parts the two skies", "fr": "Rupture : le brouillard sépare les deux ciels"}}
  ]
}*/

// A seascape cut exactly in half, as old photographers cut it. What seems to be the sea's reflection is another
// sky at the same instant: nine hours away, so when this sun sets the water is bright with their morning.
//
// The colours are those of clear air, keyed by the sun's height: -18 night, -12 sailors' dusk, -6 the blue hour
// over an ember, 0 sunset, 8 the golden hour, 60 noon. Between two keys they are mixed.

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

vec3 keyed(float e, vec3 a, vec3 b, vec3 c, vec3 d, vec3 f, vec3 g) {
    vec3 col = mix(a, b, smoothstep(-18.0, -12.0, e));
    col = mix(col, c, smoothstep(-12.0, -6.0, e));
    col = mix(col, d, smoothstep(-6.0, 0.0, e));
    col = mix(col, f, smoothstep(0.0, 9.0, e));
    return mix(col, g, smoothstep(9.0, 45.0, e));
}

// How high above the horizon a sun of e degrees stands, in heights of the picture. The first degrees get most
// of the room: they are where a sky changes.
float risen(float e) { return sign(e) * 0.44 * pow(abs(e) / 60.0, 0.62); }

// One sky: p.x from the middle, p.y from the horizon up. `warm` leans it to zinc and rose or to the Pacific.
vec3 sky(vec2 p, float e, float sx, float warm, float dim, float soft) {
    float h = clamp(p.y * 2.0, 0.0, 1.0);
    float aside = p.x - sx;
    float low = exp2(-abs(e) * 0.16);                    // 1 when the sun is on the horizon
    float toward = 1.0 / (1.0 + aside * aside * 2.2);

    vec3 zenith = keyed(e, vec3(0.006, 0.009, 0.026), vec3(0.010, 0.020, 0.066), vec3(0.030, 0.066, 0.190),
                        vec3(0.105, 0.150, 0.330), vec3(0.170, 0.290, 0.500), vec3(0.075, 0.270, 0.560));
    vec3 middle = keyed(e, vec3(0.010, 0.015, 0.038), vec3(0.026, 0.046, 0.120), vec3(0.125, 0.160, 0.350),
                        vec3(0.560, 0.360, 0.440), vec3(0.690, 0.640, 0.640), vec3(0.300, 0.545, 0.740));
    vec3 ember = keyed(e, vec3(0.018, 0.024, 0.052), vec3(0.090, 0.085, 0.140), vec3(0.680, 0.330, 0.170),
                       vec3(1.000, 0.510, 0.220), vec3(1.000, 0.800, 0.510), vec3(0.740, 0.860, 0.890));
    // Away from the sun the low sky is the earth's own shadow, blue, and above it the belt of Venus, rose.
    vec3 shadow = keyed(e, vec3(0.018, 0.024, 0.052), vec3(0.040, 0.055, 0.120), vec3(0.190, 0.190, 0.360),
                        vec3(0.660, 0.420, 0.440), vec3(0.860, 0.740, 0.640), vec3(0.740, 0.860, 0.890));
    vec3 foot = mix(shadow, ember, toward);
    foot = mix(foot, foot * vec3(1.04, 0.98, 0.95), warm);
    middle *= mix(vec3(0.90, 1.03, 1.06), vec3(1.05, 0.99, 0.97), warm);

    // High cloud in long combed streaks: lit from below at dusk, from above by day.
    float far = 0.16 / (h + 0.13);
    vec2 q = vec2(p.x * 1.5 + TIME * 0.006, h * 5.0 + p.x * 0.35) * vec2(far + 0.5, 1.0 + far);
    float streak = 0.6 * noise(q + vec2(0.0, warm * 7.0)) + 0.4 * noise(q * vec2(2.3, 3.1) - TIME * 0.004);
    float veil = smoothstep(0.46, 0.92, streak) * cloud * smoothstep(0.0, 0.12, h) * (1.0 - 0.4 * h);

    float lift = h + (streak - 0.5) * 0.10 * cloud;
    vec3 col = mix(foot, middle, smoothstep(0.0, mix(0.42, 0.30, low), lift));
    col = mix(col, zenith, smoothstep(0.20, 1.05, lift));
    vec3 lining = mix(vec3(1.0), ember * 1.25 + 0.06, 0.35 + 0.65 * low);
    col = mix(col, lining * (0.18 + 0.82 * smoothstep(-9.0, 6.0, e)) * mix(0.86, 1.0, toward), veil * 0.72 * (0.25 + 0.75 * toward));

    // The sun: a disc a little flattened where the air is thick, its light wide at dusk and tight at noon.
    vec2 s = vec2(aside, p.y - risen(e));
    float squeeze = 1.0 + 0.22 * low;
    float r = length(s * vec2(1.0, squeeze));
    float size = mix(0.036, 0.062, low);
    float up = smoothstep(-14.0, 2.0, e) * dim;
    float halo = 1.0 / (1.0 + r * r * mix(60.0, 22.0, low));
    col += (1.0 - min(col, 1.0)) * mix(vec3(1.0, 0.96, 0.86), vec3(1.0, 0.56, 0.22), low) * (halo * (0.25 + 0.65 * halo) * up * 0.85);
    float disc = smoothstep(size + soft, size - soft, r) * smoothstep(-2.0, 0.0, e);
    vec3 body = mix(vec3(1.0, 0.985, 0.93), vec3(1.0, 0.86, 0.58), low);
    col = mix(col, body, disc * dim);
    // With nobody there the sun is only its own outline.
    float rim = (r - size) * 170.0;
    col += body * ((1.0 - dim) * 0.50 / (1.0 + rim * rim)) * smoothstep(-4.0, 1.0, e);

    // Stars come when the sun is nine degrees down.
    vec2 g = (p + vec2(0.2, -0.2) * p.yx) * 26.0;
    vec2 cell = floor(g);
    float one = hash(cell + 31.0 * warm);
    vec2 o = fract(g) - 0.25 - 0.5 * vec2(fract(one * 91.7), fract(one * 57.3));
    float bright = smoothstep(0.55, 1.0, one);
    float breath = 0.85 + 0.15 * cos(6.2832 * (TIME * 0.05 + one * 9.0));
    col += smoothstep(-7.0, -16.0, e) * bright * breath * smoothstep(0.02, 0.25, h) * vec3(0.90, 0.95, 1.0)
         / (1.0 + dot(o, o) * mix(4200.0, 420.0, bright * bright * bright));
    return col;
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0);
    float pixel = 1.0 / RENDERSIZE.y;
    float wide = 0.5 * min(aspect, 1.6);
    bool sea = p.y < 0.0;
    float deep = max(-p.y, 0.0);

    // The sea is their sky, shaken by long swells: finer than a pixel near the horizon, where only a sheen is left.
    float z = 1.0 / (deep + 0.03);
    float seen = clamp(1.6 - z * z * 3.4 * pixel, 0.0, 1.0);
    vec2 w = vec2(p.x * z * 0.55, z * 1.15);
    float swell = (noise(w + vec2(TIME * 0.05, TIME * 0.16)) + noise(w * 2.1 - vec2(TIME * 0.07, -TIME * 0.19)) - 1.0) * seen;
    vec2 at = sea ? vec2(p.x + swell * deep * 0.12, deep * 1.02 + swell * (0.004 + deep * 0.30)) : p;

    float up = elevation * (1.0 - near), up_twin = elevation_twin * (1.0 - near_twin);
    float there = mix(mix(up_twin, -18.0, night), min(up_twin, -7.0), solitude * (1.0 - night));
    float far = step(0.5, mod(site_index, 2.0));         // the second city by name leans to the Pacific
    float soft = pixel + (sea ? 0.004 + 0.03 * deep : 0.0);
    vec3 col = sea ? sky(vec2(at.x, abs(at.y)), there, azimuth_twin * wide, far, 1.0 - solitude, soft)
                   : sky(at, up, azimuth * wide, 1.0 - far, 1.0 - solitude * 0.92, soft);

    // Water keeps a little of every light; alone it keeps most of it.
    float own = sea ? mix(0.10, 0.62, solitude) + 0.10 * swell : 0.0;
    col *= 1.0 - own;
    float path = (p.x - azimuth * wide) / (0.05 + deep * 0.35);
    float below = smoothstep(-3.0, 3.0, up) * (1.0 - rupture);
    if (sea) col += vec3(1.0, 0.66, 0.34) * (below * (0.34 - 0.22 * solitude) * smoothstep(-0.10, 0.75, swell) / (1.0 + path * path * 3.0) / (1.0 + deep * 5.0));

    // Where the two skies touch there is one bright thread; cut, a bank of fog takes its place.
    float line = p.y / (pixel + 0.0012);
    col += (1.0 - rupture) * (1.0 - 0.6 * solitude) * vec3(0.34, 0.29, 0.22) / (1.0 + line * line);
    float roll = noise(vec2(p.x * 1.7 - TIME * 0.02, p.y * 4.0)) - 0.5 + 0.5 * (noise(vec2(p.x * 4.0 + TIME * 0.03, p.y * 9.0 + 5.0)) - 0.5);
    float bank = rupture * smoothstep(0.30, 0.03, abs(p.y) + roll * 0.15 + 0.10 * (1.0 - rupture));
    vec3 fog = mix(vec3(0.70, 0.735, 0.75), vec3(0.83, 0.79, 0.765), smoothstep(-0.3, 0.3, p.y + roll * 0.2)) * (0.93 + 0.14 * roll);
    col = mix(mix(col, vec3(dot(col, vec3(0.30, 0.59, 0.11))) * vec3(0.94, 0.97, 1.0), 0.40 * rupture), fog, bank * 0.97);
    gl_FragColor = vec4(col, 1.0);
}
