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
    {"NAME": "touch",      "LABEL": "A hand in the water",          "TYPE": "event"},
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

float hash(vec2 p) {                       // without sine: the same on every GPU, and at any TIME
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

// A lamp of the shore nearest to x: brightness at p, `height` above the water. In the water `stretch` < 1
// draws it out into a column, as a ruffled surface does.
float lamp(float x, float y, float cell, float seed, float stretch) {
    float i = floor(x / cell);
    float r = hash(vec2(i, seed));
    vec2 d = vec2(x - (i + 0.3 + 0.4 * r) * cell, y - cell * (0.15 + r * r));
    d.y *= stretch;
    float near = smoothstep(cell * 0.5, 0.0, abs(d.x));
    return near * r * 2.2e-6 / (2.2e-6 + dot(d, d) * (0.18 + 0.1 * r));
}

void main() {
    vec2 uv = isf_FragNormCoord;
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    float x = (uv.x - 0.5 + 0.5 * side) * aspect;
    float reach = aspect * (0.5 + 0.5 * abs(side));      // from the seam to the outer edge
    float u = x / reach;
    float t = TIME;

    // Which of the two levels is Paris's depends on where we stand.
    bool east = side > 0.0;
    float paris = east ? level_twin : level;
    float frisco = east ? level : level_twin;

    // The water's edge: one curve for both, so it meets itself at the seam at the same height and slope.
    float lean = (frisco - paris) * 0.19;
    float edge = 0.40 + 0.05 * (paris + frisco - 1.0) - lean * u * (1.5 - 0.5 * u * u);
    float calm = 1.0 - 0.85 * night;
    edge += swell * calm * 0.010 * (sin(x * 3.1 - t * 0.31) + 0.6 * sin(x * 5.3 + t * 0.43 + 1.0));

    float d = edge - uv.y;                               // depth into the water, below zero in the air
    float wet = smoothstep(-0.0012, 0.0012, d);
    float deep = max(d, 0.0);

    // Ripples: four trains of waves on a plane in perspective. Each bends the next, so no pattern shows.
    float z = 1.0 / (deep + 0.045);
    vec2 q = vec2(x * z, z * 1.35) * 1.7;
    vec2 slope = vec2(0.0);
    float crest = 0.0;
    float amount = 1.0;
    float far = z * z / 500.0;                           // waves finer than a pixel fade into sheen
    vec2 way = vec2(0.35, 0.94);
    float speed = 0.55;
    for (int i = 0; i < 4; i++) {
        float a = dot(q, way) + t * speed;
        float s = sin(a), c = cos(a);
        float k = amount / (1.0 + far * 1.6);
        slope += way * c * k;
        crest += s * k;
        q += way * c * 0.35 * amount;
        q *= 1.63;
        way = vec2(way.x * -0.36 - way.y * 0.93, way.x * 0.93 - way.y * 0.36);
        amount *= 0.66;
        far *= 2.2;
        speed *= 1.25;
    }

    // Rings, mine and theirs, on the same plane: theirs cross the seam.
    if (stir + stir_twin > 0.001) {
        for (int i = 0; i < 2; i++) {
            float power = i == 0 ? stir : stir_twin;
            vec2 w = i == 0 ? where : where_twin;
            float s = i == 0 ? side : -side;
            vec2 o = vec2((w.x - 0.5 + 0.5 * s) * aspect, 0.04 + 0.30 * w.y);
            vec2 e = vec2(x - o.x, (uv.y - o.y) * 2.6);
            float r = length(e);
            slope += e / (r + 0.02) * sin(r * 62.0 - t * 4.2) * power * 3.0 * exp(-r * 4.5) * smoothstep(0.0, 0.05, r);
        }
    }
    slope *= (0.35 + 0.65 * swell) * calm;

    // In the water we look at the air mirrored in the edge, shaken by the ripples.
    float shake = 0.012 + deep * 0.22;
    float h = mix(-d, deep * 1.02 + (slope.y + 0.4) * shake * 0.55, wet);
    float mx = x + slope.x * shake * 0.30 * wet;
    float up = clamp(h / 0.62, 0.0, 1.0);

    // The air: rose and ivory over Paris, blue-green over San Francisco, one horizon.
    float s = smoothstep(-0.9, 0.9, mx / reach);
    vec3 top = mix(vec3(0.17, 0.15, 0.30), vec3(0.03, 0.20, 0.29), s);
    vec3 mid = mix(vec3(0.66, 0.40, 0.42), vec3(0.24, 0.50, 0.52), s);
    vec3 low = mix(vec3(0.98, 0.70, 0.50), vec3(0.78, 0.83, 0.70), s);
    top = mix(top, mix(vec3(0.06, 0.07, 0.15), vec3(0.015, 0.09, 0.14), s), solitude);
    mid = mix(mid, mix(vec3(0.19, 0.21, 0.34), vec3(0.08, 0.24, 0.30), s), solitude);
    low = mix(low, mix(vec3(0.44, 0.40, 0.47), vec3(0.30, 0.47, 0.50), s), solitude);
    top = mix(top, vec3(0.006, 0.010, 0.030), night);
    mid = mix(mid, mix(vec3(0.020, 0.024, 0.062), vec3(0.010, 0.032, 0.060), s), night);
    low = mix(low, mix(vec3(0.060, 0.058, 0.115), vec3(0.030, 0.080, 0.115), s), night);

    float cloud = noise(vec2(mx * 1.7 + t * 0.012, up * 9.0 - t * 0.006));
    cloud = cloud * 0.65 + 0.35 * noise(vec2(mx * 4.1 - t * 0.02, up * 21.0));
    float lift = up + (cloud - 0.5) * 0.16;
    vec3 col = mix(low, mid, smoothstep(0.0, 0.42, lift));
    col = mix(col, top, smoothstep(0.25, 1.05, lift));

    // The light between: a sun when we are together, its outline when nobody is there, a moon asleep.
    float size = 0.15 * min(1.0, 0.35 + 0.65 * reach);
    vec2 l = vec2(mx, h - size * 0.72);
    float r = length(l);
    float open = (1.0 - solitude) * (1.0 - night) * (1.0 - rupture);
    float soft = 0.004 + wet * 0.03;
    float disc = smoothstep(size + soft, size - soft, r);
    vec3 sun = vec3(1.0, 0.93, 0.78);
    col += open * (vec3(0.95, 0.55, 0.26) * exp(-r * 4.2) * 0.55 + vec3(0.30, 0.26, 0.20) * exp(-r * 1.6) * 0.5);
    col = mix(col, sun, disc * open * 0.96);
    float ring = exp(-abs(r - size) * (wet > 0.5 ? 60.0 : 170.0));
    col += vec3(0.62, 0.72, 0.80) * ring * 0.55 * solitude * (1.0 - rupture);
    if (night > 0.001) {
        float bite = smoothstep(size * 0.98 - soft, size * 0.98 + soft, length(l - vec2(0.0, size * 0.34)));
        col += night * (vec3(0.80, 0.86, 0.92) * disc * bite + vec3(0.10, 0.15, 0.22) * exp(-r * 5.0));
        vec2 g = vec2(mx, h) * 26.0;
        float star = hash(floor(g) + 7.0);
        vec2 o = fract(g) - 0.5 - 0.3 * vec2(sin(star * 91.0), cos(star * 57.0));
        col += night * smoothstep(0.80, 1.0, star) * exp(-dot(o, o) * 420.0) * smoothstep(0.05, 0.4, h) * (1.0 - 0.75 * wet) * vec3(0.9, 0.95, 1.0);
    }

    // The shores: roofs on the left, hills on the right, both sinking into haze before the seam.
    float inland = smoothstep(0.22, 1.0, abs(u));
    float roofs = 0.030 + 0.022 * noise(vec2(floor(mx * 26.0) * 3.7, 3.0)) + 0.03 * noise(vec2(mx * 3.0, 9.0));
    float hills = 0.02 + 0.10 * noise(vec2(mx * 2.3 + 4.0, 1.0)) + 0.012 * noise(vec2(mx * 14.0, 5.0));
    float land = (x < 0.0 ? roofs : hills) * inland * 1.3;
    float mass = smoothstep(land + 0.002 + wet * 0.01, land - 0.002 - wet * 0.01, h) * smoothstep(0.2, 0.55, abs(u));
    col = mix(col, col * 0.30 + mid * 0.12, mass * 0.85);

    // Their lamps. The nearest bank of each city is awake or not with its people.
    float stretch = mix(1.0, 0.10, wet);
    float shake2 = x + slope.x * (0.006 + deep * 0.05) * wet;
    float lamps = lamp(shake2, h, 0.062, 1.0, stretch) + 0.6 * lamp(shake2 + 0.02, h, 0.037, 5.0, stretch);
    vec3 warm = x < 0.0 ? vec3(1.0, 0.66, 0.34) : mix(vec3(1.0, 0.55, 0.20), vec3(0.75, 0.95, 0.85), step(0.7, hash(vec2(floor(x / 0.062), 2.0))));
    col += warm * city.rgb * lamps * smoothstep(0.18, 0.5, abs(u)) * (1.0 - wet * smoothstep(0.0, 0.40, deep));

    // The body of the water itself: darker and greener with depth, and light on the faces that lean to us.
    vec3 body = mix(vec3(0.10, 0.07, 0.13), vec3(0.00, 0.11, 0.13), s) * (1.0 - 0.85 * night);
    float facing = clamp(0.16 + deep * 1.35 - slope.y * 0.10, 0.0, 0.82);
    vec3 water = mix(col, body, facing * 0.85);
    float path = exp(-x * x / (0.012 + deep * 0.10));
    float spark = smoothstep(0.75, 1.7, crest + slope.y * 0.3);
    water += (sun * open + vec3(0.4, 0.5, 0.6) * night * 0.5) * path * spark * 0.75;
    float lace = 1.0 - abs(crest - 0.25);
    water += foam * smoothstep(0.80, 1.0, lace) * (0.12 + low * 0.55) * smoothstep(0.02, 0.25, deep) * 0.8;
    col = mix(col, water, wet);
    col += low * exp(-abs(d) * 260.0) * 0.16 * (1.0 - rupture);

    // Cut: fog comes in from the seam, and the far half of the world is only believed in.
    if (rupture > 0.001) {
        float bank = noise(vec2(x * 1.3 - t * 0.03, uv.y * 2.6 + t * 0.02)) * 0.6 + cloud * 0.4;
        float thick = rupture * clamp(1.15 - abs(u) * 0.9 + (bank - 0.5) * 0.9, 0.0, 1.0);
        vec3 white = mix(vec3(0.80, 0.77, 0.75), vec3(0.72, 0.79, 0.79), s) * (0.88 + 0.16 * uv.y);
        col = mix(col, white, max(thick, 0.55 * rupture));
    }

    col *= 1.0 + 0.12 * (touch ? 1.0 : 0.0);
    // A step of 8 bits shows as a band in a slow sky: half a step of noise hides it.
    col += (hash(gl_FragCoord.xy + fract(t) * 61.0) - 0.5) / 255.0;
    gl_FragColor = vec4(col, 1.0);
}
