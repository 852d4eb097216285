/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A dark room with a wall in the middle that sound goes through; a plumb line of light swings across it once a bar.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Memory"],
  "INPUTS": [
    {"NAME": "lines", "TYPE": "image", "LABEL": {"en": "What the pens have drawn", "fr": "Ce que les plumes ont tracé"}},
    {"NAME": "bar", "TYPE": "float", "MIN": 1.0, "MAX": 4.0, "DEFAULT": 2.4},
    {"NAME": "beat", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": {"en": "Light of the metronome", "fr": "Lumière du métronome"}},
    {"NAME": "link_delay", "TYPE": "float", "MIN": 0.0, "MAX": 60.0, "DEFAULT": 0.0},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ],
  "PASSES": [
    {"TARGET": "haze", "WIDTH": "floor(90*$WIDTH/$HEIGHT)", "HEIGHT": "90", "FLOAT": true},
    {}
  ]
}*/

#include "halves.glsl"

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

// The plumb line: a bar to go across, a bar to come back.
float swing(float time) { return cos(3.1415927 * time / bar); }

// A light on a line hung above the seam; in a tall picture, where the seam lies level, one that rises and sinks through it.
float plumb(vec2 p, float x, vec2 shape) {
    bool tall = shape.x < 0.9;
    vec2 foot = tall ? vec2(0.0, 0.30 * x) : vec2(0.26 * min(shape.x, 1.2) * x, -0.34 - 0.06 * (1.0 - x * x)), top = vec2(0.0, 0.62);
    vec2 d = p - foot, e = top - foot;
    float t = clamp(dot(d, e) / dot(e, e), 0.0, 1.0);
    vec2 o = d - e * t;
    float thread = tall ? 0.0 : 0.26 / (1.0 + dot(o, o) * 500000.0);
    float r = dot(d, d);
    return thread + 0.9 / (1.0 + r * r * 9e6) + 0.16 / (1.0 + r * 160.0);
}

