/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Fog comes in and eats the picture; only what shines gets through, and it lights the fog about it.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Weather", "Twin"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "fog",    "LABEL": {"en": "How much fog", "fr": "Quantité de brouillard"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "side",   "LABEL": {"en": "Comes in from: -1 left, 0 below, 1 right", "fr": "Vient de : -1 gauche, 0 bas, 1 droite"}, "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "drift",  "LABEL": {"en": "Drift, heights a minute", "fr": "Dérive, hauteurs par minute"}, "TYPE": "float", "MIN": -6.0, "MAX": 6.0, "DEFAULT": 1.5},
    {"NAME": "shine",  "LABEL": {"en": "How far light gets through", "fr": "Lumière qui traverse"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6},
    {"NAME": "colour", "LABEL": {"en": "Colour of the fog", "fr": "Couleur du brouillard"}, "TYPE": "color", "DEFAULT": [0.87, 0.86, 0.86, 1.0]}
  ],
  "PASSES": [
    {"TARGET": "bank", "WIDTH": "135 * $WIDTH / $HEIGHT", "HEIGHT": "135"},
    {}
  ]
}*/

// Fog has no edges, so a hundred rows are enough for it: the first pass draws where it is thick, and keeps beside
// that a coarse copy of the picture, which is the light that fog is lit by.

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

void main() {
    vec2 uv = isf_FragNormCoord;
    vec4 c = vec4(0.0);
    int n = PASSINDEX == 0 ? 9 : 0;         // no turns in the other pass: cheaper than an `if` without a graphics card
    for (int i = 0; i < n; i++) {
        vec4 s = IMG_NORM_PIXEL(inputImage, uv + (vec2(float(i % 3), float(i / 3)) - 1.0) * vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0) * 0.022);
        c += vec4(s.rgb * s.a, s.a) / 9.0;
    }
    c.rgb /= max(c.a, 0.001);
    n = PASSINDEX == 0 ? 1 : 0;
    for (int i = 0; i < n; i++) {
        vec2 p = vec2((uv.x - 0.5) * RENDERSIZE.x / RENDERSIZE.y, uv.y);
        float gone = TIME * drift / 60.0;
        // Long flat banks that go at different paces, each pushing the next aside: that is what makes it roll.
        vec2 q = vec2(p.x * 1.1 - gone, p.y * 2.6);
        float low = noise(q + vec2(0.0, TIME * 0.021));
        q = q * 2.1 + vec2(low * 1.3 - gone * 0.7, low - TIME * 0.033);
        float mid = noise(q);
        float fine = noise(q * 2.3 + vec2(mid * 1.5 - gone, TIME * 0.045));
        float wisps = 0.52 * low + 0.30 * mid + 0.18 * fine - 0.5;
        // The front: how far into the picture it has come. At 1 nothing is left, at 0 it is outside the frame.
        float away = mix(uv.y, side < 0.0 ? uv.x : 1.0 - uv.x, abs(side));
        c.a = clamp(0.5 + (fog * 2.6 - 0.65 - away) * 1.2 + wisps * 1.7, 0.0, 1.0);
    }
    if (PASSINDEX == 1) {
        c = IMG_THIS_PIXEL(inputImage);
        vec4 air = IMG_THIS_PIXEL(bank);
        float thick = air.a * air.a * (3.0 - 2.0 * air.a) * min(1.0, fog * 5.0) * mix(0.97, 1.0, smoothstep(0.8, 1.0, fog));
        // Two ways through: a lamp itself, and the glow it leaves in the air.
        float lamp = smoothstep(0.55, 1.0, max(c.r, max(c.g, c.b))) * shine * (1.0 - 0.85 * thick);
        float lit = dot(air.rgb, vec3(0.30, 0.59, 0.11));
        vec3 white = colour.rgb * mix(1.0, 0.80 + 0.30 * lit, shine) + (air.rgb - lit) * (0.5 * shine * (1.0 - 0.85 * thick));
        white = mix(white, max(white, air.rgb), shine * 0.5 * (1.0 - 0.8 * thick));
        // A cut-out is eaten in its own shape: fog takes no place where there was no picture.
        c.rgb = mix(c.rgb, white, thick * (1.0 - lamp));
    }
    gl_FragColor = c;
}
