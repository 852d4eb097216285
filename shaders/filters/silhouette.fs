/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A person becomes a figure of light: no face, only a presence, breathing inside its outline.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Presence", "Twin"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "amount", "LABEL": {"en": "Amount", "fr": "Quantité"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0},
    {"NAME": "by",     "LABEL": {"en": "The figure is what is", "fr": "La figure est ce qui est"}, "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["opaque", "dark", "bright"], "DEFAULT": 2},
    {"NAME": "edge",   "LABEL": {"en": "From what brightness on", "fr": "À partir de quelle clarté"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5},
    {"NAME": "glow",   "LABEL": {"en": "Glow round the figure", "fr": "Halo autour de la figure"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6},
    {"NAME": "breath", "LABEL": {"en": "Breaths a minute", "fr": "Souffles par minute"}, "TYPE": "float", "MIN": 0.0, "MAX": 20.0, "DEFAULT": 8.0},
    {"NAME": "light",  "LABEL": {"en": "Light", "fr": "Lumière"}, "TYPE": "color", "DEFAULT": [1.0, 0.74, 0.46, 1.0]},
    {"NAME": "heart",  "LABEL": {"en": "Light at the heart", "fr": "Lumière au cœur"}, "TYPE": "color", "DEFAULT": [0.26, 0.29, 0.52, 1.0]},
    {"NAME": "ground", "LABEL": {"en": "Ground: 0 none, 1 night", "fr": "Fond : 0 aucun, 1 nuit"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 1.0}
  ],
  "PASSES": [
    {"TARGET": "mask",  "WIDTH": "180 * $WIDTH / $HEIGHT", "HEIGHT": "180"},
    {"TARGET": "side",  "WIDTH": "90 * $WIDTH / $HEIGHT",  "HEIGHT": "90"},
    {"TARGET": "cloud", "WIDTH": "90 * $WIDTH / $HEIGHT",  "HEIGHT": "90"},
    {}
  ]
}*/

// Where is somebody? The mask says it, softly; blurred, it says also how near an outline is. Bright just inside the
// outline and dim at the heart: that is how a body of light looks, and nobody can be recognised by it.

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

float somebody(vec4 c) {
    float y = dot(c.rgb, vec3(0.30, 0.59, 0.11));
    return by == 0 ? c.a : c.a * smoothstep(-0.06, 0.06, by == 1 ? edge - y : y - edge);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 pixel = 1.0 / RENDERSIZE;
    float m = 0.0;
    int n = PASSINDEX == 0 ? 16 : 0;        // no turns in the other passes: cheaper than an `if` without a graphics card
    for (int i = 0; i < n; i++) m += somebody(IMG_NORM_PIXEL(inputImage, uv + (vec2(float(i % 4), float(i / 4)) - 1.5) * 0.4 * pixel)) / 16.0;
    n = PASSINDEX == 1 ? 13 : 0;
    for (int i = 0; i < n; i++) m += IMG_NORM_PIXEL(mask, uv + vec2(float(i) - 6.0, 0.0) * pixel).r * exp(-0.09 * (float(i) - 6.0) * (float(i) - 6.0)) / 5.88;
    n = PASSINDEX == 2 ? 13 : 0;
    for (int i = 0; i < n; i++) m += IMG_NORM_PIXEL(side, uv + vec2(0.0, float(i) - 6.0) * pixel).r * exp(-0.09 * (float(i) - 6.0) * (float(i) - 6.0)) / 5.88;
    if (PASSINDEX < 3) {
        gl_FragColor = vec4(m);
        return;
    }
    vec4 picture = IMG_THIS_PIXEL(inputImage);
    vec2 p = (uv - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    // The outline is not a knife's: it wavers, as warm air does, more to the top.
    vec2 waver = (vec2(noise(p * 6.0 - vec2(0.0, TIME * 0.35)), noise(p * 6.0 + vec2(9.0, -TIME * 0.35))) - 0.5) * 0.014;
    vec2 at = uv + waver * vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0);
    float body = smoothstep(0.35, 0.65, IMG_NORM_PIXEL(mask, at).r);
    float near = IMG_NORM_PIXEL(cloud, at).r;
    float swell = 0.5 + 0.5 * sin(TIME * breath * 0.10472);
    // What rises within is like breath in the cold: a noise that another has pushed aside.
    vec2 q = mat2(0.8, 0.6, -0.6, 0.8) * p * 3.2 - vec2(0.05, 0.13) * TIME;
    float flow = noise(q + 1.3 * noise(q * 0.7 + 5.0) + 18.0 * waver);
    flow = 0.65 * flow + 0.35 * noise(q.yx * 2.3 + flow);
    float inner = smoothstep(0.45, 1.0, near);              // 0 at the outline, 1 deep inside
    vec3 lit = mix(light.rgb, heart.rgb, inner) * (mix(1.05, 0.45, inner) + 0.30 * swell * inner + (flow - 0.45) * mix(0.4, 1.1, inner));
    lit += light.rgb * (0.22 * inner * smoothstep(0.55, 0.9, flow));
    lit += light.rgb * pow(max(0.0, 1.0 - abs(near - 0.52) * 2.6), 3.0) * 0.5;
    // Beyond the outline the halo; it has alpha of its own, to lie over another scene when there is no ground.
    float halo = glow * near * (1.0 - body) * (0.55 + 0.35 * swell + 0.3 * flow);
    float a = max(max(body, halo), ground);
    vec3 night = heart.rgb * 0.05 * (1.0 - length(p) * 0.4);
    vec3 c = mix(night * ground, max(lit, 0.0), body) + light.rgb * halo;
    // Straight alpha: what is laid over another scene is told at its full strength.
    c = a > 0.0 ? c / a : c;
    gl_FragColor = vec4(mix(picture.rgb, c, amount), mix(picture.a, a, amount));
}
