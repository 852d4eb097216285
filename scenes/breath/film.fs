/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two breaths in one soap film: a double bubble, whose shared wall bends into whichever side has less air.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Breath"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image", "LABEL": {"en": "The air round it", "fr": "L'air autour"}},
    {"NAME": "grown", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": {"en": "How far the frost has grown", "fr": "Combien le givre a poussé"}},
    {"NAME": "near", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "near_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "pace", "TYPE": "float", "MIN": 6.0, "MAX": 16.0, "DEFAULT": 10.0},
    {"NAME": "accord", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "link_delay", "TYPE": "float", "MIN": 0.0, "MAX": 60.0, "DEFAULT": 0.0},
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.5], "LABEL": {"en": "The hand that leans on the air", "fr": "La main qui s'appuie sur l'air"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.5]},
    {"NAME": "touch", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": {"en": "A touch, that runs round the film", "fr": "Un toucher, qui court sur le film"}},
    {"NAME": "touch_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

#include "lungs.glsl"

float hash(vec2 p) {
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

#include "frost.glsl"

// The colours of a film so thick, in waves of green light: what each of three wavelengths sends back.
vec3 pearl(float thick) {
    vec3 turn = thick * vec3(0.84, 1.0, 1.22);
    return 0.5 - 0.5 * cos(6.2831853 * turn);
}

// A soft-edged window of two sashes.
float pane(vec2 d) {
    d = abs(d);
    float in_ = smoothstep(0.175, 0.135, d.x) * smoothstep(0.235, 0.195, d.y);
    return in_ * (1.0 - 0.75 * smoothstep(0.020, 0.006, d.x));
}

// One wall of the film, facing n: colour, and how much it covers. `swirl` is how its thickness has run.
vec4 wall(vec3 n, float swirl, float warm, vec2 uv) {
    float rim = 1.0 - n.z, fresnel = 0.045 + 0.955 * rim * rim * rim * rim;
    // Gravity drains it: thin above, thick below.
    vec3 colour = pearl((0.62 - 0.42 * n.y + swirl) * (0.45 + 0.55 * n.z) * 2.1);
    colour = mix(vec3(dot(colour, vec3(0.33))), colour, 0.85);
    // It mirrors the air, bent round, and a window bent into a curved pane: its place is how the film faces, as two
    // angles. Each side has a window of its own.
    vec3 back = IMG_NORM_PIXEL(inputImage, clamp(uv + n.xy * 0.30, 0.0, 1.0)).rgb;
    vec2 way = vec2(atan(n.x, n.z), asin(clamp(n.y, -1.0, 1.0)));
    float lit = pane(way - vec2(mix(0.74, -0.74, warm), 0.52)) * mix(1.0 - 0.6 * night, 1.0, warm);
    vec3 light = mix(vec3(0.49, 0.68, 0.68), vec3(0.80, 0.69, 0.54), warm) * lit;
    vec3 body = colour * mix(vec3(0.55, 0.93, 0.95), vec3(1.0, 0.74, 0.52), warm) * (0.62 + 1.5 * fresnel) + back * 0.35 + light;
    float cover = 0.05 + (0.08 + 0.34 * rim * rim) * dot(colour, vec3(0.33)) + 0.80 * fresnel + 0.42 * lit;
    return vec4(body, clamp(cover, 0.0, 1.0));
}

vec4 over(vec4 top, vec4 low) { return top + low * (1.0 - top.a); }

void main() {
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0), uv = isf_FragNormCoord;
    vec2 p = (uv - 0.5) * shape;
    vec2 q = along(p, shape);
    float span = reach(shape);
    // A hand leans on the air, and the bubbles drift a little towards it.
    q -= 0.06 * along((hand - 0.5) + (hand_twin - 0.5) * (1.0 - solitude), shape) * (1.0 - rupture);
    q.y += 0.010 * (1.0 - rupture) * sin(6.2831853 * TIME / 24.0);

    float ours = lung(-1.0, 0.0), theirs = lung(1.0, 0.0);
    float size = 0.335 * min(1.0, min(span / 0.62, shape.x / 0.72));
    float ra = size * (0.70 + 0.30 * ours), rb = size * (0.70 + 0.30 * theirs) * (1.0 - 0.30 * night);
    // Where two bubbles share a wall the three films meet at 120°: so far apart are their centres, so round is the wall.
    float apart = sqrt(ra * ra + rb * rb - ra * rb);
    float gone = solitude;
    apart = mix(apart, 1.6 * size, gone);
    // Their common weight stays in the middle.
    float ca = -apart * rb * rb / (ra * ra + rb * rb), cb = ca + apart;
    ca = mix(ca, 0.0, gone); cb = mix(cb, 1.4 * span, gone);
    float bend = 1.0 / ra - 1.0 / rb;                             // < 0: the wall bulges towards them
    float seam = (apart * apart + ra * ra - rb * rb) / (2.0 * apart);   // from our centre to the ring where all meet
    float ringx = ca + seam, ringr = sqrt(max(ra * ra - seam * seam, 0.0));

    // A touch runs round as a shiver of the outline.
    float shiver = 0.006 * touch * sin(9.0 * atan(q.y, q.x - ca) + TIME * 5.0), shiver_twin = 0.006 * touch_twin * sin(9.0 * atan(q.y, q.x - cb) - TIME * 5.0);
    float fringe = 1.2 / RENDERSIZE.y;
    vec4 front = vec4(0.0), back = vec4(0.0), middle = vec4(0.0);
    // Seen from the side, the ring where all films meet is a line: on either side of it there is one ball and no more.
    bool mine = q.x < ringx || gone > 0.5;
    vec2 d = q - vec2(mine ? ca : cb, 0.0);
    float r = mine ? ra + shiver : rb + shiver_twin, l = length(d), warm = mine ? 1.0 : 0.0;
    float on = smoothstep(r + fringe, r - fringe, l) * (mine ? 1.0 : 1.0 - gone);
    for (int once = 0; once < (l < r + fringe ? 1 : 0); once++) {      // a loop, so that what is outside costs nothing
        vec3 n = vec3(d, sqrt(max(r * r - l * l, 0.0004 * r * r))) / r;
        vec2 at = n.xy * 0.8 + (mine ? -3.0 : 3.0), s = at * 2.6 + 0.55 * vec2(noise(at * 2.2 + vec2(0.0, TIME * 0.05)), noise(at * 2.2 + vec2(7.0, -TIME * 0.04)));
        float swirl = 0.75 * (noise(s + vec2(TIME * 0.03, 0.0)) - 0.5) + 0.25 * (mine ? touch : touch_twin);
        vec4 f = wall(n, swirl, warm, uv), b = wall(vec3(-n.xy, n.z), 0.2 - 0.8 * swirl, warm, uv) * 0.6;
        front = vec4(f.rgb * f.a, f.a) * on;
        back = vec4(b.rgb * b.a, b.a) * on * 0.7;
    }
    // The shared wall: a cap of a sphere seen from the side, between the ring's plane and its own bulge.
    float h = abs(q.y) / max(ringr, 1e-4);
    float flat_ = clamp(bend, -6.0, 6.0), bulge;
    float rw = 1.0 / max(abs(flat_), 1e-3);
    float sag = rw - sqrt(max(rw * rw - ringr * ringr, 0.0));
    float here = sqrt(max(rw * rw - q.y * q.y, 0.0)) - (rw - sag);
    bulge = -sign(flat_) * here;                                  // how far the wall stands from the ring's plane at q.y
    float t = (q.x - ringx) / (abs(bulge) < 1e-4 ? 1e-4 : bulge);
    float inside = smoothstep(1.0, 0.985, h) * (1.0 - gone);
    float film = inside * smoothstep(-0.02, 0.02, t) * smoothstep(1.02, 0.98, t);
    float edge = inside * exp2(-abs(q.x - ringx - bulge) / (2.2 * fringe)) + 0.55 * inside * exp2(-abs(q.x - ringx) / (1.6 * fringe));
    float level = exp2(-flat_ * flat_ * 0.9);                     // in step: flat, and bright
    vec3 both = mix(vec3(1.0, 0.86, 0.70), vec3(0.70, 0.95, 0.95), 0.5 + 0.5 * clamp(-flat_ * 0.4, -1.0, 1.0));
    middle = vec4(both * 0.30, 0.16) * film + vec4(both, 0.5) * min(edge, 1.0) * (0.45 + 0.65 * level);
    float glow = inside * smoothstep(1.0, 0.35, h) * exp2(-abs(q.x - ringx) * 26.0) * level * accord * (1.0 - rupture);
    middle.rgb += vec3(1.0, 0.82, 0.62) * glow * 0.30;

    vec4 all = over(front, over(middle, back));
    all *= mix(1.0, 0.80, night);
    all = clamp(all, 0.0, 4.0);
    // Frost grows over the film only: where there is no film there is nothing to freeze.
    vec4 ice = frost(p, grown > 0.0 && l < r + fringe ? 1 : 0);
    all = over(vec4(ice.rgb, 1.0) * ice.a * 0.8 * clamp(all.a * 1.6, 0.0, 1.0) * step(0.001, grown), all);
    vec3 air = IMG_THIS_PIXEL(inputImage).rgb, col = all.rgb + air * (1.0 - clamp(all.a, 0.0, 1.0));
    gl_FragColor = vec4(col, 1.0);
}
