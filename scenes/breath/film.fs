/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two breaths in one soap film: a double bubble, whose shared wall bends into whichever side has less air.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Breath"],
  "INPUTS": [
    {"NAME": "air", "TYPE": "image", "LABEL": {"en": "The air that is mirrored", "fr": "L'air qui s'y reflète"}},
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

// One wall of the film at a point with its normal: colour, and how much it covers.
vec4 wall(vec3 n, vec2 at, float warm, float touched, vec2 uv) {
    float facing = abs(n.z), rim = 1.0 - facing;
    float fresnel = 0.045 + 0.955 * rim * rim * rim * rim;
    // Gravity drains it: thin above, thick below; it swirls as it does.
    vec2 s = at * 2.6 + 0.55 * vec2(noise(at * 2.2 + vec2(0.0, TIME * 0.05)), noise(at * 2.2 + vec2(7.0, -TIME * 0.04)));
    float thick = 0.62 - 0.42 * n.y + 0.75 * (noise(s + vec2(TIME * 0.03, 0.0)) - 0.5) + 0.25 * touched;
    vec3 colour = pearl(thick * (0.45 + 0.55 * facing) * 2.1);
    colour = mix(vec3(dot(colour, vec3(0.33))), colour, 0.85);
    // It mirrors the two lights, each as a soft window, and the air bent round.
    vec3 back = IMG_NORM_PIXEL(air, clamp(uv + n.xy * 0.30, 0.0, 1.0)).rgb;
    // A window is bent into a curved pane: its place is the way the film faces, as two angles.
    vec2 way = vec2(atan(n.x, n.z), asin(clamp(n.y, -1.0, 1.0)));
    float la = pane(way - vec2(-0.74, 0.52)), lb = pane(way - vec2(0.74, 0.52));
    la *= warm; lb *= (1.0 - warm) * (1.0 - 0.6 * night);                // each side has a window of its own
    vec3 light = vec3(1.0, 0.86, 0.68) * la * 0.80 + vec3(0.70, 0.97, 0.97) * lb * 0.70;
    vec3 tint = mix(vec3(0.55, 0.93, 0.95), vec3(1.0, 0.74, 0.52), warm);
    vec3 body = colour * tint * (0.62 + 1.5 * fresnel) + back * 0.35 + light;
    float cover = clamp(0.05 + (0.08 + 0.34 * rim * rim) * dot(colour, vec3(0.33)) + 0.80 * fresnel + 0.42 * max(la, lb), 0.0, 1.0);
    return vec4(body, cover);
}

vec4 over(vec4 top, vec4 low) { return top + low * (1.0 - top.a); }

// Both walls of a ball that are on the right side of the shared wall. c: centre on the line; cut: where the wall is.
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
    for (int k = 0; k < 2; k++) {
        float c = k == 0 ? ca : cb, r = k == 0 ? ra + shiver : rb + shiver_twin, side = k == 0 ? -1.0 : 1.0;
        vec2 d = q - vec2(c, 0.0);
        float l = length(d), z = sqrt(max(r * r - l * l, 0.0));
        float on = smoothstep(r + fringe, r - fringe, l);
        // The ball's part beyond the ring is not there: it is the other's, or the wall. In the picture the ring is a
        // line seen edge on, so a point is cut by its place along the line.
        float kept = mix(smoothstep(fringe, -fringe, side < 0.0 ? q.x - ringx : ringx - q.x), 1.0, gone);
        on *= kept * (side > 0.0 ? 1.0 - gone : 1.0);
        if (on <= 0.0) continue;
        vec3 n = vec3(d, z) / r;
        n.z = max(n.z, 0.02);
        vec4 f = wall(n, n.xy * 0.8 + side * 3.0, k == 0 ? 1.0 : 0.0, k == 0 ? touch : touch_twin, uv);
        vec4 b = wall(vec3(-n.xy, n.z), -n.xy * 0.7 + side * 5.0, k == 0 ? 1.0 : 0.0, 0.0, uv);
        b *= 0.6;
        f.rgb *= f.a; b.rgb *= b.a;
        front += f * on; back += b * on * 0.7;
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
    gl_FragColor = vec4(all.rgb / max(all.a, 1e-3), clamp(all.a, 0.0, 1.0));
}
