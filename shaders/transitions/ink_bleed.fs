/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Drops of ink fall on the page, run along the fibres, and what they have soaked is the next scene.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Transition", "Paper"],
  "INPUTS": [
    {"NAME": "startImage", "LABEL": {"en": "From", "fr": "De"}, "TYPE": "image"},
    {"NAME": "endImage",   "LABEL": {"en": "To", "fr": "Vers"}, "TYPE": "image"},
    {"NAME": "progress",   "LABEL": {"en": "Progress", "fr": "Avancement"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "drops",      "LABEL": {"en": "Drops", "fr": "Gouttes"}, "TYPE": "float", "MIN": 1.0, "MAX": 8.0, "DEFAULT": 5.0},
    {"NAME": "ragged",     "LABEL": {"en": "How ragged they run", "fr": "Irrégularité des bords"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6},
    {"NAME": "ink",        "LABEL": {"en": "Ink at the edge", "fr": "Encre au bord"}, "TYPE": "color", "DEFAULT": [0.06, 0.07, 0.16, 1.0]}
  ]
}*/

float hash(vec2 p) {                       // without sine: alike on every GPU
    p = 47.0 * fract(p * 0.3183099 + vec2(0.71, 0.113));
    return fract(p.x * p.y * (p.x + p.y));
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

vec4 between(vec4 a, vec4 b, float k) {     // weighed by alpha: what is transparent brings no colour with it
    float alpha = mix(a.a, b.a, k);
    return vec4(alpha > 0.0 ? mix(a.rgb * a.a, b.rgb * b.a, k) / alpha : mix(a.rgb, b.rgb, k), alpha);
}

// Each point of the page has an hour at which the ink gets there: how far the nearest drop is, and how the fibres lie.
// The front is ink; behind it the ink thins out, and the picture comes up in it as a print does in its bath.
void main() {
    vec2 uv = isf_FragNormCoord;
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    vec2 p = (uv - 0.5) * vec2(aspect, 1.0);
    float fibre = noise(p * vec2(7.0, 9.0)) * 0.58 + noise(p * 23.0 + 9.0) * 0.28 + noise(p * 70.0) * 0.14;
    float hour = 9.0;
    int n = int(drops + 0.5);
    for (int i = 0; i < n; i++) {
        // The golden ratio lays the drops out so that none falls on another; they fall one after the other.
        float k = float(i);
        vec2 at = (fract(vec2(0.46, 0.57) + k * vec2(0.754878, 0.569840)) - 0.5) * vec2(aspect, 1.0) * 0.86;
        float run = length(p - at) + k * 0.07;
        hour = min(hour, run) - 0.035 * max(0.0, 1.0 - abs(run - hour) * 8.0);       // two blots that meet run together
    }
    // The farthest a point can be from the first drop bounds them all; so the last point is reached in time.
    float last = length(vec2(aspect, 1.0)) * 0.5 + 0.10;
    last = mix(last, min(last, 0.32 + 0.22 * max(aspect, 1.0 / aspect)), clamp((drops - 1.0) / 3.0, 0.0, 1.0));
    hour = min(hour, last) + ragged * (fibre - 0.5) * 0.42;
    float front = mix(-0.22 * ragged - 0.02, last + 0.22 * ragged + 0.32, progress);
    float d = front - hour;                                  // how long it has been wet, in heights
    float wet = clamp(d / 0.012, 0.0, 1.0);
    float clear = smoothstep(0.02, 0.30, d - 0.06 * fibre);
    vec4 start = IMG_THIS_PIXEL(startImage), end = IMG_THIS_PIXEL(endImage);
    // Before the ink comes the water in it: a pale damp rim.
    start.rgb *= 1.0 - 0.22 * smoothstep(-0.05, 0.0, d) * smoothstep(0.0, 0.06, progress);
    vec4 pool = vec4(ink.rgb * (0.7 + 0.6 * fibre), max(start.a, end.a));
    vec4 c = between(pool, end, clear);
    c.rgb = mix(c.rgb * mix(ink.rgb + 0.45, vec3(1.0), clear), c.rgb, clear);
    c = between(start, c, wet);
    gl_FragColor = progress <= 0.0 ? IMG_THIS_PIXEL(startImage) : progress >= 1.0 ? end : c;
}
