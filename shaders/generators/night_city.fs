/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Lit windows across the water. The houses are ours; what the water holds upside down is the other city.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "City"],
  "INPUTS": [
    {"NAME": "lit", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55,
     "LABEL": {"en": "Windows lit here", "fr": "Fenêtres allumées ici"}},
    {"NAME": "lit_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Windows lit there", "fr": "Fenêtres allumées là-bas"}},
    {"NAME": "haze", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.45,
     "LABEL": {"en": "Haze between the rows of houses", "fr": "Brume entre les rangs de maisons"}},
    {"NAME": "swell", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4,
     "LABEL": {"en": "Swell", "fr": "Houle"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: one window, ours", "fr": "Solitude : une fenêtre, la nôtre"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: their windows out, stars in the water", "fr": "Nuit : leurs fenêtres éteintes, des étoiles dans l'eau"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: fog on the water, no reflection", "fr": "Rupture : brouillard sur l'eau, plus de reflet"}}
  ]
}*/

// Paris is low and even: six storeys, steep roofs, tall windows of amber. San Francisco climbs: towers, and the
// light of offices, cooler. Both stand on one waterline, and neither is reflected: under each hangs the other.

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

// One row of houses, drawn over `col`: at p (x, height above the water), `k` 0 the farthest to 2 the nearest.
void row(inout vec3 col, vec2 p, float k, bool ours, float share, float asleep, float pixel, vec3 air) {
    float scale = 0.62 + 0.30 * k;                       // nearer is larger
    vec2 q = p / scale + vec2(k * 3.37 + (ours ? 0.0 : 11.3), 0.0);
    float width = ours ? 0.105 : 0.082;
    float b = q.x / width;
    float id = floor(b), f = b - id;
    float one = hash(vec2(id, 3.0 + k)), two = hash(vec2(id, 9.0 + k));
    float m = p.x + 0.34;                                // Montmartre, behind everything, and its white dome
    float hill_ = max(0.0, 1.0 - 0.5 * k) * 0.105 * exp2(-m * m * 26.0);
    float hill = 0.5 + 0.5 * cos(q.x * 1.9 + k * 2.1);
    float top = ours ? 0.125 + 0.022 * one + (2.0 - k) * 0.026 + hill_
                     : 0.060 + (0.07 + 0.33 * hill * hill) * one * one + (2.0 - k) * 0.035;
    // The roof: zinc that leans back, with chimneys on the party walls; a tower has a shoulder and a mast.
    float edge = abs(f - 0.5);
    float roof = ours ? top + 0.030 * min(1.0, (0.5 - edge) * 5.0) + 0.016 * step(0.44, edge) * step(0.35, two)
                      : top - 0.018 * step(0.36, edge) * step(0.5, two) + 0.060 * step(0.9, one) * (1.0 - step(0.02, edge));
    if (ours && k < 0.5) roof = max(roof, 0.40 + max(-0.1, 0.052 * sqrt(max(0.0, 1.0 - m * m * 1200.0)) - 0.09 * step(0.031, abs(m))) - 0.07 * step(0.055, abs(m)) - 0.3 * step(0.075, abs(m)));
    float blur = pixel * 1.5 / scale;
    float mass = smoothstep(blur, -blur, q.y - roof);
    vec3 wall = mix(ours ? vec3(0.044, 0.030, 0.040) : vec3(0.012, 0.030, 0.048), air, (0.66 - 0.28 * k) * (0.35 + 0.65 * haze));
    col = mix(col, wall, mass);

    // Windows: a grid in each house. Their light is never switched, it comes and goes over a minute.
    vec2 n = ours ? vec2(6.0, 0.0) : vec2(5.0 + floor(two * 4.0), 0.0);
    float storey = ours ? 0.0205 : 0.0150;
    vec2 g = vec2(f * n.x, q.y / storey);
    vec2 cell = floor(g);
    float own = hash(cell + vec2(id * 17.0, k * 29.0 + (ours ? 0.0 : 71.0)));
    float kind = fract(own * 37.7);
    float wake = 0.5 + 0.5 * cos(6.2832 * (TIME / 60.0 + kind * 7.0));
    float floorAwake = ours ? 0.0 : 0.30 * step(0.80, hash(vec2(cell.y, id + 40.0)));   // an office floor is cleaned
    float on = smoothstep(0.0, 0.10, share * 0.72 + floorAwake * share - own * 0.90 - 0.16 * wake + 0.06);
    on *= 1.0 - asleep * smoothstep(0.0, 0.1, own - 0.012);
    vec2 half_ = ours ? vec2(0.22, 0.34) : vec2(0.34, 0.27);
    vec2 d = abs(g - cell - 0.5) - half_;
    vec2 soft = vec2(pixel / scale / width * n.x, pixel / scale / storey) + 0.06;
    vec2 in2 = clamp(0.5 - d / soft, 0.0, 1.0);
    float pane = in2.x * in2.y * step(0.6, cell.y) * smoothstep(0.0, 0.004, top - 0.004 - q.y);
    vec3 light = ours ? mix(vec3(1.00, 0.58, 0.20), vec3(1.00, 0.80, 0.48), kind)
                      : mix(vec3(0.62, 0.88, 0.90), vec3(1.00, 0.86, 0.62), step(0.62, kind));
    light = mix(light, vec3(0.45, 0.55, 1.0), step(0.94, kind) * 0.7);                  // somebody's television
    light *= 0.45 + 0.65 * fract(own * 91.3);
    col += light * (pane * on * (0.42 + 0.29 * k) * mass * mix(1.0, 0.72, haze));
    // What many windows give together: a faint breath of light on the wall itself.
    col += light * (mass * share * (1.0 - asleep) * 0.035);
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - vec2(0.5, 0.46)) * vec2(aspect, 1.0);
    float pixel = 1.0 / RENDERSIZE.y;
    float near = aspect < 0.8 ? 1.25 : 1.0;              // an upright picture stands nearer
    p /= near; pixel /= near;
    bool water = p.y < 0.0;
    float deep = max(-p.y, 0.0);
    bool ours = !water;

    // The water: what it holds is drawn out downwards and cut by lines of swell.
    float z = 1.0 / (deep + 0.06);
    float fine = clamp(2.0 - z * z * 4.0 * pixel, 0.0, 1.0);
    vec2 w = vec2(p.x * z * 0.8, z * 2.6);
    float wave = (noise(w + vec2(0.0, TIME * 0.28)) + 0.6 * noise(w * vec2(1.7, 2.3) + vec2(TIME * 0.11, TIME * 0.40)) - 0.8) * fine;
    float shake = (0.25 + swell) * (1.0 - 0.7 * night);
    vec2 at = water ? vec2(p.x + wave * shake * (0.004 + deep * 0.07), abs(deep * 0.86 + wave * shake * (0.006 + deep * 0.16))) : p;

    // The air over each: rose-brown where a city's light hangs over it, blue-green over the bay.
    float h = clamp(at.y * 1.9, 0.0, 1.0);
    float cloud = noise(vec2(at.x * 1.6 + TIME * 0.010, h * 5.0)) - 0.5;
    float fade = smoothstep(-0.12, 1.0, h + cloud * 0.20);
    float asleep = ours ? 0.0 : night;
    float share = ours ? lit : lit_twin;
    float alone = solitude * (1.0 - 0.55 * asleep);
    vec3 glow = ours ? vec3(0.640, 0.330, 0.220) : vec3(0.130, 0.340, 0.380);
    glow *= (0.30 + 0.9 * share) * (1.0 - 0.70 * asleep) * (1.0 - 0.62 * alone);
    vec3 col = mix(glow, ours ? vec3(0.050, 0.046, 0.110) : vec3(0.012, 0.044, 0.076), fade);

    // Stars: where the city below them sleeps.
    vec2 g = at * 30.0 + vec2(0.0, 3.0 * at.x);
    float star = hash(floor(g) + (ours ? 0.0 : 50.0));
    vec2 o = fract(g) - 0.3 - 0.4 * vec2(fract(star * 91.0), fract(star * 57.0));
    float dark = max(ours ? 0.25 * solitude : 0.0, asleep);
    col += vec3(0.80, 0.90, 1.0) * (dark * smoothstep(0.62, 1.0, star) * smoothstep(0.12, 0.4, at.y) / (1.0 + dot(o, o) * 900.0));

    // One moon for both: whoever is awake on either side can look at it.
    vec2 mo = at - vec2(0.30 * min(aspect, 1.4), 0.355);
    float r = length(mo);
    float blur = pixel + (water ? 0.006 : 0.0);
    float disc = smoothstep(0.034 + blur, 0.034 - blur, r);
    col = mix(col, vec3(0.98, 0.92, 0.80) * (0.94 - 0.10 * noise(mo * 60.0)), disc * (1.0 - rupture * 0.6) * (water ? 0.75 : 1.0));
    col += vec3(0.30, 0.26, 0.24) * (1.0 - rupture * 0.6) / (1.0 + r * r * 90.0) * 0.55;

    for (int k = 0; k < 3; k++)
        row(col, at, float(k), ours, share * (1.0 - alone), max(asleep, alone), pixel + (water ? 0.0015 + 0.012 * deep : 0.0), glow + 0.008);

    // Alone: one window, and its light comes over the water to whoever looks.
    vec2 mine = p - vec2(0.11 * min(aspect, 1.4), 0.088);
    vec2 pane = abs(mine) - vec2(0.0052, 0.0088);
    float lamp = clamp(0.5 - max(pane.x, pane.y) / (pixel * 1.5), 0.0, 1.0);
    float ray = 1.0 / (1.0 + dot(mine, mine) * 900.0);
    float column = mine.x + wave * 0.012;
    if (water) { lamp = 0.0; ray = exp2(-deep * 3.0) * (0.35 + 1.1 * max(0.0, wave)) / (1.0 + column * column * 9000.0 / (1.0 + deep * 22.0)); }
    col += vec3(1.0, 0.66, 0.28) * (solitude * (1.1 * lamp + 0.55 * ray));

    if (water) col = col * (0.80 - 0.25 * deep) + vec3(0.010, 0.018, 0.026);
    // A quay: the line on which both cities stand, with its lamps.
    float quay = smoothstep(0.0045, 0.0035, abs(p.y - 0.001));
    col = mix(col, vec3(0.010, 0.012, 0.018), quay * 0.9);
    float lx = fract(p.x * 9.0) - 0.5;
    vec2 l = vec2(lx / 9.0, p.y - 0.012);
    if (water) l.y = 0.15 * min(deep, 0.12) + 0.4 * max(0.0, deep - 0.12);
    col += vec3(1.0, 0.72, 0.40) * ((1.0 - 0.8 * alone) * (1.0 - 0.55 * rupture) * (water ? 0.30 * (0.7 + wave) : 0.55) / (1.0 + dot(l, l) * 26000.0));

    // Cut: fog lies down on the water and climbs the first storeys. Lights are only warmth in it.
    float roll = noise(vec2(p.x * 2.0 - TIME * 0.025, p.y * 3.2 + TIME * 0.008)) - 0.5 + 0.45 * (noise(vec2(p.x * 5.3 + TIME * 0.02, p.y * 8.0)) - 0.5);
    float bank = rupture * smoothstep(0.17, -0.10, p.y + roll * 0.17);
    vec3 fog = mix(vec3(0.220, 0.245, 0.265), vec3(0.400, 0.335, 0.290), exp2(-abs(p.y) * 9.0)) * (1.0 + 0.5 * roll);
    col = mix(col, fog, bank * 0.96);
    gl_FragColor = vec4(col, 1.0);
}
