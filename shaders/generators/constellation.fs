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
    {"NAME": "reach", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.62,
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
// Stars sit in the cells of a grid, one in each. A line joins a star to the next cell's, and only as far as a hand
// reaches: moving a hand makes and unmakes constellations.

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

// The star of a cell: where it stands in x and y, how bright it is in z. It keeps a fifth of the cell free all
// round, so a star only shines into the cells beside its own and a line only crosses the two that it joins.
vec3 star(vec2 cell) {
    float a = hash(cell), b = fract(a * 113.7), one = fract(b * 71.3);
    return vec3(cell + 0.2 + 0.6 * vec2(a, b), one);
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

// A star's light on q. A broken link lets it trail round the pole, as on a plate whose clockwork has stopped.
float shine(vec2 q, vec3 s, float share, vec2 own, float fray) {
    vec2 d = q - s.xy, away = normalize(s.xy + 0.001);
    float along = d.y * away.x - d.x * away.y, across = dot(d, away);
    along -= clamp(along, -0.14 * fray, 0.14 * fray);
    float r2 = along * along + across * across;
    float pull = 1.0 / (1.0 + dot(s.xy - own, s.xy - own) * 0.30);
    float size = 0.20 + 1.25 * s.z * s.z * s.z * s.z + 0.6 * pull;
    float window = max(0.0, 1.0 - r2 * 12.5);
    float here = smoothstep(0.0, 0.12, share * 1.15 - 1.0 + s.z);
    return here * size * window * window * (1.0 - 0.45 * fray) / (1.0 + r2 * 950.0 / (0.3 + size));
}

// A line from star s to star e, drawn as far as the hand reaches, and stopping short of both.
float joined(vec2 q, vec3 s, vec3 e, float lot, float cells, float share, vec2 own, float far, float fray) {
    vec2 w = e.xy - s.xy, v = q - s.xy, m = 0.5 * (s.xy + e.xy) - own;
    float long_ = dot(w, w), t = clamp(dot(v, w) / long_, 0.0, 1.0);
    vec2 o = v - w * t;
    float off = sqrt(dot(o, o)) / cells;
    float near = smoothstep(far * far, far * far * 0.3, dot(m, m)) * step(lot, 0.74);
    float both = smoothstep(0.0, 0.12, share * 1.15 - 1.0 + min(s.z, e.z));
    float clear = smoothstep(0.05, 0.14, min(t, 1.0 - t) * sqrt(long_)) * smoothstep(fray * 0.62 - 0.1, fray * 0.62, abs(t - 0.5));
    return near * both * clear * (1.25 * line(off, 0.0012) + 0.20 * max(0.0, 1.0 - off * 50.0));
}

// One family of stars, q in its own grid: light in x, lines in y.
vec2 family(vec2 q, float kind, float cells, vec2 own, float far, float share, float fray) {
    vec2 c = floor(q), k = vec2(kind * 57.0), x = vec2(1.0, 0.0), y = vec2(0.0, 1.0);
    vec3 z = vec3(k, 0.0);
    vec3 o = star(c + k) - z, r = star(c + x + k) - z, l = star(c - x + k) - z, u = star(c + y + k) - z, d = star(c - y + k) - z;
    vec2 sum = vec2(shine(q, o, share, own, fray) + shine(q, r, share, own, fray) + shine(q, l, share, own, fray)
                  + shine(q, u, share, own, fray) + shine(q, d, share, own, fray), 0.0);
    sum.y += joined(q, o, r, fract(o.z * 37.7), cells, share, own, far, fray) + joined(q, l, o, fract(l.z * 37.7), cells, share, own, far, fray);
    sum.y += joined(q, o, u, fract(o.z * 91.3), cells, share, own, far, fray) + joined(q, d, o, fract(d.z * 91.3), cells, share, own, far, fray);
    return sum;
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    px = 1.0 / RENDERSIZE.y;
    vec2 shape = vec2(aspect, 1.0);
    vec2 p = (isf_FragNormCoord - 0.5) * shape;
    vec2 a = (hand - 0.5) * shape, b = (hand_twin - 0.5) * shape;
    a += 0.02 * vec2(cos(6.2832 * TIME / 36.0), cos(6.2832 * TIME / 25.0));
    b += 0.02 * vec2(cos(6.2832 * TIME / 30.0), cos(6.2832 * TIME / 36.0)) * (1.0 - night);
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
    // Each sky turns about its pole, once in an hour; the hands stay where they are.
    float turned = 0.55 + 6.2831853 * TIME / 3600.0;
    mat2 ta = mat2(cos(turned), sin(turned), -sin(turned), cos(turned)), tb = mat2(cos(turned), -sin(turned), sin(turned), cos(turned));
    vec2 ours = family(ta * (p - poleA) * 8.5, 0.0, 8.5, ta * (a - poleA) * 8.5, far * 9.4, stars, rupture);
    vec2 theirs = family(tb * (p - poleB) * 7.5, 1.0, 7.5, tb * (b - poleB) * 7.5, far * 8.2, mix(stars, 1.0, night), rupture);
    theirs.y *= 1.0 - night;
    float seen = 1.0 - 0.93 * alone;
    // Our lines fade on their way to where nobody is.
    float fade = 1.0 - solitude * smoothstep(-0.05, 0.32, dot(p - a, normalize(b - a + 0.0001)));
    col += mix(vec3(1.0, 0.93, 0.80), amber, 0.25) * ours.x + amber * (ours.y * 0.62 * fade);
    col += (mix(vec3(0.86, 0.96, 1.0), sea, 0.25) * theirs.x + sea * (theirs.y * 0.62)) * seen;

    // Where both reach, the lines of the two skies shine as one.
    float both = smoothstep(far, 0.0, length(p - a)) * smoothstep(far, 0.0, length(p - b)) * (1.0 - solitude) * (1.0 - night) * (1.0 - rupture);
    col += vec3(1.0, 0.90, 0.68) * both * (0.10 + 1.3 * ours.y + 1.3 * theirs.y);
    vec2 da = p - a, db = p - b;
    col += amber * 0.070 / (1.0 + dot(da, da) * 40.0) + sea * 0.070 * seen * (1.0 - night) / (1.0 + dot(db, db) * 40.0);
    gl_FragColor = vec4(col, 1.0);
}
