/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two charts of the sky laid over each other. A hand under each joins the stars near it; close together, they join each other's.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Sky"],
  "INPUTS": [
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.33, 0.56],
     "LABEL": {"en": "The hand here", "fr": "La main ici"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.64, 0.47],
     "LABEL": {"en": "The hand there", "fr": "La main là-bas"}},
    {"NAME": "reach", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "How far a hand reaches", "fr": "Jusqu'où va une main"}},
    {"NAME": "stars", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.62,
     "LABEL": {"en": "How many stars", "fr": "Combien d'étoiles"}},
    {"NAME": "chart", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "The circles of the chart", "fr": "Les cercles de la carte"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: our lines end in the dark", "fr": "Solitude : nos lignes finissent dans le noir"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: every star of theirs, and none of their lines", "fr": "Nuit : toutes leurs étoiles, aucune de leurs lignes"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the lines are undone, stars trail", "fr": "Rupture : les lignes se défont, les étoiles filent"}}
  ]
}*/

// Paris and San Francisco never see the same hour of the sky, but they turn under the same pole. So each chart
// turns round its own pole, ours at the left, theirs at the right, and the stars of both lie on one sheet.
//
// Stars sit in the cells of a grid, one in each. A line joins a star to the next cell's; it is drawn only as far
// as a hand reaches, so moving a hand makes and unmakes constellations.

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

float px;

float line(float d, float w) { return clamp((w - abs(d)) / px + 0.5, 0.0, 1.0) * min(1.0, 2.0 * w / px); }

// Where the star of a cell stands, in the grid's own unit. It sways by so little that no line ever leaps.
vec2 star(vec2 cell) {
    float a = hash(cell), b = hash(cell + 17.0);
    return cell + 0.5 + 0.34 * vec2(2.0 * a - 1.0, 2.0 * b - 1.0) + 0.03 * vec2(cos(6.2832 * (a + TIME / 31.0)), cos(6.2832 * (b + TIME / 27.0)));
}

// The circles of equal declination and the hours, round one pole.
float chart_(vec2 p, vec2 pole, float turn) {
    vec2 d = p - pole;
    float r = length(d), a = atan(d.y, d.x) / 6.2831853 + turn;
    float rings = abs(fract(r * 4.0 + 0.5) - 0.5) / 4.0, hours = abs(fract(a * 12.0 + 0.5) - 0.5) / 12.0 * 6.2831853 * r;
    float ticks = abs(fract(a * 144.0 + 0.5) - 0.5) / 144.0 * 6.2831853 * r;
    return line(rings, 0.0006) + line(hours, 0.0005) * smoothstep(0.06, 0.12, r)
         + line(ticks, 0.0006) * smoothstep(0.010, 0.006, rings) * 0.9;
}

