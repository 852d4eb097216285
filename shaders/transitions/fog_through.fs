/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Fog thickens over one scene until nothing else is left, and when it lifts it is another place.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Transition", "Weather", "Twin"],
  "INPUTS": [
    {"NAME": "startImage", "LABEL": {"en": "From", "fr": "De"}, "TYPE": "image"},
    {"NAME": "endImage",   "LABEL": {"en": "To", "fr": "Vers"}, "TYPE": "image"},
    {"NAME": "progress",   "LABEL": {"en": "Progress", "fr": "Avancement"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "drift",      "LABEL": {"en": "Drift: to the left or right", "fr": "Dérive : à gauche ou à droite"}, "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.4},
    {"NAME": "colour",     "LABEL": {"en": "Colour of the fog", "fr": "Couleur du brouillard"}, "TYPE": "color", "DEFAULT": [0.84, 0.84, 0.85, 1.0]}
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

// Fog first takes what is far and dim, last what shines; and it gives back in the other order. In the middle the
// two cities are one white, and nobody can say in which of them he stands.
void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 p = (uv - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    float gone = drift * (progress * 0.9 + TIME * 0.02);
    vec2 q = vec2(p.x * 1.2 - gone, p.y * 2.5 + 0.1 * progress);
    float low = noise(q + vec2(0.0, TIME * 0.02));
    float mid = noise(q * 2.2 + vec2(low * 1.4 - gone, low + TIME * 0.03));
    float fine = noise(q * 5.0 + vec2(mid * 1.5 - gone * 1.6, TIME * 0.05));
    float wisps = 0.50 * low + 0.32 * mid + 0.18 * fine;

    float side = step(0.5, progress);
    float near = 1.0 - abs(2.0 * progress - 1.0);            // 0 at the ends, 1 in the middle
    // Of each picture a coarse look besides: fog scatters, and what it covers grows soft before it goes.
    vec2 o = vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0) * 0.012 * near;
    vec4 sharp = side < 0.5 ? IMG_THIS_PIXEL(startImage) : IMG_THIS_PIXEL(endImage), soft = vec4(0.0);
    for (int i = 0; i < 4; i++) {
        vec2 at = uv + (vec2(float(i % 2), float(i / 2)) * 2.0 - 1.0) * o * (1.0 + wisps);
        soft += 0.25 * (side < 0.5 ? IMG_NORM_PIXEL(startImage, at) : IMG_NORM_PIXEL(endImage, at));
    }
    float thick = clamp(near * 2.2 - 1.0 + (wisps - 0.5) * 1.6 + (0.5 - uv.y) * 0.35, 0.0, 1.0);
    thick *= smoothstep(0.0, 0.15, near);
    thick = max(thick * thick * (3.0 - 2.0 * thick), smoothstep(0.80, 1.0, near));
    vec4 c = mix(sharp, soft, min(1.0, near * 1.5));
    float lamp = smoothstep(0.6, 1.0, max(c.r, max(c.g, c.b))) * (1.0 - smoothstep(0.6, 0.9, near));
    vec3 white = colour.rgb * (0.84 + 0.24 * wisps + 0.10 * uv.y) + (c.rgb - 0.5) * 0.10 * (1.0 - near);
    vec4 fog = vec4(white, mix(IMG_THIS_PIXEL(startImage).a, IMG_THIS_PIXEL(endImage).a, progress));
    gl_FragColor = between(c, fog, thick * (1.0 - 0.7 * lamp));
}
