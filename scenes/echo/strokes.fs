/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Six pens in a dark: each hand now, a bar later on the other side, and after two bars back and changed. Red is ours, green theirs, blue what has come back.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Memory"],
  "INPUTS": [
    {"NAME": "ours", "TYPE": "image", "LABEL": {"en": "Where our hand was", "fr": "Où était notre main"}},
    {"NAME": "theirs", "TYPE": "image", "LABEL": {"en": "Where their hand was", "fr": "Où était leur main"}},
    {"NAME": "bar", "TYPE": "float", "MIN": 1.0, "MAX": 4.0, "DEFAULT": 2.4, "LABEL": {"en": "Seconds of a bar", "fr": "Secondes d'une mesure"}},
    {"NAME": "own", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0, "LABEL": {"en": "How much the pens wander by themselves", "fr": "Combien les plumes errent d'elles-mêmes"}},
    {"NAME": "memory", "TYPE": "float", "MIN": 0.5, "MAX": 12.0, "DEFAULT": 6.0, "LABEL": {"en": "Seconds until half has faded", "fr": "Secondes jusqu'à la moitié"}},
    {"NAME": "link_delay", "TYPE": "float", "MIN": 0.0, "MAX": 60.0, "DEFAULT": 0.0},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ],
  "PASSES": [
    {"TARGET": "pens", "FLOAT": true, "WIDTH": "32", "HEIGHT": "6"},
    {"TARGET": "plate", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(400*$WIDTH/$HEIGHT)", "HEIGHT": "400"},
    {}
  ]
}*/

#include "halves.glsl"

// A trace is a row of eight seconds, now at its right end.
const float LONG = 8.0;

vec2 traced(int who, float ago) {
    vec2 at = vec2(1.0 - (ago + 0.008) / LONG, 0.5);
    return who == 0 ? IMG_NORM_PIXEL(ours, at).xy : IMG_NORM_PIXEL(theirs, at).xy;
}

// Where a pen is, in its own half (0 to 1): the hand of then, and a slow figure round it that both cities know.
vec2 pen(int who, float ago) {
    float s = 6.2831853 * (TIME - ago);
    vec2 w = who == 0 ? vec2(cos(s / 9.0) + 0.55 * cos(s / 4.8 + 1.0), sin(s / 7.2) + 0.50 * sin(s / 3.6))
                      : vec2(cos(s / 8.0 + 2.0) + 0.55 * cos(s / 5.0), sin(s / 10.0 + 1.0) + 0.50 * sin(s / 4.0 + 2.0));
    return traced(who, ago) + own * w * vec2(0.20, 0.17);
}

// The same gesture as one of its three voices. 0: as it is. 1: over there, mirrored. 2: come back, upside down and smaller.
vec2 voice(int who, int n, float ago, vec2 shape) {
    vec2 h = pen(who, ago + float(n) * bar + (n == 1 ? link_delay : n == 2 ? 2.0 * link_delay : 0.0));
    if (n == 2) h = vec2(0.5, 0.5) + (vec2(h.x, 1.0 - h.y) - 0.5) * 0.74;
    float side = who == 0 ? -1.0 : 1.0;
    // Cut, the echo does not cross: it comes back from the seam at once.
    bool crosses = n == 1 && rupture < 0.5;
    return placed(h, crosses ? -side : side, shape);
}

float stroke(vec2 p, vec2 a, vec2 b, float width) {
    vec2 e = b - a, v = p - a;
    float t = clamp(dot(v, e) / max(dot(e, e), 1e-8), 0.0, 1.0);
    vec2 o = v - e * t;
    float d = dot(o, o) / (width * width);
    return 1.0 / (1.0 + d * d);
}

// Where a pen was `k` steps ago: worked out once in a table of a few pixels, and not for each pixel of the plate.
vec2 noted(int row, int k) { return IMG_NORM_PIXEL(pens, (vec2(float(k), float(row)) + 0.5) / vec2(32.0, 6.0)).xy; }

void main() {
    vec2 uv = isf_FragNormCoord, size = IMG_SIZE(plate), shape = vec2(size.x / size.y, 1.0);   // the table's own size says nothing
    if (PASSINDEX == 2) { gl_FragColor = IMG_NORM_PIXEL(plate, uv); return; }
    bool first = FRAMEINDEX == 0;
    float dt = clamp(TIMEDELTA, 0.004, 0.08), each = first ? 0.13 : dt;
    if (PASSINDEX == 0) {
        vec2 at = floor(gl_FragCoord.xy);
        int row = int(at.y);
        gl_FragColor = vec4(voice(row / 3, row - 3 * (row / 3), at.x * each, shape), 0.0, 1.0);
        return;
    }
    vec2 p = (uv - 0.5) * shape;
    vec4 light = first ? vec4(0.0) : IMG_NORM_PIXEL(plate, uv) * exp2(-dt / memory * vec4(1.0, 1.0, 1.0, 0.8));
    // The first picture is not empty: what the pens have drawn in the last seconds is worked out once.
    int many = first ? 31 : 1;
    for (int row = 0; row < 6; row++) {
        int n = row - 3 * (row / 3);
        if (row > 2 && solitude + night + rupture > 0.5) continue;     // nobody is there to draw
        float width = n == 0 ? 0.0062 : n == 1 ? 0.0048 : 0.0034, most = 0.0, wide = 0.0;
        vec2 a = noted(row, 0);
        for (int k = 1; k <= many; k++) {
            vec2 b = noted(row, k);
            float quick = length(b - a) / each;
            most = max(most, exp2(-float(k - 1) * each / memory) * stroke(p, a, b, width / (0.6 + 0.9 * quick)) / (0.8 + 0.5 * quick));
            wide = max(wide, exp2(-float(k - 1) * each / memory * 0.8) * stroke(p, a, b, 0.085));
            a = b;
        }
        // The fourth channel is no light: it is how near a line is, and what is old is further off.
        light.a = max(light.a, wide * (n == 2 ? 0.8 : 1.0));
        most *= n == 0 ? 1.0 : 0.85;
        if (n == 2) light.b = max(light.b, most);
        else if (row < 3) light.r = max(light.r, most);
        else light.g = max(light.g, most);
    }
    gl_FragColor = light;
}