void main() {
    vec2 uv = isf_FragNormCoord, shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    if (PASSINDEX == 0) {
        vec3 sum = vec3(0.0);
        for (int i = 0; i < 10; i++) {
            float turn = 2.399963 * float(i), r = 0.006 + 0.0052 * float(i);
            sum += IMG_NORM_PIXEL(lines, uv + vec2(cos(turn) / shape.x, sin(turn)) * r).rgb * (1.4 - 0.09 * float(i));
        }
        gl_FragColor = vec4(sum / 10.0, 1.0);
        return;
    }
    vec2 p = (uv - 0.5) * shape, q = seam(p, shape);
    vec4 read = IMG_NORM_PIXEL(lines, uv);
    vec3 s = read.rgb, soft = IMG_NORM_PIXEL(haze, uv).rgb;
    float east = smoothstep(-0.25, 0.25, q.x), murk = noise(p * 2.4 + vec2(TIME * 0.02, 0.0));
    float wide = shape.x < 0.9 ? 0.5 : 0.5 * shape.x;
    // What is of ours on their side, and the reverse, is an echo: it wears the colours of the far side's air.
    vec3 amber = mix(vec3(0.92, 0.24, 0.08), vec3(1.0, 0.90, 0.70), smoothstep(0.35, 1.0, s.r));
    vec3 sea = mix(vec3(0.05, 0.38, 0.62), vec3(0.80, 1.0, 0.94), smoothstep(0.35, 1.0, s.g));
    vec3 back = mix(vec3(0.50, 0.20, 0.46), vec3(1.0, 0.80, 0.92), smoothstep(0.35, 1.0, s.b));
    vec3 glowing = amber * s.r * 1.2 + sea * s.g * 1.2 + back * s.b;
    glowing += vec3(0.90, 0.32, 0.12) * soft.r * 0.9 + vec3(0.06, 0.46, 0.58) * soft.g * 0.9 + vec3(0.52, 0.22, 0.46) * soft.b * 0.6;

    vec3 col = mix(vec3(0.060, 0.020, 0.034), vec3(0.006, 0.032, 0.050), east) * (0.7 + 0.6 * murk) * (1.25 - 0.7 * q.x * q.x);
    // The wall between: a veil of air, thicker by the delay of the line; light that crosses it is late by as much.
    float thick = 0.006 + clamp(link_delay, 0.0, 0.6) * 0.16;
    float veil = smoothstep(thick + 0.03, thick * 0.2, abs(q.x));
    col += vec3(0.10, 0.075, 0.080) * veil * (0.6 + 0.5 * murk) * (1.0 - rupture);
    // The echo of a line is not only a bar later: rings go out from it, one ring a bar, as from a stone.
    float off = 0.085 * sqrt(sqrt(max(1.0 / max(read.a, 1e-3) - 1.0, 0.0)));
    float turn = off * 26.0 - TIME / bar;
    float ring = 0.5 + 0.5 * cos(6.2831853 * turn), fade = exp2(-off * 7.5) * smoothstep(0.012, 0.045, off);
    ring = ring * ring * ring * fade;
    float slope = -sin(6.2831853 * turn) * fade;
    float swung = swing(TIME), later = swing(TIME - link_delay);
    float here = plumb(p, swung, shape) * smoothstep(0.02, -0.02, q.x), there = plumb(p, later, shape) * smoothstep(-0.02, 0.02, q.x);
    // It is seen by us at once, and on their side by as much later as the line is long.
    col += beat * (1.0 - rupture) * (vec3(1.0, 0.80, 0.58) * here * 0.62 + vec3(0.62, 0.92, 0.94) * there * 0.62 * (1.0 - 0.7 * solitude));
    col += glowing;
    float warmth = (soft.r + 0.02 * (1.0 - east)) / (soft.r + soft.g + 0.02);
    col += mix(vec3(0.10, 0.44, 0.52), vec3(0.86, 0.34, 0.16), warmth) * ring * (0.30 + 0.25 * murk);

    // Alone: a sheet of pale paper, and our hand in sepia; over there only its own echo, in pencil.
    float tooth = noise(p * 190.0) * 0.6 + noise(p * 90.0) * 0.4;
    vec3 paper = mix(vec3(0.93, 0.86, 0.77), vec3(0.84, 0.85, 0.84), east) * (0.95 + 0.06 * murk + 0.03 * (tooth - 0.5));
    paper *= 1.0 - 0.10 * veil;
    vec3 ink = paper;
    float mine = clamp(s.r * (0.86 + 0.3 * tooth), 0.0, 1.0), pencil = clamp(s.r * (0.35 + 0.9 * tooth), 0.0, 1.0);
    ink = mix(ink, vec3(0.40, 0.11, 0.07), mine * (1.0 - east));
    ink = mix(ink, vec3(0.40, 0.43, 0.47), pencil * east * 0.75);
    ink = mix(ink, vec3(0.72, 0.42, 0.34), clamp(s.b * (0.4 + 0.8 * tooth), 0.0, 1.0) * 0.8);
    // Sand raked round what was written.
    ink *= 1.0 + 0.085 * slope - 0.05 * ring;
    ink *= 1.0 - 0.12 * soft.r * vec3(0.3, 0.7, 1.0);
    ink *= 1.0 - 0.30 * beat * (here + 0.4 * there);
    col = mix(col, ink, solitude);

    // Asleep: a line is read as stars; what we drew is a constellation over them.
    vec2 g = p * 64.0, c = floor(g);
    vec2 o = g - c - 0.2 - 0.6 * vec2(hash(c + 3.0), hash(c + 8.0));
    float lot = hash(c), dot_ = exp2(-dot(o, o) * (40.0 + 60.0 * lot));
    vec3 sky = mix(vec3(0.010, 0.014, 0.045), vec3(0.020, 0.042, 0.110), smoothstep(-0.5, 0.6, p.y) * (0.6 + 0.6 * murk));
    float trail = max(s.r, s.b), near = max(soft.r, soft.b);
    sky += vec3(0.75, 0.85, 1.0) * dot_ * (0.10 * step(0.72, lot) + 2.2 * smoothstep(0.02, 0.35, near) * (0.5 + 0.5 * lot));
    sky += vec3(0.16, 0.22, 0.52) * ring * 0.55;
    sky += mix(vec3(0.95, 0.55, 0.30), vec3(0.40, 0.52, 1.0), east) * trail * 0.34 + vec3(0.22, 0.28, 0.62) * near * 0.55;
    float slow = swing(0.5 * TIME);
    vec2 m = p - vec2(0.36 * shape.x * slow, 0.34 - 0.06 * slow * slow);
    float r = length(m);
    sky += vec3(0.92, 0.90, 0.82) * beat * (smoothstep(0.030, 0.027, r) * 0.9 + 0.0024 / (0.006 + r * r) * 0.30);
    col = mix(col, sky, night);

    // Cut: slate. The line hangs still, and behind it there is nothing but our own chalk coming back.
    float grain = noise(p * vec2(230.0, 260.0)), dust = noise(p * vec2(4.0, 9.0) + 3.0);
    vec3 slate = mix(vec3(0.185, 0.190, 0.195), vec3(0.070, 0.078, 0.086), smoothstep(-0.004, 0.004, q.x)) * (0.86 + 0.24 * dust + 0.06 * grain);
    float chalk = smoothstep(0.08, 0.50, s.r * (0.45 + 0.9 * grain)), dim = smoothstep(0.08, 0.50, s.b * (0.45 + 0.9 * grain));
    slate = mix(slate, vec3(0.95, 0.90, 0.82), chalk * 0.9);
    slate = mix(slate, vec3(0.62, 0.63, 0.66), dim * 0.8);
    slate += 0.10 * (soft.r + soft.b) + 0.075 * ring * (0.4 + 0.9 * grain) * step(q.x, 0.0);
    slate = mix(slate, vec3(0.86, 0.85, 0.80), beat * smoothstep(0.0030, 0.0012, abs(q.x) * wide) * (0.5 + 0.5 * grain));
    col = mix(col, slate, rupture);
    gl_FragColor = vec4(col / (0.92 + 0.22 * col), 1.0);
}