// One family of stars: `q` in its grid, `kind` 0 ours 1 theirs; light in .r, lines in .g, halo in .b.
vec3 family(vec2 q, float cells, float kind, vec2 own, vec2 other, float far, float share, float joined, float fray) {
    vec2 base = floor(q);
    vec3 sum = vec3(0.0);
    float unit = px * cells;
    for (int j = -1; j <= 1; j++)
    for (int i = -1; i <= 1; i++) {
        vec2 cell = base + vec2(float(i), float(j)), c = cell + kind * 57.0;
        vec2 s = star(c) - kind * 57.0, d = q - s;
        float one = hash(c + 5.0), there = smoothstep(0.0, 0.12, share * 1.15 - one);
        float size = 0.25 + 0.75 * one * one * one;
        // A broken link lets them trail, as on a plate whose clockwork has stopped.
        vec2 away = normalize(s + 0.001);
        float round_ = d.y * away.x - d.x * away.y, out_ = length(q) - length(s);
        round_ -= clamp(round_, -0.15 * fray, fray * 0.75);
        float r2 = dot(vec2(round_, out_), vec2(round_, out_));
        float pull = 1.0 / (1.0 + dot(s - own, s - own) * 0.30);
        float shimmer = 0.90 + 0.10 * cos(6.2832 * (TIME * 0.08 + one * 7.0));
        float core = there * (size + 0.8 * pull) * shimmer * (1.0 - 0.5 * fray);
        sum.r += core / (1.0 + r2 * 900.0 / (0.35 + size + unit * unit * 200.0));
        sum.b += core * 0.10 / (1.0 + r2 * 22.0);
        // To three of its neighbours, so that no line is drawn twice.
        for (int k = 0; k < 3; k++) {
            vec2 step_ = k == 0 ? vec2(1.0, 0.0) : k == 1 ? vec2(0.0, 1.0) : vec2(one > 0.5 ? 1.0 : -1.0, 1.0);
            float chance = hash(c + float(k) * 9.0 + 2.0);
            if (chance > 0.56) continue;
            float both = there * smoothstep(0.0, 0.12, share * 1.15 - hash(c + step_ + 5.0));
            vec2 e = star(c + step_) - kind * 57.0, m = 0.5 * (s + e);
            float near = smoothstep(far, far * 0.45, length(m - own));
            if (near <= 0.0) continue;
            vec2 w = e - s, v = q - s;
            float t = clamp(dot(v, w) / dot(w, w), 0.0, 1.0);
            float off = length(v - w * t) / cells;
            float clear = smoothstep(0.05, 0.14, min(t, 1.0 - t) * length(w));      // it stops short of the stars
            float undone = smoothstep(fray * 0.62 - 0.1, fray * 0.62, abs(t - 0.5));
            sum.g += near * both * clear * undone * joined * (1.25 * line(off, 0.0012) + 0.16 * exp2(-off * 110.0));
        }
    }
    return sum;
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    px = 1.0 / RENDERSIZE.y;
    vec2 shape = vec2(aspect, 1.0);
    vec2 p = (isf_FragNormCoord - 0.5) * shape;
    vec2 a = (hand - 0.5) * shape, b = (hand_twin - 0.5) * shape;
    a += 0.02 * vec2(cos(6.2832 * TIME / 33.0), cos(6.2832 * TIME / 26.0));
    b += 0.02 * vec2(cos(6.2832 * TIME / 29.0), cos(6.2832 * TIME / 37.0)) * (1.0 - night);
    float wide = min(aspect, 1.6);
    vec2 poleA = vec2(-0.46 * wide, 0.20), poleB = vec2(0.46 * wide, -0.16);

    // The sheet: prussian blue, worn paler where it was folded; a river of faint light runs across it.
    float tilt = p.y - 0.42 * p.x;
    float cloud = noise(p * 3.1 + 4.0) * 0.6 + noise(p * 7.3) * 0.3;
    float river = exp2(-pow(abs(tilt + 0.10 * (cloud - 0.45)) * 4.6, 2.0)) * (0.35 + 0.9 * cloud);
    vec3 col = mix(vec3(0.046, 0.050, 0.132), vec3(0.014, 0.084, 0.128), smoothstep(-0.6 * wide, 0.6 * wide, p.x));
    col += mix(vec3(0.200, 0.130, 0.130), vec3(0.070, 0.165, 0.180), smoothstep(-0.4, 0.4, p.x)) * river * (0.62 + 0.5 * night);
    col *= 1.0 - 0.45 * dot(p, p) / (0.25 + 0.25 * aspect * aspect);
    // The dust of the river: one fine grain per small cell.
    vec2 g = p * 150.0;
    float grain = hash(floor(g));
    vec2 o = fract(g) - 0.5 - 0.5 * (vec2(fract(grain * 91.0), fract(grain * 57.0)) - 0.5);
    col += vec3(0.72, 0.80, 0.88) * (smoothstep(0.62, 1.0, grain) * (0.05 + 1.0 * river * river) * (0.7 + 0.6 * night) / (1.0 + dot(o, o) * 60.0));

    float turn = TIME / 900.0;
    float alone = solitude * (1.0 - night);
    float circles = chart * (0.70 - 0.25 * night);
    vec3 amber = vec3(1.00, 0.74, 0.42), sea = vec3(0.50, 0.92, 0.94);
    col += amber * chart_(p + vec2(0.0, 0.02 * rupture), poleA, turn) * circles * smoothstep(1.15, 0.1, length(p - poleA));
    col += sea * chart_(p - vec2(0.0, 0.02 * rupture), poleB, -turn) * circles * smoothstep(1.15, 0.1, length(p - poleB)) * (1.0 - 0.75 * alone);

    float far = 0.12 + 0.36 * reach;
    float cells = 8.0;
    far *= 1.15;
    vec3 ours = family((p - poleA) * cells, cells, 0.0, (a - poleA) * cells, (b - poleA) * cells, far * cells, stars, 1.0, rupture);
    cells = 7.0;
    vec3 theirs = family((p - poleB) * cells, cells, 1.0, (b - poleB) * cells, (a - poleB) * cells, far * cells, mix(stars, 1.0, night), 1.0 - night, rupture);
    float seen = 1.0 - 0.93 * alone;
    // Our lines fade on their way to where nobody is.
    float fade = 1.0 - solitude * smoothstep(-0.05, 0.32, dot(p - a, normalize(b - a + 0.0001)));
    col += mix(vec3(1.0, 0.93, 0.80), amber, 0.25) * ours.r + amber * (ours.g * 0.62 * fade + ours.b);
    col += (mix(vec3(0.86, 0.96, 1.0), sea, 0.25) * theirs.r + sea * (theirs.g * 0.62 + theirs.b)) * seen;

    // Where both reach, the lines of the two skies shine as one.
    float both = smoothstep(far, 0.0, length(p - a)) * smoothstep(far, 0.0, length(p - b)) * (1.0 - solitude) * (1.0 - night) * (1.0 - rupture);
    col += vec3(1.0, 0.90, 0.68) * both * (0.10 + 1.3 * ours.g + 1.3 * theirs.g);
    vec2 da = p - a, db = p - b;
    col += amber * 0.070 / (1.0 + dot(da, da) * 40.0) + sea * 0.070 * seen * (1.0 - night) / (1.0 + dot(db, db) * 40.0);
    gl_FragColor = vec4(col, 1.0);
}
