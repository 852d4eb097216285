/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two printed sheets of fine lines, one from each city. The figure is on neither: it is only where they lie together.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Print"],
  "INPUTS": [
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.34, 0.56],
     "LABEL": {"en": "The hand under our sheet", "fr": "La main sous notre feuille"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.66, 0.46],
     "LABEL": {"en": "The hand under theirs", "fr": "La main sous la leur"}},
    {"NAME": "press", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55,
     "LABEL": {"en": "How hard ours presses", "fr": "Combien la nôtre appuie"}},
    {"NAME": "press_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55,
     "LABEL": {"en": "How hard theirs presses", "fr": "Combien la leur appuie"}},
    {"NAME": "lines", "TYPE": "float", "MIN": 24.0, "MAX": 120.0, "DEFAULT": 80.0,
     "LABEL": {"en": "Lines to the height", "fr": "Lignes sur la hauteur"}},
    {"NAME": "lean", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35,
     "LABEL": {"en": "How far the sheets lie askew", "fr": "De combien les feuilles sont de biais"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: one sheet, and no figure", "fr": "Solitude : une feuille, et aucune figure"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: blueprint, their sheet at rest", "fr": "Nuit : tirage bleu, leur feuille au repos"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the sheets are pulled apart", "fr": "Rupture : les feuilles se séparent"}}
  ]
}*/

// Two gratings of nearly the same lines: what the eye sees is their difference, hundreds of times slower than
// the lines themselves. A hand that lifts its sheet by a hair moves the figure by a hand's breadth.
//
// Each sheet is a phase, `lines` per height; a line is where its fraction is near a half. Everything here is drawn
// with an ink: two inks on one paper multiply, as in a print shop.

float hash(vec2 p) {                       // without sine: alike on every GPU
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

// What a hand does to the sheet above it: a hill with a long skirt, wide enough to reach the other's.
float hill(vec2 p, vec2 at, float width) {
    vec2 d = (p - at) / width;
    return 1.0 / (1.0 + dot(d, d));
}

// How much of the pixel the ink covers: lines of width `fat`, filtered by the phase's own slope.
float printed(float phase, float fat) {
    float slope = length(vec2(dFdx(phase), dFdy(phase)));
    float f = abs(fract(phase) - 0.5) * 2.0;
    return mix(clamp((fat - f) / (2.0 * slope + 0.02) + 0.5, 0.0, 1.0), fat, smoothstep(0.35, 0.85, slope));
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    vec2 shape = vec2(aspect, 1.0);
    vec2 p = (isf_FragNormCoord - 0.5) * shape;
    vec2 a = (hand - 0.5) * shape, b = (hand_twin - 0.5) * shape;
    // Nobody holds quite still: each hand drifts a little, on a round of its own.
    a += 0.035 * vec2(cos(6.2832 * TIME / 36.0), sin(6.2832 * TIME / 30.0));
    b += 0.035 * vec2(sin(6.2832 * TIME / 40.0), cos(6.2832 * TIME / 30.0)) * (1.0 - night);

    float here = press * (1.0 - 0.5 * solitude), there = press_twin * (1.0 - night);
    float gap = length(a - b);
    float wide = 0.20 + 0.10 * gap;
    // The long slow folds both sheets have from being carried: shared, so they bend the lines and not the figure.
    float fold = 0.050 * cos(6.2832 * (p.x * 0.45 + p.y * 0.22 + TIME / 80.0)) + 0.030 * cos(6.2832 * (p.x * 0.9 - p.y * 0.50 - TIME / 60.0));

    // Each carries half of what lies between them: neither alone shows it.
    float between = here * hill(p, a, wide) - there * hill(p, b, wide);
    float ring = here * there * 0.75 * cos(6.2832 * (length(p - a) - length(p - b)) * 1.1) * exp2(-2.0 * gap);
    float turn = 0.035 * lean + 0.16 * rupture;
    vec2 slip = vec2(0.10, 0.035) * rupture;
    vec2 one = p + slip, two = p - slip;
    float drift = TIME / 48.0;
    float ours = (one.y + fold + one.x * turn) * lines + (between + ring) * 2.6 + drift;
    float theirs = (two.y + fold - two.x * turn) * lines - (between + ring) * 2.6 * (1.0 - 0.7 * night) - drift * (1.0 - night);

    // Lines swell where their own hand lifts the sheet into the light.
    float la = printed(ours, 0.31 + 0.20 * here * hill(p, a, wide * 0.8));
    float lb = printed(theirs, 0.31 + 0.20 * there * hill(p, b, wide * 0.8));
    // The sheets have edges only when they are torn from each other.
    float edgeA = rupture * smoothstep(0.0015, -0.0015, 0.46 * aspect - 0.16 * aspect + 0.02 * one.y - one.x);
    float edgeB = rupture * smoothstep(0.0015, -0.0015, 0.46 * aspect - 0.16 * aspect + 0.02 * two.y + two.x);
    la *= 1.0 - edgeA;
    lb *= 1.0 - edgeB;
    float seen = 1.0 - solitude;

    // The figure, once more, as light: where the lines of both fall together paper shows between them.
    float phase = (ours - theirs) * 6.2831853;
    float figure = 0.5 + 0.5 * cos(phase);
    figure = mix(0.5, figure, (1.0 - edgeA) * (1.0 - edgeB) * seen);

    float v = length(p / vec2(max(aspect, 1.0), 1.0));
    float fibre = hash(floor(gl_FragCoord.xy * vec2(0.35, 1.0))) - 0.5;
    vec3 paper = mix(vec3(0.945, 0.905, 0.835), vec3(0.900, 0.915, 0.890), smoothstep(-0.5, 0.5, p.x)) * (1.03 - 0.20 * v * v);
    paper *= 1.0 + 0.05 * (figure - 0.5) + 0.012 * fibre;
    vec3 amber = mix(vec3(0.86, 0.25, 0.10), vec3(0.93, 0.50, 0.14), hill(p, a, 0.35));
    vec3 petrol = mix(vec3(0.02, 0.22, 0.33), vec3(0.04, 0.42, 0.46), hill(p, b, 0.35));
    vec3 day = paper * mix(vec3(1.0), amber, la) * mix(vec3(1.0), petrol, lb * seen);
    // Each sheet's own shadow on what is behind it, when they no longer lie flat.
    day *= 1.0 - 0.13 * rupture * (smoothstep(0.05, 0.0, abs(0.30 * aspect - one.x + 0.02)) + smoothstep(0.05, 0.0, abs(0.30 * aspect + two.x + 0.02)));

    // Asleep: a blueprint. Light comes through the lines, and ours, still awake, is the warm one.
    vec3 blue = mix(vec3(0.012, 0.026, 0.085), vec3(0.010, 0.058, 0.115), smoothstep(-0.6, 0.6, p.x)) * (1.25 - 0.7 * v);
    blue += vec3(0.78, 0.50, 0.24) * la * (0.16 + 0.74 * hill(p, a, 0.40)) + vec3(0.20, 0.38, 0.56) * lb * 0.55 * seen;
    blue += vec3(0.62, 0.66, 0.70) * la * lb * seen * 0.40;
    gl_FragColor = vec4(mix(day, blue, night), 1.0);
}
