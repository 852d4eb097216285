/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The air between two breaths: what one side breathes out drifts to the other, and gets there later.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Breath"],
  "INPUTS": [
    {"NAME": "near", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": {"en": "How near somebody stands", "fr": "Combien quelqu'un est près"}},
    {"NAME": "near_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "pace", "TYPE": "float", "MIN": 6.0, "MAX": 16.0, "DEFAULT": 10.0, "LABEL": {"en": "Seconds of one breath", "fr": "Secondes d'un souffle"}},
    {"NAME": "accord", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": {"en": "How far the two breathe as one", "fr": "Combien les deux respirent d'accord"}},
    {"NAME": "link_delay", "TYPE": "float", "MIN": 0.0, "MAX": 60.0, "DEFAULT": 0.0},
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

void main() {
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (isf_FragNormCoord - 0.5) * shape;
    vec2 q = along(p, shape);                                  // q.x from us (-) to them (+)
    float span = reach(shape);
    // Breath spreads at walking pace: the ring at a distance is the breath of a while ago.
    vec2 a = q - vec2(-0.95 * span, 0.0), b = q - vec2(0.95 * span, 0.0);
    float da = length(a), db = length(b);
    float ours = lung(-1.0, da * 3.2), theirs = lung(1.0, db * 3.2);
    float drift = noise(q * vec2(1.6, 2.4) + vec2(TIME * 0.030, 0.0)) * 0.6 + noise(q * vec2(3.6, 5.0) - vec2(TIME * 0.040, TIME * 0.012)) * 0.4;
    float fa = 1.0 / (1.0 + da * da * 2.6 / (span * span)), fb = 1.0 / (1.0 + db * db * 2.6 / (span * span));
    float there = 1.0 - solitude;

    float east = smoothstep(-0.7, 0.7, q.x / span);
    vec3 col = mix(vec3(0.120, 0.028, 0.050), vec3(0.006, 0.060, 0.098), east);
    col += vec3(0.98, 0.46, 0.25) * fa * fa * (0.34 + 0.42 * ours * (0.5 + 0.8 * drift));
    col += vec3(0.18, 0.62, 0.68) * fb * fb * (0.34 + 0.42 * theirs * (0.5 + 0.8 * drift)) * there;
    // In step, the air between is one light.
    float one = exp2(-q.x * q.x * 5.0 / (span * span)) * exp2(-q.y * q.y * 3.0);
    col += vec3(0.66, 0.40, 0.34) * one * (0.03 + 0.40 * accord * ours * theirs) * there;
    // Alone: paper-white morning, an empty room with the air of one.
    vec3 room = mix(vec3(1.02, 0.80, 0.66), vec3(0.90, 0.915, 0.92), smoothstep(-0.9, 0.6, q.x / span)) * (0.84 + 0.30 * fa + 0.10 * ours * fa + 0.06 * (drift - 0.5));
    col = mix(col, room, solitude);
    vec3 dark = mix(vec3(0.022, 0.022, 0.052), vec3(0.010, 0.018, 0.058), east) * (0.7 + 0.6 * drift) + vec3(0.13, 0.19, 0.46) * fb * (0.30 + 0.60 * theirs) + vec3(0.24, 0.10, 0.07) * fa * fa * 0.7;
    col = mix(col, dark, night);
    // Cut: a winter sky, without a wind.
    vec3 cold = mix(vec3(0.66, 0.73, 0.79), vec3(0.30, 0.39, 0.50), smoothstep(-0.5, 0.5, p.y) + 0.10 * (drift - 0.5));
    cold += vec3(0.25, 0.16, 0.08) * exp2(-dot(p - vec2(0.0, -0.42), p - vec2(0.0, -0.42)) * 4.0);
    col = mix(col, cold, rupture);
    col *= 1.0 - 0.30 * dot(p, p) / (0.25 + 0.25 * shape.x * shape.x) * (1.0 - 0.6 * solitude);
    gl_FragColor = vec4(col, 1.0);
}
