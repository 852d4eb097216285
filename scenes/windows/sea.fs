/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The street is an ocean: below the quay lies what stands above it, upside down and in pieces.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Water"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "swell", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35,
     "LABEL": {"en": "Swell", "fr": "Houle"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0}
  ]
}*/

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
    vec2 uv = isf_FragNormCoord;
    float shape = RENDERSIZE.x / RENDERSIZE.y, quay = 0.36, down = quay - uv.y;
    if (down <= 0.0) { gl_FragColor = vec4(IMG_NORM_PIXEL(inputImage, uv).rgb, 1.0); return; }
    // Waves are broad near us and close together at the horizon; a wave tips the mirror, mostly up and down.
    float far = 0.05 / (down + 0.012);
    vec2 w = vec2((uv.x - 0.5) * shape * far * 26.0, far * 60.0);
    float t = TIME * 0.55, calm = 1.0 - 0.2 * night - 0.25 * rupture;
    float a = noise(w * vec2(0.35, 0.5) + vec2(0.4 * t, t)) - 0.5, b = noise(w * vec2(0.9, 1.3) + vec2(-0.6 * t, 1.4 * t) + 9.0) - 0.5;
    float tip = (a * 0.75 + b * 0.45) * (0.25 + 1.1 * swell) * calm;
    vec2 at = vec2(uv.x + tip * 0.020 * (0.4 + 2.0 * down) / shape, quay + down * (1.0 + 0.15 * tip) + tip * 0.16 * (0.25 + down));
    at.y = max(at.y, quay + 0.002);
    // Three looks, one above the other: a light on water is drawn out.
    vec2 up = vec2(0.0, 0.006 + 0.030 * down);
    vec3 seen = (IMG_NORM_PIXEL(inputImage, at).rgb + IMG_NORM_PIXEL(inputImage, at + up).rgb + IMG_NORM_PIXEL(inputImage, at + 2.0 * up).rgb) / 3.0;
    vec3 deep = mix(mix(vec3(0.020, 0.050, 0.075), vec3(0.004, 0.012, 0.028), night), vec3(0.070, 0.085, 0.092), rupture);
    float steep = 0.90 - 0.95 * down + 0.30 * tip;                     // seen from above, water shows its own dark
    vec3 col = mix(deep, seen, clamp(steep, 0.12, 0.92));
    col += seen * 0.20 * smoothstep(0.18, 0.5, a + b);
    col *= 0.80 + 0.20 * smoothstep(0.0, 0.012, down);
    gl_FragColor = vec4(col, 1.0);
}
