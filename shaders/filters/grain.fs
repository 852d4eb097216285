/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Film grain: the fine, living noise that keeps slow gradients from banding.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Film"],
  "INPUTS": [
    {"NAME": "inputImage", "LABEL": {"en": "Picture", "fr": "Image"}, "TYPE": "image"},
    {"NAME": "grain", "LABEL": {"en": "Grain", "fr": "Grain"}, "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4}
  ]
}*/

// Grain lives in the middle tones, as silver does: none in black, none in white.
void main() {
    vec4 picture = IMG_THIS_PIXEL(inputImage);
    // Twelve changes a second, like a film's: faster only looks like a broken television.
    float still = floor(TIME * 12.0);
    vec3 q = fract((gl_FragCoord.xyx + mod(still, 61.0) * 17.0) * 0.1031);
    q += dot(q, q.yzx + 33.33);
    float speck = fract((q.x + q.y) * q.z) - fract((q.y + q.z) * q.x);
    float light = dot(picture.rgb, vec3(0.30, 0.59, 0.11));
    gl_FragColor = vec4(picture.rgb + speck * grain * (0.02 + 0.5 * light * (1.0 - light)), picture.a);
}
