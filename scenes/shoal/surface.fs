/*{
  "ISFVSN": "2",
  "DESCRIPTION": "What drifts between the eye and the shoal: motes, each as near as it is blurred.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Water"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "stir", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.2, "LABEL": {"en": "Stir", "fr": "Remous"}}
  ]
}*/

float hash(vec2 p) {
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

void main() {
    vec2 uv = isf_FragNormCoord, shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = uv * shape;
    vec3 col = IMG_THIS_PIXEL(inputImage).rgb;
    float motes = 0.0;
    for (int k = 0; k < 2; k++) {
        float fine = k == 0 ? 9.0 : 17.0;
        vec2 g = p * fine + vec2(TIME * (0.07 + 0.02 * float(k)), -TIME * 0.05 + 0.2 * sin(TIME * 0.2 + p.x * 2.0)) + float(k) * 41.0, c = floor(g);
        float lot = hash(c);
        vec2 d = g - c - 0.3 - 0.4 * vec2(fract(lot * 91.0), fract(lot * 57.0));
        float size = 0.05 + 0.10 * fract(lot * 13.0);
        motes += step(0.62, lot) * smoothstep(size, 0.0, length(d)) * (0.05 / size) * (0.5 + 0.5 * sin(TIME * 0.5 + lot * 40.0));
    }
    vec3 tint = mix(mix(vec3(1.0, 0.72, 0.5), vec3(0.5, 0.9, 0.95), smoothstep(0.3, 0.7, uv.x)), vec3(0.35, 0.62, 1.0), night);
    col += tint * motes * (0.10 + 0.10 * stir + 0.22 * night);
    gl_FragColor = vec4(col / (0.92 + 0.20 * col), 1.0);
}
